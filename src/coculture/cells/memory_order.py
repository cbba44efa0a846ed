"""Cells that are neighbours in space kept near each other in memory, where the processor's caches find them together.

Nothing that is computed depends on the order of rows; only speed does. It is looked at once a simulated hour, by the clock of the
culture, so that a culture that was saved and restored keeps the same order as one that went on.
"""

from __future__ import annotations

import numpy as np

from coculture.cells.process import World
from coculture.interactions.neighbours.cell_list import CellList

MANY = 30_000
"""Fewer cells than this lie in the cache in any order."""

_LOOK_AFTER_MIN, _FAR_ROWS, _MOST_FAR = 60.0, 8192, 0.05


def keep_order(world: World) -> None:
    """Once a simulated hour, put many cells into spatial order where a twentieth of them has strayed from it."""
    if len(world.cells) < MANY or world.step % max(1, round(_LOOK_AFTER_MIN / world.model.steps.mechanics_min)):
        return
    order = CellList.build(world.cells.position[:, : world.model.dimensions]).order
    if np.mean(np.abs(np.diff(order)) > _FAR_ROWS) > _MOST_FAR:
        world.replace(world.cells.take(order), order)
