"""The field that cells of one type make around them, as a sum over sources.

A source that releases steadily into a layer much thinner than the decay length λ = √(D/k), in which the substance spreads and is
lost at rate k, makes a field ∝ K₀(d/λ) around it (modified Bessel function; Carslaw & Jaeger 1959, §10.4; taken at the cell's
radius where a source is nearer). ``"exponential"``, exp(−d/λ), is the usual stand-in without physics. Both are in arbitrary
units and add up over sources. Walls and flow are not in it: where a simulated field exists, use that as a column instead.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import k0

from coculture.errors import InputError
from coculture.interactions.dynamics.timeline import Timeline, need_columns, type_code
from coculture.interactions.neighbours.cell_list import CellList

Reals = NDArray[np.float64]
Kernel = Literal["exponential", "bessel"]

_REACH = 8.0


def local_field(
    timeline: Timeline,
    cells: pd.DataFrame,
    source: str,
    decay_um: float,
    *,
    kernel: Kernel = "exponential",
    least_distance_um: float = 5.0,
) -> Reals:
    """Return the field of all living cells of one type at every sighting, its own contribution left out.

    Parameters
    ----------
    timeline : made of ``cells``.
    cells : cell table with ``x_um, y_um``.
    source : type of the sources.
    decay_um : λ, µm; sources farther than 8 λ are left out.
    kernel : ``"exponential"`` or ``"bessel"``.
    least_distance_um : with ``"bessel"``, sources nearer than this count as this far.

    Returns
    -------
    (n,) one value a sighting, arbitrary units.

    Raises
    ------
    InputError : if a column is missing, a type or kernel is unknown, or a length is not above 0.
    """
    need_columns(cells, ("x_um", "y_um"), "cells")
    code = type_code(timeline.types, source, "source")
    if kernel not in ("exponential", "bessel"):
        raise InputError(f"kernel '{kernel}'", "kernel", "use exponential or bessel")
    if not (decay_um > 0 and least_distance_um > 0):
        raise InputError(f"decay {decay_um} µm, least distance {least_distance_um} µm", "decay_um", "give lengths > 0")
    points = cells[["x_um", "y_um"]].to_numpy(np.float64)[timeline.row]
    made = timeline.track_type[timeline.track] == code
    field = np.zeros(len(points))
    order = np.argsort(timeline.frame, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(timeline.frame[order])) + 1):
        sources = rows[made[rows]]
        if len(sources):
            here, there, far = CellList.build(points[sources], decay_um).near(points[rows], _REACH * decay_um)
            other = rows[here] != sources[there]
            value = _kernel(kernel, far[other], decay_um, least_distance_um)
            field[rows] = np.bincount(here[other], value, len(rows))
    return field


def _kernel(kernel: Kernel, distance: Reals, decay: float, least: float) -> Reals:
    if kernel == "exponential":
        return np.asarray(np.exp(-distance / decay))
    return np.asarray(k0(np.maximum(distance, least) / decay))
