"""Small results folders, made once and copied by the tests that change them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_results import Design, make_results


@pytest.fixture(scope="session")
def plate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One plate of 96 wells with images, fields, two compounds at ordinal doses, and both controls. Read only."""
    return make_results(tmp_path_factory.mktemp("plate"), Design(images=True))


@pytest.fixture(scope="session")
def page(plate: Path) -> str:
    """The report of :func:`plate`."""
    from coculture.report.pages import write_report

    return write_report(plate).read_text(encoding="utf-8")
