"""Neighbours by Delaunay triangulation, with long edges pruned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from coculture.errors import InputError
from coculture.interactions.neighbours.definition import Cells
from coculture.interactions.neighbours.graph import CrossNeighbours, NeighbourGraph


@dataclass(frozen=True)
class DelaunayNeighbours:
    """Cells joined by an edge of the Delaunay triangulation of their centres. Symmetric.

    The triangulation also joins cells across gaps and along the hull. Pruning is stated, never assumed:

    Attributes
    ----------
    longest_um : drop edges longer than this, µm; None keeps them.
    longest_over_median : drop edges longer than this many times the median edge length *before* pruning; None keeps them.

    Cells on one line are joined to the next along it; a cell at the very place of another is joined to it.
    """

    longest_um: float | None = None
    longest_over_median: float | None = None

    def __post_init__(self) -> None:
        for name in ("longest_um", "longest_over_median"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value > 0):
                raise InputError(f"{value} does not prune edges", name, "give a number > 0, or None for no pruning")

    def __str__(self) -> str:
        parts = ["Delaunay"]
        if self.longest_um is not None:
            parts.append(f"edges up to {self.longest_um:g} µm")
        if self.longest_over_median is not None:
            parts.append(f"edges up to {self.longest_over_median:g} × the median edge")
        return ", ".join(parts) if len(parts) > 1 else "Delaunay, no edge pruned"

    def graph(self, cells: Cells) -> NeighbourGraph:
        """Return the neighbours among one set of cells."""
        edges, far = self._pruned(cells.positions)
        return NeighbourGraph.from_pairs(len(cells), edges[:, 0], edges[:, 1], distance_um=far, definition=str(self))

    def between(self, first: Cells, second: Cells) -> CrossNeighbours:
        """Return the edges between two populations of the triangulation of both together."""
        edges, far = self._pruned(np.vstack((first.positions, second.positions)))
        across = (edges[:, 0] < len(first)) & (edges[:, 1] >= len(first))
        return CrossNeighbours.from_pairs(
            len(first), len(second), edges[across, 0], edges[across, 1] - len(first), far[across], definition=str(self)
        )

    def _pruned(self, points: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        edges = delaunay_edges(points)
        far = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
        longest = np.inf if self.longest_um is None else self.longest_um
        if self.longest_over_median is not None and far.size:
            longest = min(longest, self.longest_over_median * float(np.median(far)))
        return edges[far <= longest], far[far <= longest]


def delaunay_edges(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the (m, 2) edges of the Delaunay triangulation, first row < second row, sorted."""
    if len(points) < 2:
        return np.empty((0, 2), np.int64)
    centred = points - points.mean(axis=0)
    spread, axes = np.linalg.svd(centred, full_matrices=False)[1:]
    flat = int((spread > 1e-9 * max(float(spread[0]), 1e-300)).sum())
    if flat <= 1:
        along = np.argsort(centred @ axes[0], kind="stable")
        edges = np.column_stack((along[:-1], along[1:]))
    else:
        mesh = Delaunay(centred @ axes[:flat].T)
        corners = mesh.simplices.shape[1]
        edges = np.vstack([mesh.simplices[:, [i, j]] for i in range(corners) for j in range(i + 1, corners)])
        edges = np.vstack((edges, mesh.coplanar[:, [0, 2]])) if len(mesh.coplanar) else edges
    edges = np.sort(edges.astype(np.int64), axis=1)
    return np.unique(edges, axis=0)
