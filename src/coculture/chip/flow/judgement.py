"""Numbers that say whether a flow field may be believed, and sentences where it may not.

- Reynolds number ρ ū ℓ/μ with ℓ = √(12 m): the depth of a shallow channel, the width of a narrow one. Inertia is left out; in
  straight channels it does nothing, in bends and junctions it shows above 1.
- Péclet number ū ℓ/D: how far flow outruns diffusion over ℓ.
- Cells across a channel: the shorter of the open runs of cells along x and along y.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.field import FlowField
from coculture.chip.flow.medium import Medium
from coculture.chip.flow.model_error import flow_error_percent
from coculture.chip.grid import ChipGrid

Floats = NDArray[np.float64]
LARGEST_REYNOLDS, FEWEST_CELLS, LARGEST_ERROR_PERCENT, STILL = 1.0, 4, 2.0, 1e-3


@dataclass(frozen=True)
class Judgement:
    """``numbers`` by name, and ``notes`` in words."""

    numbers: dict[str, float]
    notes: tuple[str, ...]


def run_lengths(open_cells: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (Y, X) how many open cells in a row, along x, each open cell belongs to; 0 in walls."""
    rows, columns = open_cells.shape
    padded = np.zeros((rows, columns + 2), dtype=np.int8)
    padded[:, 1:-1] = open_cells
    turns = np.diff(padded.ravel())
    starts, ends = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)
    lengths = np.zeros(open_cells.shape, dtype=np.int64)
    lengths[open_cells] = np.repeat(ends - starts, ends - starts)
    return lengths


def cells_across(grid: ChipGrid) -> NDArray[np.int64]:
    """Return (Y, X) the shorter of the open runs along x and y; 0 in walls."""
    return np.minimum(run_lengths(grid.open), run_lengths(grid.open.T).T)


def judge(field: FlowField, medium: Medium, length: Floats, viscosity: Floats) -> Judgement:
    """Return numbers and notes of ``field``.

    Parameters
    ----------
    field : solved flow.
    medium : for its density.
    length : (Y, X) ℓ = √(12 m), µm.
    viscosity : (Y, X) Pa·min.
    """
    speed = np.hypot(*field.velocity())
    si = 1e-12 / 3600.0  # kg/m³ × µm/min × µm / (Pa·min)
    reynolds = medium.density_kg_per_m3 * speed * length / viscosity * si
    across = cells_across(field.grid)
    moving = speed > STILL * float(speed.max(initial=0.0))
    fewest = int(across[moving].min()) if moving.any() else 0
    numbers = {
        "inflow_ul_per_min": float(field.port_flow.clip(min=0).sum()) * 1e-9,
        "largest_speed_um_per_min": float(speed.max(initial=0.0)),
        "largest_floor_shear_pa": float(field.floor_shear_pa.max(initial=0.0)),
        "largest_reynolds": float(reynolds.max(initial=0.0)),
        "fewest_cells_across": fewest,
    }
    notes = [*_inertia(reynolds, field.grid), *_coarse(fewest), *_averaging(field, across, moving, numbers)]
    return Judgement(numbers, tuple(notes))


def _inertia(reynolds: Floats, grid: ChipGrid) -> list[str]:
    if reynolds.max(initial=0.0) <= LARGEST_REYNOLDS:
        return []
    y, x = np.unravel_index(int(np.argmax(reynolds)), reynolds.shape)
    place = f"({(x + 0.5) * grid.pitch_um:.0f}, {(y + 0.5) * grid.pitch_um:.0f}) µm"
    return [f"Reynolds number {reynolds.max():.2g} at {place}: inertia is left out, and shows in bends and junctions above 1"]


def _coarse(fewest: int) -> list[str]:
    if not 0 < fewest < FEWEST_CELLS:
        return []
    return [
        f"{fewest} cell(s) across the narrowest channel: its flow is right if it runs along the grid, its profile is not resolved"
    ]


def _averaging(field: FlowField, across: NDArray[np.int64], moving: NDArray[np.bool_], numbers: dict[str, float]) -> list[str]:
    """Add the error of depth averaging where the channel is narrowest against its depth, and say so where it is large."""
    fluid = moving & field.grid.fluid
    if not fluid.any():
        return []
    ratio = float((across[fluid] * field.grid.pitch_um / field.grid.depth_um[fluid]).min())
    error = flow_error_percent(ratio, field.method)
    numbers["narrowest_width_over_depth"] = ratio
    numbers["largest_model_error_percent"] = error
    if abs(error) <= LARGEST_ERROR_PERCENT:
        return []
    return [
        f"{field.method} overstates flow by {error:.3g} % where width/depth is {ratio:.3g} (the narrowest place): "
        "depth is not small there; use duct-modes"
    ]


def peclet_numbers(field: FlowField, diffusion_um2_per_min: float) -> Floats:
    """Return (Y, X) the Péclet number ū Δ/D of each cell, for a solute of given diffusion coefficient (µm²/min)."""
    return np.asarray(np.hypot(*field.velocity()) * field.grid.pitch_um / diffusion_um2_per_min)
