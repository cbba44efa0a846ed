"""Potency: doses of curves fitted together, and how many times more potent one is than another.

``ratio = ED(first) / ED(second)``: below 1 the first is the more potent. Its standard error is that of the ratio itself
(delta method, as drc's EDcomp gives it); its limits are those of the logarithm turned back, ``ratio · exp(± t SE(ln ratio))``,
which cannot be negative. A ratio of relative doses says one thing for all effects only if the curves are parallel
(:func:`coculture.screen.dose_response.shared_fit.nested_test`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from coculture.compounds.dose_curve.axis import is_ordinal
from coculture.errors import InputError
from coculture.screen.dose_response.derivatives import gradient
from coculture.screen.dose_response.shared_fit import SharedFit
from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error, interval, degrees of freedom, method and version."""

    value: float
    standard_error: float
    low: float
    high: float
    df: int
    confidence: float
    method: str
    version: str


def shared_effective_dose(fit: SharedFit, curve: str, effect: float) -> Estimate:
    """Return the dose of a relative effect of one of the curves, with Wald limits ``dose ± t · SE``."""
    position, slopes = _position(fit, curve, effect)
    error = float(np.sqrt(slopes @ fit.covariance @ slopes))
    t = float(stats.t.isf((1 - fit.confidence) / 2, fit.df))
    dose, own = (position, error) if is_ordinal(fit.unit) else (float(np.exp(position)), float(np.exp(position)) * error)
    return Estimate(dose, own, dose - t * own, dose + t * own, fit.df, fit.confidence, "delta method", fit.version)


def potency_ratio(fit: SharedFit, first: str, second: str, effect: float = 0.5) -> Estimate:
    """Return the ratio of the doses of a relative effect of two curves; InputError on an axis of steps or outside 0 to 1."""
    if is_ordinal(fit.unit):
        raise InputError("steps of a series are no doses: they have no ratio", remedy="give concentrations")
    a, by_a = _position(fit, first, effect)
    b, by_b = _position(fit, second, effect)
    slopes = by_a - by_b
    error = float(np.sqrt(slopes @ fit.covariance @ slopes))
    reach = float(stats.t.isf((1 - fit.confidence) / 2, fit.df)) * error
    ratio = float(np.exp(a - b))
    low, high = ratio * float(np.exp(-reach)), ratio * float(np.exp(reach))
    return Estimate(ratio, ratio * error, low, high, fit.df, fit.confidence, "delta method on the logarithm", fit.version)


def _position(fit: SharedFit, curve: str, effect: float) -> tuple[float, Floats]:
    """Return the axis position of an effect and its derivatives by all joint parameters."""
    if not 0 < effect < 1:
        raise InputError(f"an effect of {effect} is no fraction of the way", remedy="give a number between 0 and 1")
    values = fit.values(curve)
    own = gradient(lambda v: fit.model.effect_position(v, effect), values, 0.1 * fit.model.steps(values[None])[0])
    slopes = np.zeros(fit.joint.size)
    slopes[fit.places[fit.place(curve)]] = own
    return float(fit.model.effect_position(values, effect)), slopes
