"""Doses of a given effect: ED, EC, IC (relative) and doses at which the response crosses a level (absolute).

*Relative*: ``effect`` is the fraction of the way from the plateau at dose zero to the plateau at high dose, so that 0.5 is
the EC50 and 0.1 the ED10, whichever way the curve runs. *Absolute*: ``level`` is a response. A curve that passes an effect
twice (hormesis) is asked for the higher dose.

Standard errors are those of the dose itself by the delta method, ``√(gᵀ C g)`` with ``g`` the dose's derivatives by the
parameters and ``C`` their covariance, and Wald limits ``dose ± t(df) · SE``: on the scale of R's drc. ``low`` and ``high``
are profile-likelihood limits: the doses at which the sum of squares, all else fitted anew, is ``S (1 + F(1, df)/df)``. They
need not be symmetric, and are open (0 and infinity) where the data do not bound the dose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from coculture.compounds.dose_curve.axis import axis_dose, axis_position, is_ordinal
from coculture.errors import InputError
from coculture.screen.dose_response.derivatives import gradient
from coculture.screen.dose_response.dose_profile import profile_limits
from coculture.screen.dose_response.fitted_curve import FittedCurve
from coculture.screen.dose_response.wording import ec50_statement
from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class EffectiveDose:
    """A dose of a given effect.

    Attributes
    ----------
    kind, level : ``relative`` and the fraction of the effect, or ``absolute`` and the response.
    dose, standard_error : NaN where the curve does not reach it.
    wald_low, wald_high : ``dose ± t · standard_error``.
    low, high : profile-likelihood limits.
    unit, confidence, method, version : what the numbers are.
    text : as it may be quoted: a dose outside the tested ones is only a bound.
    """

    kind: Literal["relative", "absolute"]
    level: float
    dose: float
    standard_error: float
    wald_low: float
    wald_high: float
    low: float
    high: float
    unit: str
    confidence: float
    method: str
    version: str
    text: str


def effective_dose(curve: FittedCurve, effect: float) -> EffectiveDose:
    """Return the dose at which ``effect`` (0 to 1) of the way between the plateaus is gone; InputError outside 0 to 1."""
    if not 0 < effect < 1:
        raise InputError(f"an effect of {effect} is no fraction of the way", remedy="give a number between 0 and 1")
    return _dose(curve, "relative", effect, lambda v: curve.model.effect_position(v, effect))


def dose_at_response(curve: FittedCurve, level: float) -> EffectiveDose:
    """Return the dose at which the curve crosses the response ``level``; its numbers are NaN where it never does."""
    if not np.isfinite(level):
        raise InputError(f"a response of {level} cannot be crossed", remedy="give a finite response")
    return _dose(curve, "absolute", level, lambda v: crossing_position(curve, v, level))


def crossing_position(curve: FittedCurve, values: Floats, level: float) -> Floats:
    """Return the axis position at which a curve of ``values`` (p,) crosses ``level``, NaN where it does not."""
    with np.errstate(divide="ignore"):
        ends = curve.model.curve(np.array([-np.inf, 700.0]), values)
    effect = (level - ends[0]) / (ends[1] - ends[0]) if ends[1] != ends[0] else np.nan
    if not 0 < effect < 1:
        return np.array(np.nan)
    return curve.model.effect_position(values, float(effect))


def _dose(curve: FittedCurve, kind: Literal["relative", "absolute"], level: float, position_of: object) -> EffectiveDose:
    assert callable(position_of)
    position = float(position_of(curve.values))
    ordinal = is_ordinal(curve.unit)
    slopes = gradient(position_of, curve.values, curve.model.steps(curve.values[None])[0] * 0.1)
    with np.errstate(invalid="ignore"):
        error = float(np.sqrt(slopes @ curve.covariance @ slopes))
    dose = float(axis_dose(position, curve.unit)) if np.isfinite(position) else np.nan
    standard_error = error if ordinal else dose * error
    half = float(stats.t.isf((1 - curve.confidence) / 2, curve.df)) * standard_error
    low, high = profile_limits(curve, kind, level, position) if np.isfinite(position) else (np.nan, np.nan)
    limits = (float(axis_dose(low, curve.unit)) if low > -np.inf or not ordinal else -np.inf, float(np.exp(high)))
    if ordinal:
        limits = (low, high)
    tested = np.array(curve.tested)
    text = "not reached" if np.isnan(dose) else ec50_statement(dose, *limits, tested, curve.unit, curve.confidence).text
    return EffectiveDose(
        kind=kind,
        level=level,
        dose=dose,
        standard_error=standard_error,
        wald_low=dose - half,
        wald_high=dose + half,
        low=limits[0],
        high=limits[1],
        unit=curve.unit,
        confidence=curve.confidence,
        method=f"{curve.model.name}, least squares" + ("" if curve.robust == "none" else f" reweighted ({curve.robust})"),
        version=curve.version,
        text=text,
    )


def tested_positions(curve: FittedCurve) -> tuple[float, float]:
    """Return the axis positions of the lowest and the highest tested dose."""
    low, high = axis_position(curve.tested, curve.unit)
    return float(low), float(high)
