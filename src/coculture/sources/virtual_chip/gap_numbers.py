"""How a gap between sheets of cells closes in a virtual well: the front's speed, and which type covers the ground.

A place of the gap counts as covered where a living cell's edge is within a bridging distance, so that the chinks inside a
sheet are no gap. The front's speed is that of :mod:`coculture.interactions.motion.front.gap_closure`, on areas at the read-outs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from coculture.errors import CocultureError
from coculture.interactions.motion.front.gap_closure import fit_gap_closure

Floats = NDArray[np.float64]
PIXEL_UM = 5.0
CLOSING, CLOSED, HALF = "well_gap_closing_um_per_min", "well_gap_closed_percent", "well_gap_half_closed_min"
COVERED = "well_gap_covered_percent_{}"


@dataclass(frozen=True)
class GapSettings:
    """A gap that is watched.

    Attributes
    ----------
    rectangle_um : left, top, right, bottom of where it was at the start.
    bridge_um : a place this near to a cell's edge belongs to the sheet.
    along : the axis the fronts run along; they go across it.
    fronts : how many fronts close it.
    """

    rectangle_um: tuple[float, float, float, float]
    bridge_um: float = 10.0
    along: str = "y"
    fronts: int = 2

    @property
    def front_um(self) -> float:
        """Length of one front."""
        left, top, right, bottom = self.rectangle_um
        return bottom - top if self.along == "y" else right - left

    def places(self) -> Floats:
        """Return (n, 2) the centres of the gap's pixels."""
        left, top, right, bottom = self.rectangle_um
        x, y = np.arange(left + PIXEL_UM / 2, right, PIXEL_UM), np.arange(top + PIXEL_UM / 2, bottom, PIXEL_UM)
        across, down = np.meshgrid(x, y)
        return np.column_stack((across.ravel(), down.ravel()))


def gap_number_names(types: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the numbers."""
    return (CLOSING, CLOSED, HALF, *(COVERED.format(name) for name in types))


def gap_numbers(cells: pd.DataFrame, times: Sequence[float], gap: GapSettings, types: Sequence[str]) -> dict[str, float]:
    """Return the numbers of a well; none that its read-outs cannot give.

    Parameters
    ----------
    cells : the cell table of all read-outs.
    times : of the read-outs.
    gap : the gap.
    types : the culture's types.
    """
    living = cells[cells["alive"].astype(bool)]
    places = gap.places()
    nearest = [covering(living[living["t_min"] == time], places, gap.bridge_um) for time in times]
    open_um2 = np.array([float((one == "").sum()) * PIXEL_UM**2 for one in nearest])
    found: dict[str, float] = {}
    if open_um2[0] > 0:
        free = nearest[0] == ""
        found = {COVERED.format(name): 100.0 * float((nearest[-1][free] == name).mean()) for name in types}
        found[CLOSED] = 100.0 * (1.0 - float(open_um2[-1] / open_um2[0]))
    try:
        fit = fit_gap_closure(np.asarray(times, float), open_um2, gap.front_um, fronts=gap.fronts)
    except CocultureError:
        return found
    found[CLOSING] = fit.speed_um_per_min
    if np.isfinite(fit.half_closed_min):
        found[HALF] = fit.half_closed_min
    return found


def covering(cells: pd.DataFrame, places: Floats, bridge_um: float) -> NDArray[np.str_]:
    """Return (n,) the type of the cell that covers each place, '' where it is open."""
    if not len(cells):
        return np.full(len(places), "", dtype=object)
    away, which = cKDTree(cells[["x_um", "y_um"]].to_numpy(float)).query(places)
    reach = cells["cell_size_radius_um"].to_numpy(float)[which] + bridge_um
    kinds = cells["cell_type"].astype(str).to_numpy(dtype=object)[which]
    return np.where(away <= reach, kinds, "")
