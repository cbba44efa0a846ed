"""On which channel each outline rests, and whether a control moves it.

An outline drawn on a stain follows the stain. Where a treatment moves that stain, outlines shrink or grow though no cell
did, and everything measured inside them (areas, contacts, neighbours) changes with them. The controls show it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from coculture.errors import CocultureError
from coculture.report.language import say
from coculture.report.reading import Results
from coculture.report.words.numbers import MINUS, fixed, listed, paragraph, significant
from coculture.store.object_store import StoreError
from coculture.store.tables import read_table, table_path

LIMIT_PERCENT = 10.0
"""A change of the median outline area by more than this between controls is warned of."""

MOST_WELLS = 40
"""Control wells of a role whose tables of cells are read, spread evenly over all of them."""

_CELLS = ("cell_shape_area_um2",)
_NUCLEI = ("nucleus_shape_area_um2",)


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
    headline: str
    warning: str


def outlines_section(results: Results) -> OutlinesSection | None:
    """Return the section; None for a screen without images: one of a table of wells, or of virtual wells."""
    if results.section("source").get("kind") in ("wells", "virtual") or not results.section("nuclei"):
        return None
    changes = tuple(_changes(results))
    headline = say("Outlines moved with the stain.") if cells_rest_on_stain(results) else say("Outlines change in area.")
    return OutlinesSection(tuple(_bases(results)), changes, headline, _warning(results, changes))


def cells_rest_on_stain(results: Results) -> str:
    """Return the channel the cells' outlines follow, '' where they rest on the nuclei."""
    cells = results.section("cells")
    return str(cells.get("channel") or say("a stain")) if cells.get("method") == "propagation" else ""


def _bases(results: Results) -> list[str]:
    nuclei = results.section("nuclei")
    channel, method = nuclei.get("channel", "dna"), nuclei.get("method", say("not recorded"))
    first = say("The outlines of the nuclei rest on the channel {channel} (method: {method}).", channel=channel, method=method)
    stain = cells_rest_on_stain(results)
    if stain:
        second = say(
            "The outlines of the cells follow the channel {stain}: where a treatment moves that stain, they move with it.",
            stain=stain,
        )
    else:
        second = say(
            "The outlines of the cells rest on the nuclei: each cell is the ground nearest to its nucleus, up to a largest "
            "distance. They follow no stain of a read-out."
        )
    return [first, second]


def _changes(results: Results) -> Iterator[AreaChange]:
    for what, names, in_cells in ((say("cell outlines"), _CELLS, "area_um2"), (say("nuclear outlines"), _NUCLEI, "")):
        negative, positive = (_areas(results, role, names, in_cells) for role in ("negative", "positive"))
        if not negative or not positive or median(negative) <= 0:
            continue
        before, after = median(negative), median(positive)
        percent = 100 * (after / before - 1)
        sign = "+" if percent >= 0 else MINUS
        said = f"{sign}{fixed(abs(percent), 1)} %"
        yield AreaChange(what, significant(before), significant(after), said, abs(percent) > LIMIT_PERCENT)


def _areas(results: Results, role: str, names: Sequence[str], in_cells: str) -> list[float]:
    """Return the median area of each well of ``role``: from the well table, else from the tables of cells."""
    wells = results.wells[results.wells["role"] == role]
    for name in names:
        if name in wells:
            return [float(value) for value in wells[name].dropna()]
    if not in_cells:
        return []
    chosen = list(zip(wells["plate"], wells["well"], strict=True))
    every = max(1, math.ceil(len(chosen) / MOST_WELLS))
    found = []
    for plate, well in chosen[::every]:
        try:
            areas = read_table(table_path(results.folder, "cells", str(plate), str(well)), [in_cells])[in_cells].dropna()
        except StoreError:
            raise
        except CocultureError:
            continue
        if len(areas):
            found.append(float(areas.median()))
    return found


def _warning(results: Results, changes: Sequence[AreaChange]) -> str:
    moved = [change for change in changes if change.warned]
    if not moved:
        return ""
    said = listed([say("the {what} by {change}", what=change.what, change=change.change) for change in moved])
    stain = cells_rest_on_stain(results)
    remedy = (
        say(
            "The cells' outlines follow {stain}; take read-outs of area, contact and neighbourhood with care, or outline the "
            "cells by territories around the nuclei.",
            stain=stain,
        )
        if stain
        else say("The outlines do not follow a read-out's stain, so cells themselves may have changed size, number or spacing.")
    )
    return paragraph(
        (say("The positive control changes the median area of {said} against the negative control.", said=said), remedy)
    )
