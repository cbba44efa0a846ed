"""A model whose curve runs between two plateaus: how its fit becomes parameters, and its parameters doses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from coculture.screen.dose_response.base import CurveModel, Separable
from coculture.screen.dose_response.separable_fit import STEEPNESS_BOUNDS, fit_separable
from coculture.screen.group_statistics import Floats

Quantile = Callable[[Floats, Floats], Floats]
"""From a fraction and the asymmetry (1 where there is none) to the argument at which the sigmoid reaches it."""

LOG_STEEPNESS = (float(np.log(STEEPNESS_BOUNDS[0])), float(np.log(STEEPNESS_BOUNDS[1])))


def sigmoid_curve(at: Callable[..., Floats], position: Floats, values: Floats) -> Floats:
    """Return the response of a forward curve whose parameters are the last axis of ``values``."""
    return at(position, *np.moveaxis(values, -1, 0))


def without_bottom(at: Callable[..., Floats]) -> Callable[..., Floats]:
    """Return the forward curve with its bottom at zero."""
    return lambda position, *values: at(position, 0.0, *values)


def sigmoid_effect(quantile: Quantile, first: int, values: Floats, fraction: float) -> Floats:
    """Return the axis position at which ``fraction`` of the way from the plateau at dose zero is gone.

    ``location + Q(F) / slope`` with F the fraction for a rising curve and one less it for a falling one.

    Parameters
    ----------
    quantile : of the sigmoid.
    first : place of the slope among the parameters.
    values : (..., p).
    fraction : between 0 and 1.
    """
    slope, location = values[..., first], values[..., first + 1]
    power = values[..., first + 2] if values.shape[-1] > first + 2 else np.ones_like(slope)
    return np.asarray(location + quantile(np.where(slope > 0, fraction, 1.0 - fraction), power) / slope)


def sigmoid_steps(first: int, values: Floats) -> Floats:
    """Return the sizes in which values (..., p) are varied for derivatives; ``first`` is the place of the slope."""
    steps = 1e-4 * np.abs(values)
    linear = np.abs(values[..., :first]).max(axis=-1, keepdims=True)
    steps[..., :first] = 1e-4 * np.where(linear > 0, linear, 1.0)
    steps[..., first + 1] = 1e-4 / np.abs(values[..., first])
    return np.asarray(steps)


def _to_values(search: Separable, quantile: Quantile, direction: Floats, theta: Floats, coefficients: Floats) -> Floats:
    slope = direction * np.exp(theta[:, 1])
    power = np.exp(theta[:, 2]) if theta.shape[1] > 2 else np.ones(len(theta))
    location = theta[:, 0] - quantile(np.full(len(theta), 0.5), power) / slope
    if search.fixed_bottom:
        plateaus = [coefficients[:, 0]]
    else:
        plateaus = [coefficients[:, 0], coefficients[:, 0] + coefficients[:, 1]]
    more = [power] if theta.shape[1] > 2 else []
    return np.stack([*plateaus, slope, location, *more], axis=1)


def sigmoid_model(
    name: str,
    parameters: tuple[str, ...],
    kind: int,
    at: Callable[..., Floats],
    quantile: Quantile,
    asymmetry: tuple[float, float] | None = None,
    fixed_bottom: bool = False,
) -> CurveModel:
    """Return the model of a sigmoid.

    Parameters
    ----------
    name, parameters, kind : as ``CurveModel`` describes them.
    at : the forward curve, of position and the parameters with the bottom.
    quantile : its inverse.
    asymmetry : limits of the logarithm of a third non-linear parameter, where there is one.
    fixed_bottom : whether the bottom is zero.
    """
    bounds = (LOG_STEEPNESS,) if asymmetry is None else (LOG_STEEPNESS, asymmetry)
    grid = (14, 4) if asymmetry is None else (14, 4, 3)
    search = Separable(kind, len(parameters), bounds, grid, fixed_bottom)
    first = 1 if fixed_bottom else 2
    curve = partial(sigmoid_curve, without_bottom(at) if fixed_bottom else at)
    effect = partial(sigmoid_effect, quantile, first)
    steps = partial(sigmoid_steps, first)
    fit = partial(fit_separable, search, partial(_to_values, search, quantile), curve, effect, steps)
    return CurveModel(name, parameters, search, max(len(parameters), 4), fit, curve, effect, steps)
