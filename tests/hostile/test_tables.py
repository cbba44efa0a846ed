"""Tables as people, editors and programs write them: what is accepted must be what the file says, never a guess."""

from __future__ import annotations

import pytest
from door import Answer, all_doors
from doors.tables import TWO_BY_THREE_CSV, workbook_of
from guard import Guard

DOORS = all_doors(("tables", "screens"))
MAP, BOOK, WELLS = DOORS["plate map, CSV"], DOORS["plate map, XLSX"], DOORS["well table, CSV"]
HEADER = "plate,well,role,compound,dose,dose_unit\n"


def map_answer(guard: Guard, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Answer:
    """Return what becomes of a plate map of these rows."""
    return guard.read(MAP, (header + "\n".join(rows) + "\n").encode(encoding))


def doses(answer: Answer) -> list[float]:
    """Return the doses of an accepted plate map."""
    assert answer.outcome == "accepted", answer.told
    header, *rows = answer.told.splitlines()
    place = header.split(",").index("dose")
    return [float(row.split(",")[place]) for row in rows]


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("3,5", 3.5),
        ("0,001", 0.001),
        ("3.5", 3.5),
        ("1e-3", 0.001),
        ("1,5e2", 150.0),
        ("1,000", None),
        ("1.000,5", None),
        ("1 000", None),
        ("1'000", None),
        ("1_000", None),
        ("0x10", None),
        ("1e400", None),
        ("inf", None),
        ("-5", None),
        ("−5", None),
        ("½", None),
        ("5 %", None),
        ("<5", None),
        ("5-10", None),
        ("2024-05-03", None),
        ("1:10", None),
        ("TRUE", None),
    ],
)
def test_a_number_is_what_it_says_or_refused(text: str, dose: float | None, guard: Guard) -> None:
    answer = map_answer(guard, f"P1;A1;treatment;alpha;{text};uM", header=HEADER.replace(",", ";"))
    if dose is None:
        assert answer.outcome == "refused", answer.told
        assert text in answer.told
    else:
        assert doses(answer) == [dose]


@pytest.mark.parametrize(
    ("unit", "dose"), [("nM", 0.002), ("uM", 2.0), ("µM", 2.0), ("μM", 2.0), ("mM", 2000.0), ("ug/mL", 2.0), ("mg/ml", 2000.0)]
)
def test_a_unit_is_converted(unit: str, dose: float, guard: Guard) -> None:
    assert doses(map_answer(guard, f"P1,A1,treatment,alpha,2,{unit}")) == pytest.approx([dose])


@pytest.mark.parametrize("unit", ["um", "UM", "MM", "mm", "nm", "Nm", "%", "ppm", "g", "h", "uM/mL", ""])
def test_a_unit_that_is_none_of_a_dose_is_refused(unit: str, guard: Guard) -> None:
    assert map_answer(guard, f"P1,A1,treatment,alpha,2,{unit}").outcome == "refused"


@pytest.mark.parametrize(
    "rows",
    [
        ("P1,A1,treatment,alpha,1,uM", "P1,A01,treatment,alpha,2,uM"),
        ("P1,A1,treatment,alpha,1,uM", "P1,r01c01,treatment,beta,1,uM"),
        ("P1,A1,treatment,alpha,1,uM", "p1,A2,treatment,alpha,2,uM"),
        ("P1,A1,treatment,alpha,1,uM", "P1,A2,treatment,Alpha,2,uM"),
        ("P1,C1,treatment,alpha,1,uM",),
        ("P1,A4,treatment,alpha,1,uM",),
        ("P1,A0,treatment,alpha,1,uM",),
        ("P1,1,treatment,alpha,1,uM",),
        ("P1,,treatment,alpha,1,uM",),
        ("P1,2024-01-01,treatment,alpha,1,uM",),
        ("P1,Jan-01,treatment,alpha,1,uM",),
        ("P1,A1,tretment,alpha,1,uM",),
        ("P1,A1,treatment,alpha,1",),
        ("P1,A1,treatment,,1,uM",),
        ("P1,A1,treatment,alpha,3,5,uM",),
        ("P1,A1,negative,alpha,10,",),
        ("P1,A1,treatment,2024-03-01,1,uM",),
        ("P1,A1,treatment,1-Mar,1,uM",),
        ("P1,A1,treatment,Sep-09,1,uM",),
        ("P1,A1,treatment,alpha\ufffd,1,uM",),
        ("P1,A1,treatment,ÃŸ-asarone,1,uM",),
        ("P1,A" + "9" * 5000 + ",treatment,alpha,1,uM",),
        ("P1,A1,treatment,alpha,1,uM,999999999999999999999999",),
    ],
)
def test_what_would_be_read_wrongly_is_refused(rows: tuple[str, ...], guard: Guard) -> None:
    header = HEADER.replace("\n", ",replicate\n") if rows[0].count(",") > 6 else HEADER
    answer = map_answer(guard, *rows, header=header)
    assert answer.outcome == "refused", answer.told


@pytest.mark.parametrize("replicate", ["0", "-1", "1.5", "1e300", "9" * 30, "one"])
def test_a_replicate_that_is_none_is_refused(replicate: str, guard: Guard) -> None:
    header = HEADER.replace("\n", ",replicate\n")
    assert map_answer(guard, f"P1,A1,treatment,alpha,1,uM,{replicate}", header=header).outcome == "refused"


@pytest.mark.parametrize(
    "header", ["plate,well,role,compound,dose,dose,dose_unit\n", "plate,well,well,role,compound,dose,dose_unit\n"]
)
def test_repeated_headers_are_refused(header: str, guard: Guard) -> None:
    assert "stands twice" in map_answer(guard, "P1,A1,treatment,alpha,1,2,uM", header=header).told


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "big5", "cp936"]
)
def test_chinese_names_come_out_right_or_are_refused(encoding: str, guard: Guard) -> None:
    answer = map_answer(guard, "P1,A1,treatment,黃連,2.5,uM", "P1,A2,treatment,當歸,1,uM", encoding=encoding)
    if encoding.startswith("utf-8") or encoding == "utf-16":
        assert answer.outcome == "accepted"
        assert "黃連" in answer.told
        assert "當歸" in answer.told
    elif answer.outcome == "refused":
        assert "UTF-8" in answer.told or "save it" in answer.told
    else:
        assert "黃連" in answer.told


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac-roman", "cp437"])
def test_western_names_come_out_right_or_are_refused(encoding: str, guard: Guard) -> None:
    answer = map_answer(guard, "P1,A1,treatment,Sérotonine,2.5,uM", encoding=encoding)
    assert answer.outcome == "refused"
    assert "UTF-8" in answer.told


def test_writing_does_not_change_what_is_read(guard: Guard) -> None:
    """Line ends, byte-order mark, separator, blanks, order of rows and columns, and the kind of file say nothing."""
    plain = guard.read(MAP, TWO_BY_THREE_CSV.encode())
    lines = TWO_BY_THREE_CSV.splitlines()
    cells = [line.split(",") for line in lines]
    same = [
        *("\r\n".join(lines), "\r".join(lines), "\n\n".join(lines), "\ufeff" + TWO_BY_THREE_CSV, TWO_BY_THREE_CSV.strip()),
        *(TWO_BY_THREE_CSV.replace(",", ";"), TWO_BY_THREE_CSV.replace(",", "\t"), TWO_BY_THREE_CSV.replace(",", " , ")),
        *("\n".join([lines[0], *reversed(lines[1:])]), "\n".join(",".join(reversed(row)) for row in cells)),
        *("\n".join(line + ",,," for line in lines), TWO_BY_THREE_CSV + ",,,,,\n" * 50, "sep=,\n" + TWO_BY_THREE_CSV),
        *("\n".join(",".join(f'"{cell}"' for cell in row) for row in cells), TWO_BY_THREE_CSV.replace("A0", "a")),
    ]
    for text in same:
        answer = guard.read(MAP, text.encode())
        assert answer.outcome == "accepted", answer.told
        assert answer.told == plain.told
    assert guard.read(BOOK, workbook_of([list(row) for row in cells])).told == plain.told


def test_one_changed_value_changes_that_value_alone(guard: Guard) -> None:
    plain = guard.read(MAP, TWO_BY_THREE_CSV.encode()).told.splitlines()
    other = guard.read(MAP, TWO_BY_THREE_CSV.replace("B02,treatment,wortmannin,1,", "B02,treatment,wortmannin,2,").encode())
    changed = [(a, b) for a, b in zip(plain, other.told.splitlines(), strict=True) if a != b]
    assert [b.split(",")[1] for _, b in changed] == ["B02"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("3,5", "3.5"),
        ("", "nan"),
        ("NA", "nan"),
        ("0", "0.0"),
        ("1,000", None),
        ("5 nM", "5.0"),
        ("=1+1", None),
        ("#DIV/0!", None),
        ("abc", None),
    ],
)
def test_a_number_of_a_well_is_what_it_says_or_refused(value: str, told: str | None, guard: Guard) -> None:
    text = f"plate\twell\trole\tcompound\tdose\tdose_unit\tmixing\nP1\tA1\tnegative\tDMSO\t0\t\t{value}\n"
    answer = guard.read(WELLS, text.encode())
    assert answer.outcome == ("refused" if told is None else "accepted"), answer.told
    if told is not None:
        assert answer.told.splitlines()[1].rpartition(",")[2] == told.replace("nan", "")


@pytest.mark.parametrize(("first", "second"), [("5 nM", "5 uM"), ("5", "5 nM"), ("50 %", "0.5")])
def test_numbers_of_two_units_are_refused(first: str, second: str, guard: Guard) -> None:
    rows = f"P1\tA1\tnegative\tDMSO\t0\t\t{first}\nP1\tA2\tnegative\tDMSO\t0\t\t{second}\n"
    answer = guard.read(WELLS, f"plate\twell\trole\tcompound\tdose\tdose_unit\tmixing\n{rows}".encode())
    assert "not of one unit" in answer.told


def test_a_label_in_another_unit_is_refused(guard: Guard) -> None:
    answer = guard.read(DOORS["cell labels"], b"well,x_um,y_um,cell_type\nA01,5 mm,2,tumour\n")
    assert "not a number that can be used: '5 mm'" in answer.told
