"""Arrest: how much of the time a cell hardly moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.motion.path import ratio, sum_per_track
from coculture.interactions.motion.tracks import Tracks


def arrest_coefficients(tracks: Tracks, slower_than_um_per_min: float) -> NDArray[np.float64]:
    """Return the fraction of each track's time spent in regular steps slower than a threshold; NaN without a regular step.

    The threshold has no default: 2 µm/min is usual for lymphocytes seen every 30 s or so, and meaningless for slow cells or
    long time steps. Errors of the position alone give a speed of about ``σ √(2 d)/Δ``; a threshold below it never finds an
    arrest.

    Raises
    ------
    InputError : if the threshold is not a speed > 0.
    """
    if not (np.isfinite(slower_than_um_per_min) and slower_than_um_per_min > 0):
        raise InputError(f"a threshold of {slower_than_um_per_min} µm/min", "arrest_speed_um_per_min", "give a speed > 0")
    steps = tracks.steps
    held = np.where(steps.regular, steps.duration_min, 0.0)
    slow = np.where(steps.speeds() < slower_than_um_per_min, held, 0.0)
    return ratio(sum_per_track(tracks, slow), sum_per_track(tracks, held))
