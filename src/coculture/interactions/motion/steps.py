"""The steps between consecutive points of tracks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Steps:
    """Every pair of consecutive points of a track, tracks in order and each track's steps in order of time.

    Attributes
    ----------
    track : (k,) int64, the track a step belongs to.
    first : (k,) int64, the point it starts from; it ends at ``first + 1``.
    vector : (k, d) displacement, µm.
    duration_min : (k,) > 0.
    length_um : (k,).
    regular : (k,) bool, whether it lasts one time step of the tracks, within their tolerance.
    gap : (k,) bool, whether it lasts longer than that: the cell was missed in between.
    """

    track: NDArray[np.int64]
    first: NDArray[np.int64]
    vector: NDArray[np.float64]
    duration_min: NDArray[np.float64]
    length_um: NDArray[np.float64]
    regular: NDArray[np.bool_]
    gap: NDArray[np.bool_]

    @classmethod
    def between(
        cls,
        start: NDArray[np.int64],
        t_min: NDArray[np.float64],
        positions: NDArray[np.float64],
        step_min: float,
        tolerance: float,
    ) -> Steps:
        """Take the differences of consecutive points; no step leads from one track to the next."""
        counts = np.diff(start)
        inside = np.ones(max(len(t_min) - 1, 0), bool)
        inside[start[1:-1] - 1] = False
        first = np.flatnonzero(inside)
        vector, duration = positions[first + 1] - positions[first], t_min[first + 1] - t_min[first]
        off = (duration - step_min) / step_min if len(first) else duration
        track = np.repeat(np.arange(len(counts)), np.maximum(counts - 1, 0))
        return cls(track, first, vector, duration, norms(vector), np.abs(off) <= tolerance, off > tolerance)

    def __len__(self) -> int:
        return len(self.first)

    def speeds(self) -> NDArray[np.float64]:
        """Return each step's length over its duration, µm/min."""
        return self.length_um / self.duration_min

    def followed(self, *, regular_only: bool = True) -> NDArray[np.int64]:
        """Return the steps that are followed by another step of their track (both of regular length, unless told otherwise)."""
        held = self.track[:-1] == self.track[1:]
        if regular_only:
            held = held & self.regular[:-1] & self.regular[1:]
        return np.flatnonzero(held)


def norms(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the lengths of (k, d) vectors."""
    lengths: NDArray[np.float64] = np.sqrt(np.einsum("kd,kd->k", vectors, vectors))
    return lengths


def units(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (k, d) vectors of length 1 in the same directions; a zero vector stays zero."""
    length = norms(vectors)[:, None]
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
