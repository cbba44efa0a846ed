"""How much PDMS the medium in each cell of a chip's grid touches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.chip.grid import WALL, ChipGrid


def pdms_contact(grid: ChipGrid, *, floor: bool, ceiling: bool = True, sides: bool = True) -> NDArray[np.float64]:
    """Return (Y, X) area of PDMS over area of floor; 0 in walls.

    Parameters
    ----------
    grid : the chip.
    floor : whether the floor is PDMS (False on glass or plastic).
    ceiling : whether the ceiling is.
    sides : whether the walls between the channels are; each wall beside a cell, and the rim of the grid, adds depth/pitch.
    """
    wall = np.pad(grid.space == WALL, 1, constant_values=True)
    beside = sum(wall[window].astype(np.float64) for window in _SIDES)
    area = float(floor) + float(ceiling) + (beside * grid.depth_um / grid.pitch_um if sides else 0.0)
    return np.asarray(np.where(grid.space == WALL, 0.0, area))


_SIDES = (
    (slice(0, -2), slice(1, -1)),
    (slice(2, None), slice(1, -1)),
    (slice(1, -1), slice(0, -2)),
    (slice(1, -1), slice(2, None)),
)
