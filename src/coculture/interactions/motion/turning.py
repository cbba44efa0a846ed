"""Turning: the angles between a track's steps.

The angle between two steps is taken from 0 (straight on) to π (straight back), to either side alike, in any number of
dimensions. A step of length 0 has no direction; angles with it are left out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.motion.path import ratio
from coculture.interactions.motion.steps import norms, units
from coculture.interactions.motion.tracks import Tracks


def angles_between(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the angles between (k, d) vectors, rad, NaN where one is zero.

    ``2 atan2(|a − b|, |a + b|)`` with unit vectors a and b (Kahan), which keeps its digits near 0 and near π.
    """
    a, b = units(first), units(second)
    angle: NDArray[np.float64] = 2 * np.arctan2(norms(a - b), norms(a + b))
    return np.where((norms(a) > 0) & (norms(b) > 0), angle, np.nan)


def turning_angles(tracks: Tracks) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the angles between consecutive regular steps, rad, and the point at which each turn is made.

    NaN where one of the two steps has length 0.
    """
    steps = tracks.steps
    before = steps.followed()
    angle = angles_between(steps.vector[before], steps.vector[before + 1])
    return angle, steps.first[before] + 1


def turning_measures(tracks: Tracks) -> pd.DataFrame:
    """Return, one row a track: ``overall_angle_rad`` (between its first and last step) and ``mean_turning_angle_rad``.

    A mean turning angle of π/2 is that of a walk without memory; below, the cell persists; above, it turns back. NaN where a
    track has no such angle. Both depend on the time step: compare tracks taken at the same one.
    """
    steps = tracks.steps
    angle, at = turning_angles(tracks)
    held = np.isfinite(angle)
    owner = tracks.track[at[held]]
    total = np.bincount(owner, angle[held], tracks.n_tracks)
    overall = np.full(tracks.n_tracks, np.nan)
    bends = np.flatnonzero(tracks.counts > 2)
    first = np.searchsorted(steps.track, bends)
    overall[bends] = angles_between(steps.vector[first], steps.vector[first + tracks.counts[bends] - 2])
    turns = np.bincount(owner, minlength=tracks.n_tracks).astype(np.float64)
    return pd.DataFrame({"overall_angle_rad": overall, "mean_turning_angle_rad": ratio(total, turns)})
