"""How long ago the medium in a cell came in, carried by the flow alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def sweep_age(order: NDArray[np.int64], flow_x: Floats, flow_y: Floats, port_flow: Floats, volume: Floats, age: Floats) -> float:
    """Renew the ages of the cells in ``order`` from what flows into each; return the largest relative change.

    Balance of a cell: Σ inflow × age of where it comes from + volume = outflow × age. Ports bring medium of age 0.
    """
    columns = age.shape[1]
    change = 0.0
    for cell in order:
        y, x = cell // columns, cell % columns
        inflow = max(port_flow[y, x], 0.0)
        brought = volume[y, x]
        if flow_x[y, x] > 0:
            inflow += flow_x[y, x]
            brought += flow_x[y, x] * age[y, x - 1]
        if flow_x[y, x + 1] < 0:
            inflow -= flow_x[y, x + 1]
            brought -= flow_x[y, x + 1] * age[y, x + 1]
        if flow_y[y, x] > 0:
            inflow += flow_y[y, x]
            brought += flow_y[y, x] * age[y - 1, x]
        if flow_y[y + 1, x] < 0:
            inflow -= flow_y[y + 1, x]
            brought -= flow_y[y + 1, x] * age[y + 1, x]
        if inflow > 0:
            renewed = brought / inflow
            change = max(change, abs(renewed - age[y, x]) / renewed)
            age[y, x] = renewed
    return change
