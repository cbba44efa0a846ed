from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from tests.cases.plates import three_cells, two_by_three

from coculture.errors import InputError
from coculture.plate import cell_table
from coculture.plate.columns import CELL_COLUMNS, CONTACT_COLUMNS, FIELD_COLUMNS, names

Change = Callable[[pd.DataFrame], pd.DataFrame]


def test_valid_tables_pass() -> None:
    cells, contacts = three_cells()
    cell_table.validate_cell_table(cells, "cells")
    cell_table.validate_contact_table(contacts, "contacts", cells)
    cell_table.validate_well_table(two_by_three().wells.assign(nuclear_ratio=1.0))


def test_empty_tables_are_valid_and_declared() -> None:
    cells, contacts, fields = cell_table.empty_cell_table(), cell_table.empty_contact_table(), cell_table.empty_field_table()
    cell_table.validate_cell_table(cells)
    cell_table.validate_contact_table(contacts, cells=cells)
    cell_table.validate_field_table(fields)
    assert list(cells.columns) == names(CELL_COLUMNS)
    assert list(contacts.columns) == names(CONTACT_COLUMNS)
    assert list(fields.columns) == names(FIELD_COLUMNS)
    assert cells.dtypes["alive"] == np.bool_
    assert contacts.dtypes["cell_a"] == np.int64


@pytest.mark.parametrize("dtype", ["category", "string", "object"])
def test_text_may_be_held_in_any_way(dtype: str) -> None:
    cells, _ = three_cells()
    cell_table.validate_cell_table(cells.astype({"cell_type": dtype, "plate": dtype}))


def test_small_integers_and_features_not_defined_are_fine() -> None:
    cells, _ = three_cells()
    cells = cells.astype({"site": "int16", "cell_id": "uint32"}).assign(
        nucleus_intensity_mean_gfp=np.array([1, np.nan, 2], "float32")
    )
    cell_table.validate_cell_table(cells)


PLACE = "plate P1, well A01, site 1, t_min 0.0"

CELL_FAULTS: dict[str, tuple[Change, str, str]] = {
    "missing column": (lambda t: t.drop(columns="alive"), "the column 'alive' is missing", "False for a cell judged dead"),
    "alive as numbers": (lambda t: t.astype({"alive": int}), "'alive': holds int64, not true or false", "turn it into bool"),
    "alive as text": (lambda t: t.assign(alive="yes"), ", not true or false", "turn it into bool"),
    "id as real": (lambda t: t.astype({"cell_id": float}), "'cell_id': holds float64, not whole numbers", "into int64"),
    "id as flag": (lambda t: t.assign(cell_id=True), "'cell_id': holds bool, not whole numbers", "into int64"),
    "area as text": (lambda t: t.assign(area_um2="5"), ", not numbers", "turn it into float64"),
    "type as numbers": (lambda t: t.assign(cell_type=1), "'cell_type': holds int64, not text", "turn it into str"),
    "type as category of numbers": (
        lambda t: t.assign(cell_type=pd.Categorical([1, 2, 1])),
        "column 'cell_type': holds category, not text",
        "turn it into str",
    ),
    "NaN": (
        lambda t: t.assign(x_um=[1.0, np.nan, 2.0]),
        f"row 1 ({PLACE}, cell_id 2), column 'x_um': the value is missing, found nan",
        "every row needs it",
    ),
    "missing text": (
        lambda t: t.assign(cell_type=["a", None, None]),
        "column 'cell_type': the value is missing",
        "every row needs it",
    ),
    "empty well": (
        lambda t: t.assign(well=["A01", "", ""]),
        "column 'well': the name is empty, found '' (and 1 more rows)",
        "name it",
    ),
    "infinite": (lambda t: t.assign(y_um=[1.0, np.inf, 2.0]), "column 'y_um': the value is infinite, found inf", "finite"),
    "negative area": (
        lambda t: t.assign(area_um2=[1.0, 2.0, -3.0]),
        f"row 2 ({PLACE}, cell_id 3), column 'area_um2': the value is out of bounds, found -3.0",
        "it must be 0 or more",
    ),
    "site zero": (lambda t: t.assign(site=0), "'site': the value is out of bounds, found 0 (and 2 more rows)", "1 or more"),
    "mother": (lambda t: t.assign(parent_id=-2), "column 'parent_id': the value is out of bounds", "-1 or more"),
    "same cell twice": (
        lambda t: t.assign(cell_id=[1, 2, 2]),
        f"row 2 ({PLACE}, cell_id 2): a second row with the same plate, well, site, t_min, cell_id",
        "keep one of the two",
    ),
    "unknown column": (lambda t: t.assign(ratio=1.0), "unknown column 'ratio'", "<object>_<family>_<what>[_<channel>]"),
    "feature as text": (lambda t: t.assign(cell_shape_form="round"), ", not numbers", "a feature is a number"),
    "infinite feature": (
        lambda t: t.assign(cell_shape_roundness=[1.0, np.inf, 1.0]),
        "column 'cell_shape_roundness': the feature is infinite, found inf",
        "NaN where it is not defined",
    ),
    "repeated column": (lambda t: pd.concat([t, t[["x_um"]]], axis=1), "the column 'x_um' stands twice", "drop one"),
}


@pytest.mark.parametrize("fault", CELL_FAULTS)
def test_each_fault_of_a_cell_table_has_its_message(fault: str) -> None:
    change, what, remedy = CELL_FAULTS[fault]
    with pytest.raises(InputError) as caught:
        cell_table.validate_cell_table(change(three_cells()[0]), "cells of A01")
    found = [str(problem) for problem in caught.value.problems]
    assert any(what in text and remedy in text for text in found), found
    assert all(text.startswith("cells of A01") for text in found)


def test_all_faults_of_a_table_are_told_at_once() -> None:
    broken = three_cells()[0].drop(columns=["alive", "phase"]).assign(area_um2=-1.0, cell_id=1)
    with pytest.raises(InputError) as caught:
        cell_table.validate_cell_table(broken)
    assert len(caught.value.problems) == 4


def test_a_long_list_is_cut_and_counted() -> None:
    broken = three_cells()[0].assign(**{f"unknown{number}": 0 for number in range(25)})
    with pytest.raises(InputError) as caught:
        cell_table.validate_cell_table(broken)
    assert len(caught.value.problems) == 21
    assert caught.value.problems[-1].what == "and 5 more problems"


NO_CELL = "a contact of a cell that is not in the cell table"

CONTACT_FAULTS: dict[str, tuple[Change, str]] = {
    "order": (lambda t: t.assign(cell_a=2, cell_b=1), f"row 0 ({PLACE}, cell_a 2, cell_b 1): cell_a is not smaller"),
    "itself": (lambda t: t.assign(cell_a=2), "cell_a is not smaller than cell_b"),
    "no such cell": (lambda t: t.assign(cell_b=9), f"column 'cell_b': {NO_CELL}, found 9"),
    "other site": (lambda t: t.assign(site=2), f"column 'cell_a': {NO_CELL}, found 1"),
    "other well": (lambda t: t.assign(well="A02"), f"column 'cell_b': {NO_CELL}, found 2"),
    "length": (lambda t: t.assign(contact_length_um=-1.0), "'contact_length_um': the value is out of bounds, found -1.0"),
    "twice": (lambda t: pd.concat([t, t], ignore_index=True), f"row 1 ({PLACE}, cell_a 1, cell_b 2): a second row"),
    "unknown column": (lambda t: t.assign(cell_shape_area=1.0), "unknown column 'cell_shape_area'"),
}


@pytest.mark.parametrize("fault", CONTACT_FAULTS)
def test_each_fault_of_a_contact_table_has_its_message(fault: str) -> None:
    cells, contacts = three_cells()
    change, what = CONTACT_FAULTS[fault]
    with pytest.raises(InputError) as caught:
        cell_table.validate_contact_table(change(contacts), "contacts of A01", cells)
    assert any(what in str(problem) for problem in caught.value.problems), str(caught.value)


def test_contacts_alone_are_checked_without_cells() -> None:
    _, contacts = three_cells()
    cell_table.validate_contact_table(contacts.assign(cell_b=9))


def test_fractions_of_a_field_lie_between_0_and_1() -> None:
    row = {"plate": "P", "well": "A01", "site": 1, "t_min": 0.0, "channel": "dna", "focus": 1.0, "saturated_fraction": 1.5}
    row |= {"background": 3.0, "debris_fraction": 0.0, "out_of_focus": False, "saturated": True, "empty": False, "debris": False}
    with pytest.raises(InputError, match=r"'saturated_fraction': the value is out of bounds, found 1.5\n.*from 0 to 1"):
        cell_table.validate_field_table(pd.DataFrame([row]))


def test_well_tables_need_their_keys_once() -> None:
    wells = two_by_three().wells
    with pytest.raises(InputError, match="a second row with the same plate, well"):
        cell_table.validate_well_table(pd.concat([wells, wells], ignore_index=True))
    with pytest.raises(InputError, match="the column 'role' is missing"):
        cell_table.validate_well_table(wells.drop(columns="role"))
