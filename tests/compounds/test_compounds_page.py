"""The page of the library says what the library holds, and its examples run."""

from __future__ import annotations

import importlib.util
import runpy
import tomllib
from pathlib import Path

import pytest

from coculture.compounds.files.reading import parse_entry

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_tables_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("generate_compounds", DOCS / "generate_compounds.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    written = (DOCS / "compounds.md").read_text(encoding="utf-8")
    assert written == generator.filled(written), "run: python docs/generate_compounds.py"


def test_the_example_file_can_be_read() -> None:
    page = (DOCS / "compounds.md").read_text(encoding="utf-8")
    text = page.split("```toml\n")[1].split("```")[0]
    assert tomllib.loads(text)
    assert parse_entry(text, "example.toml").name == "compound 17"


@pytest.mark.parametrize("name", ["herb_dose", "carrier_dose"])
def test_the_snippets_run(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(DOCS / "snippets" / f"{name}.py"))
    told = capsys.readouterr().out
    assert {"herb_dose": "'berberine': 6.05", "carrier_dose": "intracellular_pg_per_cell"}[name] in told
