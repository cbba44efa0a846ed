"""The graph of neighbours, whatever made it: who is linked to whom, how strongly, how far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from coculture.errors import InputError
from coculture.interactions.kernels.lists import find_entry, first_fault, first_repeat, lists_from_pairs, mirror_sums


@dataclass(frozen=True, eq=False)
class NeighbourGraph:
    """Neighbours among one set of cells, as sorted neighbour lists.

    Row ``i``'s neighbours are ``neighbour[start[i]:start[i + 1]]``, ascending. An undirected graph holds each edge in both
    rows. No cell is its own neighbour, and no neighbour stands twice in a row.

    Attributes
    ----------
    start : (n + 1,) int64.
    neighbour : (m,) int32, rows of the cells.
    weight : (m,) float64; 1 for a plain neighbour, or for instance the length of the shared border.
    distance_um : (m,) float64 distance between centres, or None where the definition measures none.
    directed : whether "j is a neighbour of i" may hold without "i is a neighbour of j".
    definition : the definition in words, with its numbers.
    """

    start: NDArray[np.int64]
    neighbour: NDArray[np.int32]
    weight: NDArray[np.float64]
    distance_um: NDArray[np.float64] | None
    directed: bool
    definition: str

    @classmethod
    def from_pairs(
        cls,
        n_cells: int,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
        *,
        weight: NDArray[np.float64] | None = None,
        distance_um: NDArray[np.float64] | None = None,
        directed: bool = False,
        definition: str,
    ) -> NeighbourGraph:
        """Build from pairs of rows; an undirected edge is given once, in either order.

        Raises
        ------
        InputError : if a row is out of range, a cell is paired with itself, or a pair is given twice.
        """
        first, second = np.asarray(first, np.int64), np.asarray(second, np.int64)
        if first.size and (min(first.min(), second.min()) < 0 or max(first.max(), second.max()) >= n_cells):
            raise InputError(f"a pair names a row outside 0 to {n_cells - 1}", "pairs")
        weight = np.ones(first.size) if weight is None else np.asarray(weight, np.float64)
        if weight.shape != first.shape or not np.isfinite(weight).all():
            raise InputError("weights must be one finite number per pair", "weight")
        if not directed:
            first, second, weight = np.r_[first, second], np.r_[second, first], np.r_[weight, weight]
            distance_um = None if distance_um is None else np.r_[distance_um, distance_um]
        start, neighbour, order = lists_from_pairs(n_cells, n_cells, first, second)
        row = int(first_fault(start, neighbour))
        if row >= 0:
            raise InputError(
                f"row {row} is paired with itself or twice with the same neighbour", "pairs", "give every pair of cells once"
            )
        far = None if distance_um is None else np.asarray(distance_um, np.float64)[order]
        return cls(start, neighbour, weight[order], far, directed, definition)

    @classmethod
    def from_matrix(cls, matrix: Any, *, definition: str = "given as a matrix") -> NeighbourGraph:
        """Build from a SciPy sparse (or dense) matrix whose entry (i, j) is the weight of j as a neighbour of i.

        Zero entries are no neighbours. The graph is undirected where the matrix equals its transpose.

        Raises
        ------
        InputError : if the matrix is not square or its diagonal is not empty.
        """
        table = sparse.csr_array(matrix, dtype=np.float64)
        if table.shape[0] != table.shape[1]:
            raise InputError(f"a matrix of shape {table.shape} is no graph among one set of cells", "matrix")
        if not table.has_canonical_format or not table.data.all():
            table = table.copy()
            table.sum_duplicates()
            table.eliminate_zeros()
        start, neighbour = table.indptr.astype(np.int64), table.indices.astype(np.int32)
        if first_fault(start, neighbour) >= 0:
            raise InputError("a cell is its own neighbour", "matrix", "set the diagonal to zero")
        graph = cls(start, neighbour, table.data.copy(), None, True, definition)
        return replace(graph, directed=False) if 2 * graph.mirrored()[0] == len(neighbour) else graph

    @property
    def n_cells(self) -> int:
        """Number of cells, with or without neighbours."""
        return len(self.start) - 1

    @property
    def n_edges(self) -> int:
        """Number of edges; a directed one counts for itself, an undirected one once."""
        return len(self.neighbour) if self.directed else len(self.neighbour) // 2

    def degrees(self) -> NDArray[np.int64]:
        """Return each cell's number of neighbours."""
        return np.diff(self.start)

    def mirrored(self) -> tuple[int, float]:
        """Return how many pairs of cells name each other with equal weights, and Σ w_ij w_ji over those pairs, i < j."""
        return self._mirror

    @cached_property
    def _mirror(self) -> tuple[int, float]:
        unit = bool((self.weight == 1).all())
        equal, products = mirror_sums(self.start, self.neighbour, self.weight, unit)
        return int(equal), float(products)

    def rows(self) -> NDArray[np.int64]:
        """Return the row of every entry of ``neighbour``."""
        return np.repeat(np.arange(self.n_cells), self.degrees())

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return first rows, second rows and weights of all edges; an undirected edge once, with first < second."""
        first, second = self.rows(), self.neighbour.astype(np.int64)
        keep = np.ones(first.size, bool) if self.directed else first < second
        return first[keep], second[keep], self.weight[keep]

    def with_unit_weights(self) -> NeighbourGraph:
        """Return the same graph with every weight 1."""
        return replace(self, weight=np.ones_like(self.weight))

    def mutual(self) -> NeighbourGraph:
        """Return the undirected graph of pairs that name each other (weight and distance: the mean of the two)."""
        return self._undirected(2, "both ways")

    def either_way(self) -> NeighbourGraph:
        """Return the undirected graph of pairs of which one names the other (weight and distance: the mean of those given)."""
        return self._undirected(1, "either way")

    def _undirected(self, ways: int, words: str) -> NeighbourGraph:
        if not self.directed:
            return self
        low, high = np.minimum(self.rows(), self.neighbour), np.maximum(self.rows(), self.neighbour)
        keys, place, times = np.unique(low * self.n_cells + high, return_inverse=True, return_counts=True)
        chosen = times >= ways
        weight = np.bincount(place, self.weight, len(keys)) / times
        far = None if self.distance_um is None else (np.bincount(place, self.distance_um, len(keys)) / times)[chosen]
        first, second = np.divmod(keys[chosen], max(self.n_cells, 1))
        return NeighbourGraph.from_pairs(
            self.n_cells, first, second, weight=weight[chosen], distance_um=far, definition=f"{self.definition}, {words}"
        )

    def weight_between(self, first: int, second: int) -> float:
        """Return the weight of one entry, 0 where the two are no neighbours."""
        place = find_entry(self.start, self.neighbour, first, second)
        return float(self.weight[place]) if place >= 0 else 0.0


@dataclass(frozen=True, eq=False)
class CrossNeighbours:
    """Neighbours of the cells of one population among those of another.

    Row ``i`` (a cell of the first population) has the neighbours ``neighbour[start[i]:start[i + 1]]`` (rows of the second).

    Attributes
    ----------
    start : (n_first + 1,) int64.
    neighbour : (m,) int32.
    distance_um : (m,) float64, between centres.
    n_second : size of the second population.
    definition : the definition in words, with its numbers.
    """

    start: NDArray[np.int64]
    neighbour: NDArray[np.int32]
    distance_um: NDArray[np.float64]
    n_second: int
    definition: str

    @classmethod
    def from_pairs(
        cls,
        n_first: int,
        n_second: int,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
        distance_um: NDArray[np.float64],
        *,
        definition: str,
    ) -> CrossNeighbours:
        """Build from pairs (row of the first population, row of the second).

        Raises
        ------
        InputError : if a pair is given twice.
        """
        start, neighbour, order = lists_from_pairs(n_first, n_second, np.asarray(first, np.int64), np.asarray(second, np.int64))
        row = int(first_repeat(start, neighbour))
        if row >= 0:
            raise InputError(f"row {row} has the same neighbour twice", "pairs", "give every pair of cells once")
        return cls(start, neighbour, np.asarray(distance_um, np.float64)[order], n_second, definition)

    @property
    def n_first(self) -> int:
        """Size of the first population."""
        return len(self.start) - 1

    def counts(self) -> NDArray[np.int64]:
        """Return how many neighbours of the second population each cell of the first has."""
        return np.diff(self.start)

    def matrix(self) -> sparse.csr_array:
        """Return the (n_first, n_second) sparse matrix of ones."""
        ones = np.ones(len(self.neighbour))
        return sparse.csr_array((ones, self.neighbour, self.start), shape=(self.n_first, self.n_second))
