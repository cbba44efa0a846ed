"""Intervals, effects as text, numbers that are asked for, and the design of a plate map."""

from __future__ import annotations

import pandas as pd
import pytest

from coculture.errors import InputError
from coculture.run.power.binomial import exact_interval
from coculture.run.power.design import MOST_TREATMENTS, ScreenDesign
from coculture.run.power.effect import FactorEffect, ShiftEffect, TreatmentEffect, parse_effect
from coculture.run.power.question import PowerQuestion


@pytest.mark.parametrize(
    ("found", "tried", "low", "high"), [(0, 10, 0.0, 0.3085), (5, 10, 0.1871, 0.8129), (10, 10, 0.6915, 1.0), (1, 1, 0.025, 1.0)]
)
def test_exact_intervals_as_tabled(found, tried, low, high):
    assert exact_interval(found, tried) == pytest.approx((low, high), abs=1e-4)


def test_no_share_of_nothing():
    with pytest.raises(ValueError, match="3 of 2 is no share"):
        exact_interval(3, 2)


def test_the_three_ways_to_write_an_effect():
    dosed = parse_effect("AMD3100 1 uM")
    assert isinstance(dosed, TreatmentEffect)
    assert dosed.scaled(0.5).text == "AMD3100 0.5 uM"
    assert parse_effect("effector: migration_speed_um_per_min x 0.5") == FactorEffect(
        "migration_speed_um_per_min", 0.5, "effector"
    )
    assert parse_effect("exit_{phase}_per_min×0") == FactorEffect("exit_{phase}_per_min", 0.0)
    assert parse_effect("mixing -0.8") == ShiftEffect("mixing", -0.8)
    assert parse_effect("mixing + 2e-1") == ShiftEffect("mixing", 0.2)


def test_sizes_of_a_factor_are_shares_of_the_way_from_one():
    stops = FactorEffect("speed", 0.0)
    assert [stops.scaled(size) for size in (0.25, 1.0)] == [0.75, 0.0]
    with pytest.raises(InputError, match="at effect size 2 'speed × 0' would be a factor of -1"):
        stops.scaled(2.0)


@pytest.mark.parametrize("text", ["much of it", "  "])
def test_what_is_no_effect_is_told_with_the_ways_to_write_one(text):
    with pytest.raises(InputError, match="effect") as raised:
        parse_effect(text)
    assert "a behaviour times a factor" in str(raised.value)


def test_all_numbers_that_cannot_be_used_are_told_together():
    with pytest.raises(InputError) as raised:
        PowerQuestion(sizes=(0.0,), replicates=(1,), densities=(), wells=3, screens=5)
    told = [problem.what for problem in raised.value.problems]
    assert told == ["sizes 0 is no number above 0", "1 replicates", "3 pilot wells", "5 screens", "no density"]


def wells(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["plate", "role", "treatment"]).assign(condition="")


def test_the_design_counts_treatments_replicates_and_the_controls_they_meet():
    plates = [
        row
        for plate in ("P1", "P2")
        for row in [(plate, "negative", "DMSO")] * 8
        + [(plate, "positive", "x 1 uM")] * 4
        + [(plate, "treatment", f"c{number} 1 uM") for number in range(10)]
    ]
    assert ScreenDesign.of(wells(plates)) == ScreenDesign(treatments=10, replicates=2, negatives=16, positives=8)
    assert ScreenDesign.of(wells(plates)).wells(3) == 10 * 3 + 16 + 8
    one_each = [row for row in plates if row[0] == "P1"] + [("P2", "negative", "DMSO")] * 8
    assert ScreenDesign.of(wells(one_each)) == ScreenDesign(10, 1, 8, 2)


def test_large_screens_are_drawn_with_fewer_treatments():
    rows = [("P1", "negative", "")] * 8 + [("P1", "treatment", f"c{number} 1 uM") for number in range(500)]
    design = ScreenDesign.of(wells(rows))
    assert design.treatments == MOST_TREATMENTS
    assert design.treatments_with(10, 1536) == (1536 - 8) // 10


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("P1", "negative", "")] * 4, "no treatment"),
        ([("P1", "negative", ""), ("P1", "treatment", "a 1 uM")], "1 negative controls"),
    ],
)
def test_a_plate_map_that_supports_no_calls_is_refused(rows, said):
    with pytest.raises(InputError, match=said):
        ScreenDesign.of(wells(rows))
