"""How long medium stays: volume over flow for a region, and a map of the age of medium.

The age a obeys div(u a) = 1 with a = 0 where medium enters: how long ago, in the mean, what passes a place came in, carried by
the flow alone. Upwind finite volumes; cells are visited from high to low pressure, so that one sweep does for a Darcy flow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.field import FlowField
from coculture.chip.flow.kernels.age import sweep_age
from coculture.errors import DataError, InputError

Floats = NDArray[np.float64]
STILL = 1e-9
"""Throughput below this share of the inflow is counted as none."""
TOLERANCE, SWEEPS = 1e-9, 500


@dataclass(frozen=True)
class RegionResidence:
    """Residence in one region.

    Attributes
    ----------
    region : its name.
    volume_um3 : of open space in it; pores count as the gel's porosity says.
    flow_um3_per_min : what flows in through its rim and through ports in it.
    residence_min : volume over flow; ∞ where nothing flows.
    """

    region: str
    volume_um3: float
    flow_um3_per_min: float
    residence_min: float


def open_volume(field: FlowField) -> Floats:
    """Return (Y, X) volume of each cell that medium can fill, µm³."""
    grid = field.grid
    porosity = np.array([gel.porosity for gel in grid.gels] + [1.0])
    share = np.where(grid.gel >= 0, porosity[grid.gel], 1.0)
    return np.asarray(np.where(grid.open, grid.depth_um * grid.pitch_um**2 * share, 0.0))


def region_residence(field: FlowField, region: str) -> RegionResidence:
    """Return volume, throughput and residence time of a region.

    Raises
    ------
    InputError : if there is no region of that name.
    """
    if region not in field.grid.region_names:
        raise InputError(
            f"there is no region '{region}'",
            where=field.grid.name,
            remedy="regions: " + (", ".join(field.grid.region_names) or "none"),
        )
    inside = field.grid.in_region(region)
    flow = float(field.port_flow[inside].clip(min=0).sum())
    for through, before, after in (
        (field.flow_x[:, 1:-1], inside[:, :-1], inside[:, 1:]),
        (field.flow_y[1:-1], inside[:-1], inside[1:]),
    ):
        flow += float(through[~before & after].clip(min=0).sum()) - float(through[before & ~after].clip(max=0).sum())
    volume = float(open_volume(field)[inside].sum())
    return RegionResidence(region, volume, flow, volume / flow if flow > 0 else np.inf)


def age_of_medium(field: FlowField) -> Floats:
    """Return (Y, X) the mean age of medium in each cell, min; ∞ where nothing flows, 0 in walls.

    Raises
    ------
    DataError : if the flow runs in circles and the sweeps do not settle.
    """
    total = float(field.port_flow.clip(min=0).sum())
    through = 0.5 * (
        np.abs(field.flow_x[:, :-1])
        + np.abs(field.flow_x[:, 1:])
        + np.abs(field.flow_y[:-1])
        + np.abs(field.flow_y[1:])
        + np.abs(field.port_flow)
    )
    passed = field.grid.open & (through > STILL * total)
    age = np.where(field.grid.open, np.where(passed, 0.0, np.inf), 0.0)
    if not passed.any():
        return age
    order = np.argsort(-field.pressure_pa, axis=None, kind="stable")
    order = order[passed.ravel()[order]]
    volume = open_volume(field)
    flow_x, flow_y = _between(field.flow_x, passed), _between(field.flow_y.T, passed.T).T
    for _ in range(SWEEPS):
        if sweep_age(order, flow_x, flow_y, field.port_flow, volume, age) < TOLERANCE:
            return age
    raise DataError("the age of the medium did not settle", where="flow", remedy="use method='duct-modes' for this map")


def _between(flow: Floats, passed: NDArray[np.bool_]) -> Floats:
    """Return flows through vertical faces, 0 where one of the two cells is counted as still."""
    found = flow.copy()
    found[:, 1:-1] *= passed[:, :-1] & passed[:, 1:]
    return found
