"""GR metrics: the effect on the rate of growth, which does not depend on how often the cells divide (Hafner et al. 2016).

``GR = 2**(log2(x / x0) / log2(c / x0)) - 1`` with ``x`` the treated count, ``c`` the vehicle's and ``x0`` the one at time
zero (Nat. Methods 13:521): 1 without effect, 0 where growth stops, below 0 where cells die. The curve is
``GR(d) = gr_inf + (1 - gr_inf) / (1 + (d / gec50)**h)``: it begins at 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coculture.errors import InputError
from coculture.screen.dose_response.area import area_of_points
from coculture.screen.dose_response.effective_dose import EffectiveDose, dose_at_response, effective_dose
from coculture.screen.dose_response.fitted_curve import FittedCurve, fitted_curve
from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class GrowthRateMetrics:
    """GR metrics of one curve.

    Attributes
    ----------
    gr50 : dose at which GR crosses 0.5; its numbers are infinite where there is no effect.
    gec50 : dose of half the effect.
    gr_inf, gr_inf_standard_error : plateau at high dose.
    h : Hill slope, above 0.
    gr_max : mean GR at the highest tested dose.
    gr_aoc : mean of ``1 - GR`` over the logarithm of the tested doses (trapezoids through the means).
    p_flat : of the F-test against a flat line; where it is not below ``flat_level`` there is no gec50 and no h (NaN), gr_inf
        is the mean, and gr50 is infinite or 0.
    curve : the logistic fitted to ``1 - GR``.
    """

    gr50: EffectiveDose | float
    gec50: EffectiveDose | None
    gr_inf: float
    gr_inf_standard_error: float
    h: float
    gr_max: float
    gr_aoc: float
    p_flat: float
    curve: FittedCurve


def gr_value(treated: ArrayLike, control: float, time_zero: float) -> Floats:
    """Return GR values.

    Parameters
    ----------
    treated : counts at the end, above 0 (a count of 0 gives -1), any shape.
    control, time_zero : mean counts of vehicle wells at the end and of wells when the compound came.

    Raises
    ------
    InputError : if the vehicle wells did not grow, or a count is negative.
    """
    counts = np.asarray(treated, dtype=np.float64)
    if not control > time_zero > 0:
        what = f"vehicle wells went from {time_zero:g} to {control:g}: they did not grow"
        raise InputError(what, remedy="GR values need growing controls and a count at time zero")
    if bool((counts < 0).any()):
        raise InputError(f"a count is negative: {counts.min():g}", remedy="give counts >= 0")
    with np.errstate(divide="ignore"):
        return np.asarray(2.0 ** (np.log2(counts / time_zero) / np.log2(control / time_zero)) - 1.0)


def growth_rate_metrics(
    dose: ArrayLike, gr: ArrayLike, unit: str = "uM", *, robust: str = "none", confidence: float = 0.95, flat_level: float = 0.05
) -> GrowthRateMetrics:
    """Return the GR metrics of one compound.

    Parameters
    ----------
    dose, gr : (n,) doses >= 0 in ``unit`` and GR values.
    unit, robust, confidence : as for one curve.
    flat_level : level of the test against a flat line.

    Raises
    ------
    InputError, DataError : as ``fitted_curve``.
    """
    loss = 1.0 - np.asarray(gr, dtype=np.float64)
    doses = np.asarray(dose, dtype=np.float64)
    curve = fitted_curve(doses, loss, unit, model="logistic-3", robust=robust, confidence=confidence)
    top, slope = curve.parameter("top"), curve.parameter("slope")
    effect = curve.p_flat < flat_level and slope > 0 and top > 0
    mean = float(1.0 - loss.mean())
    flat_gr50 = np.inf if mean > 0.5 else 0.0
    return GrowthRateMetrics(
        gr50=dose_at_response(curve, 0.5) if effect else flat_gr50,
        gec50=effective_dose(curve, 0.5) if effect else None,
        gr_inf=1.0 - top if effect else mean,
        gr_inf_standard_error=float(curve.standard_errors[0]) if effect else float(loss.std(ddof=1) / np.sqrt(loss.size)),
        h=slope if effect else np.nan,
        gr_max=float(1.0 - loss[doses == doses.max()].mean()),
        gr_aoc=area_of_points(doses, loss, unit),
        p_flat=curve.p_flat,
        curve=curve,
    )
