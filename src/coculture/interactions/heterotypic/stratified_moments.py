"""Exact moments of join counts when labels are exchanged only within strata (compartments, density classes, sites).

Write ``[t_i = a] = p_a + y_ia`` with ``p`` the fractions in i's stratum. Entries within one stratum s keep their own sum
``D^s``; entries across strata split into a constant, a part linear in the y of one stratum, and a product of two y:

    D_ab = const + Σ_s D^s_ab + Σ_s L^s_ab + Σ_{s≠u} B^su_ab
    L^s_ab  = Σ_{i in s} ( y_ia f_i(b) + y_ib h_i(a) )
    B^su_ab = Σ_{i in s, j in u} w_ij y_ia y_jb

``f_i(b)`` is the weight i is expected to give to type b in other strata, ``h_i(a)`` what it is expected to take. Strata are
independent and E y = 0, so only these covariances are not zero (n, C: size and label covariance ``diag(p) − p pᵀ`` of s):

    Cov(D^s, D^s)     as without strata, with the six sums of s alone
    Cov(D^s_ab, Σ y_e g) = [a = e] P(a,b) Σ out g + [b = e] P(a,b) Σ in g + (S G − Σ out g − Σ in g) P(a,b,e) − S P(a,b) G p_e
    Cov(Σ y_e g, Σ y_e' g') = C_ee' n/(n − 1) (Σ g g' − G G'/n),                     G = Σ g
    Cov(B^su_ab, B^su_cd) = C^s_ac C^u_bd (n_s n_u Q1 − n_s Σ out² − n_u Σ in² + S²) / ((n_s − 1)(n_u − 1))
    Cov(B^su_ab, B^us_cd) = C^s_ad C^u_bc (n_s n_u Q2 − n_s Σ out in − n_u Σ in out + S S') / ((n_s − 1)(n_u − 1))

The last two follow from ``E y_ia y_kc = C_ac (n δ_ik − 1)/(n − 1)``. Nothing is simulated, and the cost is that of one pass
over the graph plus a (T, T, T, T) array per pair of strata that touch.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.interactions.heterotypic.cell_types import CellTypes, stratum_codes
from coculture.interactions.heterotypic.joins import ReversedLists
from coculture.interactions.heterotypic.moments import (
    Chances,
    NullMoments,
    Tensor,
    WeightSums,
    as_edges,
    null_moments,
    second_moments,
)
from coculture.interactions.kernels.joins import expected_across, stratum_sums, within_weights
from coculture.interactions.neighbours.graph import NeighbourGraph


def stratified_moments(graph: NeighbourGraph, types: CellTypes, strata: Any) -> NullMoments:
    """Return the exact moments when labels are exchanged among the cells of each stratum only.

    Parameters
    ----------
    graph, types : as in :func:`~coculture.interactions.heterotypic.moments.null_moments`.
    strata : (n,) any names or numbers; None, or one stratum for all, is the unrestricted null.

    Raises
    ------
    InputError : if types or strata do not fit the graph.
    """
    places = stratum_codes(strata, graph.n_cells)
    many = int(places.max(initial=0)) + 1
    if many == 1:
        return null_moments(graph, types)
    codes = types.for_cells(graph.n_cells).codes
    back = ReversedLists.of(graph)
    sums = np.zeros((6, many, many))
    stratum_sums(graph.start, graph.neighbour, graph.weight, back.start, back.neighbour, back.weight, places, sums)
    counts = np.zeros((many, len(types.names)), np.int64)
    np.add.at(counts, (places, codes), 1)
    parts = _Parts(graph, back, places, counts)
    mean = np.zeros((len(types.names),) * 2)
    covariance = np.zeros((len(types.names),) * 4)
    for stratum in range(many):
        within = WeightSums(*(float(value) for value in sums[:, stratum, stratum]))
        mean_here, covariance_here = parts.of_stratum(stratum, within)
        mean += mean_here
        covariance += covariance_here
    across = sums[0] * (1 - np.eye(many))
    mean += np.einsum("su,sa,ub->ab", across, parts.fractions, parts.fractions)
    covariance += _products_across(sums, counts)
    return as_edges(mean, covariance, graph.directed)


class _Parts:
    """Each cell's weights and expectations, and the moments of one stratum made from them."""

    def __init__(self, graph: NeighbourGraph, back: ReversedLists, places: NDArray[np.int64], counts: NDArray[np.int64]) -> None:
        shape = (graph.n_cells, counts.shape[1])
        self.counts = counts
        self.fractions = counts / counts.sum(axis=1, keepdims=True)
        self.members = np.split(np.argsort(places, kind="stable"), np.cumsum(counts.sum(axis=1))[:-1])
        self.given, self.taken = np.zeros(shape), np.zeros(shape)
        self.out, self.inward = np.zeros(graph.n_cells), np.zeros(graph.n_cells)
        within_weights(graph.start, graph.neighbour, graph.weight, places, self.out)
        within_weights(back.start, back.neighbour, back.weight, places, self.inward)
        expected_across(graph.start, graph.neighbour, graph.weight, places, self.fractions, self.given)
        expected_across(back.start, back.neighbour, back.weight, places, self.fractions, self.taken)

    def of_stratum(self, stratum: int, within: WeightSums) -> tuple[Tensor, Tensor]:
        """Return the mean of D^s, and the covariance of D^s + L^s."""
        chances, cells = Chances.of(self.counts[stratum]), self.members[stratum]
        mean = within.total * chances.two
        covariance = second_moments(within, chances) - np.einsum("ab,cd->abcd", mean, mean)
        given, taken = self.given[cells], self.taken[cells]
        if given.any() or taken.any():
            mixed = self._joins_with_linear(cells, within, chances)
            covariance += mixed + mixed.transpose(2, 3, 0, 1) + _linear_parts(given, taken, chances.one)
        return mean, covariance

    def _joins_with_linear(self, cells: NDArray[np.int64], within: WeightSums, chances: Chances) -> Tensor:
        """Return Cov(D^s_ab, L^s_cd)."""
        same, two, three = np.eye(len(chances.one)), chances.two, chances.three

        def joined(g: Tensor) -> Tensor:
            """Return Cov(D^s_ab, Σ y_e g_x) as (a, b, e, x)."""
            out, inward, total = self.out[cells] @ g, self.inward[cells] @ g, g.sum(axis=0)
            rest = within.total * total - out - inward
            part: Tensor = np.einsum("ae,ab,x->abex", same, two, out) + np.einsum("be,ab,x->abex", same, two, inward)
            part += np.einsum("abe,x->abex", three, rest)
            part -= np.einsum("ab,e,x->abex", within.total * two, chances.one, total)
            return part

        return joined(self.given[cells]) + joined(self.taken[cells]).swapaxes(2, 3)


def _linear_parts(given: Tensor, taken: Tensor, fractions: Tensor) -> Tensor:
    """Return Cov(L^s_ab, L^s_cd)."""
    cells = len(given)
    if cells < 2:
        return np.zeros((len(fractions),) * 4)
    spread = np.diag(fractions) - np.outer(fractions, fractions)
    scale = cells / (cells - 1)
    f, h = given - given.mean(axis=0), taken - taken.mean(axis=0)
    ff, fh, hh = scale * f.T @ f, scale * f.T @ h, scale * h.T @ h
    covariance: Tensor = np.einsum("ac,bd->abcd", spread, ff) + np.einsum("bd,ac->abcd", spread, hh)
    covariance += np.einsum("ad,bc->abcd", spread, fh) + np.einsum("bc,da->abcd", spread, fh)
    return covariance


def _products_across(sums: Tensor, counts: NDArray[np.int64]) -> Tensor:
    """Return the covariance of ΣB^su, the products of two strata's deviations."""
    size = counts.sum(axis=1).astype(np.float64)
    fractions = counts / size[:, None]
    spread = np.einsum("sa,ac->sac", fractions, np.eye(counts.shape[1])) - np.einsum("sa,sc->sac", fractions, fractions)
    total, squares, mirrored, out_out, in_in, out_in = sums
    free = np.maximum(size - 1, 1)
    scale = (1 - np.eye(len(size))) / np.outer(free, free)
    both = np.outer(size, size)
    straight = scale * (both * squares - size[:, None] * out_out - size[None, :] * in_in.T + total**2)
    crossed = scale * (both * mirrored - size[:, None] * out_in - size[None, :] * out_in.T + total * total.T)
    covariance: Tensor = np.einsum("su,sac,ubd->abcd", straight, spread, spread, optimize=True)
    covariance += np.einsum("su,sad,ubc->abcd", crossed, spread, spread, optimize=True)
    return covariance
