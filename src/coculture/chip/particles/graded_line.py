"""Cells along a line, fine where the concentration turns: at the floor, at the top, and at the edge of the settling cloud."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def graded_faces(
    floor_cell: float,
    top_cell: float,
    growth: float,
    widest: float,
    cloud_peclet: float = 0.0,
    cells_per_edge: float = 8.0,
) -> Floats:
    """Return faces from 0 (top) to 1 (floor).

    Parameters
    ----------
    floor_cell, top_cell : size of the first cell at either end, as a fraction of the line.
    growth : how much wider a cell may be than its neighbour, as a fraction (0.05).
    widest : widest cell.
    cloud_peclet : ``|v| H/(2D)``. The edge of a cloud that has settled a fraction s of the height is ``√(s/P)`` wide; it is
        cut into ``cells_per_edge`` cells. 0 where no edge moves.
    """
    near = np.geomspace(min(floor_cell, top_cell, 1e-3) / 10, 0.5, 2000)
    place = np.unique(np.concatenate([[0.0], near, 1 - near[::-1], [1.0]]))
    size = np.minimum(widest, np.minimum(top_cell + growth * place, floor_cell + growth * (1 - place)))
    if cloud_peclet > 0:
        gone = np.maximum(np.minimum(place, 1 - place), 1 / cloud_peclet)
        size = np.minimum(size, np.sqrt(gone / cloud_peclet) / cells_per_edge)
    count = np.concatenate([[0.0], np.cumsum(np.diff(place) * 0.5 * (1 / size[1:] + 1 / size[:-1]))])
    cells = max(8, int(np.ceil(count[-1])))
    faces = np.interp(np.linspace(0, count[-1], cells + 1), count, place)
    faces[0], faces[-1] = 0.0, 1.0
    return np.asarray(faces)


def growing_steps(stops: Floats, first: float, growth: float) -> tuple[Floats, NDArray[np.int64]]:
    """Return step lengths that grow with the way already gone and end on every stop, and the last step before each stop.

    Parameters
    ----------
    stops : ascending places above 0 that must be hit.
    first : length of the first step, and what is added to the way gone.
    growth : a step is about this times (the way gone + ``first``).
    """
    marks, number = [0.0], []
    for stop in stops:
        begin = marks[-1]
        if stop > begin:
            count = max(1, int(np.ceil(np.log((stop + first) / (begin + first)) / np.log1p(growth))))
            inner = (begin + first) * ((stop + first) / (begin + first)) ** (np.arange(1, count + 1) / count) - first
            inner[-1] = stop
            marks.extend(inner.tolist())
        number.append(len(marks) - 2)
    return np.diff(np.array(marks)), np.array(number, np.int64)
