"""BaSiC: the illumination field as what is common, smooth and low in rank; the cells as what is sparse.

Model (Peng et al. 2017, Nat Commun 8:14836): ``I_i(x) = B_i S(x) + R_i(x)`` with a baseline B_i per image, one field S
that is sparse in the cosine basis, and a residual R that is sparse:

    minimise  Σ w |R|  +  λ Σ |DCT(S)|    subject to    I = B S + R

solved by a linearised augmented Lagrangian with growing penalty, and repeated with weights ``w = 1 / (|R| / mean(B S) + ε)``
until S stands still. As in the paper, images are sorted pixel by pixel first, which strengthens the low rank, and λ is set
from the DCT of the mean image. This is our own implementation of the published model; the dark field is not estimated
(``IlluminationSettings.offset`` is subtracted before). What is sparse are the cells, so that the field is the
background's: on plates whose background is nearly black use 'median-smooth', which can follow the cells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn

from coculture.errors import DataError
from coculture.imaging.correct.median_smooth import Estimate
from coculture.imaging.correct.sample import ReducedStack

_Array = NDArray[np.float64]

WORKING_SIDE = 64
"""Pixels of the longer side at which the model is solved."""

_SMOOTHNESS_SHARE = 400  # 800 in the paper, at 128 pixels; coefficients of a smooth field grow with the side
_REWEIGHTINGS = 10
_ITERATIONS = 200
_STILL = 1e-3
_EPSILON = 0.1
_TOLERANCE = 1e-6


def estimate(stack: ReducedStack) -> Estimate:
    """Estimate the field of a stack; its uncertainty from the fields of the even and the odd images."""
    images, step = _shrunk(stack.images)
    shape = (stack.step * step * images.shape[1], stack.step * step * images.shape[2])
    field = _solve(images)
    halves = [_solve(images[start::2]) for start in (0, 1)]
    uncertainty = float(np.sqrt(np.mean((halves[0] - halves[1]) ** 2))) / 2
    return Estimate(_drawn(field, shape, stack.shape), "", uncertainty)


def _shrunk(images: NDArray[np.float32]) -> tuple[_Array, int]:
    step = max(1, round(max(images.shape[1:]) / WORKING_SIDE))
    n, height, width = images.shape[0], *(size - size % step for size in images.shape[1:])
    blocks = images[:, :height, :width].reshape(n, height // step, step, width // step, step)
    return blocks.mean(axis=(2, 4), dtype=np.float64), step


def _solve(images: _Array) -> _Array:
    """Return S (y, x) with mean 1."""
    data = np.sort(images, axis=0) / images.mean()
    mean = data.mean(axis=0)
    smoothness = float(np.abs(dctn(mean / mean.mean(), norm="ortho")).sum()) / _SMOOTHNESS_SHARE
    weights = np.ones_like(data)
    field = np.ones(data.shape[1:])
    for _ in range(_REWEIGHTINGS):
        last = field
        field, residual, common = _low_rank_and_sparse(data, weights, smoothness)
        weights = 1 / (np.abs(residual) / max(float(common.mean()), 1e-6) + _EPSILON)
        weights *= weights.size / weights.sum()
        if np.abs(field - last).sum() < _STILL * np.abs(last).sum():
            break
    return field


def _low_rank_and_sparse(data: _Array, weights: _Array, smoothness: float) -> tuple[_Array, _Array, _Array]:
    """Solve the model for fixed weights; return S with mean 1, R, and B S."""
    n = len(data)
    penalty = 12.5 / float(np.linalg.norm(data.reshape(n, -1), 2))
    largest = penalty * 1e7
    size = np.linalg.norm(data)
    spectrum = np.zeros(data.shape[1:])
    baseline = np.ones((n, 1, 1))
    residual = np.zeros_like(data)
    multiplier = np.zeros_like(data)
    common = np.zeros_like(data)
    for _ in range(_ITERATIONS):
        gap = data - common - residual + multiplier / penalty
        spectrum = _shrink(spectrum + dctn(gap.mean(axis=0), norm="ortho"), smoothness / penalty)
        common = idctn(spectrum, norm="ortho") * baseline
        residual = _shrink(data - common + multiplier / penalty, weights / penalty)
        rest = (data - residual).mean(axis=(1, 2), keepdims=True)
        baseline = np.maximum(rest / rest.mean(), 0)
        gap = data - common - residual
        multiplier += penalty * gap
        penalty = min(penalty * 1.5, largest)
        if np.linalg.norm(gap) < _TOLERANCE * size:
            break
    field = idctn(spectrum, norm="ortho")
    if not field.mean() > 0:
        raise DataError("the images have no light in common", where="illumination", remedy="choose another method, or 'none'")
    return field / field.mean(), residual, common


def _shrink(values: _Array, threshold: float | _Array) -> _Array:
    shrunk: _Array = np.sign(values) * np.maximum(np.abs(values) - threshold, 0)
    return shrunk


def _drawn(field: _Array, covered: tuple[int, int], shape: tuple[int, int]) -> _Array:
    """Evaluate the cosine series of ``field``, which covers ``covered`` pixels, at every pixel of ``shape``."""
    spectrum = dctn(field, norm="ortho")
    down, across = (_cosines(n, whole, size) for n, whole, size in zip(field.shape, covered, shape, strict=True))
    drawn: _Array = down @ spectrum @ across.T
    return drawn


def _cosines(n: int, covered: int, size: int) -> _Array:
    """Return the (size, n) orthonormal DCT-II basis at pixel centres; beyond ``covered`` its last value goes on."""
    position = np.minimum(np.arange(size) + 0.5, covered - 0.5) / covered
    basis = np.cos(np.pi * position[:, None] * np.arange(n)[None, :]) * np.sqrt(2 / n)
    basis[:, 0] /= np.sqrt(2)
    return np.asarray(basis, dtype=np.float64)
