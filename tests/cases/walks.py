"""Walks of known law, as flat tracks and as cell tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.motion.tracks import Tracks

UNIT_TRACK = np.array([8.0, 9.0, 7.0, 7.0, 6.0, 5.0])
"""The one-dimensional unit track of celltrackR's tests: one point every 10 s."""


def unit_track() -> Tracks:
    return Tracks.from_arrays(np.zeros(6), np.arange(0, 51, 10) / 60, UNIT_TRACK[:, None])


def persistent_walks(
    rng: np.random.Generator, n: int, steps: int, step_min: float, diffusion: float, persistence: float, dimensions: int = 2
) -> NDArray[np.float64]:
    """Positions (n, steps + 1, d) of Ornstein-Uhlenbeck walks, drawn from their exact law at the time step.

    Per axis the velocity is stationary with variance D/P; position and velocity after a step are jointly normal.
    """
    variance, left = diffusion / persistence, float(np.exp(-step_min / persistence))
    forward = persistence * (1 - left)
    spread = np.array(
        [
            [
                variance * persistence**2 * (2 * step_min / persistence - 3 + 4 * left - left**2),
                variance * persistence * (1 - left) ** 2,
            ],
            [variance * persistence * (1 - left) ** 2, variance * (1 - left**2)],
        ]
    )
    root = np.linalg.cholesky(spread)
    velocity = np.sqrt(variance) * rng.standard_normal((n, dimensions))
    positions = np.zeros((n, steps + 1, dimensions))
    for k in range(steps):
        noise = rng.standard_normal((2, n, dimensions))
        positions[:, k + 1] = positions[:, k] + velocity * forward + root[0, 0] * noise[0]
        velocity = velocity * left + root[1, 0] * noise[0] + root[1, 1] * noise[1]
    return positions


def random_walks(rng: np.random.Generator, n: int, steps: int, dimensions: int = 2) -> NDArray[np.float64]:
    """Positions (n, steps + 1, d) of walks of independent standard normal steps."""
    moves = rng.standard_normal((n, steps, dimensions))
    return np.concatenate((np.zeros((n, 1, dimensions)), np.cumsum(moves, axis=1)), axis=1)


def as_tracks(positions: NDArray[np.float64], step_min: float = 1.0, cell_type: object = None) -> Tracks:
    """Tracks of (n, k, d) positions, all seen at the same times."""
    n, k, d = positions.shape
    types = None if cell_type is None else np.repeat(np.asarray(cell_type), k)
    return Tracks.from_arrays(
        np.repeat(np.arange(n), k), np.tile(np.arange(k) * step_min, n), positions.reshape(-1, d), cell_type=types
    )


def as_cells(positions: NDArray[np.float64], step_min: float = 1.0, types: Sequence[str] = ("cell",)) -> pd.DataFrame:
    """A valid cell table of one well from (n, k, 2) positions; types go round."""
    n, k, _ = positions.shape
    ids = np.repeat(np.arange(1, n + 1), k)
    return pd.DataFrame(
        {
            "plate": "P1",
            "well": "A01",
            "site": 1,
            "t_min": np.tile(np.arange(k) * step_min, n),
            "cell_id": ids,
            "track_id": ids,
            "parent_id": -1,
            "cell_type": np.array(types, dtype=object)[(ids - 1) % len(types)],
            "alive": True,
            "phase": "",
            "x_um": positions[:, :, 0].ravel(),
            "y_um": positions[:, :, 1].ravel(),
            "z_um": 0.0,
            "area_um2": 100.0,
        }
    )
