"""The well table is checked before anything is computed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.screen.edge_wells import edge_wells
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout
from coculture.screen.well_table import check_wells, well_places

SETTINGS = AnalysisSettings((Readout("value", "value"),))


def _plate(make_plate, **more):
    return make_plate([1.0, 2.0, 3.0, 4.0], ["negative", "negative", "treatment", "treatment"], **more)


def test_missing_columns_are_all_named(make_plate) -> None:
    contrast = ConditionContrast("mono", "co")
    settings = AnalysisSettings((Readout("value", "valeu"), Readout("x", "plate")), contrast=contrast)
    with pytest.raises(InputError) as caught:
        check_wells(_plate(make_plate).drop(columns=["role", "dose_unit"]), settings)
    text = str(caught.value)
    assert "column 'role' is missing" in text
    assert "column 'dose_unit' is missing" in text
    assert "readout 'value': column 'valeu' is not in the well table" in text
    assert "columns with numbers: dose, value" in text
    assert "readout 'x': column 'plate' does not hold numbers" in text
    assert "analysis.contrast: column 'condition' is missing" in text
    assert "analysis.contrast: column 'donor' is missing" in text


def test_an_empty_table_is_refused(make_plate) -> None:
    with pytest.raises(InputError, match="the table has no wells"):
        check_wells(_plate(make_plate).iloc[:0], SETTINGS)


def test_unknown_roles_and_wells_given_twice(make_plate) -> None:
    wells = _plate(make_plate)
    wells.loc[0, "role"] = "vehicle"
    wells.loc[3, "well"] = "A03"
    with pytest.raises(InputError) as caught:
        check_wells(wells, SETTINGS)
    assert "unknown role 'vehicle'" in str(caught.value)
    assert "1 wells are given twice, first p1 A03" in str(caught.value)
    assert "choose one time point" in str(caught.value)


def test_a_treated_well_needs_a_dose(make_plate) -> None:
    with pytest.raises(InputError, match="the dose of p1 A04 is nan"):
        check_wells(_plate(make_plate, doses=[0, 0, 1, np.nan]), SETTINGS)
    with pytest.raises(InputError, match="the dose of p1 A03 is -1"):
        check_wells(_plate(make_plate, doses=[0, 0, -1, 1]), SETTINGS)
    with pytest.raises(InputError, match="'dose' does not hold numbers"):
        check_wells(_plate(make_plate, doses=["0", "0", "1 uM", "1 uM"]), SETTINGS)


def test_conditions_of_the_contrast_must_occur(make_plate) -> None:
    settings = AnalysisSettings((Readout("value", "value"),), contrast=ConditionContrast("mono", "coculture"))
    with pytest.raises(InputError, match=r"condition 'coculture' does not occur\n.*'co', 'mono'"):
        check_wells(_plate(make_plate, condition=["mono", "co", "mono", "co"], donor="d"), settings)


def test_negative_controls_are_needed_on_every_plate_and_condition(make_plate) -> None:
    lacking = _plate(make_plate, name="p2")
    lacking["role"] = "treatment"
    with pytest.raises(DataError, match=r"no negative controls on p2\n.*role 'negative'"):
        check_wells(pd.concat([_plate(make_plate), lacking]), SETTINGS)
    arms = _plate(make_plate, condition=["mono", "mono", "mono", "co"])
    with pytest.raises(DataError, match=r"no negative controls on p1 \(co\)"):
        check_wells(arms, SETTINGS)


def test_many_plates_without_controls_are_counted(make_plate) -> None:
    plates = [_plate(make_plate, name=f"p{i}") for i in range(9)]
    for plate in plates[1:]:
        plate["role"] = "treatment"
    with pytest.raises(DataError, match="p1, p2, p3, p4, p5 and 3 more"):
        check_wells(pd.concat(plates), SETTINGS)


def test_the_callers_table_is_left_alone(make_plate) -> None:
    wells = _plate(make_plate)
    before = wells.copy()
    check_wells(wells, SETTINGS)
    pd.testing.assert_frame_equal(wells, before)


def test_infinite_readings_count_as_missing(make_plate, read) -> None:
    readings = read(make_plate([1.0, 2.0, np.inf, 4.0], ["negative", "negative", "treatment", "treatment"]))
    assert readings.judged.tolist() == [False, False, False, True]


def test_places_of_names() -> None:
    row, column = well_places(pd.Series(["A01", "H12", "AF48", "C02U05", "left"]))
    assert row.tolist() == [0, 7, 31, 1, -1]
    assert column.tolist() == [0, 11, 47, 4, -1]


def test_edge_of_a_plate_and_of_chips() -> None:
    names = pd.Series(["A05", "B02", "H06", "C12", "G11", "x"])
    assert edge_wells(names, *well_places(names)).tolist() == [True, False, True, True, False, False]
    units = pd.Series(["C01U01", "C01U04", "C02U08", "C02U02"])
    assert edge_wells(units, *well_places(units)).tolist() == [True, False, True, False]


def test_inner_controls_are_used_where_there_are_two(make_plate, read) -> None:
    wells = make_plate(np.arange(96.0), ["treatment"] * 96)
    wells.loc[wells["well"].isin(["A01", "A02", "B02", "B03", "H12"]), "role"] = "negative"
    assert set(wells["well"][read(wells, control_wells="inner").negative]) == {"B02", "B03"}
    wells.loc[wells["well"] == "B03", "role"] = "treatment"
    assert read(wells, control_wells="inner").negative.sum() == 4  # one inside is too few: all count
