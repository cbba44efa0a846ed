"""Let the faults import what lies beside them and beside the tests of runs, and tell how many of each kind passed."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / "run"), str(Path(__file__).parent)]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many faults of each kind passed."""
    passed, failed = (
        Counter(
            report.nodeid.split(": ")[-1].rstrip("]")
            for report in terminalreporter.stats.get(state, [])
            if "test_fault[" in report.nodeid
        )
        for state in ("passed", "failed")
    )
    if passed or failed:
        terminalreporter.section("faults survived")
        for kind in sorted({*passed, *failed}):
            terminalreporter.write_line(f"{kind:18s} {passed[kind]:3d} of {passed[kind] + failed[kind]}")
        terminalreporter.write_line(f"{'all':18s} {passed.total():3d} of {passed.total() + failed.total()}")
