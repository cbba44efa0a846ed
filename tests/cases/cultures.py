"""Small cultures every test of the cells' room may use."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from coculture.cells.model import CellModel, CellType, CycleModel, DeathModel, Phase, Steps, VolumeModel
from coculture.cells.population import Population

RADIUS = 8.41
"""µm, of the cells below unless said otherwise."""

LIVE = CycleModel("live", (Phase("live", 600.0, divides=True, doubles=True),))
REST = CycleModel("none", ())
STEPS = Steps(0.1, 0.6, 6.0)


def cell_type(name: str = "a", cycle: CycleModel = REST, adherent: bool = True, **behaviours: float) -> CellType:
    """Return a type with the usual volume, dying in 120 (apoptosis) and 60 min (necrosis)."""
    return CellType(name, cycle, VolumeModel(), DeathModel(120.0), DeathModel(60.0), behaviours, adherent=adherent)


def model(
    *types: CellType, dimensions: int = 2, steps: Steps = STEPS, solutes: tuple[str, ...] = (), gap: float = 0.0
) -> CellModel:
    """Return a model of these types without rules."""
    return CellModel(types, solutes, dimensions=dimensions, steps=steps, contact_gap_um=gap)


def cells(position: NDArray[np.float64], kind: NDArray[np.int64] | int = 0, radius: float = RADIUS) -> Population:
    """Return resting cells at these places."""
    n = len(position)
    volume = np.full(n, 4 / 3 * np.pi * radius**3)
    kinds = np.broadcast_to(np.asarray(kind, np.int64), (n,))
    return Population.founders(np.asarray(position, float), kinds, volume, 0.2 * volume, np.full(n, 0.75), np.zeros((n, 0)))


def hexagonal_layer(columns: int, rows: int, spacing: float = 15.0) -> NDArray[np.float64]:
    """Return (columns · rows, 2) places of a hexagonal lattice, µm."""
    row, column = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    return np.column_stack([(column + 0.5 * (row % 2)).ravel() * spacing, row.ravel() * spacing * np.sqrt(3) / 2])


def by_id(population: Population) -> Mapping[str, NDArray[np.generic]]:
    """Return every array in ascending order of ids."""
    order = np.argsort(population.cell_id)
    return {name: array[order] for name, array in population.arrays().items()}


LIVELY = {
    "repulsion_um_per_min": 10.0, "adhesion_um_per_min": 0.4, "migration_speed_um_per_min": 0.5,
    "migration_persistence_min": 5.0, "apoptosis_per_min": 1e-3, "attach_per_min": 0.1, "detach_per_min": 0.05,
    "attachments_most": 3.0, "spring_per_min": 0.01, "contact_inhibition": 0.5,
}  # fmt: skip
"""Behaviours of a cell that does everything the engine knows."""
