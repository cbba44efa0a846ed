"""Fill in the table of docs/cells/rules.md from the signals of the code: ``python docs/generate_rules.py``."""

from __future__ import annotations

from pathlib import Path

from coculture.cells.signals import SIGNALS

PAGE = Path(__file__).parent / "cells" / "rules.md"
BEGIN, END = "<!-- signals: written by docs/generate_rules.py -->", "<!-- end of signals -->"


def signal_table() -> str:
    """Return the signals as a table of Markdown."""
    rows = [f"| `{one.name}` | {one.unit} | {one.meaning} | {', '.join(one.grammar) or '–'} |" for one in SIGNALS]
    return "\n".join(["| signal | unit | meaning | in the grammar |", "|---|---|---|---|", *rows])


def filled(page: str) -> str:
    """Return the page with its generated part made anew."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    assert found, "the page has no part for the signals"
    return f"{before}{BEGIN}\n\n{signal_table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
