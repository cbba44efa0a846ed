"""All pairs of cells up to a distance, each weighted for the part of the window in which it could have been seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.heterotypic.window import SetCovariance, Window
from coculture.interactions.neighbours.cell_list import CellList


@dataclass(frozen=True, eq=False)
class PointPairs:
    """Pairs of cells, sorted by distance.

    Attributes
    ----------
    first, second : (m,) rows, first < second.
    distance_um : (m,) ascending.
    weight : (m,) 1/µm², the translation correction 1/γ(h) of a pair at shift h.
    n_cells : number of cells.
    area_um2 : area of the window.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    distance_um: NDArray[np.float64]
    weight: NDArray[np.float64]
    n_cells: int
    area_um2: float

    @classmethod
    def of(cls, positions: NDArray[np.float64], window: Window, overlap: SetCovariance, longest_um: float) -> PointPairs:
        """Find all pairs up to ``longest_um`` apart.

        Raises
        ------
        InputError, DataError : if positions are not in the plane, or lie outside the window.
        """
        points = window.require(positions)
        first, second, far = CellList.build(points, longest_um).pairs(longest_um)
        order = np.argsort(far, kind="stable")
        first, second, far = first[order], second[order], far[order]
        shift = points[second] - points[first]
        return cls(first, second, far, 1 / overlap.at(shift[:, 0], shift[:, 1]), len(points), window.area_um2)


def checked_radii(radii_um: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return radii as ascending numbers > 0, or say what is wrong.

    Raises
    ------
    InputError : if they are not.
    """
    radii = np.asarray(radii_um, np.float64)
    if radii.ndim != 1 or not radii.size or not np.isfinite(radii).all() or radii[0] <= 0 or (np.diff(radii) <= 0).any():
        raise InputError("radii must ascend and be > 0", "radii_um", "give one or more distances in µm, in order")
    return radii
