"""What a definition of "neighbour" must offer, and what it is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.neighbours.cell_list import checked_positions
from coculture.interactions.neighbours.graph import CrossNeighbours, NeighbourGraph


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells as centres, with a radius where one is known.

    Attributes
    ----------
    positions : (n, 2) or (n, 3), µm.
    radius_um : (n,) radii, µm, or None.
    """

    positions: NDArray[np.float64]
    radius_um: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "positions", checked_positions(self.positions))
        if self.radius_um is not None:
            radius = np.asarray(self.radius_um, np.float64)
            if radius.shape != (len(self.positions),) or not (np.isfinite(radius) & (radius >= 0)).all():
                raise InputError("radii must be one number >= 0 per cell, in µm", "radius_um")
            object.__setattr__(self, "radius_um", radius)

    def __len__(self) -> int:
        return len(self.positions)

    @classmethod
    def from_table(cls, cells: pd.DataFrame, columns: Sequence[str] = ("x_um", "y_um")) -> Cells:
        """Read centres from a cell table, and radii of equal area, √(area/π), where it has a whole ``area_um2``."""
        missing = [name for name in columns if name not in cells.columns]
        if missing:
            raise InputError(f"the cell table lacks {', '.join(missing)}", "cells")
        radius = None
        if "area_um2" in cells.columns and bool(cells["area_um2"].notna().all()):
            radius = np.sqrt(cells["area_um2"].to_numpy(np.float64) / np.pi)
        return cls(cells[list(columns)].to_numpy(np.float64), radius)

    def radii(self, asker: str) -> NDArray[np.float64]:
        """Return the radii, or say that ``asker`` needs them."""
        if self.radius_um is None:
            raise InputError(f"neighbours {asker} need the radius of every cell", "radius_um", "give radii in µm")
        return self.radius_um


class Definition(Protocol):
    """A rule that says who is whose neighbour. ``str(definition)`` names it with its numbers."""

    def graph(self, cells: Cells) -> NeighbourGraph:
        """Return the neighbours among one set of cells."""
        ...

    def between(self, first: Cells, second: Cells) -> CrossNeighbours:
        """Return, for each cell of ``first``, its neighbours in the other population ``second``."""
        ...
