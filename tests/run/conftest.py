"""Let the tests of this folder import what lies beside them, and share one fork server."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def fork_server() -> None:
    """Start the fork server once, with everything that workers of any test need; its first start decides what it has."""
    from coculture.run.executors.processes import ProcessExecutor

    ours = ("coculture.run.worker", "coculture.run.image_plates", "coculture.sources.microscope")
    ProcessExecutor(1, (*ours, "pytest"))  # the main module, which every worker imports


@pytest.fixture(scope="module")
def driver() -> Iterator[object]:
    """Start a process that forks runs to be killed (see ``run_driver.py``)."""
    from driven_runs import driving

    with driving() as found:
        yield found
