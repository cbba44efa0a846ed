"""Draw the pictures of combinations and mixtures in docs/report.md from made screens whose truth is known.

    python docs/draw_combined_figures.py

One pair is synergistic in the middle of its doses and one is Bliss-independent; in a formula of four herbs one is needed
and sufficient, two act only together, and one does nothing. Of three compounds the third makes the first two synergistic.
Writes ``report_combinations.svg``, ``report_slices.svg``, ``report_ingredients.svg`` and ``report_mixtures.svg`` to
``docs/images``.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from draw_report_figures import GAP, IMAGES, number_of, save, style_of
from markupsafe import escape

from coculture.compounds.combination.bliss import bliss
from coculture.plate.designs_of_mixtures.leave_one_out import knock_out_and_in
from coculture.randomness import stream
from coculture.report.reading import read_results
from coculture.report.sections.combinations import combinations_section
from coculture.report.sections.mixtures import MixtureTable, mixtures_section
from coculture.run.pipeline import analyse_wells

RECIPE = """
[screen]
name = "made"
[source]
kind = "wells"
table = "wells.csv"
[source.columns]
plate = "plate"
well = "well"
role = "role"
treatment = "treatment"
[plate]
layout = 384
[[readout]]
name = "viability"
column = "viability"
direction = "down"
[dose_response]
model = "none"
"""
HERBS = {"Huanglian": 90, "Huangqin": 60, "Huangbai": 60, "Zhizi": 90}


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        results = analysed(Path(folder), pairs(), "[combination]\n")
        combined = combinations_section(results)
        assert combined is not None
        save("report_combinations", [(f"{one.name}: {one.about}", one.drawing) for one in combined.surfaces], across=2)
    with tempfile.TemporaryDirectory() as folder:
        combined = combinations_section(analysed(Path(folder), triple(), "[combination]\n"))
        assert combined is not None
        save("report_slices", list(combined.slices[0].slices), across=4)
    with tempfile.TemporaryDirectory() as folder:
        mixtures = mixtures_section(analysed(Path(folder), formula(), '[mixture]\nscale = "log"\nminimum_effect = 0.1\n'))
        assert mixtures is not None
        figure = mixtures.tables[0].figure
        assert figure is not None
        save("report_ingredients", [("", figure.drawing)], across=1)
        save_table("report_mixtures", mixtures.tables[0])


def analysed(folder: Path, rows: list[tuple[str, float]], section: str):
    """Return the results of an analysis of treatments and survivals in per cent."""
    wells = pd.DataFrame(rows, columns=["treatment", "viability"])
    wells["viability"] += stream(3, "docs").normal(0, 3, len(wells))
    place = np.arange(len(wells))
    wells["well"] = [f"{chr(65 + at // 24)}{at % 24 + 1:02d}" for at in place]
    wells["role"] = np.where(wells["treatment"] == "", "negative", "treatment")
    wells.assign(plate="P1").to_csv(folder / "wells.csv", index=False)
    (folder / "screen.toml").write_text(RECIPE + section, encoding="utf-8")
    analyse_wells(None, folder / "screen.toml", folder / "results")
    return read_results(folder / "results")


def pairs() -> list[tuple[str, float]]:
    """Return two 5×5 matrices: one synergistic where both doses are in the middle, one independent."""
    rows = [("", 100.0)] * 12
    for other, extra in (("blocker", 25.0), ("vehicle-like", 0.0)):
        for first, second in itertools.product((0.0, 0.01, 0.1, 1.0, 10.0), (0.0, 0.1, 1.0, 10.0, 100.0)):
            parts = [f"{name} {dose:g} uM" for name, dose in (("toxin", first), (other, second)) if dose]
            middle = extra if 0.01 < first < 10 and 0.1 < second < 100 else 0.0
            stopped = float(bliss([70 * first / (0.3 + first), 40 * second / (5 + second)], full=100.0)) + middle
            rows += [(" + ".join(parts), 100.0 - stopped)] * (2 if parts else 0)
    return rows


def triple() -> list[tuple[str, float]]:
    """Return a block of three: the third does little alone, and lets the other two do more together the more there is of it."""
    rows = [("", 100.0)] * 12
    for first, second, third in itertools.product((0.0, 0.1, 1.0, 10.0), (0.0, 1.0, 10.0, 100.0), (0.0, 1.0, 10.0)):
        parts = [f"{name} {dose:g} uM" for name, dose in (("agent", first), ("blocker", second), ("opener", third)) if dose]
        more = 30.0 * third / (3 + third) if first == 1.0 and second == 10.0 else 0.0
        each = [60 * first / (1 + first), 40 * second / (10 + second), 10 * third / (5 + third)]
        stopped = float(bliss(each, full=100.0)) + more
        rows += [(" + ".join(parts), 100.0 - stopped)] * (3 if parts else 0)
    return rows


def formula() -> list[tuple[str, float]]:
    """Return Huanglian Jiedu Tang taken apart: Huanglian halves the cells, Huangqin and Zhizi together leave 60 %."""
    rows = [("", 100.0)] * 16
    for levels in knock_out_and_in(tuple(HERBS)).levels:
        held = [name for name, level in zip(HERBS, levels, strict=True) if level]
        alive = (0.5 if "Huanglian" in held else 1.0) * (0.6 if {"Huangqin", "Zhizi"} <= set(held) else 1.0)
        rows += [(" + ".join(f"{name} {HERBS[name]} ug/mL" for name in held), 100.0 * alive)] * (6 if held else 0)
    return rows


def save_table(name: str, table: MixtureTable) -> None:
    """Write the rows of a table as a picture: name, role, interval, reading."""
    parts, y = [], GAP
    for block in table.blocks:
        parts.append(f'<text x="12" y="{y:g}" class="title">{escape(block.head)}</text>')
        y += 12
        for row in block.rows:
            words = f"{escape(row.name)} {escape(row.role)}".strip()
            parts.append(f'<text x="12" y="{y + 12:g}">{words}</text>')
            parts.append(str(row.interval).replace("<svg ", f'<svg x="190" y="{y:g}" ', 1))
            said = f"{row.effect} ({row.range})" + (f" · {row.reading}" if row.reading else "")
            parts.append(f'<text x="{200 + number_of(str(row.interval), "width"):g}" y="{y + 12:g}">{escape(said)}</text>')
            y += 20
        y += GAP
    body = "".join(parts)
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 {y - 10:g}" width="780">'
    style = f"text {{ font: 12px sans-serif; }} {style_of(body)}"
    text = f"{opening}<style>{style}</style><rect width='100%' height='100%' fill='#fdfdfb'/>{body}</svg>\n"
    (IMAGES / f"{name}.svg").write_text(text, encoding="utf-8")
    print(f"docs/images/{name}.svg: {len(text.encode()) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
