"""Every measure of every track in one table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.motion.arrest import arrest_coefficients
from coculture.interactions.motion.asphericity import asphericities
from coculture.interactions.motion.direction.forward_migration import forward_migration
from coculture.interactions.motion.fractal.variation import variation_dimensions
from coculture.interactions.motion.path import path_measures
from coculture.interactions.motion.settings import MotionSettings
from coculture.interactions.motion.tracks import Tracks
from coculture.interactions.motion.turning import turning_measures


def read_tracks(cells: pd.DataFrame, settings: MotionSettings) -> Tracks:
    """Return the tracks of a cell table as the settings say.

    Raises
    ------
    InputError, DataError : as :meth:`~coculture.interactions.motion.tracks.Tracks.from_table`.
    """
    tracks = Tracks.from_table(
        cells,
        dimensions=settings.dimensions,
        step_min=settings.step_min,
        step_tolerance=settings.step_tolerance,
        living_only=settings.living_only,
    )
    return tracks.longest_pieces() if settings.gaps == "longest piece" else tracks


def track_metrics(cells: pd.DataFrame | Tracks, settings: MotionSettings | None = None) -> pd.DataFrame:
    """Return one row a track: its keys, all measures, and why one is missing.

    Parameters
    ----------
    cells : a cell table, or tracks (then the settings on reading do not apply).
    settings : see :class:`~coculture.interactions.motion.settings.MotionSettings`.

    Returns
    -------
    The track keys; the columns of :func:`~.path.path_measures` and :func:`~.turning.turning_measures`; ``asphericity``,
    ``fractal_dimension`` (:func:`~.fractal.variation.variation_dimensions`); ``arrest_coefficient`` and ``fmi_parallel,
    fmi_perpendicular`` where the settings give a threshold and a direction; ``reason``: '' or why measures are NaN.

    Raises
    ------
    InputError : if a column is missing or a setting cannot be used.
    DataError : if a track has two points at one time.
    """
    chosen = settings or MotionSettings()
    tracks = cells if isinstance(cells, Tracks) else read_tracks(cells, chosen)
    parts = [tracks.keys, path_measures(tracks), turning_measures(tracks)]
    parts.append(pd.DataFrame({"asphericity": asphericities(tracks), "fractal_dimension": variation_dimensions(tracks)}))
    if chosen.arrest_speed_um_per_min is not None:
        arrested = arrest_coefficients(tracks, chosen.arrest_speed_um_per_min)
        parts.append(pd.DataFrame({"arrest_coefficient": arrested}))
    if chosen.direction is not None:
        parts.append(forward_migration(tracks, chosen.direction))
    table = pd.concat(parts, axis=1)
    table["reason"] = _reasons(tracks, table)
    return table


def _reasons(tracks: Tracks, table: pd.DataFrame) -> NDArray[np.object_]:
    """Say why measures of a track are missing, the weightiest reason first."""
    regular = np.bincount(tracks.steps.track, tracks.steps.regular, tracks.n_tracks)
    cases = [
        (tracks.counts == 1, "one point: no motion can be measured"),
        ((table["path_length_um"] == 0).to_numpy(bool), "never moved: no directness, angles or shape"),
        (tracks.counts == 2, "two points: no directness, angles or shape"),
        (regular == 0, "no step of the usual duration: no turning angle, arrest or fractal dimension"),
        (table["mean_turning_angle_rad"].isna().to_numpy(bool), "no two consecutive regular steps: no mean turning angle"),
        (table["fractal_dimension"].isna().to_numpy(bool), "too short for a fractal dimension"),
        (table["overall_angle_rad"].isna().to_numpy(bool), "its first or last step has length 0: no overall angle"),
    ]
    return np.select([case for case, _ in cases], [words for _, words in cases], "").astype(object)
