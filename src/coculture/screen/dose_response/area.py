"""Areas under curves, as means: what a curve is worth over the doses that were tested.

``auc`` is the integral of the response over the dose axis (natural logarithm of concentrations, steps as they are) from the
lowest to the highest tested dose above zero, divided by the width of that range: the mean response, in its own unit. A
viability that stays at 100 % has an AUC of 100, whatever was tested. Wider ranges are other questions: AUC of different
ranges must not be compared (:func:`area_of_curve` takes a common one).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from coculture.compounds.dose_curve.axis import axis_position
from coculture.errors import InputError
from coculture.screen.dose_response.base import CurveModel
from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.group_statistics import Floats

GAUSS_POINTS = 64


def area_of_curve(model: CurveModel, values: Floats, low: float, high: float) -> float:
    """Return the mean of a curve between two axis positions (Gauss-Legendre, 64 points in each of eight pieces)."""
    if not high > low:
        raise InputError(f"the range of an area, {low:g} to {high:g}, is empty", remedy="give a higher end above the lower one")
    node, weight = np.polynomial.legendre.leggauss(GAUSS_POINTS)
    edges = np.linspace(low, high, 9)
    half = 0.5 * (edges[1] - edges[0])
    position = (0.5 * (edges[:-1] + edges[1:]))[:, None] + half * node
    return float((model.curve(position, values) @ weight).sum() * half / (high - low))


def area_of_points(dose: ArrayLike, response: ArrayLike, unit: str = "uM") -> float:
    """Return the mean of the straight lines through the mean response of each tested dose above zero, over their range.

    Parameters
    ----------
    dose, response : (n,) doses >= 0 in ``unit`` and responses; dose zero takes no part.
    unit : ``uM``, ``ug/mL`` or ``step``.

    Raises
    ------
    InputError : for fewer than two doses above zero.
    """
    points = pd.DataFrame({"u": axis_position(dose, unit), "y": np.asarray(response, dtype=np.float64)})
    means = points[np.isfinite(points["u"])].groupby("u")["y"].mean()
    if len(means) < 2:
        raise InputError("an area needs two doses above zero", remedy="give a dose series")
    u = means.index.to_numpy(dtype=np.float64)
    return float(np.trapezoid(means.to_numpy(), u) / (u[-1] - u[0]))


def areas_of_bands(bands: pd.DataFrame, curves: CurveSet) -> Floats:
    """Return (curves,) the mean of the drawn points of each curve (trapezoids over their even axis positions)."""
    keys = ["compound", "condition", "dose_unit"]

    def mean(fitted: pd.Series) -> float:
        y = fitted.to_numpy(dtype=np.float64)
        return float((y.sum() - 0.5 * (y[0] + y[-1])) / (y.size - 1))

    areas = bands.groupby(keys, sort=False)["fitted"].agg(mean)
    return np.asarray(areas.reindex(pd.MultiIndex.from_frame(curves.frame[keys])), dtype=np.float64)
