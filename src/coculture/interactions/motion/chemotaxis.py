"""Chemotactic index: how much of a cell's path leads toward a target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from coculture.errors import DataError
from coculture.interactions.motion.path import ratio, sum_per_track
from coculture.interactions.motion.steps import norms
from coculture.interactions.motion.targets.base import Target
from coculture.interactions.motion.tracks import Tracks


def chemotactic_index(tracks: Tracks, target: Target, *, movers: str | None = None) -> pd.DataFrame:
    """Return, one row a track, how it moved toward a target.

    With steps s_i and unit vectors u_i from the cell *at the start of the step* toward the target,

        CI = Σ s_i · u_i / Σ |s_i|,      −1 (straight away) to 1 (straight toward).

    A walk that does not know the target has a mean of 0, because u_i is fixed before the step is made. For one direction
    everywhere CI is the forward-migration index. Steps that start where the target has no direction (inside a source, no such
    cell in reach, a flat field) are left out of both sums.

    Parameters
    ----------
    tracks : tracks of all cell types.
    target : :class:`~.targets.along.Along`, :class:`~.targets.point.TowardPoint`, :class:`~.targets.source.TowardSource`,
        :class:`~.targets.gradient.UpGradient`, :class:`~.targets.nearest_cell.TowardNearest`, or your own.
    movers : report tracks of this cell type only. None: all.

    Returns
    -------
    The track keys; ``chemotactic_index``; ``toward_um_per_min``, Σ s·u over the duration of those steps; ``n_steps`` and
    ``toward_path_um``, steps used and their length; ``reason``, '' or why there is no index (then NaN).

    Raises
    ------
    InputError, DataError : as the target says.
    """
    steps = tracks.steps
    towards = target.directions(tracks, steps.first)
    aimed = norms(towards) > 0
    gained = sum_per_track(tracks, np.einsum("kd,kd->k", steps.vector, towards))
    path = sum_per_track(tracks, steps.length_um * aimed)
    spent = sum_per_track(tracks, steps.duration_min * aimed)
    used = np.bincount(steps.track, aimed, tracks.n_tracks).astype(np.int64)
    moved = sum_per_track(tracks, steps.length_um) > 0
    reason = np.select(
        [tracks.counts < 2, ~moved, used == 0, path == 0],
        ["one point", "never moved", "the target never had a direction", "did not move while the target had a direction"],
        "",
    )
    table = tracks.keys.assign(
        chemotactic_index=ratio(gained, path),
        toward_um_per_min=ratio(gained, spent),
        n_steps=used,
        toward_path_um=path,
        reason=reason,
    )
    return table if movers is None else table[table["cell_type"] == movers].reset_index(drop=True)


@dataclass(frozen=True)
class MeanIndex:
    """Mean of an index over tracks, each counting the same.

    Attributes
    ----------
    mean, low, high : the mean and its interval from Student's t between tracks.
    p_value : of the null that the mean is 0.
    n_tracks : tracks with an index.
    """

    mean: float
    low: float
    high: float
    p_value: float
    n_tracks: int


def mean_index(table: pd.DataFrame, column: str = "chemotactic_index", *, confidence: float = 0.95) -> MeanIndex:
    """Average an index over the tracks that have one.

    Raises
    ------
    DataError : if fewer than two tracks have it.
    """
    values = table[column].dropna().to_numpy(np.float64)
    if len(values) < 2:
        raise DataError(f"{len(values)} tracks have a {column}", "tracks", "a mean and its interval need two")
    mean, error = float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
    reach = float(stats.t.isf((1 - confidence) / 2, len(values) - 1)) * error
    p = float(2 * stats.t.sf(abs(mean) / error, len(values) - 1)) if error > 0 else float(mean == 0)
    return MeanIndex(mean, mean - reach, mean + reach, p, len(values))
