"""Robust fits: wells that lie far from the curve count for less.

Weights are found by iterated reweighting from the curve of least absolute residuals (Holland & Welsch 1977; Maronna,
Martin & Yohai 2006, Robust Statistics, chapters 4 and 5):

- ``huber``: 1 within 1.345 scales of the curve, 1.345/z beyond (95 % efficient for normal errors);
- ``tukey``: ``(1 - (z / 4.685)²)²`` within 4.685 scales, 0 beyond; the scale is that of Huber's fit;
- ``student-t``: maximum likelihood for errors with 4 degrees of freedom, weight ``5 / (4 + z²)``.

The scale of ``huber`` and ``tukey`` is the median absolute residual over 0.6745. What follows the weights (standard
errors, limits, the test against a flat line) is weighted least squares with the weights taken as known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from coculture.errors import InputError
from coculture.screen.dose_response.base import CurveModel
from coculture.screen.dose_response.curve_data import CurveSet, merged_levels
from coculture.screen.dose_response.kernels.robust import HUBER, STUDENT_T, TUKEY, robust_weights
from coculture.screen.dose_response.separable_fit import midpoint_bounds
from coculture.screen.group_statistics import Floats

RobustName = Literal["none", "huber", "tukey", "student-t"]
_KERNELS: dict[str, tuple[int, float]] = {"huber": (HUBER, 1.345), "tukey": (TUKEY, 4.685), "student-t": (STUDENT_T, 4.0)}


@dataclass(frozen=True)
class RobustWeights:
    """Weights of entries (wells, or the controls of a curve) and the residual scale of each curve.

    Attributes
    ----------
    weights : (entries,) robust weight, 1 being that of an ordinary well.
    scales : (curves,) residual scale.
    """

    weights: Floats
    scales: Floats


def checked_robust(name: str) -> str:
    """Return the name; InputError if there is no such method."""
    if name not in get_args(RobustName):
        raise InputError(f"robust method '{name}' is not known", remedy="use one of: " + ", ".join(get_args(RobustName)))
    return name


def weights_of(wells: CurveSet, model: CurveModel, name: str) -> RobustWeights:
    """Return the robust weights of a set whose levels are single wells.

    Parameters
    ----------
    wells : one level a well, in order of their curves.
    model : the curve.
    name : ``huber``, ``tukey`` or ``student-t``.
    """
    method, tuning = _KERNELS[checked_robust(name)]
    search = model.search
    weights, scales = np.ones(wells.position.size), np.ones(len(wells.frame))
    settings = np.array([0.5, float(search.fixed_bottom), search.onset])
    bounds, grid = np.array(search.bounds), np.array(search.grid, dtype=np.int64)
    middle = midpoint_bounds(wells)
    levels = (wells.offsets, wells.position, wells.weight, wells.mean)
    robust_weights(search.kind, settings, *levels, middle, bounds, grid, method, tuning, weights, scales)
    return RobustWeights(weights / wells.weight, scales)


def reweighted(wells: CurveSet, found: RobustWeights) -> CurveSet:
    """Return the wells merged into levels with their robust weights; a well of weight 0 is left out of the sums."""
    curve = np.repeat(np.arange(len(wells.frame)), np.diff(wells.offsets))
    weight = np.maximum(wells.weight * found.weights, 1e-12)
    within = np.zeros(weight.size)
    merged = merged_levels(wells.frame, curve, wells.position, weight, wells.mean, within)
    ratio = merged.total_weight / np.add.reduceat(wells.weight, wells.offsets[:-1])
    return CurveSet(
        merged.frame,
        merged.offsets,
        merged.position,
        merged.weight,
        merged.mean,
        merged.within + wells.within * ratio,
        merged.total_weight,
    )
