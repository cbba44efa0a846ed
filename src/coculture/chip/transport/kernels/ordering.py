"""The order of the flow: every cell after the cells it is fed by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled


@compiled
def flow_order(neighbours: NDArray[np.int32], outflow: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the cells so that each stands after its upstream neighbours (Kahn's queue).

    ``neighbours`` (n, 4) holds each cell's neighbour to the left, right, above and below, itself where there is none;
    ``outflow`` (n, 4) the flow that leaves through each side. Where the flow turns in a circle, the first cell that is
    left begins anew.
    """
    count = neighbours.shape[0]
    waiting = np.zeros(count, np.int32)
    for i in range(count):
        for d in range(4):
            if neighbours[i, d] != i and outflow[i, d] < 0.0:
                waiting[i] += 1
    order = np.empty(count, np.int64)
    placed = np.zeros(count, np.bool_)
    head, tail, scan = 0, 0, 0
    for i in range(count):
        if waiting[i] == 0:
            order[tail] = i
            placed[i] = True
            tail += 1
    while tail < count or head < tail:
        if head == tail:
            while placed[scan]:
                scan += 1
            order[tail] = scan
            placed[scan] = True
            tail += 1
        i = order[head]
        head += 1
        for d in range(4):
            other = neighbours[i, d]
            if other != i and outflow[i, d] > 0.0:
                waiting[other] -= 1
                if waiting[other] == 0 and not placed[other]:
                    order[tail] = other
                    placed[other] = True
                    tail += 1
    return order
