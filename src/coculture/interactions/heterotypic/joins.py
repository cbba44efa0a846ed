"""Join counts: how much of a graph's weight lies between every two cell types."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.kernels.joins import count_joins
from coculture.interactions.kernels.lists import lists_from_pairs
from coculture.interactions.neighbours.graph import NeighbourGraph


def join_counts(graph: NeighbourGraph, types: CellTypes) -> NDArray[np.float64]:
    """Return the (T, T) weights between types.

    Directed graph: entry (a, b) is the weight of all edges from cells of type a to cells of type b. Undirected: entry
    (a, b) = (b, a) is the weight of all edges between the two, every edge counted once, also on the diagonal.
    """
    joins = np.zeros((len(types.names), len(types.names)))
    count_joins(graph.start, graph.neighbour, graph.weight, types.for_cells(graph.n_cells).codes, joins)
    return joins * once_per_edge(graph.directed, len(types.names))


def once_per_edge(directed: bool, n_types: int) -> NDArray[np.float64]:
    """Return the (T, T) factor that turns counts of entries into counts of edges: an undirected a-a edge has two entries."""
    return np.ones((n_types, n_types)) if directed else np.where(np.eye(n_types, dtype=bool), 0.5, 1.0)


def pair_places(directed: bool, n_types: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of types that are told apart: all ordered ones, or those with a <= b."""
    if directed:
        first, second = np.divmod(np.arange(n_types * n_types), max(n_types, 1))
        return first.astype(np.int64), second.astype(np.int64)
    first, second = np.triu_indices(n_types)
    return first.astype(np.int64), second.astype(np.int64)


@dataclass(frozen=True, eq=False)
class ReversedLists:
    """The neighbour lists of the reversed graph; those of the graph itself where it is undirected."""

    start: NDArray[np.int64]
    neighbour: NDArray[np.int32]
    weight: NDArray[np.float64]

    @classmethod
    def of(cls, graph: NeighbourGraph) -> ReversedLists:
        """Turn every edge of a directed graph round."""
        if not graph.directed:
            return cls(graph.start, graph.neighbour, graph.weight)
        start, neighbour, order = lists_from_pairs(
            graph.n_cells, graph.n_cells, graph.neighbour.astype(np.int64), graph.rows().astype(np.int64)
        )
        return cls(start, neighbour, graph.weight[order])
