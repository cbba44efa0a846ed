"""The ledger: what is written is found again, and a torn last line does no harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from coculture.errors import DataError
from coculture.run.ledger import LedgerLine, LedgerWriter, failures, read_ledger

DONE = LedgerLine("P µ", "A01", status="done", seconds=1.25, outputs={"cells/a.parquet": "ff"})
FAILED = LedgerLine("P µ", "A02", status="failed", reason="no\nimage")


def write(path: Path, *lines: LedgerLine) -> None:
    with LedgerWriter(path) as ledger:
        for line in lines:
            ledger.append(line)


def test_lines_come_back_as_they_were_and_the_last_of_a_well_counts(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    assert read_ledger(path) == {}
    write(path, FAILED, DONE)
    assert read_ledger(path) == {("P µ", "A01"): DONE, ("P µ", "A02"): FAILED}
    mended = LedgerLine("P µ", "A02", status="done")
    write(path, mended)
    assert read_ledger(path)[("P µ", "A02")] == mended
    assert len(path.read_text().splitlines()) == 3


def test_every_tear_of_the_last_line_is_survived(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    write(path, DONE)
    whole = path.read_bytes()
    write(path, FAILED)
    both = path.read_bytes()
    for length in range(len(whole), len(both)):
        path.write_bytes(both[:length])
        assert read_ledger(path) == {DONE.key: DONE}
        write(path, FAILED)
        assert path.read_bytes() == both


def test_a_broken_line_inside_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text('{"plate": "P"}\n')
    with pytest.raises(DataError, match=r"ledger.jsonl, line 1(.|\n)*--fresh"):
        read_ledger(path)


def test_failures_are_ordered() -> None:
    other = LedgerLine("A", "B01", status="failed")
    assert failures([FAILED, DONE, other]) == (other, FAILED)
