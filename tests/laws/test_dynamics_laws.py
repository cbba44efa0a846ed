"""Laws of contact dynamics and communication: planted rates come back, intervals cover, names and order do not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.interactions.communication.regression.linear import linear_regression
from coculture.interactions.communication.regression.logistic import logistic_regression
from coculture.interactions.communication.slopes import neighbour_slopes
from coculture.interactions.communication.spread import activation_spread
from coculture.interactions.communication.wells import well_communication_numbers
from coculture.interactions.dynamics.dwell import dwell_times
from coculture.interactions.dynamics.episodes import contact_episodes
from coculture.interactions.dynamics.kaplan_meier import kaplan_meier
from coculture.interactions.dynamics.killing import killing
from coculture.interactions.dynamics.rates import contact_rates
from coculture.interactions.dynamics.timeline import Timeline
from coculture.interactions.dynamics.wells import well_dynamics_numbers
from coculture.randomness import stream

STEP = 5.0
SIGNAL = "cell_intensity_mean_gfp"


def pairs_that_meet_and_part(seed, *, each=12, frames=50, on=0.004, off=0.03, wells=2, death=(0.0, 0.0), untracked=0.0):
    """Effector-tumour pairs as independent two-state chains in continuous time (rates per min), seen every 5 min.

    ``death`` is the tumour cells' hazard per min untouched and touched, decided at the frame before; dead cells stay in the
    table.
    """
    rng, n = stream(seed, "pairs"), 2 * each
    one, other = (grid.ravel() for grid in np.meshgrid(np.arange(each), np.arange(each, n), indexing="ij"))
    total = on + off
    up, down = (rate / total * -np.expm1(-total * STEP) for rate in (on, off))
    cells: list[tuple[np.ndarray, ...]] = []
    contacts: list[tuple[np.ndarray, ...]] = []
    for well in range(wells):
        state, alive = rng.random(len(one)) < on / total, np.ones(n, bool)
        for frame in range(frames):
            seen, number = rng.random(n) >= untracked, well * frames + frame
            use = np.flatnonzero(state & seen[one] & seen[other])
            cells.append((np.flatnonzero(seen), np.full(seen.sum(), number), alive[seen]))
            contacts.append((one[use], other[use], np.full(len(use), number)))
            touched = np.bincount(other[state & alive[one]], minlength=n) > 0
            hazard = np.where(touched, death[1], death[0]) * (np.arange(n) >= each)
            alive = alive & (rng.random(n) < np.exp(-hazard * STEP))
            draw = rng.random(len(state))
            state = np.where(state, draw >= down, draw < up)
    track, number, living = (np.concatenate(part) for part in zip(*cells, strict=True))
    first, second, when = (np.concatenate(part) for part in zip(*contacts, strict=True))
    table = {"cell_id": 1000 * (number % frames) + track, "track_id": track, "parent_id": -1, "alive": living}
    table |= {name: rng.normal(size=len(track)) for name in ("x_um", "y_um", SIGNAL)}
    kind = np.where(track < each, "effector", "tumour")
    base = 1000 * (when % frames)
    pairs = {"cell_a": base + first, "cell_b": base + second, "contact_length_um": rng.uniform(1, 9, len(first))}
    return (
        pd.DataFrame(table | {"cell_type": kind} | _place(number, frames)),
        pd.DataFrame(pairs | _place(when, frames)),
    )


def _place(number, frames):
    wells = np.array([f"A{well + 1:02d}" for well in range(99)])
    return {"plate": "p", "well": wells[number // frames], "site": 1, "t_min": number % frames * STEP}


def test_exponential_dwell_with_censoring_recovers_its_rate():
    rng = stream(1, "exponential")
    dwell, stop = rng.exponential(30, 4000), rng.uniform(0, 120, 4000)
    curve = kaplan_meier(np.minimum(dwell, stop), dwell <= stop)
    assert curve.median().low < 30 * np.log(2) < curve.median().high
    mean = curve.restricted_mean(90)
    assert mean.low < 30 * (1 - np.exp(-3)) < mean.high
    assert np.abs(curve.survival - np.exp(-curve.time / 30))[curve.time < 90].max() < 0.03


def test_the_interval_of_survival_covers():
    rng, covered, draws = stream(2, "coverage"), 0, 1500
    for _ in range(draws):
        dwell, stop = rng.exponential(30, 40), rng.exponential(60, 40)
        at = kaplan_meier(np.minimum(dwell, stop), dwell <= stop).at(20)
        covered += at.low <= np.exp(-2 / 3) <= at.high
    assert 0.935 < covered / draws < 0.97


@pytest.mark.parametrize("untracked", [0.0, 0.05])
def test_planted_rates_come_back_whatever_the_frame_interval_hides(untracked):
    episodes = contact_episodes(*pairs_that_meet_and_part(3, wells=8, frames=80, untracked=untracked))
    table = contact_rates(episodes).set_index(["type_a", "type_b", "event"]).loc[("effector", "tumour")]
    assert table.loc["formation", "continuous_per_h"] == pytest.approx(0.004 * 60, rel=0.05)
    assert table.loc["loss", "continuous_per_h"] == pytest.approx(0.03 * 60, rel=0.05)
    seen = 0.03 / 0.034 * -np.expm1(-0.034 * STEP) / STEP * 60
    assert table.loc["loss", "low_per_h"] < seen < table.loc["loss", "high_per_h"]
    chance = 0.03 / 0.034 * -np.expm1(-0.034 * STEP)  # of parting in a step: dwell times are geometric
    row = dwell_times(episodes, horizon_min=60).set_index(["type_a", "type_b"]).loc[("effector", "tumour")]
    assert row["mean_low"] < STEP * (1 - (1 - chance) ** 12) / chance < row["mean_high"]


def test_where_nothing_kills_the_hazard_ratio_covers_one():
    """Over 400 draws the intervals cover in 95.0 % (Cox) and 98.3 % (exact, conservative); here a slice of them."""
    draws = []
    for seed in range(100, 180):
        line = Timeline.of(*pairs_that_meet_and_part(seed, each=20, on=0.002, frames=24, death=(0.01, 0.01)))
        draws.append(killing(line, "tumour", "effector", exposure="current"))
    assert all(one.hazard_ratio.defined for one in draws)
    assert 0.88 <= np.mean([one.hazard_ratio.low < 1 < one.hazard_ratio.high for one in draws]) <= 0.995
    assert np.mean([one.rate_ratio.low < 1 < one.rate_ratio.high for one in draws]) >= 0.92


def test_a_planted_hazard_ratio_lies_in_its_interval():
    cells, contacts = pairs_that_meet_and_part(5, wells=12, frames=60, death=(0.002, 0.008))
    found = killing(Timeline.of(cells, contacts), "tumour", "effector", exposure="current")
    assert found.hazard_ratio.low < 4 < found.hazard_ratio.high
    assert found.rate_ratio.low < 4 < found.rate_ratio.high
    robust = killing(Timeline.of(cells, contacts), "tumour", "effector", exposure="current", cluster="well")
    assert robust.hazard_ratio.value == found.hazard_ratio.value
    assert 0.5 < robust.hazard_ratio.se / found.hazard_ratio.se < 2


def clustered(rng, clusters, many, *, slope=0.0):
    """A term that varies between wells as well as within, and wells that differ: what fools naive standard errors."""
    well = np.repeat(np.arange(clusters), many)
    x = rng.normal(size=clusters)[well] + rng.normal(size=clusters * many)
    return slope * x + rng.normal(size=clusters)[well] + rng.normal(size=clusters * many), x, well


def test_cluster_robust_intervals_cover():
    rng, draws = stream(6, "clusters"), 800
    covered = {"CR2": 0, "CR1": 0, "every row": 0}
    for _ in range(draws):
        y, x, well = clustered(rng, 12, 20, slope=0.5)
        for name, clusters, kind in (("CR2", well, "CR2"), ("CR1", well, "CR1"), ("every row", np.arange(240), "CR1")):
            effect = linear_regression(y, x, ["x"], clusters, covariance=kind).effect("x")
            covered[name] += effect.low < 0.5 < effect.high
    assert 0.935 <= covered["CR2"] / draws <= 0.965 + 0.01
    assert covered["every row"] / draws < 0.8
    assert covered["CR1"] <= covered["CR2"]


def test_cluster_robust_log_odds_cover():
    rng, draws, covered = stream(7, "clusters"), 300, 0
    for _ in range(draws):
        eta, x, well = clustered(rng, 20, 30)
        effect = logistic_regression(rng.random(len(x)) < 0.3, x + 0 * eta, ["x"], well).effect("x")
        covered += effect.low < 0 < effect.high
    assert 0.915 <= covered / draws <= 0.98


def test_spread_without_spread_has_its_level():
    found = []
    for seed in range(80):
        cells, contacts = pairs_that_meet_and_part(300 + seed, wells=2, frames=12)
        order = cells.sort_values("t_min").groupby(["well", "track_id"])[SIGNAL].cummax()
        signals = cells.assign(**{SIGNAL: order})
        found.append(activation_spread(Timeline.of(cells, contacts), signals, SIGNAL, 1.2, stream(seed, "null"), n_draws=199))
    z, p_values = (np.array([getattr(one, name) for one in found]) for name in ("z", "p_value"))
    assert np.mean(p_values <= 0.05) <= 0.125
    assert abs(z.mean()) < 3 / np.sqrt(80)
    assert 0.8 < z.std() < 1.2


def renumbered(cells, contacts, seed):
    """Give cells and tracks other numbers and shuffle the rows of both tables."""
    rng = stream(seed, "names")
    top = int(cells["cell_id"].max()) + 1
    ids, tracks = rng.permutation(top) + 7, rng.permutation(int(cells["track_id"].max()) + 1) * 3 + 1
    ends = np.sort(np.stack([ids[contacts["cell_a"]], ids[contacts["cell_b"]]]), axis=0)
    named = cells.assign(cell_id=ids[cells["cell_id"]], track_id=tracks[cells["track_id"]])
    touching = contacts.assign(cell_a=ends[0], cell_b=ends[1])
    return named.sample(frac=1, random_state=seed), touching.sample(frac=1, random_state=seed + 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_names_and_order_change_nothing(seed):
    cells, contacts = pairs_that_meet_and_part(10 + seed, wells=2, frames=20, death=(0.002, 0.01), untracked=0.1)
    other, touching = renumbered(cells, contacts, seed)
    for bridge in (0, 2):
        settings = {"bridge_frames": bridge, "horizon_min": 20.0, "long_min": 12.0}
        one, two = (well_dynamics_numbers(*tables, **settings) for tables in ((cells, contacts), (other, touching)))
        assert one.keys() == two.keys()
        np.testing.assert_allclose(list(one.values()), [two[name] for name in one], rtol=1e-9)
    one, two = (well_communication_numbers(*tables, signals=[SIGNAL]) for tables in ((cells, contacts), (other, touching)))
    assert one.keys() == two.keys()
    np.testing.assert_allclose(list(one.values()), [two[name] for name in one], rtol=1e-7)
    slopes = [
        neighbour_slopes(Timeline.of(*t), t[0], "tumour", SIGNAL, cluster="track").table
        for t in ((cells, contacts), (other, touching))
    ]
    pd.testing.assert_frame_equal(slopes[0], slopes[1])


def test_wells_add_up_and_time_only_scales():
    cells, contacts = pairs_that_meet_and_part(20, wells=3, frames=20)
    whole = contact_rates(contact_episodes(cells, contacts))
    parts = [
        contact_rates(contact_episodes(cells[cells["well"] == w], contacts[contacts["well"] == w])) for w in ("A01", "A02", "A03")
    ]
    for name in ("events", "trials", "pair_hours"):
        np.testing.assert_allclose(whole[name], sum(part[name] for part in parts))
    slow = contact_rates(contact_episodes(*(table.assign(t_min=3 * table["t_min"]) for table in (cells, contacts))))
    np.testing.assert_allclose(slow["rate_per_h"] * 3, whole["rate_per_h"])
    np.testing.assert_allclose(slow["continuous_per_h"] * 3, whole["continuous_per_h"])
