"""How far and how straight: length, displacement, speed, directness and their kin, one row a track.

With points r₀ … r_N at times t₀ … t_N:

- path length ``L = Σ |r_i − r_{i−1}|``, duration ``T = t_N − t₀``, displacement ``d = |r_N − r₀|``;
- largest displacement ``d_max = max_i |r_i − r₀|``;
- speed ``L/T``, net speed ``d/T``;
- directness (straightness, confinement ratio) ``d/L``, outreach ratio ``d_max/L``, displacement ratio ``d/d_max``
  (Mokhtari et al. 2013, PLoS ONE 8:e80808; Beltman, Marée & de Boer 2009, Nat Rev Immunol 9:789).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.motion.steps import norms
from coculture.interactions.motion.tracks import Tracks

_AXIS_NAMES = ("x", "y", "z")


def sum_per_track(tracks: Tracks, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sums over each track's steps of (k,) ``values``, one per step."""
    return np.asarray(np.bincount(tracks.steps.track, values, tracks.n_tracks), np.float64)


def displacements(tracks: Tracks) -> NDArray[np.float64]:
    """Return (m, d) vectors from each track's first point to its last, µm."""
    vectors: NDArray[np.float64] = tracks.positions[tracks.start[1:] - 1] - tracks.positions[tracks.start[:-1]]
    return vectors


def largest_displacements(tracks: Tracks) -> NDArray[np.float64]:
    """Return (m,) largest distances of any point from its track's first, µm."""
    if not tracks.n_tracks:
        return np.empty(0)
    away = norms(tracks.positions - tracks.positions[tracks.start[:-1]][tracks.track])
    farthest: NDArray[np.float64] = np.maximum.reduceat(away, tracks.start[:-1])
    return farthest


def ratio(over: Any, under: Any, where: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
    """Return ``over/under``, NaN where ``under`` is not > 0 (or ``where`` is false)."""
    held = under > 0 if where is None else (under > 0) & where
    return np.asarray(np.divide(over, under, out=np.full(len(over), np.nan), where=held), np.float64)


def path_measures(tracks: Tracks) -> pd.DataFrame:
    """Return the measures of this module's head, one row a track, in order.

    Columns: ``n_points, n_gaps, start_min, duration_min, path_length_um, displacement_um, displacement_<axis>_um,
    max_displacement_um, speed_um_per_min, net_speed_um_per_min, directness, outreach_ratio, displacement_ratio``. Speeds of a
    track of one point are NaN. The three ratios are NaN for fewer than two steps, where they could only be 1, and for cells
    that never moved.
    """
    steps = tracks.steps
    vectors = displacements(tracks)
    length, duration = sum_per_track(tracks, steps.length_um), sum_per_track(tracks, steps.duration_min)
    net, farthest = norms(vectors), largest_displacements(tracks)
    bends = tracks.counts > 2
    columns = {
        "n_points": tracks.counts,
        "n_gaps": np.bincount(steps.track, steps.gap, tracks.n_tracks).astype(np.int64),
        "start_min": tracks.t_min[tracks.start[:-1]],
        "duration_min": duration,
        "path_length_um": length,
        "displacement_um": net,
        **{f"displacement_{_AXIS_NAMES[axis]}_um": vectors[:, axis] for axis in range(tracks.dimensions)},
        "max_displacement_um": farthest,
        "speed_um_per_min": ratio(length, duration),
        "net_speed_um_per_min": ratio(net, duration),
        "directness": ratio(net, length, bends),
        "outreach_ratio": ratio(farthest, length, bends),
        "displacement_ratio": ratio(net, farthest, bends),
    }
    return pd.DataFrame(columns)
