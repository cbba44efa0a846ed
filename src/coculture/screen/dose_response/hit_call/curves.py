"""The ten curves: their names, parameters, bounds, and how the kernels' numbers become parameters in doses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.screen.dose_response.kernels import curves_from_zero as kernels
from coculture.screen.group_statistics import Floats, Integers

DECADE = float(np.log(10.0))
POWERS = (float(np.log(0.3)), float(np.log(8.0)))
NARROWEST = 1.5 * DECADE
"""Least distance of gain and loss."""
FARTHEST_LOSS = 2.0 * DECADE
"""The loss lies at most this far above the highest dose."""


@dataclass(frozen=True)
class CurveFromZero:
    """One of the ten.

    Attributes
    ----------
    name : as tables name it.
    kind : its number among the kernels.
    parameters : names, in doses and responses; the scale of the errors, ``sigma``, is one more.
    grid : numbers of grid points over all of the kernel's parameters.
    """

    name: str
    kind: int
    parameters: tuple[str, ...]
    grid: tuple[int, ...]

    @property
    def n_parameters(self) -> int:
        """Number of fitted parameters, the scale of the errors among them."""
        return len(self.parameters) + 1

    @property
    def counts(self) -> Integers:
        """``grid`` as an array."""
        return np.array(self.grid, dtype=np.int64)


CURVES = (
    CurveFromZero("constant", kernels.CONSTANT, (), (1,)),
    CurveFromZero("hill", kernels.HILL, ("top", "gain", "power"), (1, 10, 4, 1)),
    CurveFromZero("gain-loss", kernels.GAIN_LOSS, ("top", "gain", "gain_power", "loss", "loss_power"), (1, 8, 3, 4, 3, 1)),
    CurveFromZero("polynomial-1", kernels.POLYNOMIAL_1, ("scale",), (1, 1)),
    CurveFromZero("polynomial-2", kernels.POLYNOMIAL_2, ("linear", "quadratic"), (1, 48, 1)),
    CurveFromZero("power", kernels.POWER, ("scale", "exponent"), (1, 8, 1)),
    CurveFromZero("exponential-2", kernels.EXPONENTIAL_2, ("scale", "width"), (1, 10, 1)),
    CurveFromZero("exponential-3", kernels.EXPONENTIAL_3, ("scale", "width", "exponent"), (1, 10, 5, 1)),
    CurveFromZero("exponential-4", kernels.EXPONENTIAL_4, ("top", "gain"), (1, 12, 1)),
    CurveFromZero("exponential-5", kernels.EXPONENTIAL_5, ("top", "gain", "exponent"), (1, 10, 4, 1)),
)


def bounds(curve: CurveFromZero, lowest: float, largest_response: float, largest_median: float) -> Floats:
    """Return (p, 2) limits of the kernel's parameters.

    Those of tcplfit2: plateaus at most 1.2 times the largest response (of exponential 4 and 5, the largest median); half of
    them from a tenth of the lowest dose to √10 times the highest; powers 0.3 to 8 (0.3 to 20 of the power curve); widths at
    least a hundredth of the highest dose.

    Parameters
    ----------
    curve : the curve.
    lowest : lowest dose over the highest one.
    largest_response, largest_median : absolute values over all wells and over the medians of the doses.
    """
    free, sigma = [-1e8, 1e8], [-700.0, 700.0]
    gains = [np.log(lowest) - DECADE, 0.5 * DECADE]
    by_response = [-1.2 * largest_response, 1.2 * largest_response]
    by_median = [-1.2 * largest_median, 1.2 * largest_median]
    widths, powers = [-2.0 * DECADE, 8.0 * DECADE], list(POWERS)
    scale = [free[0] * largest_median, free[1] * largest_median]
    rows = {
        "constant": [],
        "hill": [by_response, gains, powers],
        "gain-loss": [by_response, gains, powers, [NARROWEST, FARTHEST_LOSS - gains[0]], powers],
        "polynomial-1": [scale],
        "polynomial-2": [scale, scale],
        "power": [scale, [POWERS[0], np.log(20.0)]],
        "exponential-2": [scale, widths],
        "exponential-3": [scale, widths, powers],
        "exponential-4": [by_median, gains],
        "exponential-5": [by_median, gains, powers],
    }[curve.name]
    return np.array([*rows, sigma], dtype=np.float64)


def in_doses(curve: CurveFromZero, phi: Floats, highest: float) -> tuple[float, ...]:
    """Return the parameters of ``curve.parameters`` from the kernel's, whose doses are over ``highest``."""
    name, scale = curve.name, float(phi[0])
    if name == "constant":
        return ()
    if name == "polynomial-1":
        return (scale / highest,)
    if name == "polynomial-2":
        return (scale / highest, float(phi[1]) / highest**2)
    if name == "power":
        exponent = float(np.exp(phi[1]))
        return (scale / highest**exponent, exponent)
    place = float(np.exp(phi[1])) * highest
    if name == "gain-loss":
        return (scale, place, float(np.exp(phi[2])), float(np.exp(phi[1] + phi[3])) * highest, float(np.exp(phi[4])))
    return (scale, place, *(float(np.exp(value)) for value in phi[2:-1]))
