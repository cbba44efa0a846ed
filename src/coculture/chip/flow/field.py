"""A flow field on a chip's grid, as transport and the living cells use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.chip.grid import ChipGrid

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FlowField:
    """Steady flow through a chip.

    In every cell inflow is outflow:
    ``flow_x[y, x] - flow_x[y, x + 1] + flow_y[y, x] - flow_y[y + 1, x] + port_flow[y, x] = 0``.

    Attributes
    ----------
    grid : the chip.
    pressure_pa : (Y, X) pressure, Pa; 0 in walls.
    flow_x : (Y, X + 1) volume flow through the left face of cell (y, x), µm³/min, positive to the right.
    flow_y : (Y + 1, X) volume flow through the upper face of cell (y, x), µm³/min, positive downward.
    port_flow : (Y, X) volume flow that enters through the ports from above, µm³/min; negative where it leaves.
    floor_shear_pa : (Y, X) shear stress on the floor, Pa; 0 in walls.
    method : how it was computed.
    notes : where the model does not hold, in words.
    numbers : Reynolds number and the like, by name.
    side_shear_pa : (Y, X) shear stress on the side walls a cell touches, mean over depth, Pa; 0 where it touches none. None where
        it was not computed.
    """

    grid: ChipGrid
    pressure_pa: Floats
    flow_x: Floats
    flow_y: Floats
    port_flow: Floats
    floor_shear_pa: Floats
    method: str
    notes: tuple[str, ...] = ()
    numbers: dict[str, Any] = field(default_factory=dict)
    side_shear_pa: Floats | None = None

    def velocity(self) -> tuple[Floats, Floats]:
        """Return (Y, X) depth-averaged velocities along x and y at the centres of the cells, µm/min; 0 in walls."""
        area = np.where(self.grid.depth_um > 0, self.grid.depth_um, np.inf) * self.grid.pitch_um
        along_x = 0.5 * (self.flow_x[:, :-1] + self.flow_x[:, 1:]) / area
        along_y = 0.5 * (self.flow_y[:-1] + self.flow_y[1:]) / area
        return along_x, along_y
