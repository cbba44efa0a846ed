"""Exact mean and covariance of join counts when labels are exchanged at random, without drawing a single permutation.

Let ``w_ij`` be the weight of the entry from cell i to cell j and ``D_ab = Σ w_ij [t_i = a][t_j = b]``. Under the null every
arrangement of the labels on the cells is equally likely, the numbers ``n_a`` of each type being fixed. The chance that k
distinct cells bear given types is a ratio of falling factorials,

    P(a, b, …) = Π_t n_t^(m_t) / N^(k),        x^(m) = x (x − 1) … (x − m + 1),

where ``m_t`` of the k types are t. So ``E D_ab = S P(a, b)`` with ``S = Σ w``, and ``E D_ab D_cd`` is a sum over pairs of
entries (i, j), (k, l) sorted by the cells they share:

    same entry            i = k, j = l    Q1 = Σ w_ij²             [a = c][b = d] P(a, b)
    mirrored              i = l, j = k    Q2 = Σ w_ij w_ji         [a = d][b = c] P(a, b)
    same source           i = k           R1 = Σ out_i² − Q1       [a = c] P(a, b, d)
    same target           j = l           R2 = Σ in_j² − Q1        [b = d] P(a, b, c)
    chain                 i = l           R3 = Σ out_i in_i − Q2   [a = d] P(a, b, c)
    chain                 j = k           R3                       [b = c] P(a, b, d)
    no cell shared                        S² − Q1 − Q2 − R1 − R2 − 2 R3    P(a, b, c, d)

Six sums over the graph thus give every mean, variance and covariance, for any number of types and any weights. For two
types this is Moran's (1948) and Cliff & Ord's (1981, *Spatial Processes*, section 2.4) free of simulation; for many types see
Sokal & Oden (1978, Biol. J. Linn. Soc. 10:199) and Epperson (2003). An undirected edge is two entries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.joins import once_per_edge, pair_places
from coculture.interactions.kernels.joins import weight_sums
from coculture.interactions.neighbours.graph import NeighbourGraph

Tensor = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NullMoments:
    """Mean and covariance of the join counts over all arrangements of the labels.

    Attributes
    ----------
    mean : (T, T), in the meaning of :func:`~coculture.interactions.heterotypic.joins.join_counts`.
    covariance : (T, T, T, T); entry (a, b, c, d) is the covariance of the counts (a, b) and (c, d).
    second : (T, T) raw second moments, to tell a variance of 0 from rounding.
    """

    mean: Tensor
    covariance: Tensor
    second: Tensor

    def variance(self) -> Tensor:
        """Return the (T, T) variances; what is 0 up to rounding is exactly 0."""
        values = np.einsum("abab->ab", self.covariance)
        return np.where(values <= 1e-11 * np.abs(self.second), 0.0, values)

    def pair_covariance(self, directed: bool) -> Tensor:
        """Return the covariance matrix of the pairs of types that are told apart, in the order of ``pair_places``."""
        first, second = pair_places(directed, len(self.mean))
        matrix: Tensor = self.covariance[first[:, None], second[:, None], first[None], second[None]]
        return matrix


@dataclass(frozen=True)
class WeightSums:
    """The six sums of a graph: S, Q1, Q2 and the sums of squares and products of what cells give and take."""

    total: float
    squares: float
    mirrored: float
    out_out: float
    in_in: float
    out_in: float

    @classmethod
    def of(cls, graph: NeighbourGraph) -> WeightSums:
        """Sum over a graph."""
        total, squares, *degrees = weight_sums(graph.start, graph.neighbour, graph.weight, graph.directed)
        mirrored = 2 * graph.mirrored()[1] if graph.directed else squares
        return cls(total, squares, mirrored, *degrees)


@dataclass(frozen=True, eq=False)
class Chances:
    """Chances that 1, 2, 3 or 4 distinct cells bear given types: ``one[a]``, ``two[a, b]``, and so on."""

    one: Tensor
    two: Tensor
    three: Tensor
    four: Tensor

    @classmethod
    def of(cls, counts: NDArray[np.int64]) -> Chances:
        """Compute from the number of cells of each type. Chances of more cells than there are come out as 0."""
        n, cells = counts.astype(np.float64), int(counts.sum())
        same = np.eye(len(n))
        one = n / max(cells, 1)
        two = one[:, None] * (n[None, :] - same) / max(cells - 1, 1)
        shared = same[:, None, :] + same[None, :, :]
        three = two[:, :, None] * (n - shared) / max(cells - 2, 1)
        shared4 = shared[:, :, None, :] + same[None, None, :, :]
        four = three[..., None] * (n - shared4) / max(cells - 3, 1)
        return cls(one, two * (cells > 1), three * (cells > 2), four * (cells > 3))


def second_moments(sums: WeightSums, chances: Chances) -> Tensor:
    """Return ``E D_ab D_cd`` as a (T, T, T, T) array (the table in this module's docstring)."""
    same = np.eye(len(chances.one))
    source = sums.out_out - sums.squares
    target = sums.in_in - sums.squares
    chain = sums.out_in - sums.mirrored
    apart = sums.total**2 - sums.squares - sums.mirrored - source - target - 2 * chain
    moments: Tensor = apart * chances.four
    moments += sums.squares * np.einsum("ac,bd,ab->abcd", same, same, chances.two)
    moments += sums.mirrored * np.einsum("ad,bc,ab->abcd", same, same, chances.two)
    moments += source * np.einsum("ac,abd->abcd", same, chances.three)
    moments += target * np.einsum("bd,abc->abcd", same, chances.three)
    moments += chain * (np.einsum("ad,abc->abcd", same, chances.three) + np.einsum("bc,abd->abcd", same, chances.three))
    return moments


def null_moments(graph: NeighbourGraph, types: CellTypes) -> NullMoments:
    """Return the exact moments when labels are exchanged among all cells.

    Parameters
    ----------
    graph : neighbours, weighted or not, directed or not.
    types : one type per cell of the graph.

    Raises
    ------
    InputError : if the types do not fit the graph.
    """
    chances = Chances.of(types.for_cells(graph.n_cells).counts)
    sums = WeightSums.of(graph)
    mean = sums.total * chances.two
    second = second_moments(sums, chances)
    covariance = second - np.einsum("ab,cd->abcd", mean, mean)
    return as_edges(mean, covariance, graph.directed)


def as_edges(mean: Tensor, covariance: Tensor, directed: bool) -> NullMoments:
    """Turn moments of counts of entries into moments of counts of edges."""
    factor = once_per_edge(directed, len(mean))
    mean, covariance = mean * factor, covariance * factor[:, :, None, None] * factor[None, None]
    return NullMoments(mean, covariance, np.einsum("abab->ab", covariance) + mean**2)
