"""The medium around living cells as it is kept: every solute over the whole well at each read-out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.cells.medium.medium import Medium
from coculture.cells.process import World
from coculture.sources.virtual_chip.surroundings import ChipSurroundings
from coculture.store.medium import KeptMedium


def seen_medium(world: World) -> KeptMedium:
    """Return the medium now, averaged over its depth: one time, the solutes in the order of the model.

    Raises
    ------
    TypeError : if the surroundings are neither a plain well nor a chip.
    """
    around, names, now = world.surroundings, world.model.solutes, np.array([round(float(world.time_min), 6)])
    if isinstance(around, Medium):
        box = around.box
        found = around.concentration.mean(axis=1, dtype=np.float64).astype(np.float32)
        return KeptMedium(now, names, found[None], np.ones(found.shape[1:], np.bool_), box.voxel_um)
    if not isinstance(around, ChipSurroundings):
        raise TypeError(f"no picture can be taken of {type(around).__name__}")
    grid, transport = around.grid, around.transport
    found = np.zeros((len(names), *grid.shape), np.float32)
    if transport is not None:
        for number, name in enumerate(names):
            found[number] = np.where(grid.open, transport.concentration(name), 0.0)
    return KeptMedium(now, names, found[None], grid.open, grid.pitch_um)


def over_time(seen: Sequence[KeptMedium]) -> KeptMedium:
    """Return one medium of all read-outs, in their order."""
    first = seen[0]
    times: NDArray[np.float64] = np.concatenate([one.t_min for one in seen])
    return KeptMedium(times, first.solutes, np.concatenate([one.concentration_um for one in seen]), first.is_open, first.pixel_um)
