"""The four-parameter logistic, fitted by least squares, with profile-likelihood limits of the EC50."""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import expit

from coculture.compounds.dose_curve import axis_position, is_ordinal
from coculture.screen.dose_response.base import CurveFits, CurveModel
from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.dose_response.kernels import fit_curves
from coculture.screen.group_statistics import Floats

STEEPNESS_BOUNDS = (0.1, 20.0)
"""Bounds of the absolute slope: Hill slope, or per step."""
BEYOND_CONCENTRATION = float(np.log(10.0))
"""The midpoint is sought up to one decade beyond the tested doses."""
BEYOND_STEPS = 1.0
"""The midpoint is sought up to one step beyond the tested steps."""
N_PARAMETERS = 4


def fit_logistic_4(curves: CurveSet, confidence: float) -> CurveFits:
    """Fit ``y = bottom + (top - bottom) / (1 + exp(-slope (u - midpoint)))`` to every curve.

    The plateaus are free; the slope and the midpoint are bounded as the module says. Limits of the midpoint hold the
    values at which the profile sum of squares is at most ``S_min (1 + F(1, n-4) / (n-4))`` (Bates & Watts 1988,
    Nonlinear Regression Analysis, section 6.1). The covariance is the inverse of the observed information
    (half the second derivatives of the sum of squares) times the residual variance.

    Parameters
    ----------
    curves : the levels; every curve with at least one residual degree of freedom.
    confidence : level of the limits.
    """
    df = curves.total_weight - N_PARAMETERS
    ratios = 1.0 + stats.f.ppf(confidence, 1, df) / df
    raw = np.empty((len(curves.frame), 7))
    boxes = _boxes(curves)
    fit_curves(curves.offsets, curves.position, curves.weight, curves.mean, curves.within, boxes, ratios, raw)
    squares, midpoint, log_steepness, start, span, low, high = raw.T
    steepness = np.exp(log_steepness)
    falling = span < 0
    covariance = _covariances(curves, midpoint, steepness, start, span, squares / df)
    return CurveFits(
        bottom=np.where(falling, start + span, start),
        top=np.where(falling, start, start + span),
        slope=np.where(falling, -steepness, steepness),
        midpoint=midpoint,
        midpoint_low=low,
        midpoint_high=high,
        covariance=_relabelled(covariance, falling),
        squares=squares,
        slope_at_limit=(log_steepness <= boxes[:, 2] + 1e-6) | (log_steepness >= boxes[:, 3] - 1e-6),
    )


def _boxes(curves: CurveSet) -> Floats:
    boxes = np.empty((len(curves.frame), 4))
    boxes[:, 2:] = np.log(STEEPNESS_BOUNDS)
    for unit in curves.frame["dose_unit"].unique():
        rows = (curves.frame["dose_unit"] == unit).to_numpy()
        beyond = BEYOND_STEPS if is_ordinal(unit) else BEYOND_CONCENTRATION
        boxes[rows, 0] = axis_position(curves.frame.loc[rows, "lowest"], unit) - beyond
        boxes[rows, 1] = axis_position(curves.frame.loc[rows, "highest"], unit) + beyond
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
    return np.where(_definite(sums[0])[:, None, None], _inverse(sums[0]), _inverse(sums[1])) * variance[:, None, None]


def _definite(matrices: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    eigenvalues = np.linalg.eigvalsh(_scaled(matrices)[0])
    return np.asarray(eigenvalues[:, 0] > 1e-10 * eigenvalues[:, -1])


def _scaled(matrices: Floats) -> tuple[Floats, Floats]:
    """Return the matrices with diagonal one, and the outer scale taken off."""
    root = np.sqrt(np.maximum(np.abs(np.diagonal(matrices, axis1=1, axis2=2)), 1e-300))
    scale = root[:, :, None] * root[:, None, :]
    return matrices / scale, scale


def _inverse(matrices: Floats) -> Floats:
    """Return inverses of the definite matrices and NaN for the others."""
    scaled, scale = _scaled(matrices)
    definite = _definite(matrices)
    inverse = np.full(matrices.shape, np.nan)
    inverse[definite] = np.linalg.inv(scaled[definite]) / scale[definite]
    return inverse


def _relabelled(covariance: Floats, falling: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    """Turn covariances of (start, span, steepness, midpoint) into those of (bottom, top, slope, midpoint)."""
    rising_map = np.array([[1.0, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    falling_map = np.array([[1.0, 1, 0, 0], [1, 0, 0, 0], [0, 0, -1, 0], [0, 0, 0, 1]])
    change = np.where(falling[:, None, None], falling_map, rising_map)
    return np.asarray(change @ covariance @ change.transpose(0, 2, 1))


METHOD = CurveModel("logistic-4", N_PARAMETERS, 4, fit_logistic_4)
