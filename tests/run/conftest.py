"""Let the tests of this folder import what lies beside them, and share one fork server."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def fork_server() -> None:
    """Start the fork server once, with everything that workers of any test need; its first start decides what it has."""
    from coculture.run.executors.processes import ProcessExecutor

    ours = ("coculture.run.worker", "coculture.run.image_plates", "coculture.sources.microscope")
    ProcessExecutor(1, (*ours, "pytest"))  # the main module, which every worker imports
