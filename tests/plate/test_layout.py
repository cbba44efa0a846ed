import pytest
from hypothesis import given
from hypothesis import strategies as st

from coculture.errors import InputError
from coculture.plate.layout import STANDARD_PLATES, Layout, row_letters, row_number

LAYOUTS = [*STANDARD_PLATES, "chip 4x8", "chips 1x16", "plate 1x8"]


@pytest.mark.parametrize(
    ("spec", "rows", "columns", "last"),
    [
        (6, 2, 3, "B03"),
        ("12", 3, 4, "C04"),
        ("24 wells", 4, 6, "D06"),
        (48, 6, 8, "F08"),
        (96, 8, 12, "H12"),
        ("384-well", 16, 24, "P24"),
        (1536, 32, 48, "AF48"),
        ("chip 4x8", 4, 8, "C04U08"),
        ("plate 1x8", 1, 8, "A08"),
        ("2 x 3", 2, 3, "B03"),
    ],
)
def test_layouts_by_name(spec: int | str, rows: int, columns: int, last: str) -> None:
    layout = Layout.of(spec)
    assert (layout.rows, layout.columns, len(layout)) == (rows, columns, rows * columns)
    assert layout.wells()[-1] == last
    assert len(set(layout.wells())) == len(layout)


@pytest.mark.parametrize("spec", LAYOUTS)
def test_every_name_leads_to_its_position_and_back(spec: int | str) -> None:
    layout = Layout.of(spec)
    expected = [(row, column) for row in range(layout.rows) for column in range(layout.columns)]
    assert [layout.position(name) for name in layout.wells()] == expected
    assert [layout.well_name(*position) for position in expected] == layout.wells()
    assert layout.positions(layout.wells()).tolist() == [list(position) for position in expected]


@pytest.mark.parametrize("name", ["A1", "a01", "A01", "A001", "r01c01", "R1C1", "row1col1", "A-01", "A 1", "A:01", "A_1", " a1 "])
def test_spellings_of_one_well(name: str) -> None:
    assert Layout.of(96).canonical(name) == "A01"


@pytest.mark.parametrize("name", ["C1U3", "c01u03", "chip 1 unit 3", "C01-U03", "r01c03"])
def test_spellings_of_one_unit(name: str) -> None:
    assert Layout.of("chip 4x8").canonical(name) == "C01U03"


def test_rows_beyond_z() -> None:
    assert Layout.of(1536).position("AA12") == (26, 11)
    assert Layout.of(1536).position("aF48") == (31, 47)


@given(st.integers(0, 51))
def test_row_letters_and_numbers_are_inverse(row: int) -> None:
    assert row_number(row_letters(row)) == row


@pytest.mark.parametrize(
    ("name", "what", "remedy"),
    [
        ("13", "not the name of a well: '13'", "counted by row or by column"),
        ("well", "not the name of a well: 'well'", "named A01 to H12"),
        ("", "not the name of a well: ''", "named A01 to H12"),
        ("A1.5x", "not the name of a well", "named A01 to H12"),
        ("I01", "outside the layout (96 wells): well 'I01'", "or change the layout"),
        ("A13", "outside the layout (96 wells): well 'A13'", "named A01 to H12"),
        ("A0", "outside the layout", "named A01 to H12"),
        ("r9c1", "outside the layout", "named A01 to H12"),
    ],
)
def test_names_that_are_not_wells(name: str, what: str, remedy: str) -> None:
    with pytest.raises(InputError) as caught:
        Layout.of(96).position(name)
    assert what in caught.value.problems[0].what
    assert remedy in caught.value.problems[0].remedy


def test_a_position_outside_is_refused() -> None:
    with pytest.raises(InputError, match="row 9, column 1 lies outside the layout"):
        Layout.of(96).well_name(8, 0)


@pytest.mark.parametrize("spec", [95, "plate", "chip", "chip4by8", "3x", -6])
def test_unknown_layouts_list_the_known(spec: int | str) -> None:
    with pytest.raises(InputError, match=r"unknown layout.*\n.*1536.*chip 4x8"):
        Layout.of(spec)


@pytest.mark.parametrize("spec", ["chip 0x8", "plate 53x2", "plate 2x100", "chip 100x2"])
def test_layouts_that_cannot_be_named(spec: str) -> None:
    with pytest.raises(InputError, match="cannot be named"):
        Layout.of(spec)


def test_edges_of_a_plate() -> None:
    layout = Layout.of(96)
    edge = [name for name in layout.wells() if layout.is_edge(name)]
    assert len(edge) == 2 * 12 + 2 * 6
    assert layout.edge_distance("B02") == 1
    assert layout.edge_distance("D06") == 3


def test_edges_of_chips_are_their_ends() -> None:
    layout = Layout.of("chip 4x8")
    assert {name for name in layout.wells() if layout.is_edge(name)} == {
        f"C{chip:02d}U{unit:02d}" for chip in range(1, 5) for unit in (1, 8)
    }
    assert layout.edge_distance("C01U04") == 3
