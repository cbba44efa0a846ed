"""How many receptors are occupied: in balance, over time, and with an antagonist beside.

Concentrations and constants may be in any one unit; times and rates likewise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


def occupancy(concentration: ArrayLike, dissociation: float) -> Floats:
    """Return the occupied fraction in balance, ``C/(C + Kd)`` (Hill 1909, Langmuir).

    Raises
    ------
    InputError : if a concentration is negative or Kd is not above 0.
    """
    require_number(dissociation, "dissociation", above=0)
    amount = require_concentrations(concentration, "concentration")
    return np.asarray(amount / (amount + dissociation))


def association(time: ArrayLike, concentration: float, on_rate: float, off_rate: float, start: float = 0.0) -> Floats:
    """Return the occupied fraction over time at constant concentration.

    ``B(t) = B∞ + (B0 − B∞) e^{−(kon C + koff) t}`` with ``B∞ = kon C/(kon C + koff)``. At concentration 0 it is dissociation.

    Parameters
    ----------
    time : times since the start, any shape.
    concentration : C.
    on_rate, off_rate : kon per concentration and time, koff per time.
    start : occupied fraction at time 0.

    Raises
    ------
    InputError : if a time, concentration or rate is negative, both rates are 0, or the start is no fraction.
    """
    times = require_concentrations(time, "time")
    require_number(concentration, "concentration", least=0)
    require_number(on_rate, "on_rate", least=0)
    require_number(off_rate, "off_rate", least=0)
    require_number(start, "start", least=0, most=1)
    observed = on_rate * concentration + off_rate
    if observed == 0:
        return np.full_like(times, start)
    final = on_rate * concentration / observed
    decay = np.exp(-observed * times)
    return np.asarray(start * decay - final * np.expm1(-observed * times))


def gaddum_occupancy(
    agonist: ArrayLike, agonist_dissociation: float, antagonist: ArrayLike, antagonist_dissociation: float
) -> Floats:
    """Return the fraction occupied by the agonist beside a competitor: ``A/(A + KA(1 + B/KB))`` (Gaddum 1937).

    Raises
    ------
    InputError : if a concentration is negative or a constant is not above 0.
    """
    require_number(agonist_dissociation, "agonist_dissociation", above=0)
    require_number(antagonist_dissociation, "antagonist_dissociation", above=0)
    first = require_concentrations(agonist, "agonist")
    second = require_concentrations(antagonist, "antagonist")
    return np.asarray(first / (first + agonist_dissociation * (1 + second / antagonist_dissociation)))


def require_concentrations(value: ArrayLike, where: str) -> Floats:
    """Return an array of finite numbers that are not negative; InputError otherwise."""
    amounts = np.asarray(value, np.float64)
    if not bool(np.isfinite(amounts).all()) or bool((amounts < 0).any()):
        raise InputError("must be finite and not negative", where, "give numbers of 0 or more")
    return amounts
