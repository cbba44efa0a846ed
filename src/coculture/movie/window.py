"""Which part of a well is shown: all of a plain well; of a chip, where its cells are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.chip.geometry.library import design_names, load_design
from coculture.chip.geometry.raster import rasterise
from coculture.movie.wanted import Wanted
from coculture.movie.well import KeptWell

Window = tuple[float, float, float, float]
"""left, top, right, bottom, µm."""

MARGIN_UM = 60.0
FEWEST_UM = 100.0


def vessel_of(well: KeptWell) -> tuple[tuple[float, float] | None, tuple[NDArray[np.bool_], float] | None]:
    """Return the size of the well or chip, µm, and where it is open, with the width of a grid cell; None where not known."""
    if well.medium is not None:
        walls = None if well.medium.is_open.all() else (well.medium.is_open, well.medium.pixel_um)
        return well.medium.size_um, walls
    source: Any = well.settings.get("source", {})
    chip = source.get("chip")
    if chip is None and well.is_virtual:
        plain = source.get("well", {})
        return (float(plain.get("width_um", 1000.0)), float(plain.get("height_um", 1000.0))), None
    if chip is None or Path(chip["design"]).suffix or chip["design"] not in design_names():
        return None, None
    grid = rasterise(load_design(chip["design"], **chip.get("parameters", {})), chip.get("pitch_um"))
    rows, columns = grid.shape
    return (columns * grid.pitch_um, rows * grid.pitch_um), (grid.open, grid.pitch_um)


def window_of(well: KeptWell, wanted: Wanted) -> Window:
    """Return the part of a drawn well that is shown."""
    size, walls = vessel_of(well)
    whole = None if size is None else (0.0, 0.0, *size)
    if whole is not None and (walls is None or wanted.whole):
        return whole
    return _around_cells(well, whole) or whole or (0.0, 0.0, FEWEST_UM, FEWEST_UM)


def _around_cells(well: KeptWell, whole: Window | None) -> Window | None:
    """Return the smallest window with every cell of every time in it, and a margin."""
    if well.cells.empty:
        return None
    x, y = well.cells["x_um"].to_numpy(float), well.cells["y_um"].to_numpy(float)
    left, top, right, bottom = x.min() - MARGIN_UM, y.min() - MARGIN_UM, x.max() + MARGIN_UM, y.max() + MARGIN_UM
    if whole is not None:
        left, top, right, bottom = max(left, 0.0), max(top, 0.0), min(right, whole[2]), min(bottom, whole[3])
    return float(left), float(top), float(max(right, left + FEWEST_UM)), float(max(bottom, top + FEWEST_UM))
