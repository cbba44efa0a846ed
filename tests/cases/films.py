"""Films whose tracks are known: cells that wander, vanish for a while and divide."""

from __future__ import annotations

import numpy as np
import pandas as pd

SPACING_UM = 30.0
"""Distance between neighbouring cells at the start of :func:`wandering`."""


def wandering(
    *,
    side: int = 7,
    frames: int = 20,
    step_um: float = 1.5,
    unseen: float = 0.0,
    dividing: tuple[tuple[int, int], ...] = (),
    seed: int = 1,
) -> pd.DataFrame:
    """Return side² cells on a jittered lattice that wander for some frames.

    ``unseen`` is the chance that a cell has no detection; ``dividing`` lists (frame, cell) after which a cell is two. Columns:
    t_min, x_um, y_um, area_um2, cell_id, true_track and true_parent (-1 for none).
    """
    rng = np.random.default_rng(seed)
    here = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) * SPACING_UM + 50.0
    here += rng.uniform(-5, 5, here.shape)
    track, parent, rows = np.arange(1, len(here) + 1), np.full(len(here), -1), []
    size = np.exp(rng.normal(5.0, 0.3, len(here)))
    for t in range(frames):
        for when, cell in dividing:
            if when == t:
                place = int(np.flatnonzero(track == cell)[0])
                half = np.array([6.0, 4.0])
                here = np.vstack((np.delete(here, place, 0), here[place] + half, here[place] - half))
                size = np.append(np.delete(size, place), [size[place] / 2, size[place] / 2])
                track = np.append(np.delete(track, place), [track.max() + 1, track.max() + 2])
                parent = np.append(np.delete(parent, place), [cell, cell])
        seen = rng.random(len(here)) >= unseen
        area = size[seen] * np.exp(rng.normal(0, 0.05, int(seen.sum())))
        number = rng.permutation(int(seen.sum())) + 1
        rows.append(np.column_stack((np.full(seen.sum(), 5.0 * t), here[seen], area, number, track[seen], parent[seen])))
        here = here + rng.normal(0, step_um, here.shape)
    names = ["t_min", "x_um", "y_um", "area_um2", "cell_id", "true_track", "true_parent"]
    return pd.DataFrame(np.concatenate(rows), columns=names).astype({"cell_id": int, "true_track": int, "true_parent": int})


def same_partition(one: pd.Series, two: pd.Series) -> bool:
    """Tell whether two labellings group the rows alike, whatever the numbers."""
    return bool((one.groupby(two).nunique() == 1).all() and (two.groupby(one).nunique() == 1).all())
