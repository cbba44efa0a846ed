"""Least squares of any separable model over many curves, with profile limits of the dose of half effect."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from coculture.compounds.dose_curve.axis import axis_position, is_ordinal
from coculture.screen.dose_response.base import CurveFits, Separable
from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.dose_response.derivatives import gradient, information, inverse_information
from coculture.screen.dose_response.kernels.fitting import fit_separable_curves
from coculture.screen.dose_response.kernels.terms import BRAIN_COUSENS, BRAIN_COUSENS_HELD
from coculture.screen.group_statistics import Floats

STEEPNESS_BOUNDS = (0.1, 20.0)
"""Bounds of the absolute slope: Hill slope, or per step."""
BEYOND_CONCENTRATION = float(np.log(10.0))
"""The midpoint is sought up to one decade beyond the tested doses."""
BEYOND_STEPS = 1.0
"""The midpoint is sought up to one step beyond the tested steps."""


def midpoint_bounds(curves: CurveSet) -> Floats:
    """Return (curves, 2) limits of the axis position of the midpoint."""
    bounds = np.empty((len(curves.frame), 2))
    for unit in curves.frame["dose_unit"].unique():
        rows = (curves.frame["dose_unit"] == unit).to_numpy()
        beyond = BEYOND_STEPS if is_ordinal(unit) else BEYOND_CONCENTRATION
        bounds[rows, 0] = axis_position(curves.frame.loc[rows, "lowest"], unit) - beyond
        bounds[rows, 1] = axis_position(curves.frame.loc[rows, "highest"], unit) + beyond
    return bounds


def profile_ratios(curves: CurveSet, n_parameters: int, confidence: float) -> Floats:
    """Return (curves,) how many times its least value a profile sum of squares may reach within the limits.

    ``1 + F(1, n - p) / (n - p)`` (Bates & Watts 1988, Nonlinear Regression Analysis, section 6.1).
    """
    df = curves.total_weight - n_parameters
    return np.asarray(1.0 + stats.f.ppf(confidence, 1, df) / df)


def fit_separable(
    search: Separable,
    to_values: Callable[[Floats, Floats, Floats], Floats],
    curve: Callable[[Floats, Floats], Floats],
    effect_position: Callable[[Floats, float], Floats],
    steps: Callable[[Floats], Floats],
    curves: CurveSet,
    confidence: float,
) -> CurveFits:
    """Fit every curve.

    Parameters
    ----------
    search : the model, as the search sees it.
    to_values : from direction (curves,), theta and coefficients to the model's parameters.
    curve, effect_position, steps : as ``CurveModel`` describes them.
    curves : the levels; every curve with at least one residual degree of freedom.
    confidence : level of the limits.
    """
    n = len(curves.frame)
    theta, coefficients = np.zeros((n, len(search.grid))), np.zeros((n, 3))
    rest = np.empty((n, 4))  # squares, direction, lower and upper limit
    settings = np.array([0.5, float(search.fixed_bottom), search.onset])
    ratios = profile_ratios(curves, search.n_parameters, confidence)
    levels = (curves.offsets, curves.position, curves.weight, curves.mean, curves.within)
    middle = midpoint_bounds(curves)
    bounds, grid = np.array(search.bounds), np.array(search.grid, dtype=np.int64)
    held = search.kind + (BRAIN_COUSENS_HELD - BRAIN_COUSENS) if not search.is_sigmoid else search.kind
    fit_separable_curves(search.kind, held, settings, *levels, middle, bounds, grid, ratios, theta, coefficients, rest)
    values = to_values(rest[:, 1], theta, coefficients)
    owner = np.repeat(np.arange(n), np.diff(curves.offsets))
    by = steps(values)
    observed, expected = information(curve, curves.position, curves.weight, curves.mean, owner, values, by)
    df = curves.total_weight - search.n_parameters
    covariance = inverse_information(observed, expected) * (rest[:, 0] / df)[:, None, None]
    midpoint = theta[:, 0] if search.is_sigmoid else effect_position(values, 0.5)
    slope_gradient = gradient(lambda v: effect_position(v, 0.5), values, by)
    with np.errstate(invalid="ignore"):
        error = np.sqrt(np.einsum("ci,cij,cj->c", slope_gradient, covariance, slope_gradient))
    bottom, top, slope = _plain(search, values)
    return CurveFits(
        values=values,
        covariance=covariance,
        bottom=bottom,
        top=top,
        slope=slope,
        midpoint=midpoint,
        midpoint_low=rest[:, 2],
        midpoint_high=rest[:, 3],
        midpoint_error=error,
        squares=rest[:, 0],
        slope_at_limit=_at_limit(theta[:, 1], search.bounds[0]),
    )


def _at_limit(logarithm: Floats, bounds: tuple[float, float]) -> NDArray[np.bool_]:
    return np.asarray((logarithm <= bounds[0] + 1e-6) | (logarithm >= bounds[1] - 1e-6))


def _plain(search: Separable, values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return bottom, top and slope of values."""
    if search.fixed_bottom:
        return np.zeros(len(values)), values[:, 0], values[:, 1]
    if search.is_sigmoid:
        return values[:, 0], values[:, 1], values[:, 2]
    start, end, steepness = values[:, 0], values[:, 1], values[:, 2]
    return np.minimum(start, end), np.maximum(start, end), np.where(end < start, -steepness, steepness)
