"""Motion of each cell as feature columns of the cell table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.interactions.motion.settings import MotionSettings
from coculture.interactions.motion.track_table import read_tracks, track_metrics
from coculture.interactions.motion.turning import turning_angles

TRACK_FEATURES = (
    "speed_um_per_min",
    "net_speed_um_per_min",
    "path_length_um",
    "displacement_um",
    "max_displacement_um",
    "duration_min",
    "directness",
    "outreach_ratio",
    "asphericity",
    "overall_angle_rad",
    "mean_turning_angle_rad",
    "fractal_dimension",
    "arrest_coefficient",
    "fmi_parallel",
    "fmi_perpendicular",
)
"""Measures of a track that become features of every row of it, named ``cell_motion_<measure>``."""


def motion_features(cells: pd.DataFrame, settings: MotionSettings | None = None) -> pd.DataFrame:
    """Return feature columns for every row of a cell table, with its index: join them to it.

    ``cell_motion_<measure>`` for :data:`TRACK_FEATURES` (the same at all time points of a cell; columns that need a setting
    only where it is given); ``cell_motion_step_speed_um_per_min``, speed of the regular step that starts at this time;
    ``cell_motion_turning_angle_rad``, angle between the steps to and from this point. NaN where not defined: single points,
    dead cells left out, the last point.

    Raises
    ------
    InputError, DataError : as :func:`~coculture.interactions.motion.track_table.track_metrics`.
    """
    chosen = settings or MotionSettings()
    tracks = read_tracks(cells, chosen)
    measures = track_metrics(tracks, chosen)
    steps = tracks.steps
    columns = {}
    for name in TRACK_FEATURES:
        if name in measures.columns:
            columns[f"cell_motion_{name}"] = _spread(len(cells), tracks.rows, measures[name].to_numpy(np.float64)[tracks.track])
    regular = steps.regular
    columns["cell_motion_step_speed_um_per_min"] = _spread(len(cells), tracks.rows[steps.first[regular]], steps.speeds()[regular])
    angle, point = turning_angles(tracks)
    columns["cell_motion_turning_angle_rad"] = _spread(len(cells), tracks.rows[point], angle)
    return pd.DataFrame(columns, index=cells.index)


def _spread(n_rows: int, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    full = np.full(n_rows, np.nan)
    full[rows] = values
    return full
