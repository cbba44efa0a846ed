"""What a cell does: a measured signal, or what becomes of it until it is next seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from coculture.errors import InputError
from coculture.interactions.dynamics.at_risk import steps_at_risk
from coculture.interactions.dynamics.timeline import Timeline, need_columns

Reals = NDArray[np.float64]

FATES = ("dies", "divides", "speed")


@dataclass(frozen=True, eq=False)
class Response:
    """One value for some of the sightings.

    Attributes
    ----------
    sighting : (k,) which.
    value : (k,) numbers, 0 or 1 for an event.
    event : whether it is yes or no.
    unit : unit of the value, or of what its log odds are of.
    n_missing : sightings left out because the feature was not measured.
    """

    sighting: NDArray[np.int64]
    value: Reals
    event: bool
    unit: str
    n_missing: int


def response(timeline: Timeline, cells: pd.DataFrame, name: str) -> Response:
    """Return a response by name.

    Parameters
    ----------
    timeline : made of ``cells``.
    name : ``"dies"`` or ``"divides"`` (from one sighting to the track's next: yes or no), ``"speed"`` (µm/min to the next
        sighting), or a numeric column of ``cells`` (at the sighting).

    Raises
    ------
    InputError : if there is no such column, or it holds no numbers.
    """
    steps = steps_at_risk(timeline)
    if name == "dies":
        return Response(steps.sighting, steps.died.astype(np.float64), True, "log odds per step", 0)
    if name == "divides":
        return Response(steps.sighting, steps.divided.astype(np.float64), True, "log odds per step", 0)
    if name == "speed":
        seen = steps.next >= 0
        here, there = steps.sighting[seen], steps.next[seen]
        need_columns(cells, ("x_um", "y_um"), "cells")
        axes = [axis for axis in ("x_um", "y_um", "z_um") if axis in cells.columns]
        points = cells[axes].to_numpy(np.float64)[timeline.row]
        far = np.linalg.norm(points[there] - points[here], axis=1)
        return Response(here, far / (steps.stop_min - steps.start_min)[seen], False, "µm/min", 0)
    value = column(timeline, cells, name)
    known = np.isfinite(value)
    return Response(np.flatnonzero(known), value[known], False, name, int((~known).sum()))


def column(timeline: Timeline, cells: pd.DataFrame, name: str) -> Reals:
    """Return a numeric column of the cell table at each sighting; NaN where it was not measured.

    Raises
    ------
    InputError : if there is no such column, or it holds no numbers.
    """
    if name not in cells.columns:
        raise InputError(f"no column '{name}'", "cells", "name a column of the cell table, or one of: " + ", ".join(FATES))
    if not is_numeric_dtype(cells[name]):
        raise InputError(f"column '{name}' holds no numbers", "cells", "name a feature")
    return np.asarray(cells[name].to_numpy(np.float64)[timeline.row])
