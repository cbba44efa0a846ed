"""Fitted curves as points with their pointwise confidence intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from coculture.compounds.dose_curve import axis_dose, axis_position
from coculture.screen.dose_response.base import CurveFits, CurveModel
from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.dose_response.derivatives import gradient
from coculture.screen.dose_response.flat_test import flat_means, flat_squares
from coculture.screen.group_statistics import Floats, Integers

POINTS = 61


def curve_bands(
    curves: CurveSet, fits: CurveFits, model: CurveModel, drawn: NDArray[np.bool_], df: Floats, confidence: float
) -> pd.DataFrame:
    """Return the drawn curves at 61 doses between the lowest and the highest tested one.

    ``fitted ± t(n - p) √(gᵀ C g)`` with ``g`` the curve's derivatives by its parameters and ``C`` their covariance
    (delta method); limits are missing where the covariance is.
    """
    rows = np.flatnonzero(drawn)
    position = _positions(curves, rows)
    values = fits.values[rows, None, :]
    fitted = model.curve(position, values)
    slopes = gradient(lambda v: model.curve(position, v), values, model.steps(values))
    variance = np.einsum("cpi,cij,cpj->cp", slopes, fits.covariance[rows], slopes)
    half = stats.t.isf((1 - confidence) / 2, df[rows])[:, None] * np.sqrt(np.maximum(variance, 0.0))
    return _points(curves, rows, position, fitted, half)


def flat_bands(curves: CurveSet, flat: NDArray[np.bool_], confidence: float) -> pd.DataFrame:
    """Return the flat lines of curves without effect at the same doses, with the interval of their mean."""
    rows = np.flatnonzero(flat)
    weight = curves.total_weight[rows]
    error = np.sqrt(flat_squares(curves)[rows] / (weight - 1) / weight)
    half = stats.t.isf((1 - confidence) / 2, weight - 1) * error
    shape = (len(rows), POINTS)
    fitted = np.broadcast_to(flat_means(curves)[rows, None], shape)
    return _points(curves, rows, _positions(curves, rows), fitted, np.broadcast_to(half[:, None], shape))


def _positions(curves: CurveSet, rows: Integers) -> Floats:
    """Return (rows, 61) axis positions evenly between the lowest and the highest tested dose."""
    units = curves.frame["dose_unit"].to_numpy()[rows]
    span = curves.frame[["lowest", "highest"]].to_numpy(dtype=np.float64)[rows]
    for unit in np.unique(units):
        span[units == unit] = axis_position(span[units == unit], str(unit))
    return np.asarray(span[:, :1] + (span[:, 1:] - span[:, :1]) * np.linspace(0.0, 1.0, POINTS))


def _points(curves: CurveSet, rows: Integers, position: Floats, fitted: Floats, half: Floats) -> pd.DataFrame:
    units = curves.frame["dose_unit"].to_numpy()[rows]
    dose = np.empty(position.shape)
    for unit in np.unique(units):
        dose[units == unit] = axis_dose(position[units == unit], str(unit))
    frame = curves.frame.loc[np.repeat(rows, POINTS), ["compound", "condition", "dose_unit"]].reset_index(drop=True)
    return frame.assign(dose=dose.ravel(), fitted=fitted.ravel(), low=(fitted - half).ravel(), high=(fitted + half).ravel())
