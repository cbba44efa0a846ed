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

from coculture.interactions.heterotypic.wells import contact_statistics, well_affinity

PLACE = ["site", "t_min"]


def contact_numbers(cells: pd.DataFrame, contacts: pd.DataFrame, cell_types: Sequence[str]) -> dict[str, float]:
    """Return the contact numbers of one well at one time, all its sites together.

    Parameters
    ----------
    cells : the well's cell table; only living cells count.
    contacts : the well's contact table.
    cell_types : the types the screen tells apart; with fewer than two there are no numbers between types.
    """
    living = cells.loc[cells["alive"], [*PLACE, "cell_id", "cell_type"]]
    if living.empty:
        return {}
    pairs = _typed_pairs(living, contacts)
    numbers = {
        "well_contacts_per_cell": 2.0 * len(pairs) / len(living),
        "well_contacts_length_um": 2.0 * float(pairs["contact_length_um"].sum()) / len(living),
    }
    if len(cell_types) < 2:
        return numbers
    counts = living["cell_type"].value_counts()
    for a in cell_types:
        for b in cell_types:
            if a_count := int(counts.get(a, 0)):
                numbers[f"well_contacts_{a}_{b}"] = _directed(pairs, a, b) / a_count
    alive = cells[cells["alive"]]
    return numbers | _enrichment_numbers(alive, contacts, cell_types) | _affinity_numbers(alive, contacts, cell_types)


def territory_numbers(cells: pd.DataFrame, contacts: pd.DataFrame, cell_types: Sequence[str]) -> dict[str, float]:
    """Return :func:`contact_numbers` of a contact table on territories, named ``well_territory_…``."""
    numbers = contact_numbers(cells, contacts, cell_types)
    return {name.replace("well_", "well_territory_", 1): value for name, value in numbers.items()}


def _enrichment_numbers(living: pd.DataFrame, contacts: pd.DataFrame, cell_types: Sequence[str]) -> dict[str, float]:
    """Return the enrichment of every pair of types; pairs whose null has no spread are left out."""
    table = contact_statistics(living, contacts, names=cell_types, unknown="drop")
    table = table[table["reason"] == ""]
    log_ratio = np.log2((table["contacts"].to_numpy(np.float64) + 0.5) / (table["contacts_expected"].to_numpy(np.float64) + 0.5))
    numbers: dict[str, float] = {}
    for a, b, z, ratio in zip(table["type_a"], table["type_b"], table["contacts_z"].tolist(), log_ratio.tolist(), strict=True):
        numbers[f"well_enrichment_z_{a}_{b}"] = float(z)
        numbers[f"well_enrichment_log2_{a}_{b}"] = float(ratio)
    return numbers


def _affinity_numbers(living: pd.DataFrame, contacts: pd.DataFrame, cell_types: Sequence[str]) -> dict[str, float]:
    """Return the affinity of every two types; pairs with too few contacts to compare with are left out."""
    table = well_affinity(living, contacts, names=cell_types, unknown="drop")
    known = table[table["reason"] == ""]
    pairs = known["type_a"].astype(str) + "_" + known["type_b"].astype(str)
    numbers: dict[str, float] = {}
    for name, column in (("log2", "affinity_log2"), ("se", "standard_error")):
        numbers |= dict(zip(f"well_affinity_{name}_" + pairs, known[column].astype(float), strict=True))
    return numbers


def _typed_pairs(living: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts between living cells, with the type of each."""
    keyed = living.set_index([*PLACE, "cell_id"])["cell_type"]
    typed = contacts.copy()
    for end in ("a", "b"):
        index = pd.MultiIndex.from_frame(contacts[[*PLACE, f"cell_{end}"]])
        typed[f"type_{end}"] = keyed.reindex(index).to_numpy()
    return typed.dropna(subset=["type_a", "type_b"])


def _directed(pairs: pd.DataFrame, a: str, b: str) -> int:
    """Count contacts seen from cells of type ``a`` to cells of type ``b``; within one type each contact is seen twice."""
    forward = (pairs["type_a"] == a) & (pairs["type_b"] == b)
    backward = (pairs["type_a"] == b) & (pairs["type_b"] == a)
    return int(np.count_nonzero(forward) + np.count_nonzero(backward))
