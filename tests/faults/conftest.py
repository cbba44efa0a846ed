"""Let the faults import what lies beside them and beside the tests of runs, and tell how many of each kind passed."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / "run"), str(Path(__file__).parent)]


@pytest.fixture(scope="module")
def driver() -> Iterator[object]:
    """Start a process that forks runs to be disturbed, with mounts of its own where that is allowed."""
    from driven_runs import driving

    with driving(enclosed=True) as found:
        yield found


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many faults of each kind passed, and which were played in another way than their own."""
    reports = {
        state: [report for report in terminalreporter.stats.get(state, []) if "test_fault[" in report.nodeid]
        for state in ("passed", "failed", "error")
    }
    held = Counter(_kind(report.nodeid) for report in reports["passed"])
    not_held = Counter(_kind(report.nodeid) for report in (*reports["failed"], *reports["error"]))
    if not held and not not_held:
        return
    terminalreporter.section("faults")
    terminalreporter.write_line(f"{'kind':24s}{'faults':>8s}{'held':>8s}")
    for kind in (*sorted({*held, *not_held}), "all"):
        counts = [part.total() if kind == "all" else part[kind] for part in (held, not_held)]
        terminalreporter.write_line(f"{kind:24s}{sum(counts):8d}{counts[0]:8d}")
    for report in (*reports["passed"], *reports["failed"]):
        for name, note in report.user_properties:
            terminalreporter.write_line(f"{name}: {note}")


def _kind(nodeid: str) -> str:
    return nodeid.split(": ")[-1].rstrip("]")
