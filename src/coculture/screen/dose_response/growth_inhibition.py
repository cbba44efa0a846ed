"""GI50, TGI and LC50 of the NCI-60 screen: doses that halve growth, stop it, and halve the cells there were.

Percent growth compares what a well grew with what the vehicle wells grew since the compound came (Shoemaker 2006, Nat. Rev.
Cancer 6:813): with ``T`` the well, ``C`` the vehicle and ``T0`` the wells at time zero,
``100 (T - T0)/(C - T0)`` where ``T >= T0`` and ``100 (T - T0)/T0`` below. GI50, TGI and LC50 are the doses at which the fitted
curve crosses 50, 0 and -50.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coculture.errors import InputError
from coculture.screen.dose_response.effective_dose import EffectiveDose, dose_at_response
from coculture.screen.dose_response.fitted_curve import FittedCurve
from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class GrowthInhibition:
    """The three doses, each with standard error, Wald limits and profile limits."""

    gi50: EffectiveDose
    tgi: EffectiveDose
    lc50: EffectiveDose


def percent_growth(treated: ArrayLike, control: float, time_zero: float) -> Floats:
    """Return percent growth, 100 without effect, 0 without growth, -100 where nothing is left.

    Parameters
    ----------
    treated : counts (or what stands for them) at the end, any shape.
    control, time_zero : mean of the vehicle wells at the end, and of wells when the compound came.

    Raises
    ------
    InputError : if the vehicle wells did not grow, or there was nothing at time zero.
    """
    if not control > time_zero > 0:
        what = f"vehicle wells went from {time_zero:g} to {control:g}: they did not grow"
        raise InputError(what, remedy="percent growth needs growing controls and a reading at time zero")
    grown = np.asarray(treated, dtype=np.float64) - time_zero
    return np.where(grown >= 0, 100.0 * grown / (control - time_zero), 100.0 * grown / time_zero)


def growth_inhibition(curve: FittedCurve) -> GrowthInhibition:
    """Return GI50, TGI and LC50 of a curve fitted to percent growth; NaN, ``not reached``, where it does not go so far."""
    return GrowthInhibition(*(dose_at_response(curve, level) for level in (50.0, 0.0, -50.0)))
