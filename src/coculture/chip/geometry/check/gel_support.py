"""Whether a gel can stay where it is drawn.

A gel is poured as a liquid and held by surface tension where its free surface spans a gap: between two posts, between a post
and a wall, or along a phaseguide. The surface spreads out of a gap that is too wide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from coculture.chip.geometry.chip import Chip, GelPart
from coculture.chip.geometry.shapes import Mask
from coculture.chip.grid import FLUID, WALL, ChipGrid
from coculture.errors import Problem


def gel_problems(chip: Chip, grid: ChipGrid) -> Iterator[Problem]:
    """Yield gels that touch no fluid, touch no wall or post, or have a free surface wider than they can bridge."""
    by_fluid, by_wall = _beside(grid.space == FLUID), _beside(np.pad(grid.space == WALL, 1, constant_values=True))[1:-1, 1:-1]
    for number, gel in enumerate(chip.gels):
        cells = grid.gel == number
        name = f"the gel '{gel.kind.name}'"
        if not (cells & by_fluid).any():
            remedy = "let a channel or chamber reach it: nothing can enter or leave it as it is"
            yield Problem(f"{name} touches no fluid", gel.place, remedy)
        elif not (cells & by_wall).any():
            yield Problem(f"{name} touches no wall and no post", gel.place, "add posts, or draw it against a wall, to hold it")
        elif gel.held_by == "posts":
            yield from _too_wide(gel, name, cells & by_fluid, grid.pitch_um)


def _beside(mask: Mask) -> Mask:
    """Return the cells that share a side with a cell of ``mask``."""
    return np.asarray(ndimage.binary_dilation(mask), dtype=np.bool_)


def _too_wide(gel: GelPart, name: str, surface: Mask, pitch_um: float) -> Iterator[Problem]:
    labels: NDArray[np.int32]
    labels, _ = ndimage.label(surface, structure=np.ones((3, 3)))
    wide: list[tuple[float, float, float]] = []
    for rows, columns in ndimage.find_objects(labels):
        across = pitch_um * (1 + math.hypot(rows.stop - rows.start - 1, columns.stop - columns.start - 1))
        if across > gel.widest_gap_um + pitch_um:
            middle_x, middle_y = (0.5 * pitch_um * (part.start + part.stop) for part in (columns, rows))
            wide.append((across, middle_x, middle_y))
    if wide:
        across, x, y = max(wide, key=lambda gap: (gap[0], -gap[1], -gap[2]))
        more = f" ({len(wide)} such gaps)" if len(wide) > 1 else ""
        what = f"{name} has a free surface of {across:.4g} µm without support about x = {x:g}, y = {y:g} µm{more}"
        remedy = (
            f"it bridges at most {gel.widest_gap_um:g} µm: set posts closer, raise widest_gap_um if the gel is known to hold, "
            'or write held_by = "phaseguide"'
        )
        yield Problem(what, gel.place, remedy)
