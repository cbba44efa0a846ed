"""Gain and loss: a Hill curve up, times a Hill curve down."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from coculture.compounds.dose_curve.axis import Floats, checked_doses, checked_positive


def gain_loss(
    dose: ArrayLike, top: ArrayLike, gain: ArrayLike, gain_power: ArrayLike, loss: ArrayLike, loss_power: ArrayLike
) -> Floats:
    """Return ``top / ((1 + (gain / d)**gain_power) * (1 + (d / loss)**loss_power))``.

    Filer et al. (2017), Bioinformatics 33:618. ``top`` is the height both factors would reach, not the highest response.

    Parameters
    ----------
    dose : concentrations >= 0.
    top : of either sign.
    gain, gain_power, loss, loss_power : above 0; ``gain`` and ``loss`` in the unit of dose.

    Raises
    ------
    InputError : for a negative dose, or another parameter not above 0.
    """
    doses = checked_doses(dose)
    ga, p = checked_positive(gain, "gain"), checked_positive(gain_power, "gain_power")
    la, q = checked_positive(loss, "loss"), checked_positive(loss_power, "loss_power")
    with np.errstate(divide="ignore"):
        u = np.log(doses)
    return np.asarray(np.asarray(top, dtype=np.float64) * expit(p * (u - np.log(ga))) * expit(-q * (u - np.log(la))))
