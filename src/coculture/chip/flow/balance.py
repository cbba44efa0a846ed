"""Volume balance of every cell, to rounding, whatever the solver left over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.kernels.balance import breadth_first, push_to_seeds
from coculture.chip.flow.ports import PortDrive
from coculture.chip.flow.pressure import PressureFlow
from coculture.errors import DataError

Floats = NDArray[np.float64]
LARGEST_CORRECTION = 1e-4
"""Share of the inflow that may be moved to close the balance; more means that the solver failed."""


def net_outflow(flow_x: Floats, flow_y: Floats) -> Floats:
    """Return (Y, X) what leaves each cell through its faces, less what enters, µm³/min."""
    return np.asarray(flow_x[:, 1:] - flow_x[:, :-1] + flow_y[1:] - flow_y[:-1])


def close_balance(found: PressureFlow, driven: PortDrive, openings: tuple[NDArray[np.bool_], NDArray[np.bool_]]) -> Floats:
    """Return (Y, X) the flow entering through ports; change the flows of ``found`` in place until every cell balances.

    What a cell lacks is moved along a tree of open faces to a port of fixed pressure, where any amount may enter. Ports of
    given flow get exactly that, spread as the solver found it.

    Parameters
    ----------
    found : a solution that nearly balances.
    driven : the ports.
    openings : (Y, X + 1) and (Y + 1, X), the faces through which something may flow.

    Raises
    ------
    DataError : if more than ``LARGEST_CORRECTION`` of the inflow would have to be moved.
    """
    net = net_outflow(found.flow_x, found.flow_y)
    port_flow = np.zeros_like(net)
    for cells, flow in driven.flows:
        port_flow.flat[cells] = net.flat[cells] + (flow - float(net.flat[cells].sum())) / cells.size
    excess = net - port_flow
    excess.flat[driven.seeds] = 0.0
    inflow = float(port_flow.clip(min=0).sum() + net.flat[driven.seeds].clip(min=0).sum())
    if float(np.abs(excess).max(initial=0.0)) > LARGEST_CORRECTION * inflow:
        raise DataError(
            f"a cell is out of balance by {np.abs(excess).max() / inflow:.1e} of the inflow",
            where="flow",
            remedy="the solver did not converge: use a coarser grid or solver='direct'",
        )
    parent, order = np.empty(net.shape, dtype=np.int8), np.empty(net.size, dtype=np.int64)
    reached = breadth_first(*openings, driven.seeds, order, parent)
    push_to_seeds(excess, found.flow_x, found.flow_y, order, reached, parent)
    port_flow.flat[driven.seeds] = net_outflow(found.flow_x, found.flow_y).flat[driven.seeds]
    return port_flow
