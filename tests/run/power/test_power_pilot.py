"""The pilot is drawn again for every lot, and intervals hold what it leaves open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats

from coculture.randomness import stream
from coculture.run.power.binomial import exact_interval
from coculture.run.power.bootstrap import drawn_again, drawn_pilot
from coculture.run.power.lots import lots_interval
from coculture.run.power.pools import ORIGIN, Pools
from coculture.run.power.tables import Lots

LOTS, EACH = 50, 2
PILOTS, WITH_EFFECT, WITHOUT = 40, 8, 16
REPLICATES, CONTROLS = 4, 8


def wells(levels: list[float], origin: str = "P1") -> pd.DataFrame:
    return pd.DataFrame({"level": levels, ORIGIN: origin})


def test_an_interval_is_that_of_the_beta_law():
    found = np.repeat([0, 2, 3, 5], 25)  # shares of mean 0.5 and variance 0.13
    low, high = lots_interval(found, 5, cautious=False)
    within = (0.13 / 0.25 - 0.99 / 5) / (0.99 * 0.8)
    within += (1 + 4 * within) / 500
    law = stats.beta(0.5 * (1 / within - 1), 0.5 * (1 / within - 1))
    assert (low, high) == pytest.approx((law.ppf(0.025), law.ppf(0.975)), abs=1e-9)
    careful = lots_interval(found, 5)
    assert careful[0] < low < high < careful[1]


@pytest.mark.parametrize("found", [[0] * 20, [5] * 20, [2] * 20, [2, 3] * 10])
def test_lots_that_differ_by_no_more_than_chance_leave_the_exact_interval(found):
    assert lots_interval(np.array(found), 5, cautious=False) == exact_interval(sum(found), 100)


def test_intervals_are_never_narrower_than_the_exact_one():
    random = np.random.default_rng(3)
    for power in (0.02, 0.3, 0.5, 0.9):
        for cautious in (True, False):
            found = random.binomial(EACH, power, LOTS)
            low, high = lots_interval(found, EACH, cautious=cautious)
            exact = exact_interval(int(found.sum()), LOTS * EACH)
            assert low <= exact[0] < exact[1] <= high


def test_lots_that_find_all_or_nothing_say_nothing():
    assert lots_interval(np.repeat([0, 5], 10), 5) == (0.0, 1.0)


def test_no_power_of_no_lots():
    with pytest.raises(ValueError, match="0 of 0 is no share"):
        lots_interval(np.zeros(0, dtype=np.int64), 2)


def test_a_lot_in_which_nothing_could_be_judged_found_nothing():
    parts = pd.DataFrame({"number": [2, 0], "found": [1, 2]})
    assert Lots(4, 2).counts(parts, "found").tolist() == [2, 0, 1, 0]
    assert Lots(4, 2).screens == 8


def test_a_pilot_is_drawn_with_replacement_within_pool_and_origin():
    control = pd.concat([wells([1.0, 2.0, 3.0, 4.0]), wells([11.0, 12.0], "P2")], ignore_index=True)
    pools = Pools(1.0, control, control.head(0), {1.0: wells([5.0, 6.0, 7.0])})
    drawn = [drawn_pilot(pools, stream(number)) for number in range(20)]
    for one in drawn:
        assert one.control[ORIGIN].tolist() == control[ORIGIN].tolist()
        assert set(one.control.loc[one.control[ORIGIN] == "P2", "level"]) <= {11.0, 12.0}
        assert set(one.effects[1.0]["level"]) <= {5.0, 6.0, 7.0}
        assert one.positive.empty
    assert len({tuple(one.effects[1.0]["level"]) for one in drawn}) > 5
    assert any(one.control["level"].duplicated().any() for one in drawn)


def test_wells_that_were_shifted_stay_those_that_they_were():
    control = wells([1.0, 2.0, 3.0, 4.0])
    pools = Pools(1.0, control, control.head(0), {1.0: control.assign(level=control["level"] + 10)}, shifted=True)
    drawn = drawn_pilot(pools, stream(1))
    assert (drawn.effects[1.0]["level"] - drawn.control["level"]).eq(10).all()


def calls(without: NDArray[np.float64], dosed: NDArray[np.float64], screens: int, random: np.random.Generator) -> int:
    """Return how many of so many screens of one treatment a t test calls."""
    control = without[random.integers(0, len(without), (screens, CONTROLS))]
    treated = dosed[random.integers(0, len(dosed), (screens, REPLICATES))]
    spread = (control.var(axis=1) * CONTROLS + treated.var(axis=1) * REPLICATES) / (CONTROLS + REPLICATES - 2)
    distance = np.abs(treated.mean(axis=1) - control.mean(axis=1))
    limit = stats.t.ppf(0.975, CONTROLS + REPLICATES - 2)
    return int((distance > limit * np.sqrt(spread * (1 / CONTROLS + 1 / REPLICATES))).sum())


def test_intervals_cover_the_power_of_the_noncentral_t_whatever_the_pilot():
    """37 of these 40 pilots cover it, and 11 did with the binomial interval."""
    random, effect = np.random.default_rng(11), 1.5
    degrees, centre = CONTROLS + REPLICATES - 2, effect / np.sqrt(1 / CONTROLS + 1 / REPLICATES)
    limit = stats.t.ppf(0.975, degrees)
    exact = stats.nct.sf(limit, degrees, centre) + stats.nct.cdf(-limit, degrees, centre)
    covered = covered_before = 0
    one_plate = np.array(["P1"] * WITHOUT, dtype=object)
    for _ in range(PILOTS):
        without, dosed = random.normal(0, 1, WITHOUT), random.normal(effect, 1, WITH_EFFECT)
        pilots = [(drawn_again(one_plate, random), drawn_again(one_plate[:WITH_EFFECT], random)) for _ in range(LOTS)]
        found = np.array([calls(without[rows], dosed[others], EACH, random) for rows, others in pilots])
        low, high = lots_interval(found, EACH)
        covered += low <= exact <= high
        low, high = exact_interval(calls(without, dosed, LOTS * EACH, random), LOTS * EACH)
        covered_before += low <= exact <= high
    assert covered >= 0.85 * PILOTS
    assert covered_before <= 0.5 * PILOTS
