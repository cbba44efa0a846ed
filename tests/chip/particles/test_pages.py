"""What the pages print is what their examples print."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize(
    ("snippet", "page"), [("particle_dose.py", "chips/particles.md"), ("antagonist_fit.py", "pharmacology.md")]
)
def test_page_shows_what_its_example_prints(snippet: str, page: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(DOCS / "snippets" / snippet))
    printed = capsys.readouterr().out
    assert printed
    assert printed in (DOCS / page).read_text(encoding="utf-8")
