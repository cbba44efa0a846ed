"""The pages about chips say what the designs say, and the example on them is a chip."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from coculture.chip.geometry import design_file
from coculture.chip.geometry.check.whole import check_chip
from coculture.chip.geometry.library import design_names, load_design
from coculture.chip.geometry.reading import read_chip

DOCS = Path(__file__).parents[2] / "docs"
PAGES = DOCS / "chips"


@pytest.mark.parametrize("name", design_names())
def test_a_page_shows_its_design_as_it_is(name: str) -> None:
    filled = runpy.run_path(str(DOCS / "generate_chips.py"))["filled"]
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert filled(page, load_design(name)) == page, "run python docs/generate_chips.py"
    assert f"../images/chip_{name}.svg" in page
    assert (DOCS / "images" / f"chip_{name}.svg").is_file()


def test_the_example_on_the_page_is_a_chip() -> None:
    report = check_chip(read_chip(DOCS / "snippets" / "chip.toml"))
    assert (report.errors, report.warnings) == ((), ())


def test_the_python_on_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (PAGES / "index.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(code, "index.md", "exec"), {})
    assert "gel_lane" in capsys.readouterr().out


def test_every_table_and_key_of_a_part_is_on_the_page() -> None:
    page = (PAGES / "index.md").read_text(encoding="utf-8")
    fields = design_file.DesignFile.model_fields
    for table in ("channel", "chamber", "post", "gel", "region", "inlet", "outlet", "membrane", "tree"):
        assert f"[[{table}]]" in page
        assert table in fields
    for model in (design_file.ChannelKeys, design_file.ChamberKeys, design_file.GelKeys, design_file.MembraneKeys):
        for key in set(model.model_fields) - {"name"}:
            assert re.search(rf"\b{key}\b", page), key
