"""Where carriers come down, and where the drug they give off outside the cells goes.

============  =====================================================================================================
bed           carriers
============  =====================================================================================================
``Stirred``   nominal dosing: all are on the floor at once, the drug they give off is everywhere at once, nothing is lost
``StillBed``  medium at rest: they diffuse and settle (ISDD, :mod:`coculture.chip.particles.static`), evenly over the floor
``FlowBed``   a perfused chip: they are a solute that comes through the ports, and come down as a perfused chamber of the
              chip's residence time catches them (:mod:`coculture.chip.particles.perfused`)
============  =====================================================================================================

A load per area of floor has the unit µM·µm: the height of dosed medium whose carriers lie on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Room:
    """The medium of a well.

    Attributes
    ----------
    volume_um3, floor_um2 : of the medium, and of the floor below it.
    """

    volume_um3: float
    floor_um2: float

    @property
    def height_um(self) -> float:
        """Mean height of the medium above the floor."""
        return self.volume_um3 / self.floor_um2


class Bed(Protocol):
    """Carriers outside cells. ``number`` is that of the dose; times are those of a step."""

    def administered(self, number: int, time_min: float) -> float:
        """Return the amount of drug in the carriers put in so far, µM·µm³."""
        ...

    def landing(self, number: int, start: float, end: float, position: Floats) -> tuple[Floats, Floats]:
        """Return (n,) loads per area that land where the cells are: at once at the start, and evenly over the step, µM·µm."""
        ...

    def landed(self, number: int) -> float:
        """Return the first load that has come down on the floor and on cells, µM·µm³."""
        ...

    def set_free(self, number: int, share: float, on_cells: Floats, taken: float, position: Floats) -> None:
        """Let carriers outside cells give off a share of their first load.

        ``on_cells`` (n,) is the first load on the cells' surfaces, ``taken`` all that cells ever took in, µM·µm³.
        """
        ...

    def give(self, number: int, amounts: Floats, position: Floats) -> None:
        """Put drug (n,) that leaves cells into the medium, µM·µm³."""
        ...

    def wash(self, number: int) -> None:
        """Take out what is neither at nor in a cell."""
        ...
