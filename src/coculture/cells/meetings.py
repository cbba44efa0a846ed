"""Meetings of touching cells that end one of them, engulfing and fusion: found in compiled loops, settled in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.gathering import gather_rows
from coculture.cells.kernels.meeting import pair_events
from coculture.cells.population import LIVING, radius_of
from coculture.cells.process import World

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def meetings(world: World, minutes: float, purpose: int, behaviours: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield (who, whom), rows, of the meetings in the next ``minutes``, in the order of time, each with both still there.

    Parameters
    ----------
    world : the world; only living cells begin a meeting.
    minutes : length of the tick.
    purpose : of the random numbers.
    behaviours : name of the rate toward a living cell of each type, then toward an apoptotic and a necrotic cell; '' for none.

    Whoever was met is gone: later meetings with it, and of it, fall away. Of two cells that meet the same third, the one whose
    clock rings first has it.
    """
    cells = world.cells
    rows = np.flatnonzero((cells.state == LIVING) & np.take(can_act(world, behaviours), cells.type))
    if not rows.size:
        return
    contacts = world.contacts
    most = int((contacts.start[rows + 1] - contacts.start[rows]).sum())
    when, who, whom = np.empty(most), np.empty(most, np.int64), np.empty(most, np.int64)
    found = pair_events(
        world.key, world.step, purpose, minutes, rows, rates_of(world, behaviours, rows),
        cells.cell_id, cells.type, cells.state, contacts.start, contacts.neighbour, when, who, whom,
    )  # fmt: skip
    gone: set[int] = set()
    for one in np.lexsort((cells.cell_id[whom[:found]], cells.cell_id[who[:found]], when[:found])):
        first, second = int(who[one]), int(whom[one])
        if first not in gone and second not in gone:
            gone.add(second)
            yield first, second


def can_act(world: World, behaviours: Sequence[str]) -> NDArray[np.bool_]:
    """Return (types,) whether cells of a type may have one of the rates above 0."""
    parameters = world.parameters
    used = parameters.numbers([name for name in behaviours if name])
    if (parameters.column[used] >= 0).any():
        return np.ones(len(parameters.by_type), np.bool_)
    return np.asarray((parameters.by_type[:, used] > 0.0).any(axis=1))


def rates_of(world: World, behaviours: Sequence[str], rows: Integers) -> Floats:
    """Return (rows, behaviours) the values of some behaviours in some cells; 0 where the name is empty."""
    parameters = world.parameters
    named = [place for place, name in enumerate(behaviours) if name]
    numbers = parameters.numbers([behaviours[place] for place in named])
    values = np.empty((len(rows), len(named)))
    gather_rows(parameters.by_type, parameters.by_cell, parameters.column[numbers], numbers, world.cells.type, rows, values)
    if len(named) == len(behaviours):
        return values
    out = np.zeros((len(rows), len(behaviours)))
    out[:, named] = values
    return out


def move_contents(world: World, into: int, out_of: int) -> None:
    """Add to a cell the amounts kept inside another, by rows."""
    amounts = [world.model.internal.index(name) for name in world.model.halved]
    world.cells.internal[into, amounts] += world.cells.internal[out_of, amounts]


def settle(world: World, grown: Sequence[int], gone: Sequence[int]) -> None:
    """Set the radii of cells that grew, and remove those that are gone, by rows."""
    if not gone:
        return
    rows = np.array(sorted(set(grown) - set(gone)), dtype=np.int64)
    world.cells.radius[rows] = radius_of(world.cells.volume[rows])
    world.remove(np.array(sorted(gone), dtype=np.int64))
