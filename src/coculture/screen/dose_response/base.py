"""What a curve model is: a function from dose levels to fitted parameters with their uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class CurveFits:
    """Fitted curves, arrays over curves.

    Attributes
    ----------
    bottom, top, slope, midpoint : parameters as ``compounds.dose_curve`` defines them; midpoint on the curve's axis.
    midpoint_low, midpoint_high : limits of the midpoint; infinite where open.
    covariance : (curves, 4, 4) of (bottom, top, slope, midpoint), NaN where it cannot be had.
    squares : residual sum of squares.
    slope_at_limit : whether the steepness lies on its bound.
    """

    bottom: Floats
    top: Floats
    slope: Floats
    midpoint: Floats
    midpoint_low: Floats
    midpoint_high: Floats
    covariance: Floats
    squares: Floats
    slope_at_limit: NDArray[np.bool_]


@dataclass(frozen=True)
class CurveModel:
    """One model of dose-response.

    Attributes
    ----------
    name : as settings name it.
    n_parameters : number of fitted parameters.
    fewest_doses : tested doses above zero without which it is not fitted.
    fit : from levels and the level of confidence to fits.
    """

    name: str
    n_parameters: int
    fewest_doses: int
    fit: Callable[[CurveSet, float], CurveFits]
