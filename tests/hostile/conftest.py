"""Let hostile tests import what lies beside them, share one guarded child, and tell what each door was given."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from guard import Guard

_guards: list[Guard] = []


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    """Return the one guarded child of this session."""
    opened = Guard()
    _guards.append(opened)
    yield opened
    opened.close()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what each door was given and what became of it."""
    tallies = {name: tally for guard in _guards for name, tally in guard.tallies.items()}
    if not tallies:
        return
    terminalreporter.section("hostile input")
    terminalreporter.write_line(
        f"{'door':22s} {'inputs':>7s} {'refused':>8s} {'accepted':>8s} {'failed':>7s} {'slowest':>9s} {'memory':>8s}"
    )
    for name, tally in sorted(tallies.items()):
        counts = [tally.outcomes[outcome] for outcome in ("refused", "accepted", "failed")]
        told = f"{name:22s} {len(tally.inputs):7d} {counts[0]:8d} {counts[1]:8d} {counts[2]:7d}"
        terminalreporter.write_line(f"{told} {tally.slowest_s:7.2f} s {tally.most_mb:5.0f} MB")
    terminalreporter.write_line(f"{'all':22s} {sum(len(tally.inputs) for tally in tallies.values()):7d} different inputs")
