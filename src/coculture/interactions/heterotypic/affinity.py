"""Affinity of two cell types: how often they touch beyond what each type's own sociability would give, and how sure one well is.

    affinity = log2 ( D_ab / E_ab ) − ½ log2 ( D_aa / E_aa ) − ½ log2 ( D_bb / E_bb )

``D`` are the contacts counted between types and ``E`` those that random labels would give (exact, see
:mod:`~coculture.interactions.heterotypic.moments`; how many edges the graph has cancels). It is half the log odds ratio
``D_ab² / (4 D_aa D_bb)`` of the table of contacts, the interaction of a log-linear model (Goodman 1968, JASA 63:1091), and
on a lattice half the exchange energy of the quasi-chemical approximation (Guggenheim 1935, Proc. R. Soc. A 148:304). What it
does not move with:

- **density and composition**: cells taken out at random thin every ``D_ij`` as ``n_i n_j``, which ``E`` takes off again, pair
  by pair, whatever the affinity of the cells that stay; log enrichment over *all* contacts does move, because its
  denominator holds the contacts of a and b themselves;
- **area of the stain**: where a contact of i and j is seen with the chance ``q_i q_j`` the odds ratio does not change, not even
  where the outlines of one type alone shrink;
- **crowding** that brings all cells nearer to one another alike.

Half a contact is added to every count, which makes the logarithm of a Poisson count all but unbiased from three contacts on; with
fewer than :data:`FEWEST_EXPECTED` expected between any of the three pairs there is no answer.

The standard error is by the delta method. Counts are taken to vary about their own means as random labels let them vary
about the expected ones: with the exact covariance C of the null and ``c = (1, −½, −½)``

    variance = Σ_kl c_k c_l C_kl / √(E_k E_l D_k D_l),

for a sparse graph ``1/D_ab + 1/(4 D_aa) + 1/(4 D_bb)``. It knows of chance within a well; what wells differ by is for
whoever compares them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.joins import join_counts
from coculture.interactions.heterotypic.moments import NullMoments
from coculture.interactions.heterotypic.stratified_moments import stratified_moments
from coculture.interactions.neighbours.graph import NeighbourGraph

FEWEST_EXPECTED = 3.0
"""Contacts that random labels must give between any of the three pairs of types."""

_CONTRAST = np.array([1.0, -0.5, -0.5])


def affinity(graph: NeighbourGraph, types: Any, *, names: Sequence[str] | None = None, strata: Any = None) -> pd.DataFrame:
    """Return the affinity of every two different types and its standard error.

    Parameters
    ----------
    graph : who touches whom, undirected; weights are not looked at.
    types : (n,) names of the cells' types.
    names : types to report, in order. None: those found.
    strata : (n,) sites or compartments within which labels are exchanged for the expected contacts. None: among all.

    Returns
    -------
    One row a pair: ``type_a, type_b, affinity_log2, standard_error`` (log2 units; both NaN where there is no answer) and
    ``reason``, '' where there is one.

    Raises
    ------
    InputError : if types or strata do not fit the graph, or a cell has none.
    """
    known = CellTypes.of(types, names).for_cells(graph.n_cells)
    plain = graph.with_unit_weights()
    moments = stratified_moments(plain, known, strata)
    observed = join_counts(plain, known)
    rows = []
    for a in range(len(known.names)):
        for b in range(a + 1, len(known.names)):
            value, error, reason = _of_pair(observed, moments, known, a, b)
            rows.append((known.names[a], known.names[b], value, error, reason))
    return pd.DataFrame(rows, columns=["type_a", "type_b", "affinity_log2", "standard_error", "reason"])


def _of_pair(observed: NDArray[np.float64], moments: NullMoments, types: CellTypes, a: int, b: int) -> tuple[float, float, str]:
    first, second = np.array([a, a, b]), np.array([b, a, b])
    expected = moments.mean[first, second]
    rarest = int(np.argmin(expected))
    if expected[rarest] < FEWEST_EXPECTED:
        pair = f"{types.names[first[rarest]]} and {types.names[second[rarest]]}"
        return np.nan, np.nan, f"random labels would give {expected[rarest]:.2g} contacts of {pair}, too few to compare with"
    seen = observed[first, second] + 0.5
    value = float(_CONTRAST @ np.log2(seen / expected))
    covariance = moments.covariance[first[:, None], second[:, None], first[None], second[None]]
    slope = _CONTRAST / np.sqrt(expected * seen)
    variance = float(slope @ covariance @ slope)
    return value, float(np.sqrt(max(variance, 0.0)) / np.log(2.0)), ""
