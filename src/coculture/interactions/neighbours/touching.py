"""Neighbours by touching outlines, from a contact table."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.neighbours.graph import NeighbourGraph


def graph_from_contacts(
    contacts: pd.DataFrame,
    cell_id: NDArray[np.int64],
    *,
    weight: Literal["count", "length"] = "count",
    unknown: Literal["refuse", "drop"] = "refuse",
) -> NeighbourGraph:
    """Return the graph of touching cells, in the order of ``cell_id``.

    Parameters
    ----------
    contacts : table with ``cell_a``, ``cell_b`` and ``contact_length_um``, one row a pair, of one site and time point.
    cell_id : (n,) ids of the cells, one row each; they need not be contiguous.
    weight : ``"count"`` gives every contact the weight 1, ``"length"`` its length in µm.
    unknown : what to do with a contact of a cell that is not in ``cell_id`` (one at the image border that was left out of
        the table, say): refuse, or drop the contact.

    Raises
    ------
    DataError : if a contact names an unknown cell (and they are not dropped), or an id stands twice.
    """
    if weight not in ("count", "length"):
        raise InputError(f"unknown weight '{weight}'", "weight", "use 'count' or 'length'")
    ids = np.asarray(cell_id, np.int64)
    order = np.argsort(ids, kind="stable")
    ranked = ids[order]
    if (ranked[1:] == ranked[:-1]).any():
        raise DataError(
            f"cell {ranked[1:][ranked[1:] == ranked[:-1]][0]} stands twice", "cell_id", "give one site and time point"
        )
    ends, known = [], np.ones(len(contacts), bool)
    for column in ("cell_a", "cell_b"):
        asked = contacts[column].to_numpy(np.int64)
        place = np.minimum(np.searchsorted(ranked, asked), max(len(ranked) - 1, 0))
        known &= (ranked[place] == asked) if len(ranked) else False
        ends.append(order[place] if len(ranked) else place)
    if unknown == "refuse" and not known.all():
        lost = contacts.loc[~known].iloc[0]
        raise DataError(
            f"{int((~known).sum())} contacts name a cell that is not in the cell table, the first {int(lost['cell_a'])} and "
            f"{int(lost['cell_b'])}",
            "contacts",
            "keep such cells in the table, or drop these contacts with unknown='drop'",
        )
    length = contacts["contact_length_um"].to_numpy(np.float64)[known] if weight == "length" else None
    return NeighbourGraph.from_pairs(len(ids), ends[0][known], ends[1][known], weight=length, definition=f"touching, by {weight}")
