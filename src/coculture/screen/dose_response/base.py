"""What a curve model is: a function from dose levels to fitted parameters with their uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.dose_response.kernels.terms import WEIBULL_2
from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class CurveFits:
    """Fitted curves, arrays over curves.

    Attributes
    ----------
    values : (curves, p) parameters in the order of the model's names.
    covariance : (curves, p, p) of them, NaN where it cannot be had.
    bottom, top, slope : the lower and the upper plateau, and steepness with the sign of the direction.
    midpoint, midpoint_low, midpoint_high : axis position of half the effect and its limits; infinite where open.
    midpoint_error : standard error of ``midpoint`` (delta method).
    squares : residual sum of squares.
    slope_at_limit : whether the steepness lies on its bound.
    """

    values: Floats
    covariance: Floats
    bottom: Floats
    top: Floats
    slope: Floats
    midpoint: Floats
    midpoint_low: Floats
    midpoint_high: Floats
    midpoint_error: Floats
    squares: Floats
    slope_at_limit: NDArray[np.bool_]


@dataclass(frozen=True)
class Separable:
    """What the search needs to know of a model.

    Attributes
    ----------
    kind : number of its terms among ``kernels.terms``.
    n_parameters : number of fitted parameters.
    bounds : limits of its non-linear parameters after the first, as logarithms.
    grid : numbers of grid points over all of its non-linear parameters.
    fixed_bottom : whether the bottom plateau is zero.
    onset : Cedergreen's exponent.
    """

    kind: int
    n_parameters: int
    bounds: tuple[tuple[float, float], ...]
    grid: tuple[int, ...]
    fixed_bottom: bool = False
    onset: float = 1.0

    @property
    def is_sigmoid(self) -> bool:
        """Whether the curve runs between two plateaus without turning."""
        return self.kind <= WEIBULL_2


@dataclass(frozen=True)
class CurveModel:
    """One model of dose-response.

    Attributes
    ----------
    name : as settings name it.
    parameters : names of the fitted parameters.
    search : what a search of its parameters needs to know.
    fewest_doses : tested doses above zero without which it is not fitted.
    fit : from levels and the level of confidence to fits.
    curve : response at axis positions (...,) for values (..., p), broadcast.
    effect_position : axis position at which a fraction of the way from the plateau at dose zero to the other one is gone,
        for values (..., p); where a curve passes it twice, at the higher dose. NaN where it does not reach it.
    steps : sizes in which values (curves, p) are varied for derivatives.
    concentrations_only : whether it needs doses that are more than ordered.
    """

    name: str
    parameters: tuple[str, ...]
    search: Separable
    fewest_doses: int
    fit: Callable[[CurveSet, float], CurveFits]
    curve: Callable[[Floats, Floats], Floats]
    effect_position: Callable[[Floats, float], Floats]
    steps: Callable[[Floats], Floats]
    concentrations_only: bool = False

    @property
    def n_parameters(self) -> int:
        """Number of fitted parameters."""
        return len(self.parameters)
