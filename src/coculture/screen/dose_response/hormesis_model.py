"""A model whose curve first goes the other way: how its fit becomes parameters, and its parameters doses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from coculture.screen.dose_response.base import CurveModel, Separable
from coculture.screen.dose_response.separable_fit import STEEPNESS_BOUNDS, fit_separable
from coculture.screen.group_statistics import Floats

PARAMETERS = ("start", "end", "steepness", "location", "stimulation")
GRID_POINTS = 400


def _curve(forward: Callable[..., Floats], position: Floats, values: Floats) -> Floats:
    return forward(np.exp(position), *np.moveaxis(values, -1, 0))


def _effect(forward: Callable[..., Floats], values: Floats, fraction: float) -> Floats:
    """Return the highest axis position at which ``fraction`` of the way from start to end is gone.

    Seeks it on a grid from 10 decades above the location downwards, then by halving.
    """
    start, end, location = values[..., 0], values[..., 1], values[..., 3]
    span = np.where(end == start, np.nan, end - start)

    def gone(u: Floats) -> Floats:
        return np.asarray((_curve(forward, u, values[..., None, :]) - start[..., None]) / span[..., None])

    reach = 60.0 / values[..., 2]
    grid = np.log(location)[..., None] + np.linspace(-1.0, 1.0, GRID_POINTS) * reach[..., None]
    short = gone(grid) < fraction
    last = GRID_POINTS - 1 - np.argmax(short[..., ::-1], axis=-1)
    found = short.any(axis=-1) & (last < GRID_POINTS - 1)
    low = np.take_along_axis(grid, last[..., None], axis=-1)
    high = np.take_along_axis(grid, np.minimum(last + 1, GRID_POINTS - 1)[..., None], axis=-1)
    for _ in range(60):
        middle = 0.5 * (low + high)
        below = gone(middle) < fraction
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(found, 0.5 * (low + high)[..., 0], np.nan)


def _steps(values: Floats) -> Floats:
    steps = 1e-4 * np.abs(values)
    linear = np.abs(values[..., :2]).max(axis=-1, keepdims=True)
    steps[..., :2] = 1e-4 * np.where(linear > 0, linear, 1.0)
    raised = np.maximum(np.abs(values[..., 4]), 1e-3 * linear[..., 0] / np.maximum(values[..., 3], 1.0))
    steps[..., 4] = 1e-4 * np.where(raised > 0, raised, 1.0)
    return np.asarray(steps)


def _to_values(_: Floats, theta: Floats, coefficients: Floats) -> Floats:
    end = coefficients[:, 0]
    return np.stack([end + coefficients[:, 1], end, np.exp(theta[:, 1]), np.exp(theta[:, 0]), coefficients[:, 2]], axis=1)


def hormesis_model(name: str, kind: int, forward: Callable[..., Floats], onset: float = 1.0) -> CurveModel:
    """Return the model of a curve with stimulation; ``forward`` takes dose and ``PARAMETERS``."""
    bounds = (float(np.log(1.01)), float(np.log(STEEPNESS_BOUNDS[1])))
    search = Separable(kind, len(PARAMETERS), (bounds,), (20, 5), onset=onset)
    curve, effect = partial(_curve, forward), partial(_effect, forward)
    fit = partial(fit_separable, search, _to_values, curve, effect, _steps)
    return CurveModel(name, PARAMETERS, search, 5, fit, curve, effect, _steps, concentrations_only=True)
