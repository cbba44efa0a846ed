"""Velocity correlation: over what distance do cells move alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.motion.collective.velocities import Velocities
from coculture.interactions.motion.lag_models.scaled_shape import fit_scaled_shape
from coculture.interactions.motion.tracks import Tracks
from coculture.interactions.neighbours.cell_list import CellList

_FEWEST_BINS = 3


@dataclass(frozen=True, eq=False)
class VelocityCorrelation:
    """Correlation of velocities against distance.

    Attributes
    ----------
    table : one row a bin of distance that has pairs: ``distance_um`` (mean over its pairs), ``correlation``, ``n_pairs``.
    length_um : correlation length ξ of ``a e^{−r/ξ}``, bins weighted by their pairs; NaN where ``status`` is not "fitted".
    amplitude : a; below 1 by errors of position and motion cells do not share. NaN where not fitted.
    zero_crossing_um : where the correlation first falls to 0 (linear between bins); NaN where it does not within the bins.
    status : "fitted"; "no correlation"; "longer than the bins".
    minus_mean : whether the mean velocity of each frame was taken off.
    """

    table: pd.DataFrame
    length_um: float
    amplitude: float
    zero_crossing_um: float
    status: str
    minus_mean: bool


def velocity_correlation(tracks: Tracks, *, longest_um: float, bin_um: float, minus_mean: bool = True) -> VelocityCorrelation:
    """Return ``C(r) = ⟨u_i · u_j⟩ / ⟨|u|²⟩`` over pairs of cells r apart, seen in the same field at the same time.

    Parameters
    ----------
    tracks : tracks of the cells to correlate.
    longest_um, bin_um : distances up to this, in bins of this width.
    minus_mean : u is the velocity less the mean of its frame, the fluctuation (Cavagna et al. 2010, PNAS 107:11865). Then flow
        of the whole field and drift of the stage drop out, and C falls through 0 within the field by construction, so ξ is
        bounded by its size. False: u is the velocity itself.

    Notes
    -----
    Frames with one cell are left out. No interval is given: pairs share cells and frames follow one another.

    Raises
    ------
    InputError : if a distance cannot be used.
    DataError : if there is no regular step, no pair so near, or no motion to correlate.
    """
    if not (np.isfinite(longest_um) and np.isfinite(bin_um) and 0 < bin_um <= longest_um):
        raise InputError(f"bins of {bin_um} µm up to {longest_um} µm", "bin_um", "give distances with 0 < bin_um <= longest_um")
    seen = Velocities.of(tracks)
    sums = _pair_sums(seen, longest_um, bin_um, minus_mean)
    if sums["power"] <= 0:
        raise DataError("the cells' velocities do not differ", "tracks", "nothing is left to correlate; try minus_mean=False")
    pairs = sums["pairs"]
    if not pairs.any():
        raise DataError(f"no two cells are within {longest_um:g} µm at one time", "longest_um", "give a longer distance")
    held = pairs > 0
    distance = sums["distance"][held] / pairs[held]
    correlation = sums["product"][held] / pairs[held] / (sums["power"] / sums["cells"])
    table = pd.DataFrame({"distance_um": distance, "correlation": correlation, "n_pairs": pairs[held].astype(np.int64)})
    length, amplitude, status = _length(distance, correlation, pairs[held])
    return VelocityCorrelation(table, length, amplitude, _zero_crossing(distance, correlation), status, minus_mean)


def _pair_sums(seen: Velocities, longest_um: float, bin_um: float, minus_mean: bool) -> dict[str, Any]:
    bins = int(np.ceil(longest_um / bin_um - 1e-9))
    pairs, distance, product = np.zeros(bins), np.zeros(bins), np.zeros(bins)
    power, cells = 0.0, 0
    for rows in seen.frames():
        if len(rows) < 2:
            continue
        velocity = seen.velocity[rows]
        if minus_mean:
            velocity = velocity - velocity.mean(axis=0)
        power, cells = power + float((velocity**2).sum()), cells + len(rows)
        first, second, far = _pairs(seen.position[rows], longest_um)
        place = np.minimum((far / bin_um).astype(np.int64), bins - 1)
        pairs += np.bincount(place, minlength=bins)
        distance += np.bincount(place, far, bins)
        product += np.bincount(place, np.einsum("kd,kd->k", velocity[first], velocity[second]), bins)
    return {"pairs": pairs, "distance": distance, "product": product, "power": power, "cells": max(cells, 1)}


def _pairs(positions: NDArray[np.float64], longest_um: float) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return pairs in reach; positions on a line are searched as points of a plane."""
    if positions.shape[1] == 1:
        positions = np.column_stack((positions[:, 0], np.zeros(len(positions))))
    return CellList.build(positions, longest_um).pairs(longest_um)


def _length(
    distance: NDArray[np.float64], correlation: NDArray[np.float64], pairs: NDArray[np.float64]
) -> tuple[float, float, str]:
    """Fit the exponential up to the first bin that is not positive."""
    negative = np.flatnonzero(correlation <= 0)
    last = int(negative[0]) + 1 if negative.size else len(distance)
    nan = float("nan")
    if last - 1 < 1 and negative.size:
        return nan, nan, "no correlation"
    last = max(last, min(_FEWEST_BINS, len(distance)))
    found = fit_scaled_shape(_decay, distance[:last], correlation[:last], pairs[:last], None) if last > 1 else None
    if found is None or found.at_edge == "short":
        return nan, nan, "no correlation"
    if found.at_edge == "long" or found.tau > 10 * distance[-1]:
        return nan, nan, "longer than the bins"
    return found.tau, found.amplitude, "fitted"


def _decay(distance: NDArray[np.float64], length: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-distance / length))


def _zero_crossing(distance: NDArray[np.float64], correlation: NDArray[np.float64]) -> float:
    below = np.flatnonzero(correlation <= 0)
    if not below.size or below[0] == 0:
        return float("nan")
    k = int(below[0])
    share = correlation[k - 1] / (correlation[k - 1] - correlation[k])
    return float(distance[k - 1] + share * (distance[k] - distance[k - 1]))
