"""On which channel each outline rests, and whether a control moves it.

An outline drawn on a stain follows the stain. Where a treatment moves that stain, outlines shrink or grow though no cell
did, and everything measured inside them (areas, contacts, neighbours) changes with them. The controls show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from coculture.report.reading import Results
from coculture.report.words.numbers import MINUS, fixed, significant

LIMIT_PERCENT = 10.0
"""A change of the median outline area by more than this between controls is warned of."""

_AREAS = (
    ("cell outlines", ("cell_shape_area_um2", "cell_area_um2", "area_um2")),
    ("nuclear outlines", ("nucleus_shape_area_um2", "nucleus_area_um2")),
)


@dataclass(frozen=True)
class AreaChange:
    """Median area of one kind of outline in the negative and positive controls, as text; ``warned`` where it moves too far."""

    what: str
    negative: str
    positive: str
    change: str
    warned: bool


@dataclass(frozen=True)
class OutlinesSection:
    """What the template of the outlines may use."""

    sentences: tuple[str, ...]
    changes: tuple[AreaChange, ...]
    warning: str


def outlines_section(results: Results) -> OutlinesSection | None:
    """Return the section; None for a screen that began with a table of wells."""
    if results.section("source").get("kind") == "wells" or not results.section("nuclei"):
        return None
    changes = tuple(_changes(results.wells))
    return OutlinesSection(tuple(_bases(results)), changes, _warning(results, changes))


def cells_rest_on_stain(results: Results) -> str:
    """Return the channel the cells' outlines follow, '' where they rest on the nuclei."""
    cells = results.section("cells")
    return str(cells.get("channel") or "a stain") if cells.get("method") == "propagation" else ""


def _bases(results: Results) -> list[str]:
    nuclei = results.section("nuclei")
    channel, method = nuclei.get("channel", "dna"), nuclei.get("method", "not recorded")
    first = f"The outlines of the nuclei rest on the channel {channel} (method: {method})."
    stain = cells_rest_on_stain(results)
    if stain:
        second = f"The outlines of the cells follow the channel {stain}: where a treatment moves that stain, they move with it."
    else:
        second = (
            "The outlines of the cells rest on the nuclei: each cell is the ground nearest to its nucleus, up to a largest "
            "distance. They follow no stain of a read-out."
        )
    return [first, second]


def _changes(wells: pd.DataFrame) -> list[AreaChange]:
    changes = []
    for what, names in _AREAS:
        name = next((name for name in names if name in wells), None)
        if name is None:
            continue
        negative = wells.loc[wells["role"] == "negative", name].dropna().astype(float)
        positive = wells.loc[wells["role"] == "positive", name].dropna().astype(float)
        if negative.empty or positive.empty or negative.median() <= 0:
            continue
        percent = 100 * (positive.median() / negative.median() - 1)
        sign = "+" if percent >= 0 else MINUS
        changes.append(
            AreaChange(
                what,
                significant(negative.median()),
                significant(positive.median()),
                f"{sign}{fixed(abs(percent), 1)} %",
                abs(percent) > LIMIT_PERCENT,
            )
        )
    return changes


def _warning(results: Results, changes: Sequence[AreaChange]) -> str:
    moved = [change for change in changes if change.warned]
    if not moved:
        return ""
    said = " and ".join(f"the {change.what} by {change.change}" for change in moved)
    stain = cells_rest_on_stain(results)
    remedy = (
        f" The cells' outlines follow {stain}; take read-outs of area, contact and neighbourhood with care, or outline the "
        "cells by territories around the nuclei."
        if stain
        else " The outlines do not follow a read-out's stain, so cells themselves may have changed size, number or spacing."
    )
    return f"The positive control changes the median area of {said} against the negative control.{remedy}"
