"""Indices of mixing and segregation of cell types on a graph of neighbours.

``W_ab`` is the weight of the graph between two types (an edge counted once), ``E W_ab`` its mean under exchange of labels.
Each index is one number with one meaning:

``heterotypic_share``
    ``Σ_{a<b} W_ab / Σ W``: share of contacts between different types. Null: exact.
``segregation``
    ``1 − W_ab / E W_ab`` for a pair of types, ``1 − Σ_{a<b} W_ab / Σ_{a<b} E W_ab`` of all: 0 random, 1 fully parted, negative
    where types seek each other. The coefficient of Pielou (1961, J. Ecol. 49:255), on any graph. Null: exact.
``exposure``
    Mean over cells of type a of the share of type b among their neighbours (Bell 1954, Soc. Forces 32:357). Cells without
    neighbours are left out, of the value and of the exchange. Null: exact (a join count of the row-standardised graph).
``mixing_score``
    ``W_ab / W_aa`` (Keren et al. 2018, Cell 174:1373). Null: by permutation.
``assortativity``
    ``(Σ_a e_aa − Σ_a s_a²)/(1 − Σ_a s_a²)``, ``e_ab`` the share of entries between types and ``s_a = Σ_b e_ab`` (Newman 2003,
    Phys. Rev. E 67:026126): 1 fully parted, 0 random. Null: by permutation.
``information_segregation``
    ``1 − mean_i E_i / E``, ``E_i`` the entropy of types among i's neighbours, E that of all cells with neighbours (Reardon &
    O'Sullivan 2004, Sociol. Methodol. 34:121): 1 where all live among one type. Random labels give more than 0 where neighbours
    are few, so compare with its null. Null: by permutation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.heterotypic.cell_types import CellTypes, stratum_codes
from coculture.interactions.heterotypic.joins import join_counts
from coculture.interactions.heterotypic.permutation import shuffled_types
from coculture.interactions.heterotypic.stratified_moments import stratified_moments
from coculture.interactions.kernels.distances import weights_by_type
from coculture.interactions.neighbours.graph import NeighbourGraph

_Row = tuple[str, str, str, float, float, float, str]


def mixing_indices(
    graph: NeighbourGraph,
    types: Any,
    *,
    names: Sequence[str] | None = None,
    strata: Any = None,
    random: np.random.Generator | None = None,
    n_permutations: int = 200,
) -> pd.DataFrame:
    """Return every index of this module, beside its null.

    Parameters
    ----------
    graph : neighbours; a directed graph is made undirected first (either way).
    types : (n,) names of the cells' types.
    names : types to report. None: those found.
    strata : (n,) names; under the null labels are exchanged within them only.
    random : the stream for the indices whose null has no closed form. None leaves their null out, and says so.
    n_permutations : how many to draw for those.

    Returns
    -------
    Columns ``index, type_a, type_b`` ('' where the index is of all types), ``value, expected, sd, z, reason``. Where a number
    is NaN, ``reason`` says why.

    Raises
    ------
    InputError : if types or strata do not fit the graph.
    """
    known = CellTypes.of(types, names).for_cells(graph.n_cells)
    places = stratum_codes(strata, graph.n_cells)
    mutual = graph.either_way()
    rows = _exact_rows(mutual, known, places) + _exposure_rows(mutual, known, places)
    rows += _permuted_rows(mutual, known, places, random, n_permutations)
    table = pd.DataFrame(rows, columns=["index", "type_a", "type_b", "value", "expected", "sd", "reason"])
    z = (table["value"] - table["expected"]) / table["sd"].where(table["sd"] > 0)
    table.insert(6, "z", z)
    still = (table["reason"] == "") & z.isna()
    table.loc[still, "reason"] = "labels cannot change it"
    return table


def _exact_rows(graph: NeighbourGraph, types: CellTypes, places: NDArray[np.int64]) -> list[_Row]:
    """Heterotypic share and segregation, from join counts and their moments."""
    observed, moments = join_counts(graph, types), stratified_moments(graph, types, places)
    first, second = np.triu_indices(len(types.names), 1)
    total = float(graph.pairs()[2].sum())
    own, mean = float(observed[first, second].sum()), float(moments.mean[first, second].sum())
    spread = float(moments.covariance[first[:, None], second[:, None], first[None], second[None]].sum())
    noise = 1e-11 * max(mean**2, 1e-300)
    sd = np.sqrt(spread) if spread > noise else 0.0
    rows = [_ratio("heterotypic_share", "", "", own, mean, sd, total, "no cell has a neighbour")]
    rows.append(_one_minus("", "", own, mean, sd))
    variance = moments.variance()
    for a, b in zip(first, second, strict=True):
        names = types.names[a], types.names[b]
        rows.append(_one_minus(*names, float(observed[a, b]), float(moments.mean[a, b]), float(np.sqrt(variance[a, b]))))
    return rows


def _ratio(index: str, a: str, b: str, own: float, mean: float, sd: float, whole: float, reason: str) -> _Row:
    if whole <= 0:
        return index, a, b, np.nan, np.nan, np.nan, reason
    return index, a, b, own / whole, mean / whole, sd / whole, ""


def _one_minus(a: str, b: str, own: float, mean: float, sd: float) -> _Row:
    if mean <= 0:
        return "segregation", a, b, np.nan, np.nan, np.nan, "no contact between the types is expected"
    return "segregation", a, b, 1 - own / mean, 0.0, sd / mean, ""


def _exposure_rows(graph: NeighbourGraph, types: CellTypes, places: NDArray[np.int64]) -> list[_Row]:
    """Exposure, as the join count of the row-standardised graph of the cells that have neighbours."""
    first, second, weight = graph.pairs()
    strength = np.bincount(first, weight, graph.n_cells) + np.bincount(second, weight, graph.n_cells)
    linked = np.flatnonzero(strength > 0)
    rank = np.zeros(graph.n_cells, np.int64)
    rank[linked] = np.arange(len(linked))
    one, other = np.r_[first, second], np.r_[second, first]
    share = np.r_[weight, weight] / np.where(strength > 0, strength, 1)[one]
    shares = NeighbourGraph.from_pairs(
        len(linked), rank[one], rank[other], weight=share, directed=True, definition="shares of neighbours"
    )
    held = CellTypes(types.names, types.codes[linked])
    observed, moments = join_counts(shares, held), stratified_moments(shares, held, places[linked])
    variance, rows = moments.variance(), []
    for a, name in enumerate(types.names):
        for b, other_name in enumerate(types.names):
            sd = float(np.sqrt(variance[a, b]))
            reason = f"no cell of type '{name}' has a neighbour"
            own, mean = float(observed[a, b]), float(moments.mean[a, b])
            rows.append(_ratio("exposure", name, other_name, own, mean, sd, float(held.counts[a]), reason))
    return rows


def _permuted_rows(
    graph: NeighbourGraph, types: CellTypes, places: NDArray[np.int64], random: np.random.Generator | None, number: int
) -> list[_Row]:
    """Indices whose null is drawn."""
    kinds = len(types.names)
    ordered = [(a, b) for a in range(kinds) for b in range(kinds) if a != b]
    names = [("assortativity", "", ""), ("information_segregation", "", "")]
    names += [("mixing_score", types.names[a], types.names[b]) for a, b in ordered]
    values = _drawn_indices(graph, types, ordered)
    draws = number if random is not None else 0
    seen = [_drawn_indices(graph, shuffled_types(types, places, random), ordered) for _ in range(draws) if random is not None]
    rows: list[_Row] = []
    for place, (name, value) in enumerate(zip(names, values.tolist(), strict=True)):
        drawn = np.array([draw[place] for draw in seen])
        if np.isnan(value):
            rows.append((*name, np.nan, np.nan, np.nan, "no contacts to divide by"))
        elif len(drawn) < 2:
            rows.append((*name, value, np.nan, np.nan, "null not drawn: give a random stream and two permutations or more"))
        elif not np.isfinite(drawn).all():
            rows.append((*name, value, np.nan, np.nan, "some random labels leave nothing to divide by"))
        else:
            rows.append((*name, value, float(drawn.mean()), float(drawn.std(ddof=1)), ""))
    return rows


def _drawn_indices(graph: NeighbourGraph, types: CellTypes, ordered: list[tuple[int, int]]) -> NDArray[np.float64]:
    """Return assortativity, information segregation and the mixing score of each ordered pair of types."""
    joins = join_counts(graph, types)
    scores = [joins[a, b] / joins[a, a] if joins[a, a] > 0 else np.nan for a, b in ordered]
    return np.array([_assortativity(joins), _information(graph, types), *scores])


def _assortativity(joins: NDArray[np.float64]) -> float:
    entries = joins + np.diag(np.diag(joins))
    if entries.sum() <= 0:
        return float("nan")
    entries = entries / entries.sum()
    chance = float((entries.sum(axis=0) * entries.sum(axis=1)).sum())
    return float((np.trace(entries) - chance) / (1 - chance)) if chance < 1 else float("nan")


def _information(graph: NeighbourGraph, types: CellTypes) -> float:
    weights = np.zeros((graph.n_cells, len(types.names)))
    weights_by_type(graph.start, graph.neighbour, graph.weight, types.codes, weights)
    linked = weights.sum(axis=1) > 0
    if not linked.any():
        return float("nan")
    around = _entropy(weights[linked] / weights[linked].sum(axis=1, keepdims=True))
    whole = _entropy(np.bincount(types.codes[linked], minlength=len(types.names))[None] / linked.sum())[0]
    return float(1 - around.mean() / whole) if whole > 0 else float("nan")


def _entropy(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the entropy, in nats, of each row of shares."""
    entropy: NDArray[np.float64] = -(shares * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=1)
    return entropy
