"""Fixtures every room's tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def _data_folder() -> Path | None:
    named = os.environ.get("COCULTURE_DATA")
    candidate = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    return candidate if candidate.is_dir() else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real data sets; the test is skipped, with the reason, where it is absent."""
    folder = _data_folder()
    if folder is None:
        pytest.skip("real data not found: set COCULTURE_DATA to the folder that holds them")
    return folder
