"""Cells at the start: how many of each type, where, and how wells differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coculture.cells.founding import Box, placed
from coculture.cells.model import CellModel
from coculture.cells.population import Population
from coculture.sources.virtual_chip.vessels.base import Vessel


@dataclass(frozen=True)
class Seeding:
    """Cells of one type in one place.

    Attributes
    ----------
    cell_type : the type.
    cells : mean number in a well.
    spread : standard deviation of the number between wells, as a share of it. 0: every well has the same.
    region : name of a region of the chip, '' for the whole.
    rectangle_um : (left, top, right, bottom) in place of a region, None where there is one.
    """

    cell_type: str
    cells: int
    spread: float = 0.0
    region: str = ""
    rectangle_um: tuple[float, float, float, float] | None = None


def sown(
    model: CellModel, seedings: Sequence[Seeding], vessel: Vessel, generator: np.random.Generator, apart: float
) -> Population:
    """Return the cells of one well. Cells of one place are sown together, none on another.

    Raises
    ------
    InputError : if a place is too full.
    """
    counts = [max(0, round(one.cells * (1.0 + one.spread * generator.standard_normal()))) for one in seedings]
    whole: Population | None = None
    for place in dict.fromkeys((one.region, one.rectangle_um) for one in seedings):
        wanted: dict[str, int] = {}
        for one, count in zip(seedings, counts, strict=True):
            if (one.region, one.rectangle_um) == place:
                wanted[one.cell_type] = wanted.get(one.cell_type, 0) + count
        name, corners = place
        region = vessel.region(name) if corners is None else Box(corners[:2], corners[2:])
        part = placed(model, wanted, region, int(generator.integers(2**63)), apart=apart)
        whole = part if whole is None else whole.joined(part)
    cells = whole if whole is not None else placed(model, {}, Box((0.0, 0.0), (1.0, 1.0)), 0)
    cells.cell_id[:] = np.arange(1, len(cells) + 1)  # from 1, so that ids can be labels of an image
    cells.next_id = len(cells) + 1
    return cells
