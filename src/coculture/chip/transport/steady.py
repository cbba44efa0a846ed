"""Steady states, solved directly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from coculture.chip.transport.balance import Balance
from coculture.chip.transport.ledger import Account
from coculture.chip.transport.settings import TransportSettings
from coculture.chip.transport.solver import Solver
from coculture.chip.transport.state import TransportState
from coculture.chip.transport.stepping import take_walls
from coculture.chip.transport.walls import WallUptake
from coculture.errors import DataError

Floats = NDArray[np.float64]
FOR_EVER = 1e12
"""Length of the step for which a wall's law is asked, min."""


def steady_state(
    solver: Solver,
    state: TransportState,
    number: int,
    name: str,
    settings: TransportSettings,
    walls: WallUptake | None,
    area: Floats | None,
) -> tuple[Floats, Floats, Account]:
    """Return concentrations of cells (n,) and tanks (m,) that do not change, and the rates of the ledger.

    Raises
    ------
    DataError : if solute has no way out of a part of the chip, so that nothing is steady.
    """
    balance = solver.balance
    take_walls(balance, name, state.time_min, FOR_EVER, walls, area)
    _check_way_out(balance, name)
    right = balance.source(state.time_min, before=False)
    tank_right = np.zeros(len(balance.tanks))
    if not right.any():
        x, tanks = np.zeros(right.size), np.zeros(len(balance.tanks))
    else:
        x, tanks = solver.solve(0.0, right, tank_right, state.cells_um[number].copy(), 0.0, settings.steady_tolerance)
    return x, tanks, balance.rates(x, tanks, state.time_min, before=False)


def _check_way_out(balance: Balance, name: str) -> None:
    operator = balance.operator
    count = operator.capacity.size
    passing = operator.inward > 0
    rows = np.repeat(np.arange(count), 4)[passing]
    graph = coo_matrix((np.ones(rows.size, np.int8), (rows, operator.column[passing])), (count, count))
    parts, part = connected_components(graph, directed=False)
    sink = balance.sink(np.zeros(count)).copy()
    for tank in balance.tanks:
        if balance.loss_per_min == 0.0:
            np.subtract.at(sink, tank.cells, tank.conductance)
    out = np.bincount(part, weights=sink > 1e-14 * operator.outward.max(initial=0.0), minlength=parts)
    if (out == 0).any():
        lost = int((part == np.flatnonzero(out == 0)[0]).sum())
        raise DataError(
            f"solute '{name}' has no way out of a part of {lost} cells, so there is no steady state",
            "steady",
            "give it an outlet, a loss or an uptake there, or use advance()",
        )
