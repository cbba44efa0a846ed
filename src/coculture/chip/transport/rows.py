"""Everything that moves or removes one solute, as rows of one matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.field import FlowField
from coculture.chip.grid import GEL
from coculture.chip.transport.cell_map import CellMap, side_flows
from coculture.chip.transport.kernels.cross_dispersion import mixed_dispersion
from coculture.chip.transport.kernels.fitted import fitted_transfers
from coculture.chip.transport.solute import Solute

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Operator:
    """Transport of one solute between open cells, in amounts per min (µM·µm³/min).

    What a cell gains is ``inward · c(neighbours) - outward c``. The unknown is the concentration in medium that a cell is
    in equilibrium with, so that it is continuous where a gel begins; the cell holds ``capacity c``.

    Attributes
    ----------
    column, inward : rows with four entries each, coefficients of the neighbours' concentrations.
    outward : (n,) coefficient of a cell's own concentration in what leaves for its neighbours.
    capacity : (n,) amount per concentration, µm³.
    lack : (n, 2) conductance that the fitted flux leaves unused, on the right and the lower face.
    mixed : (n, 2) the dispersion tensor's mixed part × depth on those faces, µm³/min; None where there is none.
    """

    column: NDArray[np.int32]
    inward: Floats
    outward: Floats
    capacity: Floats
    lack: Floats
    mixed: Floats | None


def assemble(cells: CellMap, flow: FlowField | None, solute: Solute, taylor_dispersion: bool) -> Operator:
    """Return the operator of a solute.

    Equations: conductivity of a cell is D × depth in medium and D × diffusion_factor × partition × depth in a gel, joined
    by the harmonic mean over a face; flow carries the medium's concentration. With ``taylor_dispersion`` a face
    whose mean velocity is u gains D Pe²/210 with Pe = u h / D, h the depth (Taylor 1953, Aris 1956, plates).
    """
    count = cells.count
    conductivity, capacity = _conductivity_and_capacity(cells, solute)
    dispersivity = np.zeros(count)
    if taylor_dispersion and flow is not None and solute.diffusion_um2_per_min > 0:
        depth = cells.grid.depth_um.ravel()[cells.order]
        fluid = cells.grid.space.ravel()[cells.order] != GEL
        # (u h)² / (210 D) × depth with u = Q / (pitch × depth)
        dispersivity[fluid] = depth[fluid] / (210.0 * solute.diffusion_um2_per_min * cells.grid.pitch_um**2)
    inward, lack, outward = np.empty((count, 4)), np.empty((count, 2)), np.empty(count)
    flows = side_flows(flow, cells.order)
    fitted_transfers(cells.neighbours, conductivity, dispersivity, flows, inward, outward, lack)
    mixed: Floats | None = None
    if dispersivity.any():
        mixed = np.empty((count, 2))
        mixed_dispersion(cells.neighbours.ravel(), inward.ravel(), dispersivity, conductivity, mixed)
    return Operator(cells.neighbours.ravel(), inward.ravel(), outward, capacity, lack, mixed)


def _conductivity_and_capacity(cells: CellMap, solute: Solute) -> tuple[Floats, Floats]:
    conductivity = solute.diffusion_um2_per_min * cells.grid.depth_um.ravel()[cells.order]
    capacity = cells.volume()
    kinds = cells.grid.gel.ravel()[cells.order]
    for number, gel in enumerate(cells.grid.gels):
        partition = solute.gel_partition.get(gel.name, 1.0)
        conductivity[kinds == number] *= gel.diffusion_factor * partition
        capacity[kinds == number] *= partition
    return conductivity, capacity
