"""What the progress bar says: wells done, how fast, how long it still takes, and what failed."""

from __future__ import annotations

import io

import pytest

from coculture.cli.progress_bar import progress_bar
from coculture.run.ledger import LedgerLine


class Terminal(io.StringIO):
    """A terminal that keeps what is written."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, file: io.StringIO, lines: list[LedgerLine], before: int, wells: int) -> list[str]:
    """Let wells arrive every 30 s and return what stood on the screen after each."""
    clock = [1000.0]
    monkeypatch.setattr("tqdm.std.time", lambda: clock[0])
    monkeypatch.setattr("sys.stderr", file)

    def arriving():
        for line in lines:
            clock[0] += 30.0
            yield line

    assert list(progress_bar(arriving(), before, wells)) == lines
    return file.getvalue().replace("\n", "\r").split("\r")


def done(number: int) -> LedgerLine:
    return LedgerLine("P1", f"A{number:02d}", "done")


def test_it_tells_wells_done_rate_and_time_left_of_what_this_run_did(monkeypatch):
    said = shown(monkeypatch, Terminal(), [done(number) for number in range(3, 6)], before=2, wells=8)
    assert any("2 of 8 wells, ?well/s, 00:00 gone, ? left" in one for one in said)
    assert any("3 of 8 wells, 30.00s/well, 00:30 gone, 02:30 left" in one for one in said)
    last = [one for one in said if "5 of 8" in one]
    assert "62%" in last[-1]
    assert "01:30 gone, 01:30 left" in last[-1]


def test_a_failure_is_told_at_once_and_counted(monkeypatch):
    lost = LedgerLine("P1", "B07", "failed", "the cells find no room")
    said = shown(monkeypatch, Terminal(), [done(1), lost, done(2)], before=0, wells=3)
    assert any("P1 B07 failed: the cells find no room" in one for one in said)
    assert any("1 failed" in one and "3 of 3 wells" in one for one in said)


def test_where_there_is_no_terminal_only_failures_are_told(monkeypatch):
    lost = LedgerLine("P1", "B07", "failed", "the cells find no room")
    said = shown(monkeypatch, io.StringIO(), [done(1), lost], before=0, wells=2)
    assert [one for one in said if one] == ["P1 B07 failed: the cells find no room"]
