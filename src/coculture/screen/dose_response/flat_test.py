"""Is there an effect at all? The F-test of a curve against a flat line."""

from __future__ import annotations

import numpy as np
from scipy import stats

from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.group_statistics import Floats, group_sums


def flat_means(curves: CurveSet) -> Floats:
    """Return the weighted mean of each curve: the flat line."""
    curve = np.repeat(np.arange(len(curves.frame)), np.diff(curves.offsets))
    return group_sums(curves.weight * curves.mean, curve, len(curves.frame)) / curves.total_weight


def flat_squares(curves: CurveSet) -> Floats:
    """Return the sum of squares about the weighted mean of each curve."""
    curve = np.repeat(np.arange(len(curves.frame)), np.diff(curves.offsets))
    mean = flat_means(curves)
    between = group_sums(curves.weight * (curves.mean - mean[curve]) ** 2, curve, len(curves.frame))
    return np.asarray(between + curves.within)


def flat_p_values(curves: CurveSet, squares: Floats, n_parameters: int) -> Floats:
    """Return the p-value of ``F = ((S₀ - S) / (p - 1)) / (S / (n - p))``.

    Parameters
    ----------
    curves : the levels.
    squares : (curves,) residual sum of squares of the fitted model.
    n_parameters : parameters of the model, the flat line having one.
    """
    extra, df = n_parameters - 1, curves.total_weight - n_parameters
    gained = np.maximum(flat_squares(curves) - squares, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        f = np.where(gained > 0, (gained / extra) / (squares / df), 0.0)
    return np.asarray(stats.f.sf(f, extra, df))
