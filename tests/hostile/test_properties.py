"""Whatever texts, doses and wells a table holds, it is read as it was written or refused: drawn by hypothesis, known exactly."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from doors.spreadsheets import require_text
from doors.tables import workbook_of
from hypothesis import assume, given
from hypothesis import strategies as st
from properties import ANY_TEXT, PLAIN_NAMES, drawn

from coculture.errors import CocultureError
from coculture.plate.layout import STANDARD_PLATES, Layout
from coculture.plate.number_text import read_numbers
from coculture.plate.plate_map import PlateMap, arrange, read_plate_map, write_plate_map
from coculture.plate.text_table import MISSING
from coculture.plate.treatment import Part, Treatment, dose_unit_spellings
from coculture.spreadsheet_cells import as_cell, of_cell
from coculture.store.tables import read_table, write_table

LAYOUT = Layout.of(1536)
DOSES = st.floats(0, allow_nan=False, allow_infinity=False) | st.sampled_from((0.1, 1.0, 1e-3, 3.5, 1000.0))
UNITS = st.sampled_from(dose_unit_spellings())
WELLS = st.lists(st.sampled_from(LAYOUT.wells()), min_size=1, max_size=4, unique=True)


@st.composite
def plate_maps(draw: st.DrawFn, names: st.SearchStrategy[str]) -> PlateMap:
    """Draw a plate map whose wells hold one or two compounds; a text that can name none is not drawn."""
    rows = []
    for well in draw(WELLS):
        try:
            given = draw(st.lists(st.builds(Part, names, DOSES, UNITS), min_size=1, max_size=2, unique_by=lambda p: p.compound))
        except CocultureError:
            assume(False)
        dosed = Treatment(tuple(given))
        role = draw(st.sampled_from(("treatment", "reference", "positive"))) if dosed.parts else "untreated"
        rows.append(("P1", well, role, dosed.text, dosed.compound, dosed.dose, dosed.dose_unit, *draw(st.tuples(*[names] * 3))))
    columns = ["plate", "well", "role", "treatment", "compound", "dose", "dose_unit", "batch", "donor", "condition"]
    return PlateMap(arrange(pd.DataFrame(rows, columns=columns), LAYOUT), LAYOUT)


def read_again(plate_map: PlateMap, ending: str) -> PlateMap:
    """Write a plate map and return what is read from the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"map{ending}"
        write_plate_map(plate_map, path)
        return read_plate_map(path, layout=plate_map.layout)


def require_words(error: CocultureError) -> None:
    """Fail where a refusal does not say what is wrong and what to do."""
    assert all(problem.what and problem.remedy for problem in error.problems), error


def require_equal(found: PlateMap, written: PlateMap) -> None:
    """Fail where a cell is not what it was; blanks in a row and at the ends are not kept."""
    words = written.wells.select_dtypes(exclude="number").columns
    expected = written.wells.assign(**{name: [" ".join(word.split()) for word in written.wells[name]] for name in words})
    now = found.wells.assign(**{name: [" ".join(word.split()) for word in found.wells[name]] for name in words})
    pd.testing.assert_frame_equal(now, expected, check_dtype=False)


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
@drawn(40)
@given(data=st.data())
def test_a_plate_map_of_plain_names_reads_back_equal(ending: str, data: st.DataObject) -> None:
    plate_map = data.draw(plate_maps(PLAIN_NAMES))
    require_equal(read_again(plate_map, ending), plate_map)


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx"])
@drawn(80)
@given(data=st.data())
def test_a_plate_map_of_any_texts_reads_back_equal_or_is_refused(ending: str, data: st.DataObject) -> None:
    plate_map = data.draw(plate_maps(ANY_TEXT.filter(lambda text: text.strip().lower() not in MISSING)))
    try:
        found = read_again(plate_map, ending)
    except CocultureError as error:
        require_words(error)
        return
    require_equal(found, plate_map)


@drawn(80)
@given(
    rows=st.lists(st.tuples(PLAIN_NAMES | ANY_TEXT, st.integers(1, 10**7), st.integers(0, 4), UNITS), min_size=1, max_size=4),
    separator=st.sampled_from((",", ";", "\t")),
    ends=st.sampled_from(("\n", "\r\n", "\r")),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
    quoted=st.booleans(),
    decimal=st.sampled_from((".", ",")),
    order=st.permutations(range(6)),
    workbook=st.booleans(),
)
def test_a_map_in_any_dialect_says_the_same(
    rows: list[tuple[str, int, int, str]],
    separator: str,
    ends: str,
    encoding: str,
    quoted: bool,
    decimal: str,
    order: list[int],
    workbook: bool,
) -> None:
    assume(not any("'" in name for name, *_ in rows))  # the mark of a text: tested by itself below
    wells = Layout.of(96).wells()
    table: list[list[object]] = [["plate", "well", "role", "compound", "dose", "dose_unit"]]
    expected = {}
    for well, (name, figures, places, unit) in zip(wells, rows, strict=False):
        dose = f"{figures / 10**places:.{places}f}"
        table.append(["P1", well, "treatment", name, dose.replace(".", decimal), unit])
        expected[well] = (" ".join(name.split()), float(dose), unit)
    table = [[row[place] for place in order] for row in table]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("map.xlsx" if workbook else "map.tsv" if separator == "\t" else "map.csv")
        legible = all(cell.isprintable() for row in table for cell in row if isinstance(cell, str))
        if workbook and legible:
            path.write_bytes(
                workbook_of([[as_cell(str(cell)) if str(cell)[:1] == "=" else cell for cell in row] for row in table])
            )
        else:
            path = path.with_suffix(".tsv" if separator == "\t" else ".csv")
            path.write_bytes(_delimited(table, separator, ends, quoted).encode(encoding))
        try:
            found = read_plate_map(path, layout=Layout.of(96))
        except CocultureError:
            return
    told = {row.well: (row.compound, row.dose, row.dose_unit) for row in found.wells.itertuples()}
    for well, (name, dose, unit) in expected.items():
        part = Part(name, dose, unit)
        assert told[well] == (part.compound, pytest.approx(part.dose, rel=1e-11), part.unit)


def _delimited(table: list[list[object]], separator: str, ends: str, quoted: bool) -> str:
    stream = io.StringIO(newline="")
    quoting: Any = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=separator, lineterminator=ends, quoting=quoting).writerows(table)
    return stream.getvalue()


@drawn(400)
@given(text=st.text(st.sampled_from("=+-@'\"\t\r\n;| ＝＋－＠1eax"), max_size=8) | ANY_TEXT)
def test_a_text_in_a_spreadsheet_is_recovered_and_begins_no_formula(text: str) -> None:
    cell = as_cell(text)
    assert of_cell(cell) == text
    require_text(cell)


@drawn(100)
@given(
    wells=st.sampled_from([*map(str, STANDARD_PLATES), "plate 52x99", "chip 99x99", "chip 4x8", "plate 1x8"]),
    row=st.integers(0, 98),
    column=st.integers(0, 98),
    blank=st.sampled_from(("", " ", "-", "_")),
)
def test_a_well_has_one_name_and_many_spellings(wells: str, row: int, column: int, blank: str) -> None:
    layout = Layout.of(wells)
    row, column = row % layout.rows, column % layout.columns
    name = layout.well_name(row, column)
    spelt = f"R{row + 1}C{column + 1}" if layout.is_chip else f"{name.rstrip('0123456789')}{blank}{column + 1}"
    for one in (name, name.lower(), spelt, spelt.lower(), f" {name} "):
        assert layout.canonical(one) == name
        assert layout.position(one) == (row, column)


@drawn(200)
@given(name=ANY_TEXT | st.text(st.sampled_from("ABZaz0193-_ RCUrcu١²"), max_size=8))
def test_any_text_names_a_well_of_the_layout_or_none(name: str) -> None:
    layout = Layout.of(96)
    try:
        found = layout.canonical(name)
    except CocultureError as error:
        require_words(error)
        return
    assert found in layout.wells()


@drawn(150)
@given(
    value=st.floats(allow_nan=False, allow_infinity=False),
    unit=st.sampled_from(("", "uM", "µM", "nM", "mg/mL")),
    blank=st.booleans(),
)
def test_a_number_with_a_unit_is_that_number(value: float, unit: str, blank: bool) -> None:
    text = f"{value!r}{' ' if blank and unit else ''}{unit}"
    found = read_numbers([text])
    assert found.values[text] == value
    assert found.units[text] == unit


_COLUMNS = (
    st.lists(st.text(max_size=8) | st.none(), min_size=3, max_size=3).map(lambda values: pd.array(values, dtype="str")),
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=3, max_size=3).map(lambda values: np.array(values, dtype=np.int64)),
    st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=3, max_size=3).map(lambda v: pd.array(v, dtype="Int64")),
    st.lists(st.floats(), min_size=3, max_size=3).map(lambda values: np.array(values, dtype=np.float64)),
    st.lists(st.booleans(), min_size=3, max_size=3).map(np.array),
    st.lists(st.booleans() | st.none(), min_size=3, max_size=3).map(lambda values: pd.array(values, dtype="boolean")),
)


@drawn(80)
@given(columns=st.dictionaries(st.text(max_size=8), st.one_of(*_COLUMNS), max_size=4))
def test_a_table_reads_back_equal(columns: dict[str, Any]) -> None:
    frame = pd.DataFrame(columns, index=range(3))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        write_table(frame, path)
        found = read_table(path)
    assert list(found.columns) == list(frame.columns)
    if len(frame.columns):
        pd.testing.assert_frame_equal(found, frame, check_dtype=False, check_exact=True)
