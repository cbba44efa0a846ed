"""Asphericity: how elongated the cloud of a track's points is, whatever their order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.interactions.motion.path import ratio
from coculture.interactions.motion.tracks import Tracks


def asphericities(tracks: Tracks) -> NDArray[np.float64]:
    """Return the asphericity of each track, from 0 (round) to 1 (on a line).

    ``Σ (λ_i − λ̄)² / (d (d − 1) λ̄²)`` with the eigenvalues λ of the covariance of the points (Mokhtari et al. 2013, PLoS ONE
    8:e80808), found from traces: ``(tr C² − (tr C)²/d) / ((d − 1)/d · (tr C)²)``. A cell that goes to and fro along a line has
    a low directness and an asphericity of 1. NaN in one dimension, for fewer than three points, and where all points coincide.
    """
    d = tracks.dimensions
    if d == 1:
        return np.full(tracks.n_tracks, np.nan)
    counts = tracks.counts
    mean = np.column_stack([np.bincount(tracks.track, axis, tracks.n_tracks) for axis in tracks.positions.T]) / counts[:, None]
    off = tracks.positions - mean[tracks.track]
    spread = np.empty((tracks.n_tracks, d, d))
    for i in range(d):
        for j in range(d):
            spread[:, i, j] = np.bincount(tracks.track, off[:, i] * off[:, j], tracks.n_tracks)
    trace, square = np.einsum("mii->m", spread), np.einsum("mij,mij->m", spread, spread)
    return ratio(square - trace**2 / d, trace**2 * (d - 1) / d, counts > 2)
