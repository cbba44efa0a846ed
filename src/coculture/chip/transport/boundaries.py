"""Concentrations held from outside: reservoirs at open ends, and tanks behind membranes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coculture.chip.transport.schedule import Schedule

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reservoir:
    """Cells that exchange with a concentration held from outside: a fast lane, an open end, a source or a sink.

    Attributes
    ----------
    name : its name.
    cells : (n,) places in the flattened grid.
    concentration : by name of the solute, its schedule (or a constant), µM. A solute not named does not exchange.
    distance_um : how far away the concentration is held; half a pitch puts it on the outer face of the cells.
    """

    name: str
    cells: NDArray[np.int64]
    concentration: Mapping[str, Schedule | float]
    distance_um: float


@dataclass(frozen=True, eq=False)
class Exchange:
    """How fast a solute passes a membrane, by its permeability.

    Attributes
    ----------
    membrane : name of a membrane of the grid.
    permeability_um_per_min : by name of the solute, flux over the difference of concentrations, µm/min; one number, or
        (Y, X) one a cell. A solute not named does not pass.
    begin_um : by name of the solute, concentration in the tank at first, µM; 0 where not named.
    """

    membrane: str
    permeability_um_per_min: Mapping[str, float | Floats]
    begin_um: Mapping[str, float] = field(default_factory=dict)
