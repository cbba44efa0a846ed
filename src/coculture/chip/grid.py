"""A chip cut into square cells: what flow, transport and the living cells see of its geometry.

Arrays are (Y, X) with x to the right and y down; the origin is the top-left corner of cell (0, 0), whose centre lies at
(0.5, 0.5) × ``pitch_um``. The third direction is averaged over: a cell is a box of ``pitch_um`` × ``pitch_um`` × its depth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

WALL, FLUID, GEL = 0, 1, 2
"""What fills a cell of the grid."""


@dataclass(frozen=True, eq=False)
class Port:
    """A hole through which medium enters or leaves from above.

    Attributes
    ----------
    name : its name in the design.
    kind : which way medium is meant to go.
    cells : (n,) int64, the cells under it, as positions in the flattened grid, ascending.
    """

    name: str
    kind: Literal["inlet", "outlet"]
    cells: NDArray[np.int64]


@dataclass(frozen=True)
class GelKind:
    """A hydrogel.

    Attributes
    ----------
    name : its name in the design.
    permeability_um2 : Darcy permeability, µm² (1 µm² = 1e-12 m²).
    diffusion_factor : diffusion coefficient in the gel over that in medium, porosity and tortuosity in one.
    porosity : fraction of the volume that solutes can reach.
    """

    name: str
    permeability_um2: float
    diffusion_factor: float = 1.0
    porosity: float = 1.0


@dataclass(frozen=True)
class Membrane:
    """A porous membrane over a region, with a well-mixed tank behind it.

    Attributes
    ----------
    name, region : its name, and the region of the grid it covers.
    thickness_um, pore_radius_um, porosity : of the membrane.
    tank_volume_um3 : volume of the tank behind it (1 µL = 1e9 µm³).
    """

    name: str
    region: str
    thickness_um: float
    pore_radius_um: float
    porosity: float
    tank_volume_um3: float


@dataclass(frozen=True, eq=False)
class ChipGrid:
    """A chip cut into square cells.

    Attributes
    ----------
    name : the design's name.
    pitch_um : width of a cell, µm.
    space : (Y, X) uint8, ``WALL``, ``FLUID`` or ``GEL``.
    depth_um : (Y, X) float64, height of the space; 0 in walls, above 0 elsewhere.
    gel : (Y, X) int16, which of ``gels`` fills a cell; -1 where none does.
    region : (Y, X) int16, which of ``region_names`` a cell belongs to; -1 where none.
    region_names, ports, gels, membranes : what the numbers mean, and what is attached.
    """

    name: str
    pitch_um: float
    space: NDArray[np.uint8]
    depth_um: NDArray[np.float64]
    gel: NDArray[np.int16]
    region: NDArray[np.int16]
    region_names: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    gels: tuple[GelKind, ...] = ()
    membranes: tuple[Membrane, ...] = field(default=())

    @property
    def shape(self) -> tuple[int, int]:
        """(Y, X) number of cells."""
        rows, columns = self.space.shape
        return rows, columns

    @property
    def open(self) -> NDArray[np.bool_]:
        """(Y, X) cells that solutes can enter: fluid or gel."""
        return np.asarray(self.space != WALL)

    @property
    def fluid(self) -> NDArray[np.bool_]:
        """(Y, X) cells of free medium."""
        return np.asarray(self.space == FLUID)

    def in_region(self, name: str) -> NDArray[np.bool_]:
        """Return (Y, X) the cells of the region called ``name``; KeyError where there is none of that name."""
        if name not in self.region_names:
            raise KeyError(name)
        return np.asarray(self.region == self.region_names.index(name))
