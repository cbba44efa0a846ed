"""Screens drawn from normal wells against the noncentral t, their level without effect, and where wells come from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from coculture.randomness import stream
from coculture.run.power.binomial import exact_interval
from coculture.run.power.design import ScreenDesign
from coculture.run.power.pools import ORIGIN, Pools, drawn_screen
from coculture.run.power.screens import Block, ScreenTask
from coculture.screen.settings import AnalysisSettings, Readout

SCREENS = 100
WELLS = 8
SHIFT_SD = 1.5


def normal_pool(shift: float) -> pd.DataFrame:
    """Return wells whose numbers are the quantiles of a normal law."""
    quantiles = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)
    return pd.DataFrame({"level": 100.0 + 10.0 * (quantiles + shift), "n_cells": 500.0, ORIGIN: "P1"})


def task(treatments: int) -> ScreenTask:
    pools = Pools(1.0, normal_pool(0.0), normal_pool(0.0).head(0), {1.0: normal_pool(SHIFT_SD)})
    settings = AnalysisSettings(readouts=(Readout("level", "level"),), normalise="as-given", hit_method="welch-t")
    return ScreenTask({1.0: pools}, ScreenDesign(treatments, WELLS, WELLS, 0), settings, seed=4, screens=SCREENS)


def test_power_is_that_of_the_noncentral_t():
    found = task(treatments=1)(Block(1.0, WELLS, True, 0))
    degrees, centre = 2 * WELLS - 2, SHIFT_SD * np.sqrt(WELLS / 2)
    limit = stats.t.ppf(0.975, degrees)
    exact = stats.nct.sf(limit, degrees, centre) + stats.nct.cdf(-limit, degrees, centre)
    low, high = exact_interval(int(found["found"].iloc[0]), SCREENS)
    assert low < exact < high
    assert high - low < 0.2


def test_without_effect_one_screen_in_twenty_has_a_call():
    found = task(treatments=1)(Block(1.0, WELLS, False, 0))
    assert found["size"].tolist() == [0.0]
    low, high = exact_interval(int(found["screens_with_call"].iloc[0]), SCREENS)
    assert low < 0.05 < high


def test_the_same_block_draws_the_same_and_another_one_something_else():
    few = ScreenTask(**{**vars(task(treatments=3)), "screens": 4})
    first, again = few(Block(1.0, 2, True, 0)), few(Block(1.0, 2, True, 0))
    pd.testing.assert_frame_equal(first, again)
    drawn = [drawn_screen(few.pools[1.0], few.design, 2, (1.0,), stream(4, name))["level"].tolist() for name in ("a", "a", "b")]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_screen_has_the_wells_of_the_design_and_one_effect_of_each_size():
    pools = Pools(1.0, normal_pool(0.0), normal_pool(-9.0), {0.5: normal_pool(50.0), 1.0: normal_pool(100.0)})
    table = drawn_screen(pools, ScreenDesign(5, 2, 6, 3), 4, (0.5, 1.0), stream(1))
    assert table["role"].value_counts().to_dict() == {"treatment": 5 * 4, "negative": 6, "positive": 3}
    groups = table[table["role"] == "treatment"].groupby("compound")["level"]
    assert groups.size().eq(4).all()
    means = groups.mean()
    assert means["effect 1"] > means["effect 0.5"] > 500 > means.drop(["effect 1", "effect 0.5"]).max()
    assert table["well"].is_unique


def test_all_wells_of_a_screen_come_from_one_plate():
    parts = [normal_pool(shift).assign(**{ORIGIN: name}) for shift, name in ((0.0, "P1"), (1000.0, "P2"))]
    both = pd.concat(parts, ignore_index=True)
    pools = Pools(1.0, both, both.head(0), {1.0: both})
    for number in range(6):
        levels = drawn_screen(pools, ScreenDesign(3, 2, 6, 0), 2, (1.0,), stream(number))["level"]
        assert np.ptp(levels) < 200


def test_sizes_are_drawn_one_by_one_where_the_screen_has_no_room_for_all():
    pools = Pools(1.0, normal_pool(0.0), normal_pool(0.0).head(0), {0.1: normal_pool(0.0), 1.0: normal_pool(40.0)})
    few = ScreenTask({1.0: pools}, ScreenDesign(2, 3, 6, 0), task(1).settings, seed=1, screens=3)
    found = few(Block(1.0, 3, True, 0)).set_index("size")
    assert found["screens"].tolist() == [3, 3]
    assert found.loc[1.0, "found"] == 3


@pytest.mark.parametrize("column", ["level"])
def test_wells_that_lack_the_read_out_count_as_screens_that_found_nothing(column):
    empty = normal_pool(0.0).assign(**{column: np.nan})
    pools = Pools(1.0, empty, empty.head(0), {1.0: empty})
    few = ScreenTask({1.0: pools}, ScreenDesign(2, 2, 4, 0), task(1).settings, seed=1, screens=2)
    found = few(Block(1.0, 2, True, 0))
    assert int(found["found"].sum()) == 0
