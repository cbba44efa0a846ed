import datetime
from pathlib import Path

import openpyxl
import pytest

from coculture.errors import FileError, InputError
from coculture.plate.text_table import line_list, read_text_table

PLAIN = "well,dose\nA1,1\nA2,2\n"


def _write(folder: Path, text: str | bytes, name: str = "map.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def _cells(path: Path) -> list[list[str]]:
    table = read_text_table(path)
    return [table.headers, *table.cells.to_numpy().tolist()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("map.csv", PLAIN),
        ("map.csv", b"\xef\xbb\xbf" + PLAIN.encode()),  # byte-order mark
        ("map.csv", PLAIN.encode("utf-16")),
        ("map.csv", PLAIN.replace(",", ";")),
        ("map.txt", PLAIN.replace(",", "\t")),
        ("map.tsv", PLAIN.replace(",", "\t")),
        ("map.csv", PLAIN.replace("\n", "\r\n")),
        ("map.csv", "\n\n" + PLAIN.replace("A2", "\n,\n A2 ")),  # blank lines, blanks around values
        ("map.csv", "sep=;\n" + PLAIN.replace(",", ";")),
        ("map.csv", "# made by hand\n# on Monday\n" + PLAIN),
        ("map.csv", PLAIN.replace("1\n", "1,,\n").replace("dose\n", "dose,,\n")),  # empty columns at the right
        ("map.csv", PLAIN.rstrip("\n")),
    ],
)
def test_one_table_in_many_dresses(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert _cells(_write(tmp_path, content, name)) == [["well", "dose"], ["A1", "1"], ["A2", "2"]]


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    table = read_text_table(_write(tmp_path, '# note\n\nwell,note\nA1,"two\nlines"\n\nA2,x\n'))
    assert table.lines.tolist() == [4, 7]
    assert table.cells["note"].tolist() == ["two\nlines", "x"]


def test_only_line_ends_end_a_line(tmp_path: Path) -> None:
    table = read_text_table(_write(tmp_path, "well,note\rA1,a\u2028b\x0cc\r\nA2,x\n"))
    assert table.cells["note"].tolist() == ["a\u2028b\x0cc", "x"]


def test_quoted_separators_and_decimal_commas_with_semicolons(tmp_path: Path) -> None:
    path = _write(tmp_path, 'well;compound;dose\nA1;"a; b";0,5\nA2;c, d;1,5\n')
    assert _cells(path)[1:] == [["A1", "a; b", "0,5"], ["A2", "c, d", "1,5"]]


def test_micro_sign_of_old_code_pages(tmp_path: Path) -> None:
    assert _cells(_write(tmp_path, "well,unit\nA1,µM\n".encode("cp1252")))[1] == ["A1", "µM"]


def _workbook(path: Path, **sheets: list[list[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def test_a_workbook_reads_as_text(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["row", "column", "dose", "batch"],
        ["A", 1.0, 0.15, datetime.datetime(2024, 5, 17)],
        [None, None, None, None],
        ["B", 2, 3.0, True],
    ]
    table = read_text_table(_workbook(tmp_path / "map.xlsx", Sheet1=rows, Empty=[]))
    assert table.source == "map.xlsx, sheet 'Sheet1'"
    assert table.lines.tolist() == [2, 4]
    assert table.cells.to_numpy().tolist() == [["A", "1", "0.15", "2024-05-17"], ["B", "2", "3", "True"]]


def test_the_sheet_called_plate_map_is_read(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "map.xlsx", notes=[["hello"]], plate_map=[["well"], ["A1"]])
    assert read_text_table(path).cells["well"].tolist() == ["A1"]


def test_several_sheets_without_a_name_are_asked_about(tmp_path: Path) -> None:
    path = _workbook(tmp_path / "map.xlsx", one=[["well"], ["A1"]], two=[["well"], ["A1"]])
    with pytest.raises(InputError, match=r"several filled sheets \('one', 'two'\)\n.*call the one to read 'plate map'"):
        read_text_table(path)


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="the workbook is empty"):
        read_text_table(_workbook(tmp_path / "map.xlsx", one=[]))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("map.csv", "", "the table is empty"),
        ("map.csv", "\n , \n# x\n", "the table is empty"),
        ("map.xls", "x", r"cannot be read from a '.xls' file\n.*save it as .csv, .tsv or .xlsx"),
        ("map.csv", "well,compound\nA1,M\xfcller\n".encode("cp1252"), r"not UTF-8\n.*CSV UTF-8"),
        ("map.csv", b"well\0,x\n", "not a text file"),
        ("map.csv", b"\xff\xfew", "the text is not UTF-8"),
        ("map.csv", 'well,dose\n"A1' + "x" * 200_000, r"the table cannot be read .*\n.*quotation mark"),
        ("map.xlsx", "well,dose\n", r"the workbook cannot be read.*\n.*save it as .xlsx again"),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    with pytest.raises(FileError, match=message):
        read_text_table(_write(tmp_path, content, name))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"does not exist\n.*check the path"):
        read_text_table(tmp_path / "map.csv")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("well,dose\nA1,0,5\nA2,1,5\n", r"lines 2, 3: the row has more values than there are headers \(2\)\n.*decimal comma"),
        ("well,,dose\nA1,x,1\n", r"line 1: column 2 has no header\n"),
        ("well,dose,dose\nA1,1,1\n", r"line 1: the header 'dose' stands twice\n.*rename"),
        ("well,dose\nA1,#REF!\n", r"line 2: a cell holds the Excel error #REF!\n.*mend the formula"),
        ("a,b;c\n1,2;3\n", r"may be separated by comma or semicolon\n.*with tabs"),
    ],
)
def test_tables_that_cannot_be_trusted(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_text_table(_write(tmp_path, content))


def test_line_lists_are_polite() -> None:
    assert line_list([5]) == "line 5"
    assert line_list([5, 6]) == "lines 5, 6"
    assert line_list(range(1, 301)) == "lines 1, 2, 3 and 297 more"
