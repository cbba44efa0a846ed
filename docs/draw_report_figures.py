"""Draw the figures of docs/report.md: pieces of reports on made results, whose truth is known.

    python docs/draw_report_figures.py

The results are those of the report's own tests (``tests/report``): treatments planted in three classes, contacts drawn from
their null and from a planted enrichment, and cells that walk as they were told. Writes ``docs/images/report_*.svg``.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from markupsafe import escape

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "report"))

from made_results import Design, make_results  # noqa: E402
from made_tracks import Walker, add_tracks  # noqa: E402

from coculture.randomness import stream  # noqa: E402
from coculture.report.reading import Results, read_results  # noqa: E402
from coculture.report.sections.classes import classes_section  # noqa: E402
from coculture.report.sections.contacts import contacts_section  # noqa: E402
from coculture.report.sections.migration import migration_section  # noqa: E402
from coculture.report.sections.overlays import overlays_section  # noqa: E402
from coculture.report.sections.tracked import tracked_groups  # noqa: E402

IMAGES = ROOT / "docs" / "images"
STYLE = ROOT / "src" / "coculture" / "report" / "templates" / "report.css"
GAP = 24.0


def main() -> None:
    """Write every figure."""
    with tempfile.TemporaryDirectory() as folder:
        results = made(Path(folder))
        contacts = contacts_section(with_contacts(results))
        classes = classes_section(with_classes(results))
        groups = tracked_groups(results)
        migration, overlays = migration_section(results, groups), overlays_section(results, groups)
        if not (contacts and classes and migration and overlays):
            raise SystemExit("the made results no longer fill every section: see tests/report/made_tracks.py")
        matrices = [(panel.name, panel.drawing) for panel in contacts.panels[:3]]
        save("report_contacts", [*matrices, ("", contacts.bar)], across=3)
        save("report_classes", [("", classes.plots[0].drawing)], across=1)
        save("report_roses", [(f"{panel.name}, {panel.test}", panel.drawing) for panel in migration.types[0].roses[:3]], across=3)
        save("report_displacement", [("", migration.types[0].curves)], across=1)
        save("report_tracks", [(overlay.name, overlay.drawing) for overlay in overlays.overlays[:2]], across=2)


def made(folder: Path) -> Results:
    """Return a plate on which effectors run to the right unless they were treated."""
    results = read_results(make_results(folder, Design(dose_unit="uM", compounds=("blocker", "toxin"))))
    run, stray, slow = Walker(1.2, 12, (0.4, 0.0)), Walker(1.2, 12), Walker(0.4, 4)
    walkers = {}
    for well, role in zip(results.wells["well"], results.wells["role"], strict=True):
        effector = {"negative": run, "positive": stray}.get(str(role), slow)
        walkers[str(well)] = {"effector": effector, "tumour": slow}
    add_tracks(folder, walkers, n=30, n_times=41)
    add_tracks(folder, {well: walkers[well] for well in ("A01", "A12")}, n=30, n_times=41, images=True)
    return results


def with_contacts(results: Results) -> Results:
    """Plant contacts between effectors and tumour cells that the positive control, and less so a blocker, take away."""
    draw = stream(1, "contacts")
    wells = results.wells
    mixed = np.select([wells["role"] == "negative", wells["role"] == "positive"], [5.0, 0.0], 2.0)
    numbers = {}
    for pair, share in (("effector_tumour", 1.0), ("effector_effector", -0.7), ("tumour_tumour", -0.55)):
        numbers[f"well_enrichment_z_{pair}"] = share * mixed + draw.normal(0, 1, len(wells))
    for pair in ("effector_effector", "effector_tumour", "tumour_effector", "tumour_tumour"):
        numbers[f"well_contacts_{pair}"] = 1.0 + 0.2 * mixed * (pair in ("effector_tumour", "tumour_effector"))
    return replace(results, wells=wells.assign(**numbers))


def with_classes(results: Results) -> Results:
    """Plant twenty compounds at three doses: two part cells, two kill them, one does both."""
    draw = stream(2, "classes")
    rows = []
    for number in range(20):
        parts, kills = (0.9 if number in (3, 8, 15) else 0.0), (0.8 if number in (6, 11, 15) else 0.0)
        for dose in (0.3, 3.0, 30.0):
            strength = dose / (dose + 2.0)
            effect, viability = -95 * parts * strength + draw.normal(0, 6), -95 * kills * strength + draw.normal(0, 6)
            called, lowered = abs(effect) > 25, viability < -30
            kind = ("both" if called else "cytotoxic") if lowered else "interaction-specific" if called else "inactive"
            rows.append((f"CC-{number + 1:02d}", dose, effect, viability, kind, 0.001 if called else 0.6))
    names = ["compound", "dose", "effect", "viability_effect", "interaction_class", "guarded_q_value"]
    hits = pd.DataFrame(rows, columns=names).assign(readout="nuclear_ratio", dose_unit="uM", condition="", rank=1)
    for column, width in (("effect", 13.0), ("viability", 11.0)):
        middle = hits["effect" if column == "effect" else "viability_effect"]
        hits = hits.assign(**{f"{column}_low": middle - width, f"{column}_high": middle + width})
    hits = hits.assign(cell_count_percent=100 + hits["viability_effect"], rank=range(1, len(hits) + 1))
    readout = {"name": "nuclear_ratio", "label": "contacts of effectors with tumour cells", "about": "interaction"}
    analysis = {**results.settings["analysis"], "minimum_effect": 25}
    return replace(results, hits=hits, settings={**results.settings, "readout": [readout], "analysis": analysis})


def save(name: str, panels: Sequence[tuple[str, str]], across: int) -> None:
    """Write drawings beside each other as one picture with the report's colours by day."""
    sizes = [(number_of(drawing, "width"), number_of(drawing, "height")) for _, drawing in panels]
    head = 26.0 if any(title for title, _ in panels) else 0.0
    rows = [list(range(start, min(start + across, len(panels)))) for start in range(0, len(panels), across)]
    parts, y, widest = [], GAP / 2, 0.0
    for row in rows:
        x = GAP / 2
        for place in row:
            title, drawing = panels[place]
            parts.append(
                f'<text x="{x:g}" y="{y + 14:g}" class="title">{escape(title[:1].upper() + title[1:])}</text>' if title else ""
            )
            parts.append(str(drawing).replace("<svg ", f'<svg x="{x:g}" y="{y + (head if title else 0):g}" ', 1))
            x += max(sizes[place][0], 7.0 * len(title)) + GAP
        widest = max(widest, x)
        y += max(sizes[place][1] for place in row) + (head if any(panels[place][0] for place in row) else 0) + GAP / 2
    body = "".join(parts)
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {widest - GAP / 2:g} {y:g}" width="{widest - GAP / 2:g}">'
    text = f"{opening}<style>{style_of(body)}</style><rect width='100%' height='100%' fill='#fdfdfb'/>{body}</svg>\n"
    (IMAGES / f"{name}.svg").write_text(text, encoding="utf-8")
    print(f"docs/images/{name}.svg: {len(text.encode()) / 1000:.0f} kB")


def number_of(drawing: str, attribute: str) -> float:
    """Return a number of the drawing's outermost element."""
    found = re.search(rf' {attribute}="([\d.]+)"', str(drawing))
    assert found
    return float(found[1])


def style_of(body: str) -> str:
    """Return the rules of the report's style sheet that speak of what is in the drawing."""
    used = {name for names in re.findall(r'class="([^"]*)"', body) for name in names.split()}
    sheet = STYLE.read_text(encoding="utf-8")
    colours = sheet[: sheet.index("}") + 1]
    rules = []
    for line in sheet.splitlines():
        selectors = line.partition("{")[0].split(",")
        spoken_of = any(used >= set(re.findall(r"\.([a-z][\w-]*)", selector)) for selector in selectors)
        if line.startswith(".") and line.endswith("}") and spoken_of:
            rules.append(line)
    title = ".title { font: 600 13px/1 var(--sans); fill: var(--ink); }"
    return " ".join([*colours.split(), *rules, title])


if __name__ == "__main__":
    main()
