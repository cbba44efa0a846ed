"""An apoptotic cell, from the beginning of its death until it is gone: what the benchmark asks of the spheroid with oxygen."""

from __future__ import annotations

import numpy as np

from coculture.cells.founding import founders
from coculture.cells.model import CellModel, CellType, Steps
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still


def dying(one: CellType) -> np.ndarray:
    """Return rows of hours since the beginning of its death and volume in µm³, every 6 min; the last has volume 0."""
    at_once = CellType(one.name, one.cycle, one.volume, one.apoptosis, one.necrosis, {"apoptosis_per_min": 1e9})
    model = CellModel((at_once,), steps=Steps(6.0, 6.0, 6.0), dimensions=3)
    simulation = Simulation.begin(model, founders(model, np.zeros((1, 3)), np.zeros(1, np.int64)), Still.empty(), 1)
    rows = []
    while len(simulation.world.cells):
        rows.append((simulation.world.time_min / 60.0, float(simulation.world.cells.volume[0])))
        simulation.advance(6.0)
    return np.array([*rows, (simulation.world.time_min / 60.0, 0.0)])
