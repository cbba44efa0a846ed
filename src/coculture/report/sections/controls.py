"""Controls strip: how far apart the controls lie on each plate, and where the treated wells lie between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from coculture.report.figures.controls_strip import ORDER, StripWell, controls_ranges, controls_strip
from coculture.report.language import say
from coculture.report.reading import Results
from coculture.report.readouts import Readout
from coculture.report.sections.plates import given
from coculture.report.words.numbers import count, significant

MOST_STRIPS = 8
MOST_WELLS = 1600
"""Above so many plates or wells, plates are drawn as medians and quartiles."""

MOST_READOUTS = 6


@dataclass(frozen=True)
class Strip:
    """One read-out's drawing, and whether plates are drawn as quartiles."""

    label: str
    drawing: Markup
    summarised: bool


@dataclass(frozen=True)
class ControlsSection:
    """What the template of the controls strip may use."""

    strips: tuple[Strip, ...]
    roles: tuple[str, ...]


def controls_section(results: Results) -> ControlsSection | None:
    """Return the section; None where no read-out has a value."""
    strips = []
    roles: set[str] = set()
    for readout in results.readouts[:MOST_READOUTS]:
        rows = results.normalised[(results.normalised["readout"] == readout.name) & results.normalised["raw"].notna()]
        rows = rows[rows["role"].isin(ORDER)]
        if len(rows):
            strips.append(_strip(rows, readout))
            roles |= set(rows["role"])
    return ControlsSection(tuple(strips), tuple(role for role in ORDER if role in roles)) if strips else None


def _strip(rows: pd.DataFrame, readout: Readout) -> Strip:
    title = say("Wells by role, {label}", label=readout.label)
    description = _description(rows)
    if rows["plate"].nunique() > MOST_STRIPS or len(rows) > MOST_WELLS:
        ranges = controls_ranges(_quartiles(rows), readout.label, title=title, description=description)
        return Strip(readout.label, ranges, summarised=True)
    plates: dict[str, dict[str, list[StripWell]]] = {}
    ordered = rows.sort_values(["plate", "well"], kind="stable")
    columns = ("plate", "well", "role", "compound", "dose", "dose_unit", "raw")
    for plate, well, role, compound, amount, unit, value in zip(*(ordered[name] for name in columns), strict=True):
        text = f"{well} · {given(role, compound, amount, unit)} · {significant(value)}"
        plates.setdefault(str(plate), {}).setdefault(str(role), []).append(StripWell(float(value), text))
    return Strip(readout.label, controls_strip(plates, readout.label, title=title, description=description), summarised=False)


def _quartiles(rows: pd.DataFrame) -> dict[str, dict[str, tuple[float, float, float]]]:
    wide = rows.groupby(["plate", "role"], sort=True)["raw"].quantile(np.array([0.25, 0.5, 0.75])).unstack()
    found: dict[str, dict[str, tuple[float, float, float]]] = {}
    for (plate, role), lower, middle, upper in zip(wide.index, wide[0.25], wide[0.5], wide[0.75], strict=True):
        found.setdefault(str(plate), {})[str(role)] = (float(lower), float(middle), float(upper))
    return found


def _description(rows: pd.DataFrame) -> str:
    parts = []
    for role in ORDER:
        values = rows.loc[rows["role"] == role, "raw"].astype(float)
        if len(values):
            parts.append(
                say(
                    "{role}: {wells}, median {median}",
                    role=say(role),
                    wells=count(len(values), "well"),
                    median=significant(values.median()),
                )
            )
    return say("; ").join(parts)
