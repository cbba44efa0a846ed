"""From the contact tables of one well to the well's numbers about what happens between its cells.

==================================  =====================================================================
``well_contacts_per_cell``          mean number of cells a cell touches, 2 · pairs / cells
``well_contacts_length_um``         mean length of border a cell shares with others, µm
``well_contacts_<a>_<b>``           mean number of cells of type b that a cell of type a touches
``well_enrichment_z_<a>_<b>``       contacts between a and b against the exact label-permutation null, in its
                                    standard deviations; a before b in the screen's order of types
``well_enrichment_log2_<a>_<b>``    log2 of contacts observed over expected, with half a contact added to both
``well_affinity_log2_<a>_<b>``      log2 of contacts between a and b beyond what each type's own contacts lead one to
                                    expect: what a hit between cells is judged by (see ``…heterotypic.affinity``)
``well_affinity_se_<a>_<b>``        its standard error from chance within the well
==================================  =====================================================================

Counts of contacts follow density and composition. Enrichment is judged at the well's own counts and arrangement, so
where types do not seek one another a treatment that merely removes cells does not move it: z says how sure a well is and
grows with its cells, log2 says how large the effect is. Where they do, enrichment moves with composition, and affinity
does not (see :mod:`coculture.interactions.heterotypic.affinity`).

Outlines that follow a stain touch less where a treatment moves or dims the stain, though no cell has moved. Beside them the
same numbers are given on *territories* (outlines that rest on the nuclei alone), as ``well_territory_contacts_…`` and
``well_territory_enrichment_…``: an effect that is there on the stain's outlines only is one of the stain.

Without cells (or without cells of type a) a number is left out, never 0: no answer is not the answer none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.interactions.heterotypic.affinity import affinity
from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.enrichment import enrichment
from coculture.interactions.heterotypic.joins import join_counts
from coculture.interactions.heterotypic.wells import touching_graph
from coculture.interactions.neighbours.graph import NeighbourGraph


def contact_numbers(cells: pd.DataFrame, contacts: pd.DataFrame, cell_types: Sequence[str]) -> dict[str, float]:
    """Return the contact numbers of one well at one time, all its sites together.

    Parameters
    ----------
    cells : the well's cell table; only living cells count.
    contacts : the well's contact table.
    cell_types : the types the screen tells apart; with fewer than two there are no numbers between types.
    """
    living = cells[cells["alive"].to_numpy(bool)]
    if living.empty:
        return {}
    lengths, sites = touching_graph(living, contacts, unknown="drop")
    numbers = {
        "well_contacts_per_cell": 2.0 * lengths.n_edges / len(living),
        "well_contacts_length_um": 2.0 * float(lengths.pairs()[2].sum()) / len(living),
    }
    if len(cell_types) < 2:
        return numbers
    graph, types = lengths.with_unit_weights(), CellTypes.of(living["cell_type"], cell_types)
    counted = join_counts(graph, types)
    for a, name in enumerate(types.names):
        for b, other in enumerate(types.names):
            if types.counts[a]:  # a contact within one type is seen from both its cells
                numbers[f"well_contacts_{name}_{other}"] = float(counted[a, b] * (2 if a == b else 1) / types.counts[a])
    return numbers | _enrichment_numbers(graph, types, sites) | _affinity_numbers(graph, types, sites)


def territory_numbers(cells: pd.DataFrame, contacts: pd.DataFrame, cell_types: Sequence[str]) -> dict[str, float]:
    """Return :func:`contact_numbers` of a contact table on territories, named ``well_territory_…``."""
    numbers = contact_numbers(cells, contacts, cell_types)
    return {name.replace("well_", "well_territory_", 1): value for name, value in numbers.items()}


def _enrichment_numbers(graph: NeighbourGraph, types: CellTypes, sites: NDArray[np.int64]) -> dict[str, float]:
    """Return the enrichment of every pair of types; pairs whose null has no spread are left out."""
    table = enrichment(graph, types, strata=sites).table
    table = table[table["reason"] == ""]
    log_ratio = np.log2((table["observed"].to_numpy(np.float64) + 0.5) / (table["expected"].to_numpy(np.float64) + 0.5))
    numbers: dict[str, float] = {}
    for a, b, z, ratio in zip(table["type_a"], table["type_b"], table["z"].tolist(), log_ratio.tolist(), strict=True):
        numbers[f"well_enrichment_z_{a}_{b}"] = float(z)
        numbers[f"well_enrichment_log2_{a}_{b}"] = float(ratio)
    return numbers


def _affinity_numbers(graph: NeighbourGraph, types: CellTypes, sites: NDArray[np.int64]) -> dict[str, float]:
    """Return the affinity of every two types; pairs with too few contacts to compare with are left out."""
    table = affinity(graph, types, strata=sites)
    known = table[table["reason"] == ""]
    pairs = known["type_a"].astype(str) + "_" + known["type_b"].astype(str)
    numbers: dict[str, float] = {}
    for name, column in (("log2", "affinity_log2"), ("se", "standard_error")):
        numbers |= dict(zip(f"well_affinity_{name}_" + pairs, known[column].astype(float), strict=True))
    return numbers
