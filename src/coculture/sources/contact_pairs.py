"""Who is whose neighbour in one field: the contact table, by a definition that is named.

=================  ====================================================================================================
``touching``       outlines that share a border, or lie across a strip of background no wider than ``gap_um``
``edge-distance``  outlines, taken as circles of the same area, no further apart than ``gap_um``
``k-nearest``      each other's, or one the other's, ``k`` nearest centres
``delaunay``       centres joined by the Delaunay triangulation; longer edges are pruned as told, never by themselves
=================  ====================================================================================================

Whatever the definition, ``contact_length_um`` is the border the two outlines share: 0 for neighbours that do not touch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.contacts import touching_pairs
from coculture.interactions.neighbours.definition import Cells, Definition
from coculture.interactions.neighbours.delaunay import DelaunayNeighbours
from coculture.interactions.neighbours.edge_distance import EdgeDistance
from coculture.interactions.neighbours.k_nearest import KNearest

Neighbours = Literal["touching", "edge-distance", "k-nearest", "delaunay"]

_KEYS = ["cell_a", "cell_b"]


@dataclass(frozen=True)
class ContactSettings:
    """Which cells count as neighbours.

    Attributes
    ----------
    neighbours : the definition, see the module's head.
    gap_um : widest gap of ``touching`` and ``edge-distance``.
    k : how many ``k-nearest``.
    ways : whether of two cells ``both`` have to name each other, or ``either`` is enough (``k-nearest``).
    longest_um, longest_over_median : which edges of ``delaunay`` are pruned; None prunes none.
    least_length_um : contacts that share a shorter border are none. 0: all count.

    Raises
    ------
    InputError : if a number is missing or not of use.
    """

    neighbours: Neighbours = "touching"
    gap_um: float = 0.0
    k: int | None = None
    ways: Literal["both", "either"] = "either"
    longest_um: float | None = None
    longest_over_median: float | None = None
    least_length_um: float = 0.0

    def __post_init__(self) -> None:
        if self.neighbours not in ("touching", "edge-distance", "k-nearest", "delaunay"):
            known = "touching, edge-distance, k-nearest, delaunay"
            raise InputError(f"unknown neighbours '{self.neighbours}'", "contacts.neighbours", f"use one of: {known}")
        if self.neighbours == "k-nearest" and self.k is None:
            raise InputError("k-nearest needs a number of neighbours", "contacts.k", "say how many: k = 6")
        for name in ("gap_um", "least_length_um"):
            if not (np.isfinite(getattr(self, name)) and getattr(self, name) >= 0):
                raise InputError(f"{getattr(self, name)} is no length", f"contacts.{name}", "give µm, 0 or more")

    @property
    def by_centres(self) -> Definition | None:
        """The definition on centres and sizes, None where outlines are looked at."""
        if self.neighbours == "edge-distance":
            return EdgeDistance(self.gap_um)
        if self.neighbours == "k-nearest":
            return KNearest(self.k or 1, self.ways)
        return DelaunayNeighbours(self.longest_um, self.longest_over_median) if self.neighbours == "delaunay" else None


def contact_pairs(
    labels: NDArray[np.int32], cells: pd.DataFrame, pixel_size_um: float, settings: ContactSettings
) -> pd.DataFrame:
    """Return the neighbours of one field.

    Parameters
    ----------
    labels : (Y, X) outlines.
    cells : the field's cell table: ``cell_id``, ``x_um``, ``y_um``.
    pixel_size_um : width of a pixel.
    settings : the definition.

    Returns
    -------
    ``cell_a`` < ``cell_b`` and ``contact_length_um``, sorted.
    """
    definition = settings.by_centres
    touching = touching_pairs(labels, pixel_size_um, gap_um=settings.gap_um if definition is None else 0.0)
    pairs = touching if definition is None else _neighbours(labels, cells, pixel_size_um, definition, touching)
    if settings.least_length_um > 0:
        pairs = pairs[pairs["contact_length_um"] >= settings.least_length_um].reset_index(drop=True)
    return pairs


def _neighbours(
    labels: NDArray[np.int32], cells: pd.DataFrame, pixel_size_um: float, definition: Definition, touching: pd.DataFrame
) -> pd.DataFrame:
    """Return the pairs of a definition on centres, with the border of those that touch."""
    if len(cells) < 2:
        return touching.iloc[:0]
    ids = cells["cell_id"].to_numpy(np.int64)
    area = np.bincount(labels.ravel(), minlength=int(ids.max()) + 1)[ids] * pixel_size_um**2
    graph = definition.graph(Cells(cells[["x_um", "y_um"]].to_numpy(np.float64), np.sqrt(area / np.pi)))
    first, second, _ = graph.pairs()
    ends = np.sort(np.column_stack((ids[first], ids[second])), axis=1)
    pairs = pd.DataFrame(ends, columns=_KEYS).sort_values(_KEYS, ignore_index=True)
    joined = pairs.merge(touching, on=_KEYS, how="left", validate="one_to_one")
    return joined.fillna({"contact_length_um": 0.0})
