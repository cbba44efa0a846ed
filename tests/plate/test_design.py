from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coculture.errors import InputError
from coculture.plate.design import PLACEMENTS, DesignSpec, generate_design
from coculture.plate.dose_series import DoseSeries
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PLATE_MAP_COLUMNS, PlateMap, read_plate_map, write_plate_map
from coculture.plate.treatment import Part, Treatment

WORT = DoseSeries.diluted("wortmannin", 150, 2, 6, "nM")
LY = DoseSeries("LY294002", (5, 10, 20), "uM")
SPEC = DesignSpec(
    Layout.of(96),
    series=(WORT, LY),
    replicates=4,
    negatives=8,
    positives=4,
    untreated=2,
    blanks=2,
    positive=Treatment((Part("staurosporine", 1, "uM"),)),
    vehicle="DMSO",
)


class TestDoseSeries:
    def test_spaced(self) -> None:
        series = DoseSeries.spaced("x", 0.01, 10, 4, "uM")
        assert series.doses == (0.01, 0.1, 1.0, 10.0)
        assert [part.text for part in series.parts] == ["x 0.01 uM", "x 0.1 uM", "x 1 uM", "x 10 uM"]

    def test_diluted(self) -> None:
        assert DoseSeries.diluted("x", 10, 3, 4, "ug/mL").doses == (0.3704, 1.111, 3.333, 10.0)

    def test_units_become_base_units_and_doses_are_sorted(self) -> None:
        series = DoseSeries("x", (500, 5), "nM")
        assert (series.doses, series.unit) == ((0.005, 0.5), "uM")

    @given(st.floats(1e-3, 1e3), st.floats(1.5, 10), st.integers(2, 12))
    def test_spaced_and_diluted_are_the_same_series(self, highest: float, factor: float, number: int) -> None:
        diluted = DoseSeries.diluted("x", highest, factor, number, "uM")
        spaced = DoseSeries.spaced("x", highest / factor ** (number - 1), highest, number, "uM")
        np.testing.assert_allclose(diluted.doses, spaced.doses, rtol=2e-3)

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: DoseSeries("x", (), "uM"), "'x' has no doses\n"),
            (lambda: DoseSeries("x", (0, 1), "uM"), "has the dose 0\n.*negative controls"),
            (lambda: DoseSeries("x", (1, 1), "uM"), "has one dose twice\n.*replicates"),
            (lambda: DoseSeries("x", (-1, 1), "uM"), "the dose of 'x' is -1"),
            (lambda: DoseSeries("x", (1,), "%"), "'%' is not the unit of a dose"),
            (lambda: DoseSeries.spaced("x", 10, 1, 3, "uM"), "goes from 10 to 1 in 3 doses\n.*0 < lowest < highest"),
            (lambda: DoseSeries.spaced("x", 0, 1, 3, "uM"), "0 < lowest < highest"),
            (lambda: DoseSeries.spaced("x", 1, 10, 1, "uM"), "at least 2 doses"),
            (lambda: DoseSeries.diluted("x", 10, 1, 3, "uM"), "diluted 1 times, 3 doses\n.*above 1"),
            (lambda: DoseSeries.diluted("x", 0, 2, 3, "uM"), "highest dose above 0"),
        ],
    )
    def test_series_that_are_none(self, make: object, message: str) -> None:
        with pytest.raises(InputError, match=message):
            make()  # type: ignore[operator]


def _counts(plate_map: PlateMap) -> pd.Series:
    return plate_map.wells.groupby(["plate", "role"]).size()


@pytest.mark.parametrize("placement", PLACEMENTS)
@pytest.mark.parametrize("layout", [48, 96, 384, "chip 8x10"])
def test_every_design_holds_what_was_asked(placement: str, layout: int | str) -> None:
    spec = replace(SPEC, layout=Layout.of(layout), placement=placement)
    plate_map = generate_design(spec, 1)
    wells = plate_map.wells
    assert list(wells.columns) == list(PLATE_MAP_COLUMNS)
    assert not wells.duplicated(["plate", "well"]).any()
    assert set(wells["well"]) <= set(spec.layout.wells())
    tested = wells[wells["role"] == "treatment"]
    assert tested["treatment"].value_counts().to_dict() == {part.text: 4 for series in (WORT, LY) for part in series.parts}
    assert tested.groupby("treatment")["replicate"].agg(sorted).map(tuple).unique().tolist() == [(1, 2, 3, 4)]
    for plate in plate_map.plates:
        counts = _counts(plate_map)[plate].to_dict()
        assert {role: counts[role] for role in ("negative", "positive", "untreated", "blank")} == {
            "negative": 8,
            "positive": 4,
            "untreated": 2,
            "blank": 2,
        }


def test_what_the_controls_get() -> None:
    wells = generate_design(replace(SPEC, background=(Part("TNF", 10, "ng/mL"),)), 1).wells
    texts = {role: set(group["treatment"]) for role, group in wells.groupby("role")}
    assert texts["negative"] == {"TNF 0.01 ug/mL"}
    assert texts["positive"] == {"staurosporine 1 uM + TNF 0.01 ug/mL"}
    assert texts["untreated"] == texts["blank"] == {""}
    assert all(text.endswith(" + TNF 0.01 ug/mL") for text in texts["treatment"])
    plain = generate_design(SPEC, 1).wells
    assert set(plain.loc[plain["role"] == "negative", "compound"]) == {"DMSO"}


def test_one_seed_one_design() -> None:
    first, second, other = generate_design(SPEC, 7), generate_design(SPEC, 7), generate_design(SPEC, 8)
    pd.testing.assert_frame_equal(first.wells, second.wells)
    assert not first.wells["treatment"].equals(other.wells["treatment"])


def test_the_design_of_seed_1_stays_what_it_is() -> None:
    wells = generate_design(SPEC, 1).wells.set_index("well")
    assert wells.loc[["A01", "C05", "H12"], "role"].tolist() == ["untreated", "negative", "negative"]
    assert wells.index[wells["role"] == "positive"].tolist() == ["B07", "D06", "E03", "H11"]


def test_a_donors_plates_do_not_depend_on_other_donors() -> None:
    both = generate_design(replace(SPEC, donors=("d1", "d2")), 1).wells
    alone = generate_design(replace(SPEC, donors=("d2",)), 1).wells
    columns = ["well", "role", "treatment", "replicate"]
    assert both.loc[both["donor"] == "d2", columns].to_numpy().tolist() == alone[columns].to_numpy().tolist()
    assert both["plate"].unique().tolist() == ["P1", "P2"]
    assert set(both.loc[both["donor"] == "d1", "plate"]) == {"P1"}
    d1 = both.loc[both["donor"] == "d1", columns].to_numpy().tolist()
    assert d1 != alone[columns].to_numpy().tolist()


def test_conditions_stand_side_by_side_with_their_own_controls() -> None:
    wells = generate_design(replace(SPEC, layout=Layout.of(384), conditions=("mono", "co")), 1).wells
    counts = wells.groupby(["condition", "role"]).size()
    assert counts["mono"].to_dict() == counts["co"].to_dict() == {"negative": 8, "positive": 4, "treatment": 36, "untreated": 2}
    assert counts[""].to_dict() == {"blank": 2}
    assert wells["plate"].nunique() == 1


def test_combinations_cross_all_doses() -> None:
    spec = replace(SPEC, series=(LY,), combinations=((LY, WORT),), references=(WORT,), replicates=1)
    wells = generate_design(spec, 1).wells
    pairs = wells[wells["compound"] == "LY294002 + wortmannin"]
    assert len(pairs) == pairs["treatment"].nunique() == 18
    assert (wells["role"] == "reference").sum() == 6
    assert (wells["role"] == "treatment").sum() == 18 + 3


@pytest.mark.parametrize("margin", [1, 2])
@pytest.mark.parametrize("placement", PLACEMENTS)
def test_edges_are_avoided(margin: int, placement: str) -> None:
    layout = Layout.of(384)
    plate_map = generate_design(replace(SPEC, layout=layout, edge_margin=margin, placement=placement), 1)
    assert min(layout.edge_distance(well) for well in plate_map.wells["well"]) == margin


@given(st.integers(0, 2**32), st.sampled_from([96, 384]))
@settings(max_examples=30, deadline=None)
def test_controls_are_spread_over_rows_and_columns(seed: int, wells: int) -> None:
    """Each kind of 8 hits every eighth of the rows and of the columns about once (Latin hypercube)."""
    layout = Layout.of(wells)
    plate_map = generate_design(replace(SPEC, layout=layout, positives=8), seed)
    for role in ("negative", "positive"):
        chosen = plate_map.wells.loc[(plate_map.wells["role"] == role) & (plate_map.wells["plate"] == "P1"), "well"]
        positions = layout.positions(chosen) / [layout.rows, layout.columns]
        halves = (positions < 0.5).sum(axis=0)
        assert (abs(halves - 4) <= 1).all()
        quarters = np.stack([np.bincount(np.minimum((axis * 4).astype(int), 3), minlength=4) for axis in positions.T])
        assert quarters.min() >= 1
        assert quarters.max() <= 4


def test_blocks_are_whole_and_compact() -> None:
    layout = Layout.of(96)
    wells = generate_design(replace(SPEC, placement="blocked"), 3).wells
    tested = wells[wells["role"] == "treatment"].assign(column=lambda t: layout.positions(t["well"])[:, 1])
    assert tested.groupby("replicate")["treatment"].nunique().tolist() == [9] * 4
    spans = tested.groupby("replicate")["column"].agg(["min", "max"])
    assert (spans["min"].to_numpy()[1:] >= spans["max"].to_numpy()[:-1]).all()


def test_blocks_do_not_straddle_plates() -> None:
    wells = generate_design(replace(SPEC, layout=Layout.of(48), replicates=5, placement="blocked"), 3).wells
    tested = wells[wells["role"] == "treatment"]
    assert tested.groupby("replicate")["plate"].nunique().tolist() == [1] * 5
    assert tested["plate"].nunique() == 2


def test_a_block_larger_than_a_plate_takes_whole_plates() -> None:
    spec = replace(SPEC, layout=Layout.of(24), replicates=2, negatives=8, positives=4, placement="blocked")
    tested = generate_design(spec, 3).wells.query("role == 'treatment'")
    assert tested.groupby("plate")["replicate"].nunique().tolist() == [1] * 4


def test_ordered_wells_follow_the_list() -> None:
    tested = generate_design(replace(SPEC, placement="ordered"), 1).wells.query("role == 'treatment'")
    expected = [part.text for series in (WORT, LY) for part in series.parts for _ in range(4)]
    assert tested["treatment"].tolist() == expected


def test_randomised_wells_do_not_follow_the_list() -> None:
    layout = Layout.of(384)
    spec = DesignSpec(layout, series=(DoseSeries.spaced("x", 1, 100, 8, "uM"),), replicates=30, negatives=8)
    tested = generate_design(spec, 1).wells.query("role == 'treatment'")
    columns = layout.positions(tested["well"])[:, 1]
    correlation = np.corrcoef(np.log(tested["dose"]), columns)[0, 1]
    assert abs(correlation) < 4 / np.sqrt(len(tested))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"replicates": 0}, "replicates is 0\n.*1 or more"),
        ({"negatives": -1}, "negatives is -1\n.*0 or more"),
        ({"edge_margin": -1}, "edge_margin is -1"),
        ({"placement": "random"}, "unknown placement 'random'\n.*randomised, blocked, ordered"),
        ({"positive": Treatment()}, "nothing says what they get\n.*positive = "),
        ({"conditions": ()}, "conditions is empty"),
        ({"donors": ("a", "a")}, "donors is empty or names one twice: a, a"),
        ({"negatives": 90}, "controls take 98 of 96 usable wells on a plate of 96 wells\n.*fewer controls"),
        ({"edge_margin": 4}, "of 0 usable wells"),
        ({"series": ()}, "there is nothing to test\n.*at least one series"),
        ({"series": (LY, LY)}, "'LY294002 10 uM' is in the design twice\n"),
    ],
)
def test_designs_that_cannot_be_laid_out(change: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(SPEC, **change)


def test_all_faults_of_a_design_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        replace(SPEC, replicates=0, negatives=-1, placement="random")
    assert len(caught.value.problems) == 3


def test_ten_thousand_wells_are_laid_out_and_read_back(tmp_path: Path) -> None:
    series = tuple(DoseSeries.diluted(f"compound {number}", 10, 3, 8, "uM") for number in range(140))
    spec = replace(SPEC, layout=Layout.of(384), series=series, replicates=8, negatives=16, positives=16, edge_margin=1)
    plate_map = generate_design(spec, 1)
    write_plate_map(plate_map, tmp_path / "map.csv")
    again = read_plate_map(tmp_path / "map.csv", layout=spec.layout)
    assert len(plate_map.wells) > 10_000
    pd.testing.assert_frame_equal(again.wells, plate_map.wells)
