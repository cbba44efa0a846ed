"""The axis on which a dose-response curve lies: the logarithm of a concentration, or the number of a step."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.errors import InputError
from coculture.units import DOSE_UNITS

Floats = NDArray[np.float64]


def is_ordinal(unit: str) -> bool:
    """Tell whether doses in ``unit`` are only ordered (``step``); InputError if it is no unit of dose."""
    if unit not in DOSE_UNITS:
        raise InputError(f"'{unit}' is not a unit of dose", remedy="use one of: " + ", ".join(DOSE_UNITS))
    return unit == "step"


def axis_position(dose: ArrayLike, unit: str) -> Floats:
    """Return the position of each dose on the axis of its curve.

    Parameters
    ----------
    dose : doses >= 0 in ``unit``, any shape.
    unit : ``uM``, ``ug/mL`` (position ``ln(dose)``) or ``step`` (position = dose).

    Returns
    -------
    Positions, the shape of ``dose``; minus infinity for dose 0.

    Raises
    ------
    InputError : if the unit is not one of dose or a dose is negative.
    """
    doses = np.asarray(dose, dtype=np.float64)
    ordinal = is_ordinal(unit)
    if bool((doses < 0).any()):
        raise InputError(f"a dose is negative: {float(doses.min())} {unit}", remedy="give doses >= 0")
    with np.errstate(divide="ignore"):
        return np.where(doses == 0, -np.inf, doses) if ordinal else np.log(doses)


def axis_dose(position: ArrayLike, unit: str) -> Floats:
    """Return the dose at each axis position: the inverse of :func:`axis_position`."""
    positions = np.asarray(position, dtype=np.float64)
    return np.where(positions == -np.inf, 0.0, positions) if is_ordinal(unit) else np.exp(positions)


def checked_doses(dose: ArrayLike) -> Floats:
    """Return concentrations as an array, for curves that need them and not their order; InputError if one is negative."""
    doses = np.asarray(dose, dtype=np.float64)
    if bool((doses < 0).any()):
        raise InputError(f"a dose is negative: {float(doses.min())}", remedy="give doses >= 0")
    return doses


def checked_positive(value: ArrayLike, name: str) -> Floats:
    """Return a parameter as an array; InputError names it where a value is not above 0."""
    values = np.asarray(value, dtype=np.float64)
    if not bool((values > 0).all()):
        raise InputError(f"{name} is {float(values.min())}", remedy=f"give {name} above 0")
    return values
