"""Polar order: how well the cells of a field agree on where to go."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.interactions.motion.collective.velocities import Velocities
from coculture.interactions.motion.path import ratio
from coculture.interactions.motion.steps import norms, units
from coculture.interactions.motion.tracks import Tracks


def polar_order(tracks: Tracks) -> pd.DataFrame:
    """Return the polar order parameter of every field and time point.

    ``φ = |Σ v_i/|v_i|| / n`` over the n cells that move (Vicsek et al. 1995, Phys Rev Lett 75:1226): 1 where all go the same
    way. Few cells agree by chance, φ ≈ 1/√n for random directions, so compare ``agreement = (n φ² − 1)/(n − 1)``: the mean
    cosine between the directions of two cells, 0 for random directions whatever n.

    Returns
    -------
    The frame's ``plate, well, site`` (where there are such), ``t_min`` (at which the steps begin), ``n_cells``,
    ``polar_order``, ``agreement`` (NaN for one cell). Frames in which no cell moves have no row. Drift of the stage makes
    perfect order: correct it first.

    Raises
    ------
    DataError : if there is no regular step.
    """
    seen = Velocities.of(tracks)
    moving = norms(seen.velocity) > 0
    direction, frame = units(seen.velocity[moving]), seen.frame[moving]
    number = np.bincount(frame, minlength=len(tracks.frames)).astype(np.int64)
    total = np.column_stack([np.bincount(frame, part, len(tracks.frames)) for part in direction.T]).astype(np.float64)
    order = ratio(norms(total), number)
    agreement = ratio(number * order**2 - 1, number - 1)
    table = tracks.frames.assign(n_cells=number, polar_order=order, agreement=agreement)
    return table[number > 0].reset_index(drop=True)
