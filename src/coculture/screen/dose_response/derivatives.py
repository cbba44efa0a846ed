"""Derivatives of curves and doses by their parameters, by central differences, and what follows: covariances."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats, Integers


def gradient(function: Callable[[Floats], Floats], values: Floats, steps: Floats) -> Floats:
    """Return (..., p) first derivatives of ``function(values)`` by the last axis of ``values``.

    Parameters
    ----------
    function : takes (..., p) and returns (...,).
    values, steps : (..., p) where, and the size of the difference for each.
    """
    parts = []
    for j in range(values.shape[-1]):
        shift = np.zeros_like(values)
        shift[..., j] = steps[..., j]
        parts.append((function(values + shift) - function(values - shift)) / (2.0 * steps[..., j]))
    return np.stack(parts, axis=-1)


def second_derivatives(function: Callable[[Floats], Floats], values: Floats, steps: Floats) -> Floats:
    """Return (..., p, p) second derivatives of ``function(values)``."""
    p = values.shape[-1]
    out = np.empty((*np.shape(function(values)), p, p))
    units = [np.where(np.arange(p) == j, steps, 0.0) for j in range(p)]
    for i in range(p):
        for j in range(i, p):
            mixed = function(values + units[i] + units[j]) - function(values + units[i] - units[j])
            mixed = mixed - function(values - units[i] + units[j]) + function(values - units[i] - units[j])
            out[..., i, j] = out[..., j, i] = mixed / (4.0 * steps[..., i] * steps[..., j])
    return out


def information(
    curve: Callable[[Floats, Floats], Floats],
    position: Floats,
    weight: Floats,
    mean: Floats,
    owner: Integers,
    values: Floats,
    steps: Floats,
) -> tuple[Floats, Floats]:
    """Return observed and expected information of every curve, both (curves, p, p), for a residual variance of 1.

    Half the second derivatives of the sum of squares, and the same without the curvature of the model.

    Parameters
    ----------
    curve : the model's response at positions for values.
    position, weight, mean : (levels,) in order of their curves.
    owner : (levels,) curve of each level, ascending.
    values, steps : (curves, p).
    """
    at, by = values[owner], steps[owner]
    with np.errstate(over="ignore", invalid="ignore"):  # a curve that ran off has no information, see ``definite``
        first = gradient(lambda v: curve(position, v), at, by)
        second = second_derivatives(lambda v: curve(position, v), at, 10.0 * by)
        residual = mean - curve(position, at)
        expected = weight[:, None, None] * first[:, :, None] * first[:, None, :]
        observed = expected - (weight * residual)[:, None, None] * second
        starts = np.searchsorted(owner, np.arange(len(values)))
        return np.add.reduceat(observed, starts, axis=0), np.add.reduceat(expected, starts, axis=0)


def inverse_information(observed: Floats, expected: Floats) -> Floats:
    """Return the inverse of the observed information, of the expected one where that is not definite, else NaN."""
    return np.where(definite(observed)[:, None, None], _inverse(observed), _inverse(expected))


def definite(matrices: Floats) -> NDArray[np.bool_]:
    """Tell which of (n, p, p) symmetric matrices are positive definite, and well so, once their diagonal is scaled to one."""
    finite = np.asarray(np.isfinite(matrices).all(axis=(1, 2)))
    scaled: Floats = _scaled(np.where(finite[:, None, None], matrices, 0.0))[0]
    eigenvalues = np.linalg.eigh(scaled).eigenvalues
    return np.asarray(finite & (eigenvalues[:, 0] > 1e-10 * eigenvalues[:, -1]))


def _scaled(matrices: Floats) -> tuple[Floats, Floats]:
    """Return the matrices with diagonal one, and the outer scale taken off."""
    root = np.sqrt(np.maximum(np.abs(np.diagonal(matrices, axis1=1, axis2=2)), 1e-300))
    scale = root[:, :, None] * root[:, None, :]
    return matrices / scale, scale


def _inverse(matrices: Floats) -> Floats:
    sound = definite(matrices)
    scaled, scale = _scaled(np.where(sound[:, None, None], matrices, 1.0))
    inverse = np.full(matrices.shape, np.nan)
    inverse[sound] = np.linalg.inv(scaled[sound]) / scale[sound]
    return inverse
