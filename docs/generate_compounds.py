"""Fill in the tables of docs/compounds.md from the library: ``python docs/generate_compounds.py``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from coculture.compounds.carrier import Carrier
from coculture.compounds.citation import EVIDENCE, CitedRange, Source
from coculture.compounds.compound import Compound
from coculture.compounds.evidence import curve_counts, evidence_counts
from coculture.compounds.formula import Formula
from coculture.compounds.herb import Extract, Herb
from coculture.compounds.library import standard_library

PAGE = Path(__file__).with_name("compounds.md")
UNITS = {"uM": "µM", "ug/mL": "µg/mL", "%": "% of volume"}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table in Markdown."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)


def range_text(dose: CitedRange, unit: str) -> str:
    """Return a range as a person reads it."""
    if dose.high is None:
        return f"≥ {dose.low:g} {unit}"
    return f"{dose.low:g} {unit}" if dose.low == dose.high else f"{dose.low:g} to {dose.high:g} {unit}"


def worst(sources: Iterable[Source]) -> str:
    """Return the weakest evidence among sources."""
    order = list(EVIDENCE)
    return max((source.evidence for source in sources), key=order.index, default="")


def active_table() -> str:
    """Return the table of what acts between cells."""
    rows = []
    for entry in standard_library():
        if isinstance(entry, Compound | Extract) and entry.active is not None:
            active = entry.active
            effects = "; ".join(effect.text for effect in entry.effects) or "none"
            evidence = active.dose.source.evidence
            rows.append((entry.names.shown, entry.interaction, range_text(active.dose, UNITS[active.unit]), evidence, effects))
    return table(("compound", "what it changes", "used at", "evidence of the range", "effects"), rows)


def herb_table() -> str:
    """Return the table of herbs and what is in them."""
    rows = []
    for herb in standard_library().of_kind(Herb):
        for one in herb.ingredients:
            content = one.content_mg_per_g
            latin = herb.names.latin[0] if herb.names.latin else ""
            row = (herb.names.shown, latin, one.compound, range_text(content, "mg/g"), content.source.evidence)
            rows.append(row)
    return table(("herb", "Latin", "ingredient", "content", "evidence"), rows)


def formula_table() -> str:
    """Return the table of formulas."""
    rows = []
    for formula in standard_library().of_kind(Formula):
        members = ", ".join(f"{one.herb} {one.role or ''} {one.weight_g.value:g} g" for one in formula.members)
        rows.append((formula.names.shown, formula.book, members, worst(one.weight_g.source for one in formula.members)))
    return table(("formula", "book", "herbs, roles, weights", "evidence"), rows)


def carrier_table() -> str:
    """Return the table of carriers."""
    rows = [
        (one.names.shown, one.drug, f"{one.diameter_nm.value:g} nm", f"{one.load_mg_per_g.value:g} mg/g", one.release.name)
        for one in standard_library().of_kind(Carrier)
    ]
    return table(("carrier", "drug", "diameter", "load", "release"), rows)


def evidence_table() -> str:
    """Return how many numbers, and how many dose curves of effects, rest on what."""
    numbers, curves = evidence_counts(standard_library()), curve_counts(standard_library())
    rows = ((name, EVIDENCE[name], str(numbers[name]), str(curves[name])) for name in EVIDENCE)
    return table(("evidence", "means", "numbers", "dose curves"), rows)


PARTS = {
    "evidence": evidence_table,
    "active": active_table,
    "herbs": herb_table,
    "formulas": formula_table,
    "carriers": carrier_table,
}


def filled(page: str) -> str:
    """Return the page with its tables written anew."""
    for mark, write in PARTS.items():
        begin, end = f"<!-- {mark}: written by docs/generate_compounds.py -->", f"<!-- end of {mark} -->"
        pattern = f"{re.escape(begin)}.*?{re.escape(end)}"
        assert re.search(pattern, page, re.DOTALL), f"no part '{mark}'"
        text = f"{begin}\n\n{write()}\n\n{end}"
        page = re.sub(pattern, lambda _, text=text: text, page, flags=re.DOTALL)
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
