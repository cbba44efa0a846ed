"""Draw the pictures of docs/chips and fill in its tables from the designs: ``python docs/generate_chips.py``."""

from __future__ import annotations

import re
from pathlib import Path

from coculture.chip.drawing import draw_chip
from coculture.chip.geometry.check.whole import check_chip
from coculture.chip.geometry.chip import Chip
from coculture.chip.geometry.library import design_names, load_design

FOLDER = Path(__file__).parent
UNITS = {"um": "µm", "um2": "µm²", "ul": "µL", "count": "", "fraction": ""}


def parameter_table(chip: Chip) -> str:
    """Return the parameters of a design as a table of Markdown."""
    lines = ["| parameter | default | meaning | source |", "|---|---|---|---|"]
    for parameter in chip.parameters.values():
        value = f"{parameter.default:g} {UNITS[parameter.unit]}".strip()
        lines.append(f"| `{parameter.name}` | {value} | {parameter.meaning} | {parameter.source} |")
    return "\n".join(lines)


def number_table(chip: Chip) -> str:
    """Return what a check says of a design as a block of Markdown."""
    summary = check_chip(chip).summary
    assert summary is not None
    return "\n".join(["```text", *summary.lines(), "```"])


def filled(page: str, chip: Chip) -> str:
    """Return ``page`` with its two generated parts made anew."""
    for mark, text in (("parameters", parameter_table(chip)), ("numbers", number_table(chip))):
        begin, end = f"<!-- {mark}: written by docs/generate_chips.py -->", f"<!-- end of {mark} -->"
        pattern = re.escape(begin) + ".*?" + re.escape(end)
        assert re.search(pattern, page, re.DOTALL), f"{chip.name}: no part '{mark}'"
        page = re.sub(pattern, lambda _: f"{begin}\n\n{text}\n\n{end}", page, flags=re.DOTALL)  # noqa: B023
    return page


def main() -> None:
    """Draw every design and fill in every page."""
    for name in design_names():
        chip = load_design(name)
        draw_chip(chip, FOLDER / "images" / f"chip_{name}.svg")
        page = FOLDER / "chips" / f"{name}.md"
        page.write_text(filled(page.read_text(encoding="utf-8"), chip), encoding="utf-8")


if __name__ == "__main__":
    main()
