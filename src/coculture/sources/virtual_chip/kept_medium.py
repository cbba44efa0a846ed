"""The medium around living cells as it is kept: every solute over the whole well at each read-out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.cells.medium.medium import Medium
from coculture.cells.process import World
from coculture.sources.virtual_chip.surroundings import ChipSurroundings
from coculture.store.medium import KeptMedium

DOSED = "names of what was dosed"
"""Under this name a world keeps what the solutes are that came by dosing: a solute of the model → compound or carrier."""


def told_names(solutes: Sequence[str], dosed: Mapping[str, str]) -> tuple[str, ...]:
    """Return the solutes by the names a reader knows: what was dosed by its own, marked where another solute has it.

    Parameters
    ----------
    solutes : of the model.
    dosed : a solute of the model → the compound or carrier it is.
    """
    found = {name: name for name in solutes if name not in dosed}
    for name in (name for name in solutes if name in dosed):
        told, number = dosed[name], 1
        while told in found.values():
            number += 1
            told = f"{dosed[name]} (dosed)" if number == 2 else f"{dosed[name]} (dosed, {number - 1})"
        found[name] = told
    return tuple(found[name] for name in solutes)


def seen_medium(world: World) -> KeptMedium:
    """Return the medium now, averaged over its depth: one time, the solutes in the order of the model, dosed ones by name.

    Raises
    ------
    TypeError : if the surroundings are neither a plain well nor a chip.
    """
    around, solutes, now = world.surroundings, world.model.solutes, np.array([round(float(world.time_min), 6)])
    names = told_names(solutes, world.kept.get(DOSED, {}))
    if isinstance(around, Medium):
        box = around.box
        found = around.concentration.mean(axis=1, dtype=np.float64).astype(np.float32)
        return KeptMedium(now, names, found[None], np.ones(found.shape[1:], np.bool_), box.voxel_um)
    if not isinstance(around, ChipSurroundings):
        raise TypeError(f"no picture can be taken of {type(around).__name__}")
    grid, transport = around.grid, around.transport
    found = np.zeros((len(solutes), *grid.shape), np.float32)
    if transport is not None:
        for number, name in enumerate(solutes):
            found[number] = np.where(grid.open, transport.concentration(name), 0.0)
    return KeptMedium(now, names, found[None], grid.open, grid.pitch_um)


def over_time(seen: Sequence[KeptMedium]) -> KeptMedium:
    """Return one medium of all read-outs, in their order."""
    first = seen[0]
    times: NDArray[np.float64] = np.concatenate([one.t_min for one in seen])
    return KeptMedium(times, first.solutes, np.concatenate([one.concentration_um for one in seen]), first.is_open, first.pixel_um)
