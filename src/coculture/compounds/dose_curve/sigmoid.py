"""What every sigmoid curve is: two plateaus, and a cumulative fraction between them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from coculture.compounds.dose_curve.axis import Floats
from coculture.errors import InputError

Fraction = Callable[[Floats], Floats]


def between_plateaus(
    position: ArrayLike, bottom: ArrayLike, top: ArrayLike, slope: ArrayLike, location: ArrayLike, fraction: Fraction
) -> Floats:
    """Return ``bottom + (top - bottom) F(slope (u - location))`` at axis positions ``u``.

    Parameters
    ----------
    position : axis positions, any shape; minus infinity is dose zero.
    bottom, top, slope, location : parameters, broadcast against ``position``.
    fraction : ``F``, rising from 0 to 1 over the real line.

    Raises
    ------
    InputError : if a slope is 0 or not finite: the curve would have no midpoint.
    """
    slopes = np.asarray(slope, dtype=np.float64)
    if bool(((slopes == 0) | ~np.isfinite(slopes)).any()):
        raise InputError(f"the slope of a dose-response curve is {slope!r}", remedy="give a finite slope other than 0")
    low = np.asarray(bottom, dtype=np.float64)
    argument = slopes * (np.asarray(position, dtype=np.float64) - np.asarray(location, dtype=np.float64))
    return np.asarray(low + (np.asarray(top, dtype=np.float64) - low) * fraction(argument))
