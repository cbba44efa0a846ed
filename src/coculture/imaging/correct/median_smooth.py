"""Illumination as the smoothed median, or mean, of many images.

An image is taken as ``field × scene + offset``; scenes differ from image to image and are alike from place to place, so
that any quantile and the mean over images is the field times a number. Two statistics are tried: the *median*, which
follows the background wherever cells cover less than half of it, and the *mean* of values cut at the stack's 99.5th
percentile, which follows the cells and is the better one where the background is nearly black. Each is smoothed with the
width that predicts best, from one half of the images, the raw statistic of the other half. The median is kept if its two
halves agree clearly better than the mean's: a dark background carries more of the camera's own level than of the
light. Nothing is drawn: the halves are every second image, every second
pair, and every second four.

Retrospective correction by averaging and smoothing: Jones et al. 2006, MICCAI workshop; Singh et al. 2014, J Microsc 256:231.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.correct.sample import ReducedStack
from coculture.imaging.correct.smooth import local_polynomial, smooth_at

WIDTHS = (0.1, 0.16, 0.25, 0.4, 0.7)
"""Smoothing widths that are tried, as fractions of the longer side. The last is nearly one parabola over the image."""

_CUT_PERCENTILE = 99.5
_CLEARLY_BETTER = 0.67
_Statistic = Callable[[NDArray[np.float32]], NDArray[np.floating]]


@dataclass(frozen=True)
class Estimate:
    """A field before normalisation and checks.

    Attributes
    ----------
    values : (Y, X), any scale.
    statistic : its name.
    uncertainty : see :class:`~coculture.imaging.correct.field.IlluminationField`.
    """

    values: NDArray[np.floating]
    statistic: str
    uncertainty: float


def estimate(stack: ReducedStack) -> Estimate:
    """Estimate the field of a stack."""
    cut = np.float32(np.percentile(stack.images, _CUT_PERCENTILE))
    statistics: dict[str, _Statistic] = {
        "median": lambda images: np.median(images, axis=0),
        "mean": lambda images: np.minimum(images, cut).mean(axis=0),
    }
    trials = {name: _best_width(stack, statistic) for name, statistic in statistics.items()}
    name = "median" if trials["median"][1] < _CLEARLY_BETTER * trials["mean"][1] else "mean"
    width, uncertainty = trials[name]
    centres = (stack.centres(0), stack.centres(1))
    pixels = (np.arange(stack.shape[0], dtype=np.float64) + 0.5, np.arange(stack.shape[1], dtype=np.float64) + 0.5)
    values = smooth_at(statistics[name](stack.images), centres, pixels, width)
    return Estimate(values, name, uncertainty)


def _best_width(stack: ReducedStack, statistic: _Statistic) -> tuple[float, float]:
    """Return the width (px) that predicts the other half best, and how far the halves' fields then differ, halved."""
    centres = (stack.centres(0), stack.centres(1))
    pairs = [tuple(statistic(half) for half in halves) for halves in _splits(stack.images)]
    if min(float(half.mean()) for pair in pairs for half in pair) <= 0:
        return WIDTHS[-1] * max(stack.shape), np.inf
    pairs = [tuple(half / half.mean() for half in pair) for pair in pairs]
    best = (np.inf, 0.0, np.inf)
    for fraction in WIDTHS:
        width = fraction * max(stack.shape)
        down, across = (local_polynomial(along, along, width) for along in centres)
        error, difference = 0.0, 0.0
        for one, other in pairs:
            smooth_one, smooth_other = (down @ half @ across.T for half in (one, other))
            error += float(np.mean((smooth_one - other) ** 2) + np.mean((smooth_other - one) ** 2))
            difference += float(np.mean((smooth_one - smooth_other) ** 2)) / len(pairs)
        best = min(best, (error, width, float(np.sqrt(difference)) / 2))
    return best[1], best[2]


def _splits(images: NDArray[np.float32]) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Halve the stack in up to three ways: every second image, every second pair, and every second four."""
    number = np.arange(len(images))
    ways = min(3, (len(images) - 1).bit_length())
    return [(images[(number >> bit) & 1 == 0], images[(number >> bit) & 1 == 1]) for bit in range(ways)]
