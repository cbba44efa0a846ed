"""Profile-likelihood limits of the dose of an effect, for one fitted curve."""

from __future__ import annotations

import numpy as np

from coculture.screen.dose_response.fitted_curve import FittedCurve
from coculture.screen.dose_response.kernels.profile import profile_limit
from coculture.screen.dose_response.kernels.terms import BRAIN_COUSENS, BRAIN_COUSENS_HELD, LOGISTIC_5
from coculture.screen.dose_response.separable_fit import midpoint_bounds, profile_ratios
from coculture.screen.group_statistics import Floats


def profile_limits(curve: FittedCurve, kind: str, level: float, position: float) -> tuple[float, float]:
    """Return the limits of the axis position of an effect, infinite where open.

    Parameters
    ----------
    curve : the fitted curve.
    kind, level : ``relative`` and a fraction of the way, or ``absolute`` and a response. NaN limits for an absolute level
        of a curve with a fixed bottom, whose terms leave nothing free at that level.
    position : where the fitted curve has it: the walk begins there.
    """
    search, levels = curve.model.search, curve.levels
    if kind == "absolute" and search.fixed_bottom:
        return np.nan, np.nan
    theta, setting, kernel = _start(curve, kind, level, position)
    mean = levels.mean - level if kind == "absolute" else levels.mean
    middle = midpoint_bounds(levels)
    own = np.array(search.bounds)
    first = [middle[:1]] if theta.size == 1 + len(own) else [middle[:1], middle[:1]]
    box = np.concatenate([*first, own])
    ratio = float(profile_ratios(levels, curve.model.n_parameters, curve.confidence)[0])
    threshold = ratio * curve.squares - float(levels.within[0])
    data = (levels.position, levels.weight, mean)
    low, high = (profile_limit(kernel, setting, *data, theta.copy(), box, threshold, side) for side in (-1.0, 1.0))
    return float(low), float(high)


def _start(curve: FittedCurve, kind: str, level: float, position: float) -> tuple[Floats, Floats, int]:
    """Return theta at the fit, the setting, and the number of the terms."""
    search, values = curve.model.search, curve.values
    setting = np.array([curve.direction, 0.5, float(search.fixed_bottom), search.onset, float(kind == "absolute")])
    if not search.is_sigmoid:
        own = [np.log(values[3]), np.log(values[2])]
        setting[1] = level if kind == "relative" else 0.5
        kernel = search.kind if kind == "absolute" else search.kind + BRAIN_COUSENS_HELD - BRAIN_COUSENS
        return np.array([position, *own]), setting, kernel
    first = 1 if search.fixed_bottom else 2
    shape = [np.log(abs(values[first]))] + ([np.log(values[first + 2])] if search.kind == LOGISTIC_5 else [])
    if kind == "absolute":
        return np.array([position, float(curve.model.effect_position(values, 0.5)), *shape]), setting, search.kind
    setting[1] = level if curve.direction > 0 else 1.0 - level
    return np.array([position, *shape]), setting, search.kind
