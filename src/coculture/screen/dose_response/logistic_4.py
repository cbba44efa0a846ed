"""The four-parameter logistic, fitted by least squares, with profile-likelihood limits of the EC50."""

from __future__ import annotations

from functools import partial

import numpy as np
from scipy.special import expit, logit

from coculture.compounds.dose_curve.logistic import logistic_at
from coculture.screen.dose_response.base import CurveFits, CurveModel, Separable
from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.dose_response.derivatives import inverse_information
from coculture.screen.dose_response.kernels.logistic import fit_curves
from coculture.screen.dose_response.kernels.terms import LOGISTIC
from coculture.screen.dose_response.separable_fit import STEEPNESS_BOUNDS, midpoint_bounds, profile_ratios
from coculture.screen.dose_response.sigmoid_model import LOG_STEEPNESS, sigmoid_curve, sigmoid_effect, sigmoid_steps
from coculture.screen.group_statistics import Floats

PARAMETERS = ("bottom", "top", "slope", "location")
N_PARAMETERS = 4
UNBOUNDED_STEEPNESS = (0.01, 50.0)
UNBOUNDED_REACH = 14.0
"""So many times 1/steepness beyond the doses the rest of a logistic is an exponential to one part in a million."""


def fit_logistic_4(curves: CurveSet, confidence: float, unbounded: bool = False) -> CurveFits:
    """Fit ``y = bottom + (top - bottom) / (1 + exp(-slope (u - midpoint)))`` to every curve.

    The plateaus are free; the slope and the midpoint are bounded as the module says. Limits of the midpoint hold the
    values at which the profile sum of squares is at most ``S_min (1 + F(1, n-4) / (n-4))`` (Bates & Watts 1988,
    Nonlinear Regression Analysis, section 6.1). The covariance is the inverse of the observed information
    (half the second derivatives of the sum of squares) times the residual variance.

    Parameters
    ----------
    curves : the levels; every curve with at least one residual degree of freedom.
    confidence : level of the limits.
    unbounded : let the midpoint go so far beyond the doses that the curve is an exponential, or a line: for the least sum
        of squares the family can have. The EC50 of such a fit says nothing.
    """
    df = curves.total_weight - N_PARAMETERS
    ratios = profile_ratios(curves, N_PARAMETERS, confidence)
    raw = np.empty((len(curves.frame), 7))
    boxes = _boxes(curves, unbounded)
    fit_curves(curves.offsets, curves.position, curves.weight, curves.mean, curves.within, boxes, ratios, raw)
    squares, midpoint, log_steepness, start, span, low, high = raw.T
    steepness = np.exp(log_steepness)
    falling = span < 0
    covariance = _covariances(curves, midpoint, steepness, start, span, squares / df)
    relabelled = _relabelled(covariance, falling)
    with np.errstate(invalid="ignore"):
        error = np.sqrt(relabelled[:, 3, 3])
    bottom, top = np.where(falling, start + span, start), np.where(falling, start, start + span)
    slope = np.where(falling, -steepness, steepness)
    return CurveFits(
        values=np.stack((bottom, top, slope, midpoint), axis=1),
        covariance=relabelled,
        bottom=bottom,
        top=top,
        slope=slope,
        midpoint=midpoint,
        midpoint_low=low,
        midpoint_high=high,
        midpoint_error=error,
        squares=squares,
        slope_at_limit=(log_steepness <= boxes[:, 2] + 1e-6) | (log_steepness >= boxes[:, 3] - 1e-6),
    )


def _boxes(curves: CurveSet, unbounded: bool) -> Floats:
    boxes = np.zeros((len(curves.frame), 5))
    boxes[:, :2] = midpoint_bounds(curves)
    boxes[:, 2:4] = np.log(UNBOUNDED_STEEPNESS if unbounded else STEEPNESS_BOUNDS)
    boxes[:, 4] = UNBOUNDED_REACH if unbounded else 0.0
    return boxes


def _covariances(curves: CurveSet, midpoint: Floats, steepness: Floats, start: Floats, span: Floats, variance: Floats) -> Floats:
    """Return (curves, 4, 4) covariances of (start, span, steepness, midpoint)."""
    curve = np.repeat(np.arange(len(curves.frame)), np.diff(curves.offsets))
    h, b = steepness[curve], span[curve]
    distance = np.where(np.isfinite(curves.position), curves.position - midpoint[curve], 0.0)
    f = np.where(np.isfinite(curves.position), expit(h * distance), 0.0)
    df, d2f = f * (1 - f), f * (1 - f) * (1 - 2 * f)  # derivatives by the argument h * distance
    first = np.stack((np.ones_like(f), f, b * df * distance, -b * df * h), axis=1)
    second = np.zeros((f.size, 4, 4))
    second[:, 1, 2] = second[:, 2, 1] = df * distance
    second[:, 1, 3] = second[:, 3, 1] = -df * h
    second[:, 2, 2] = b * d2f * distance**2
    second[:, 3, 3] = b * d2f * h**2
    second[:, 2, 3] = second[:, 3, 2] = -b * (d2f * h * distance + df)
    residual = curves.mean - start[curve] - b * f
    expected = first[:, :, None] * first[:, None, :] * curves.weight[:, None, None]
    observed = expected - second * (curves.weight * residual)[:, None, None]
    sums = [np.add.reduceat(part, curves.offsets[:-1], axis=0) for part in (observed, expected)]
    return np.asarray(inverse_information(sums[0], sums[1]) * variance[:, None, None])


def _relabelled(covariance: Floats, falling: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    """Turn covariances of (start, span, steepness, midpoint) into those of (bottom, top, slope, midpoint)."""
    rising_map = np.array([[1.0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    falling_map = np.array([[1.0, 1, 0, 0], [1, 0, 0, 0], [0, 0, -1, 0], [0, 0, 0, 1]])
    change = np.where(falling[:, None, None], falling_map, rising_map)
    return np.asarray(change @ covariance @ change.transpose(0, 2, 1))


def _quantile(fraction: Floats, _: Floats) -> Floats:
    return np.asarray(logit(fraction))


METHOD = CurveModel(
    "logistic-4",
    PARAMETERS,
    Separable(LOGISTIC, N_PARAMETERS, (LOG_STEEPNESS,), (14, 4)),
    4,
    fit_logistic_4,
    partial(sigmoid_curve, logistic_at),
    partial(sigmoid_effect, _quantile, 2),
    partial(sigmoid_steps, 2),
)
