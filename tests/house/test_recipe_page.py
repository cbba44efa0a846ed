"""The page that explains the recipe says what the code declares."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_page_is_up_to_date():
    spec = importlib.util.spec_from_file_location("generate_recipe", ROOT / "docs" / "generate_recipe.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    written = (ROOT / "docs" / "recipe.md").read_text(encoding="utf-8")
    assert written == generator.page(), "run: python docs/generate_recipe.py"
