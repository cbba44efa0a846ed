"""Let the tests of the command line use the small screens and the fake source of the tests of a run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[1] / "run"), str(Path(__file__).parent)]


@pytest.fixture
def coculture(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the program in this process; return its exit code, standard output and standard error."""
    import signal

    from coculture.cli import main

    def run(*words: object) -> tuple[int, str, str]:
        polite = signal.getsignal(signal.SIGTERM)
        try:
            with pytest.raises(SystemExit) as left:
                main([str(word) for word in words])
        finally:
            signal.signal(signal.SIGTERM, polite)
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return run
