"""How much a straight channel of rectangular cross-section resists flow.

A duct of width w, depth h ≤ w and length L resists by

    R = 12 μ L / (w h³) / (1 - Σ_{n odd} 192 h/(π⁵ w n⁵) tanh(n π w/2h)),

the series solution of Poisson's equation on a rectangle (H. Bruus, Theoretical Microfluidics, 2008, chapter 3; F. M. White,
Viscous Fluid Flow). tanh cannot overflow, and the terms fall with n⁻⁵. Width and depth may be exchanged.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np

from coculture.errors import InputError

ResistanceFormula = Literal["series", "one-term", "simple"]
ODD = np.arange(1, 801, 2, dtype=np.float64)
"""The terms of the series that are summed: what is left out is below 1e-13."""


def series_factor(narrowness: float, terms: int = ODD.size) -> float:
    """Return R w h³ / (12 μ L) for h/w = ``narrowness`` ≤ 1 from ``terms`` terms of the series."""
    odd = ODD[:terms]
    return 1.0 / (1.0 - float(np.sum(192.0 * narrowness / (math.pi**5 * odd**5) * np.tanh(0.5 * math.pi * odd / narrowness))))


FACTORS: dict[str, Callable[[float], float]] = {
    "series": series_factor,
    "one-term": lambda narrowness: series_factor(narrowness, 1),
    "simple": lambda narrowness: 1.0 / (1.0 - 0.63 * narrowness),
}
"""R w h³ / (12 μ L) as a function of h/w: the series, its first term alone (off by -0.67 % for a square), and the
textbook's 1/(1 - 0.63 h/w) (off by +14 % for a square)."""


def duct_resistance(
    width_um: float, depth_um: float, length_um: float, viscosity_pa_min: float, formula: ResistanceFormula = "series"
) -> float:
    """Return the hydraulic resistance of a rectangular channel, Pa·min/µm³.

    Parameters
    ----------
    width_um, depth_um, length_um : inner dimensions, µm; width and depth may be exchanged.
    viscosity_pa_min : dynamic viscosity, Pa·min.
    formula : ``series``; ``one-term`` and ``simple`` reproduce numbers published with those approximations.

    Raises
    ------
    InputError : if a dimension or the viscosity is not positive and finite, or the formula is not known.
    """
    if formula not in FACTORS:
        raise InputError(f"resistance '{formula}' is not known", where="resistance", remedy="use one of: " + ", ".join(FACTORS))
    given = {"width_um": width_um, "depth_um": depth_um, "length_um": length_um, "viscosity": viscosity_pa_min}
    for name, value in given.items():
        if not (math.isfinite(value) and value > 0):
            raise InputError(f"{name} is {value!r}", where=name, remedy="give a positive number")
    short, long = sorted((width_um, depth_um))
    return 12.0 * viscosity_pa_min * length_um / (long * short**3) * FACTORS[formula](short / long)
