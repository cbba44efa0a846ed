"""Slopes, transfer and spread on wells small enough to work out by hand, and on planted ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import k0

from coculture.errors import InputError
from coculture.interactions.communication.local_field import local_field
from coculture.interactions.communication.neighbourhood import Neighbourhood
from coculture.interactions.communication.responses import response
from coculture.interactions.communication.slopes import Field, neighbour_slopes
from coculture.interactions.communication.spread import activation_spread
from coculture.interactions.communication.transfer import signal_transfer
from coculture.interactions.communication.wells import well_communication_numbers
from coculture.interactions.dynamics.timeline import Timeline
from coculture.plate.cell_table import empty_cell_table, empty_contact_table
from coculture.plate.columns import is_feature
from coculture.randomness import stream

SIGNAL = "cell_intensity_mean_gfp"


def square_lattice(seed, *, wells=6, side=14, frames=2, donors=0.3):
    """Cells on a square lattice, 20 µm apart, each touching those beside it; the tables and every cell's number of b
    neighbours."""
    rng, n = stream(seed, "lattice"), side * side
    row, column = np.divmod(np.arange(n), side)
    right, below = np.flatnonzero(column < side - 1), np.flatnonzero(row < side - 1)
    first, second = np.r_[right, below], np.r_[right + 1, below + side]
    cells, contacts, around = [], [], []
    for well in range(wells):
        kind = np.where(rng.random(n) < donors, "b", "a")
        length = rng.uniform(5, 15, len(first))
        count = np.bincount(first, kind[second] == "b", n) + np.bincount(second, kind[first] == "b", n)
        for frame in range(frames):
            place = {"plate": "p", "well": f"A{well + 1:02d}", "site": 1, "t_min": 10.0 * frame}
            table = {"cell_id": np.arange(n), "track_id": np.arange(n), "parent_id": -1, "cell_type": kind, "alive": True}
            cells.append(pd.DataFrame(table | {"x_um": 20.0 * column, "y_um": 20.0 * row, "z_um": 0.0}).assign(**place))
            contacts.append(pd.DataFrame({"cell_a": first, "cell_b": second, "contact_length_um": length}).assign(**place))
            around.append(count)
    return pd.concat(cells, ignore_index=True), pd.concat(contacts, ignore_index=True), np.concatenate(around)


def three_cells():
    """Cell 1 (a) touches 2 (b, 4 µm) and 3 (a, 6 µm)."""
    place = {"plate": "p", "well": "A01", "site": 1, "t_min": 0.0}
    cells = pd.DataFrame({"cell_id": [1, 2, 3], "track_id": [1, 2, 3], "parent_id": -1, "cell_type": list("aba"), "alive": True})
    cells = cells.assign(x_um=[0.0, 10.0, 0.0], y_um=[0.0, 0.0, 30.0], **place, **{SIGNAL: [5.0, 7.0, 1.0]})
    contacts = pd.DataFrame({"cell_a": [1, 1], "cell_b": [2, 3], "contact_length_um": [4.0, 6.0]}).assign(**place)
    return cells, contacts


def test_neighbours_and_borders_by_type():
    around = Neighbourhood.of(Timeline.of(*three_cells()))
    np.testing.assert_array_equal(around.counts(), [[1, 1], [1, 0], [1, 0]])
    np.testing.assert_array_equal(around.lengths(), [[6, 4], [4, 0], [6, 0]])


@pytest.mark.parametrize(("kernel", "shape"), [("exponential", lambda d: np.exp(-d / 15)), ("bessel", lambda d: k0(d / 15))])
def test_a_field_is_the_sum_over_other_cells(kernel, shape):
    cells, contacts = three_cells()
    field = local_field(Timeline.of(cells, contacts), cells, "a", 15.0, kernel=kernel)
    np.testing.assert_allclose(field, [shape(30), shape(10) + shape(np.hypot(10, 30)), shape(30)])
    with pytest.raises(InputError, match="kernel 'gauss'"):
        local_field(Timeline.of(cells, contacts), cells, "a", 15.0, kernel="gauss")
    with pytest.raises(InputError, match="decay 0"):
        local_field(Timeline.of(cells, contacts), cells, "a", 0.0)
    with pytest.raises(InputError, match="lacks x_um"):
        local_field(Timeline.of(cells, contacts), cells.drop(columns="x_um"), "a", 1.0)


def test_responses():
    cells, contacts, _ = square_lattice(1, wells=1, side=3)
    moved = cells.assign(x_um=cells["x_um"] + cells["t_min"] * 0.3, y_um=cells["y_um"] + cells["t_min"] * 0.4)
    np.testing.assert_allclose(response(Timeline.of(moved, contacts), moved, "speed").value, 0.5)
    dead = cells.assign(alive=(cells["t_min"] == 0) | (cells["cell_id"] != 4))
    assert response(Timeline.of(dead, contacts), dead, "dies").value.sum() == 1
    gaps = cells.assign(**{SIGNAL: np.where(cells["cell_id"] == 4, np.nan, 1.0)})
    assert response(Timeline.of(gaps, contacts), gaps, SIGNAL).n_missing == 2
    with pytest.raises(InputError, match="no column 'cell_x_y'"):
        response(Timeline.of(cells, contacts), cells, "cell_x_y")
    with pytest.raises(InputError, match="column 'cell_type' holds no numbers"):
        response(Timeline.of(cells, contacts), cells, "cell_type")


def test_a_planted_slope_is_found_exactly_without_noise():
    cells, contacts, around = square_lattice(2)
    cells[SIGNAL] = 3 + 0.7 * around
    found = neighbour_slopes(Timeline.of(cells, contacts), cells, "a", SIGNAL)
    assert found.slope("neighbours_b") == pytest.approx(0.7)
    assert found.slope("neighbours_a") == pytest.approx(0.0, abs=1e-9)
    assert found.table["n_clusters"].unique().tolist() == [6]
    with pytest.raises(InputError, match="no term 'neighbours_c'"):
        found.slope("neighbours_c")


def test_a_planted_slope_lies_in_its_interval_with_wells_that_differ():
    cells, contacts, around = square_lattice(3)
    rng = stream(3, "noise")
    well = cells["well"].str[1:].astype(int).to_numpy()
    cells[SIGNAL] = 0.7 * around + rng.normal(0, 2, 7)[well] + rng.normal(0, 1, len(cells)) + 5 * cells["t_min"] / 10
    cells["cell_shape_area_um2"] = 1.0
    for within in (None, "frame", "site", "well"):
        found = neighbour_slopes(Timeline.of(cells, contacts), cells, "a", SIGNAL, within=within).table.set_index("term")
        assert found.loc["neighbours_b", "low"] < 0.7 < found.loc["neighbours_b", "high"]
    area = neighbour_slopes(Timeline.of(cells, contacts), cells, "a", SIGNAL, covariates=["cell_shape_area_um2"]).table
    assert area.set_index("term").loc["cell_shape_area_um2", "reason"] == "the term has the same value for all cells"


def test_borders_fields_and_fates_as_terms():
    cells, contacts, _ = square_lattice(4, wells=8)
    line = Timeline.of(cells, contacts)
    borders, field = Neighbourhood.of(line).lengths()[:, 1], local_field(line, cells, "b", 30.0)
    cells.loc[line.row, SIGNAL] = 0.2 * borders + 3 * field
    found = neighbour_slopes(line, cells, "a", SIGNAL, by="border", neighbours=["b"], fields=[Field("b", 30.0)])
    assert found.slope("border_um_b") == pytest.approx(0.2)
    assert found.slope("field_b") == pytest.approx(3.0)
    rng = stream(4, "death")
    touching = pd.Series(Neighbourhood.of(line).counts()[:, 1], index=line.row).reindex(range(len(cells))).to_numpy()
    chance = 1 / (1 + np.exp(-(-2 + 0.8 * touching)))
    dies = pd.Series(rng.random(len(cells)) < chance)[cells["t_min"] == 0]
    late = cells["t_min"] > 0
    cells.loc[late, "alive"] = ~dies.to_numpy()
    fates = neighbour_slopes(Timeline.of(cells, contacts), cells, "a", "dies").table.set_index("term")
    assert fates.loc["neighbours_b", "low"] < 0.8 < fates.loc["neighbours_b", "high"]
    assert fates.loc["neighbours_b", "low"] > 0
    divides = neighbour_slopes(Timeline.of(cells, contacts), cells, "a", "divides").table
    assert set(divides["reason"]) == {"no row has the event"}


def test_slopes_say_what_was_left_out():
    cells, contacts, around = square_lattice(5)
    cells[SIGNAL] = np.where(cells["cell_id"] == 0, np.nan, around)
    cells["cell_shape_area_um2"] = np.where(cells["cell_id"] == 5, np.nan, cells["cell_id"])
    notes = neighbour_slopes(Timeline.of(cells, contacts), cells, "a", SIGNAL, covariates=["cell_shape_area_um2"]).notes
    assert notes[0] == f"12 cells were left out: {SIGNAL} was not measured"
    assert notes[1].endswith("cells were left out: cell_shape_area_um2 was not measured")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"of": "c"}, "no cell is of type 'c'"),
        ({"neighbours": ["c"]}, "no cell is of type 'c'"),
        ({"by": "angle"}, "by 'angle'"),
        ({"cluster": "plate"}, "'plate' is no grouping"),
        ({"response_name": "dies", "within": "site"}, "within='site' with 'dies'"),
    ],
)
def test_slopes_that_cannot_be_asked_for(change, words):
    cells, contacts, around = square_lattice(6, wells=2, side=4)
    cells[SIGNAL] = around
    with pytest.raises(InputError, match=words):
        neighbour_slopes(Timeline.of(cells, contacts), cells, **({"of": "a", "response_name": SIGNAL} | change))


def test_transfer_between_images_and_within_one():
    cells, contacts, _ = square_lattice(7, frames=1)
    line = Timeline.of(cells, contacts)
    rng = stream(7, "dye")
    gives = cells["cell_type"].to_numpy()[line.row] == "b"
    donor = rng.uniform(50, 150, len(gives)) * gives
    border = Neighbourhood.of(line).border
    level = np.where(gives, donor, 4 + 0.01 * (border @ donor))
    cells.loc[line.row, SIGNAL] = level
    found = signal_transfer(line, cells, SIGNAL, "b", "a")
    assert found.effect.value == pytest.approx(0.01)
    assert found.mean_touching > found.mean_apart == pytest.approx(4.0)
    assert found.n_receivers == (~gives).sum() > found.n_touching
    assert signal_transfer(line, cells, SIGNAL, "b", "a", weight="border").effect.low > 0
    touched = np.asarray(border @ gives.astype(float))
    later = cells.assign(t_min=10.0)
    later.loc[line.row, SIGNAL] = level + 10.0 * np.where(gives, 0, 0.002 * (border @ donor - touched * level))
    movie, touching = (
        pd.concat([cells, later], ignore_index=True),
        pd.concat([contacts, contacts.assign(t_min=10.0)], ignore_index=True),
    )
    rate = signal_transfer(Timeline.of(movie, touching), movie, SIGNAL, "b", "a", form="rate", cluster="track")
    assert rate.effect.value == pytest.approx(0.002)
    assert rate.form == "rate, donors weighted by signal and border"


def test_a_donor_without_a_value_takes_its_receivers_out():
    cells, contacts = three_cells()
    cells[SIGNAL] = [5.0, np.nan, 1.0]
    assert signal_transfer(Timeline.of(cells, contacts), cells, SIGNAL, "b", "a", cluster="cell").n_receivers == 1
    assert "rows for 2 coefficients" in signal_transfer(Timeline.of(cells, contacts), cells, SIGNAL, "b", "a").effect.reason


def test_transfers_that_cannot_be_asked_for():
    cells, contacts = three_cells()
    line = Timeline.of(cells, contacts)
    with pytest.raises(InputError, match="'a' is both donor and receiver"):
        signal_transfer(line, cells, SIGNAL, "a", "a")
    with pytest.raises(InputError, match="form 'rate' with weight 'border'"):
        signal_transfer(line, cells, SIGNAL, "b", "a", form="rate", weight="border")
    with pytest.raises(InputError, match="no cell is of type 'c'"):
        signal_transfer(line, cells, SIGNAL, "c", "a")


def wave(seed, *, alone=0.01, beside=0.3, frames=12, wells=4, side=10, flash=None):
    """Activation on the lattice: by chance, more likely beside an active cell, or all at once by a common stimulus."""
    cells, contacts, _ = square_lattice(seed, wells=wells, side=side, frames=frames)
    rng, n = stream(seed, "wave"), side * side
    signal = np.zeros(len(cells))
    for well in range(wells):
        active = np.zeros(n, bool)
        rows = contacts[(contacts["well"] == f"A{well + 1:02d}") & (contacts["t_min"] == 0)]
        first, second = rows["cell_a"].to_numpy(), rows["cell_b"].to_numpy()
        for frame in range(frames):
            begin = (well * frames + frame) * n
            signal[begin : begin + n] = active
            exposed = np.bincount(first, active[second], n) + np.bincount(second, active[first], n) > 0
            chance = np.where(exposed, beside, alone) if frame != flash else 0.6
            active = active | (rng.random(n) < chance)
    return cells.assign(**{SIGNAL: signal}), contacts


def test_a_wave_is_seen_to_spread():
    cells, contacts = wave(8)
    found = activation_spread(Timeline.of(cells, contacts), cells, SIGNAL, 0.5, stream(8, "null"), n_draws=999)
    assert found.z > 5
    assert found.p_value == pytest.approx(1e-3)
    assert found.hazard_ratio.low > 5
    assert found.observed > found.expected
    assert found.n_activated <= found.n_tracks == 400
    assert (found.followers["lag_min"] > 0).all()
    assert len(found.followers) >= found.observed
    assert found.followers.groupby(["plate", "well", "follower"]).ngroups == found.observed


def test_a_common_stimulus_is_no_spread():
    cells, contacts = wave(9, alone=0.02, beside=0.02, flash=5)
    found = activation_spread(Timeline.of(cells, contacts), cells, SIGNAL, 0.5, stream(9, "null"))
    assert found.p_value > 0.05
    assert found.hazard_ratio.low < 1 < found.hazard_ratio.high


def test_the_null_of_one_step_by_hand():
    """Of four cells at risk two touch the active one, and of the four two are activated, both exposed: chance 1/6."""
    place = {"plate": "p", "well": "A01", "site": 1}
    cells = pd.DataFrame({"cell_id": [0, 1, 2, 3, 4] * 2, "t_min": [0.0] * 5 + [10.0] * 5}).assign(**place)
    cells = cells.assign(track_id=cells["cell_id"], parent_id=-1, cell_type="a", alive=True)
    cells[SIGNAL] = [9, 0, 0, 0, 0, 9, 9, 9, 0, 0]
    contacts = pd.DataFrame({"cell_a": [0, 0], "cell_b": [1, 2], "contact_length_um": 3.0, "t_min": 0.0}).assign(**place)
    line = Timeline.of(cells, contacts)
    found = activation_spread(line, cells, SIGNAL, 5.0, stream(1, "null"), n_draws=20000)
    assert (found.observed, found.expected) == (2, 1)
    assert found.sd == pytest.approx(np.sqrt(2 * 0.5 * 0.5 * 2 / 3))
    assert found.p_value == pytest.approx(1 / 3, abs=0.015)
    assert found.hazard_ratio.reason == "the likelihood has no maximum: all events on one side of a covariate"
    assert found.followers[["follower", "leader", "lag_min", "border_um"]].values.tolist() == [[1, 0, 10, 3], [2, 0, 10, 3]]
    nothing = activation_spread(line, cells, SIGNAL, 99.0, stream(1, "null"))
    assert nothing.reason == "no cell was activated"
    assert nothing.by_leader["reason"].tolist() == ["no cell at risk touches one"]
    forgets = activation_spread(line, cells.assign(t_min=cells["t_min"]), SIGNAL, 5.0, stream(1, "null"), memory_min=5.0)
    assert forgets.observed == 2


def test_leaders_by_type():
    cells, contacts = wave(10)
    found = activation_spread(Timeline.of(cells, contacts), cells, SIGNAL, 0.5, stream(10, "null"), of="a", n_draws=99)
    assert found.by_leader["leader_type"].tolist() == ["a", "b"]
    assert (found.by_leader["hazard_ratio"] > 1).all()
    assert set(found.followers["follower_type"]) == {"a"}


def test_spreads_that_cannot_be_asked_for():
    cells, contacts = three_cells()
    line = Timeline.of(cells, contacts)
    for change in ({"n_draws": 5}, {"memory_min": 0.0}, {"threshold": np.nan}):
        with pytest.raises(InputError, match="at least 99"):
            activation_spread(line, cells, SIGNAL, change.pop("threshold", 1.0), stream(1, "x"), **change)
    with pytest.raises(InputError, match="no cell is of type 'c'"):
        activation_spread(line, cells, SIGNAL, 1.0, stream(1, "x"), of="c")


def test_well_numbers_follow_the_grammar():
    cells, contacts, around = square_lattice(11, wells=1)
    cells[SIGNAL] = 2 + 0.5 * around
    numbers = well_communication_numbers(cells, contacts, signals=[SIGNAL], transfers=[(SIGNAL, "b", "a"), (SIGNAL, "c", "a")])
    assert all(is_feature(name) and np.isfinite(value) for name, value in numbers.items())
    assert numbers["well_signal_slope_per_neighbour_b_a_intensity_mean_gfp"] == pytest.approx(0.5)
    assert numbers["well_speed_slope_per_neighbour_b_a"] == 0
    assert "well_death_slope_per_neighbour_b_a" not in numbers
    assert "well_transfer_slope_b_a_intensity_mean_gfp" in numbers
    assert not any("_c_" in name for name in numbers)
    assert well_communication_numbers(empty_cell_table().assign(**{SIGNAL: []}), empty_contact_table(), signals=[SIGNAL]) == {}
    once = cells[cells["t_min"] == 0]
    assert not any("speed" in name for name in well_communication_numbers(once, contacts, signals=[SIGNAL]))
