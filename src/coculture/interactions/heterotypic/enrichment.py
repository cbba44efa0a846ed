"""Contact enrichment: which types of cells lie beside one another more, or less, than random labels would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from coculture.errors import InputError
from coculture.interactions.heterotypic.cell_types import CellTypes, stratum_codes
from coculture.interactions.heterotypic.joins import join_counts, pair_places
from coculture.interactions.heterotypic.moments import NullMoments
from coculture.interactions.heterotypic.permutation import (
    PermutedJoins,
    every_arrangement,
    number_of_arrangements,
    permuted_joins,
)
from coculture.interactions.heterotypic.stratified_moments import stratified_moments
from coculture.interactions.neighbours.graph import NeighbourGraph

_FEW_ARRANGEMENTS = 20_000
_FEW_EDGES = 10.0


@dataclass(frozen=True, eq=False)
class Enrichment:
    """Join counts beside their exact null.

    Attributes
    ----------
    table : one row a pair of types: ``type_a, type_b, n_a, n_b, observed, expected, sd, z, p_value, reason, note``. Where z
        is not defined it is NaN, and ``reason`` says why; elsewhere ``reason`` is ''. ``note`` warns where so few edges are
        expected that the normal curve misjudges p (take :func:`permutation_enrichment` there).
    covariance : (rows, rows) covariance of ``observed`` under the null.
    definition : what a neighbour is.
    null : how labels were exchanged.
    """

    table: pd.DataFrame
    covariance: NDArray[np.float64]
    definition: str
    null: str

    def overall(self) -> tuple[float, int, float]:
        """Return one test of all pairs together: chi-squared, its degrees of freedom, and p.

        ``(o − e)ᵀ Σ⁺ (o − e)`` with the exact covariance Σ; the degrees of freedom are its rank, which is below the number of
        pairs because counts sum to fixed totals. The analogue, for joins, of Dixon's (2002, Écoscience 9:142) overall test.
        ``(0.0, 0, nan)`` where nothing can vary.
        """
        shift = (self.table["observed"] - self.table["expected"]).to_numpy(np.float64)
        sd = np.where(self.table["sd"] > 0, self.table["sd"], 0.0)
        free = sd > 0
        if not free.any():
            return 0.0, 0, float("nan")
        scaled = self.covariance[np.ix_(free, free)] / np.outer(sd[free], sd[free])
        values, vectors = np.linalg.eigh(scaled)
        kept = values > 1e-9 * values.max()
        along = vectors[:, kept].T @ (shift[free] / sd[free])
        statistic, degrees = float((along**2 / values[kept]).sum()), int(kept.sum())
        return statistic, degrees, float(chi2.sf(statistic, degrees))


def enrichment(graph: NeighbourGraph, types: Any, *, names: Sequence[str] | None = None, strata: Any = None) -> Enrichment:
    """Compare the joins between types with their exact label-permutation null.

    ``z = (observed − expected)/sd`` with mean and standard deviation over all arrangements of the labels (see
    :mod:`~coculture.interactions.heterotypic.moments`), and ``p_value`` two-sided from the normal curve. For few cells take
    :func:`permutation_enrichment`, whose p-values need no normal curve.

    Parameters
    ----------
    graph : neighbours of the n cells. With unit weights the counts are numbers of contacts, with lengths they are µm.
    types : (n,) names of the cells' types.
    names : types to report, in order, also those without cells. None: those found.
    strata : (n,) names of compartments, density classes or sites; labels are exchanged within them only. None: among all.

    Returns
    -------
    Enrichment. Directed graph: a row for every ordered pair. Undirected: pairs with ``type_a`` not after ``type_b``.

    Raises
    ------
    InputError : if types or strata do not fit the graph, or a cell has none.
    """
    known = CellTypes.of(types, names).for_cells(graph.n_cells)
    moments = stratified_moments(graph, known, strata)
    observed = join_counts(graph, known)
    variance = moments.variance()
    first, second = pair_places(graph.directed, len(known.names))
    table = _table(known, first, second, observed, moments, variance)
    table["reason"] = [_reason(graph, known, strata, int(a), int(b), variance[a, b]) for a, b in zip(first, second, strict=True)]
    table["note"] = _notes(table, graph)
    words = "labels exchanged among all cells" if strata is None else "labels exchanged within strata"
    return Enrichment(table, moments.pair_covariance(graph.directed), graph.definition, words)


def permutation_enrichment(
    graph: NeighbourGraph,
    types: Any,
    random: np.random.Generator,
    *,
    n_permutations: int = 1000,
    names: Sequence[str] | None = None,
    strata: Any = None,
) -> pd.DataFrame:
    """Compare the joins between types with permuted labels: the check of :func:`enrichment`.

    Where there are at most 20,000 distinct arrangements all of them are gone through, and p is exact; otherwise
    ``n_permutations`` random ones are drawn from ``random``.

    Returns
    -------
    The columns of :func:`enrichment`, where ``expected`` and ``sd`` are of the arrangements seen and ``p_value`` is two-sided
    by counting (about the exact mean), and ``arrangements`` (how many) and ``every`` (whether these were all).

    Raises
    ------
    InputError : as :func:`enrichment`, or if fewer than two permutations are asked for.
    """
    known = CellTypes.of(types, names).for_cells(graph.n_cells)
    if n_permutations < 2:
        raise InputError(f"{n_permutations} permutations", "n_permutations", "ask for at least two")
    result = enrichment(graph, known, strata=strata)
    if number_of_arrangements(known, strata) <= _FEW_ARRANGEMENTS:
        permuted = every_arrangement(graph, known, strata=strata, most=_FEW_ARRANGEMENTS)
    else:
        permuted = permuted_joins(graph, known, n_permutations, random, strata=strata)
    return _permuted_table(result, permuted, join_counts(graph, known), graph.directed)


def _permuted_table(result: Enrichment, permuted: PermutedJoins, observed: NDArray[np.float64], directed: bool) -> pd.DataFrame:
    first, second = pair_places(directed, len(observed))
    table = result.table.copy()
    mean = np.zeros_like(observed)
    mean[first, second] = table["expected"]
    table["p_value"] = permuted.p_values(observed, mean)[first, second]
    table["expected"] = permuted.joins.mean(axis=0)[first, second]
    spread = permuted.joins.std(axis=0, ddof=0 if permuted.every else 1)[first, second]
    free = table["reason"] == ""
    table["sd"] = np.where(free, spread, 0.0)
    table["z"] = ((table["observed"] - table["expected"]) / table["sd"].where(table["sd"] > 0)).where(free)
    table.loc[free & (table["sd"] == 0), "reason"] = "all permutations drawn gave the same value"
    table.loc[~free, "p_value"] = np.nan
    table["note"] = ""
    table["arrangements"], table["every"] = len(permuted.joins), permuted.every
    return table


def _table(
    types: CellTypes,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    observed: NDArray[np.float64],
    moments: NullMoments,
    variance: NDArray[np.float64],
) -> pd.DataFrame:
    names = np.array(types.names, dtype=object)
    sd = np.sqrt(variance[first, second])
    shift = observed[first, second] - moments.mean[first, second]
    z = np.divide(shift, sd, out=np.full(len(sd), np.nan), where=sd > 0)
    return pd.DataFrame(
        {
            "type_a": names[first],
            "type_b": names[second],
            "n_a": types.counts[first],
            "n_b": types.counts[second],
            "observed": observed[first, second],
            "expected": moments.mean[first, second],
            "sd": sd,
            "z": z,
            "p_value": 2 * norm.sf(np.abs(z)),
        }
    )


def _notes(table: pd.DataFrame, graph: NeighbourGraph) -> list[str]:
    """Warn of pairs of types between which few edges are expected."""
    mean_weight = float(graph.weight.mean()) if len(graph.weight) else 1.0
    edges = table["expected"] / mean_weight if mean_weight > 0 else table["expected"]
    few = (edges < _FEW_EDGES) & (table["reason"] == "")
    return [f"only {edges:.3g} edges expected: p is rough" if little else "" for edges, little in zip(edges, few, strict=True)]


def _reason(graph: NeighbourGraph, types: CellTypes, strata: Any, a: int, b: int, variance: float) -> str:
    """Say why z is not defined for a pair of types; '' where it is."""
    counts = types.counts
    for kind in (a, b):
        if counts[kind] == 0:
            return f"no cell of type '{types.names[kind]}'"
    if variance > 0:
        return ""
    if a == b and counts[a] == 1:
        return f"only one cell of type '{types.names[a]}', so no pair of its own"
    if not len(graph.neighbour):
        return "no cell has a neighbour"
    if (counts > 0).sum() == 1:
        return f"every cell is of type '{types.names[a]}'"
    within = "" if strata is None or stratum_codes(strata, graph.n_cells).max(initial=0) == 0 else " within the strata"
    return f"every arrangement of the labels{within} gives the same value"
