"""Join counts of randomly exchanged labels: the check of the exact moments, and p-values free of the normal curve."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import comb, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.heterotypic.cell_types import CellTypes, stratum_codes
from coculture.interactions.heterotypic.joins import join_counts
from coculture.interactions.kernels.shuffling import count_lanes, interleave, shuffle, weigh_lanes, weigh_one
from coculture.interactions.neighbours.graph import NeighbourGraph

_LANES = 8
_BATCH = 512
_MOST_TYPES_IN_LANES = 16


@dataclass(frozen=True, eq=False)
class PermutedJoins:
    """Join counts of ``n`` arrangements of the labels.

    Attributes
    ----------
    joins : (n, T, T), each in the meaning of :func:`~coculture.interactions.heterotypic.joins.join_counts`.
    every : True where these are all distinct arrangements, each once, and not a random sample.
    """

    joins: NDArray[np.float64]
    every: bool

    def p_values(self, observed: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return two-sided p-values: how often a count lies as far from ``mean`` as ``observed``, or further.

        A sample counts the observed arrangement as one of its own, ``(1 + hits)/(1 + n)`` (Phipson & Smyth 2010, Stat. Appl.
        Genet. Mol. Biol. 9:39), so that p is never 0; over all arrangements it is ``hits/n``.
        """
        slack = 1e-9 * np.maximum(1.0, np.abs(observed - mean))
        hits = (np.abs(self.joins - mean) >= np.abs(observed - mean) - slack).sum(axis=0)
        extra = 0 if self.every else 1
        values: NDArray[np.float64] = (hits + extra) / (len(self.joins) + extra)
        return values


def permuted_joins(
    graph: NeighbourGraph, types: CellTypes, n_permutations: int, random: np.random.Generator, *, strata: Any = None
) -> PermutedJoins:
    """Return the join counts of random arrangements of the labels (within strata, where given).

    Parameters
    ----------
    graph, types : as in :func:`~coculture.interactions.heterotypic.moments.null_moments`.
    n_permutations : how many, >= 1.
    random : the stream to draw from.
    strata : (n,) names; labels are exchanged only among cells of one stratum. None: among all.

    Raises
    ------
    InputError : if fewer than one permutation is asked for, or types or strata do not fit the graph.
    """
    if n_permutations < 1:
        raise InputError(f"{n_permutations} permutations", "n_permutations", "ask for at least one")
    batches = list(_batches(graph, types.for_cells(graph.n_cells), n_permutations, random, strata))
    return PermutedJoins(np.concatenate(batches), False)


def _batches(
    graph: NeighbourGraph, types: CellTypes, n_permutations: int, random: np.random.Generator, strata: Any
) -> Iterator[NDArray[np.float64]]:
    if len(types.names) > 255:
        raise InputError(f"{len(types.names)} types", "types", "permutation knows up to 255 types; use the exact moments")
    places = stratum_codes(strata, graph.n_cells)
    order = np.argsort(places, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    bounds = np.r_[0, np.cumsum(np.bincount(places))].astype(np.int64)
    first, second, weight = graph.pairs()
    pairs = (rank[first].astype(np.uint32), rank[second].astype(np.uint32))
    counter = _Counter(pairs, None if (weight == 1).all() else weight, len(types.names), graph.directed)
    labels = types.codes[order].astype(np.uint8)
    for begin in range(0, n_permutations, _BATCH):
        wanted = min(_BATCH, n_permutations - begin)
        yield np.concatenate([counter.count(_lanes(labels, bounds, random)) for _ in range(-(-wanted // _LANES))])[:wanted]


def _lanes(labels: NDArray[np.uint8], bounds: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.uint8]:
    """Return eight labellings, each shuffled from the last; ``labels`` is left as the last of them."""
    lanes = np.empty((_LANES, len(labels)), np.uint8)
    for lane in range(_LANES):
        used = -1
        while used < 0:
            draws = random.bit_generator.random_raw(len(labels) // 2 + 64).view(np.uint32)
            used = 0
            for begin, end in pairwise(bounds.tolist()):
                used = shuffle(labels, begin, end, draws, used) if used >= 0 else used
        lanes[lane] = labels
    return lanes


class _Counter:
    """Counts the joins of eight labellings at a time."""

    def __init__(
        self, pairs: tuple[NDArray[np.uint32], NDArray[np.uint32]], weight: NDArray[np.float64] | None, types: int, directed: bool
    ) -> None:
        self.pairs, self.weight, self.types, self.directed = pairs, weight, types, directed

    def count(self, lanes: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return (8, T, T) join counts."""
        joins = self._in_lanes(lanes) if self.types <= _MOST_TYPES_IN_LANES else self._one_by_one(lanes)
        if self.directed:
            return joins
        turned = joins + joins.swapaxes(1, 2)
        kinds = np.arange(self.types)
        turned[:, kinds, kinds] /= 2
        return turned

    def _in_lanes(self, lanes: NDArray[np.uint8]) -> NDArray[np.float64]:
        words = np.empty(lanes.shape[1], np.uint64)
        interleave(lanes, words)
        if self.weight is None:
            counts = np.zeros((_LANES, 256), np.int64)
            count_lanes(*self.pairs, words, counts)
            found = counts.astype(np.float64)
        else:
            found = np.zeros((_LANES, 256))
            weigh_lanes(*self.pairs, self.weight, words, found)
        return found.reshape(_LANES, 16, 16)[:, : self.types, : self.types]

    def _one_by_one(self, lanes: NDArray[np.uint8]) -> NDArray[np.float64]:
        weight = np.ones(len(self.pairs[0])) if self.weight is None else self.weight
        found = np.zeros((_LANES, self.types, self.types))
        for lane in range(_LANES):
            weigh_one(*self.pairs, weight, lanes[lane], found[lane])
        return found


def shuffled_types(types: CellTypes, places: NDArray[np.int64], random: np.random.Generator) -> CellTypes:
    """Return the types with labels exchanged at random among the cells of each stratum (``places``, numbers from 0)."""
    order = np.lexsort((random.random(len(places)), places))
    codes = np.empty_like(types.codes)
    codes[np.argsort(places, kind="stable")] = types.codes[order]
    return CellTypes(types.names, codes)


def number_of_arrangements(types: CellTypes, strata: Any = None) -> int:
    """Return how many distinct arrangements of the labels there are (a product of multinomial coefficients)."""
    places = stratum_codes(strata, len(types))
    total = 1
    for stratum in range(int(places.max(initial=0)) + 1):
        counts = np.bincount(types.codes[places == stratum], minlength=len(types.names)).tolist()
        total *= prod(comb(sum(counts[: kind + 1]), counts[kind]) for kind in range(len(counts)))
    return total


def every_arrangement(graph: NeighbourGraph, types: CellTypes, *, strata: Any = None, most: int = 200_000) -> PermutedJoins:
    """Return the join counts of all distinct arrangements of the labels, for graphs of a few cells.

    Raises
    ------
    DataError : if there are more than ``most`` arrangements.
    """
    number = number_of_arrangements(types.for_cells(graph.n_cells), strata)
    if number > most:
        raise DataError(f"{number} arrangements of the labels are too many to go through", "types", "use permutations or moments")
    places = stratum_codes(strata, graph.n_cells)
    groups = [np.flatnonzero(places == stratum) for stratum in range(int(places.max(initial=0)) + 1)]
    joins = [join_counts(graph, CellTypes(types.names, codes)) for codes in _arrange(types.codes.copy(), groups, types.codes)]
    return PermutedJoins(np.stack(joins), True)


def _arrange(codes: NDArray[np.int64], groups: list[NDArray[np.int64]], given: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Go through all arrangements of the labels of each group of cells."""
    if not groups:
        yield codes
        return
    cells, rest = groups[0], groups[1:]
    for _ in _place(codes, cells, np.bincount(given[cells]).tolist()):
        yield from _arrange(codes, rest, given)


def _place(codes: NDArray[np.int64], cells: NDArray[np.int64], counts: list[int]) -> Iterator[None]:
    """Put the last of the types on every choice of cells, and the others on the rest."""
    if len(counts) <= 1:
        codes[cells] = 0
        yield
        return
    for chosen in combinations(range(len(cells)), counts[-1]):
        taken = np.zeros(len(cells), bool)
        taken[list(chosen)] = True
        codes[cells[taken]] = len(counts) - 1
        yield from _place(codes, cells[~taken], counts[:-1])
