"""What a workbook shows and what its file holds may differ; then it is read as a person sees it, or refused."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from coculture.errors import FileError, InputError
from coculture.plate import workbook
from coculture.plate.text_table import read_text_table
from coculture.plate.workbook import read_workbook

ROWS = [["well", "compound", "dose"], ["A1", "alpha", 1], ["A2", "beta", 2], ["A3", "gamma", 3]]


def written(path: Path, change: Callable[[Worksheet], object] = lambda sheet: None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in ROWS:
        sheet.append(row)
    change(sheet)
    book.save(path)
    return path


def with_part(path: Path, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """Change the text of one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def doses(path: Path) -> list[str]:
    return [str(text) for text in read_text_table(path).cells["dose"]]


def test_a_formula_without_a_stored_result_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "map.xlsx", lambda sheet: sheet.cell(3, 3, "=C2*2"))
    with pytest.raises(InputError, match=r"line 3: a cell holds a formula whose result is not stored\n.*let it compute"):
        read_text_table(path)


def test_a_formula_is_read_as_its_stored_result(tmp_path: Path) -> None:
    path = written(tmp_path / "map.xlsx", lambda sheet: sheet.cell(3, 3, "=C2*2"))
    assert doses(with_part(path, "<f>C2*2</f><v />", "<f>C2*2</f><v>7</v>")) == ["1", "7", "3"]


def test_a_formula_whose_result_is_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    path = written(tmp_path / "map.xlsx", lambda sheet: sheet.cell(3, 3, '=""'))
    path = with_part(path, 'r="C3"><f>""</f><v />', 'r="C3" t="str"><f>""</f><v></v>')
    assert doses(path) == ["1", "", "3"]


def test_a_merged_cell_gives_its_value_to_all_it_covers(tmp_path: Path) -> None:
    path = written(tmp_path / "map.xlsx", lambda sheet: sheet.merge_cells("B2:C4"))
    assert read_text_table(path).cells.to_numpy().tolist() == [
        ["A1"] + ["alpha"] * 2,
        ["A2"] + ["alpha"] * 2,
        ["A3"] + ["alpha"] * 2,
    ]


def test_merged_cells_beyond_the_table_cost_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "map.xlsx", lambda sheet: sheet.merge_cells("C4:D5"))
    path = with_part(path, 'ref="C4:D5"', 'ref="C4:XFD1048576"')
    assert doses(path) == ["1", "2", "3"]


def test_merged_headers_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the header 'compound' stands twice"):
        read_text_table(written(tmp_path / "map.xlsx", lambda sheet: sheet.merge_cells("B1:C1")))


def test_merged_cells_that_lie_over_one_another_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_MERGED", 3)
    with pytest.raises(FileError, match="merged cells cover more than a table can hold"):
        read_text_table(_twice_merged(tmp_path))


def _twice_merged(tmp_path: Path) -> Path:
    path = written(tmp_path / "map.xlsx", lambda sheet: sheet.merge_cells("B2:B4"))
    return with_part(path, '<mergeCell ref="B2:B4"', '<mergeCell ref="B2:C3"/><mergeCell ref="B2:B4"')


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    def hide_another(sheet: Worksheet) -> None:
        other = sheet.parent.create_sheet("plate map")  # type: ignore[union-attr]
        other.append(["well"])
        other.sheet_state = "hidden"

    title, rows = read_workbook(written(tmp_path / "map.xlsx", hide_another))
    assert title == "Sheet"
    assert len(rows) == 4


def test_only_hidden_sheets_are_asked_about(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.parent.create_sheet("shown")  # type: ignore[union-attr]
        sheet.sheet_state = "veryHidden"

    with pytest.raises(InputError, match=r"no filled sheet but hidden ones \('Sheet'\)\n.*show the sheet"):
        read_workbook(written(tmp_path / "map.xlsx", hide))


def test_rows_far_down_and_false_sizes_cost_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "map.xlsx", lambda sheet: sheet.cell(1_048_576, 1, "A4"))
    path = with_part(path, 'ref="A1:C1048576"', 'ref="A1:XFD1048576"')
    table = read_text_table(path)
    assert table.lines.tolist() == [2, 3, 4, 1_048_576]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('<row r="3"', '<row r="2"', "row 2 stands in it twice"),
        ('r="C3"', 'r="ZZZ3"', "there is no column 18278|ZZZ"),
        ('<row r="3"', '<row r="x"', "cannot be read"),
        ("<sheetData>", "<sheetData", "cannot be read"),
    ],
)
def test_damaged_sheets_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(FileError, match=said):
        read_workbook(with_part(written(tmp_path / "map.xlsx"), old, new))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = written(tmp_path / "map.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * 20_000_000)
    with pytest.raises(FileError, match=r"unpacks to 20 MB, [\d,]+ times its size\n.*save the one sheet") as told:
        read_workbook(path)
    assert re.search(str(path), str(told.value))
