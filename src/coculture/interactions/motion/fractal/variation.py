"""Fractal dimension of every track from its variation at one and two time steps: it does not depend on how the axes lie."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.interactions.motion.path import ratio
from coculture.interactions.motion.steps import norms
from coculture.interactions.motion.tracks import Tracks

FEWEST_DOUBLE_STEPS = 4
"""A track with fewer double steps gets no value."""


def variation_dimensions(tracks: Tracks) -> NDArray[np.float64]:
    """Return ``D = 2 − log₂(V₂/V₁)`` of each track, with V₁, V₂ the mean length of its steps and double steps.

    The madogram estimator (Gneiting, Ševčíková & Percival 2012, Stat Sci 27:247) with lengths of vectors in place of
    differences of one coordinate. D is that of the graph of a coordinate over time: 1 for straight motion, 1.5 for a walk
    without memory, towards 2 for one that turns back at every step. Regular steps only; NaN below four double steps or for a
    cell that never moved. Values outside 1 to 2 are sampling noise and are not cut off.
    """
    steps = tracks.steps
    before = steps.followed()
    double = norms(steps.vector[before] + steps.vector[before + 1])
    owner = steps.track[before]
    doubles = np.bincount(owner, minlength=tracks.n_tracks)
    singles = np.bincount(steps.track, steps.regular, tracks.n_tracks)
    over = ratio(np.bincount(owner, double, tracks.n_tracks), doubles.astype(np.float64))
    under = ratio(np.bincount(steps.track, steps.length_um * steps.regular, tracks.n_tracks), singles)
    growth = ratio(over, under, (doubles >= FEWEST_DOUBLE_STEPS) & (over > 0))
    return 2 - np.log2(growth)
