"""One cell with chemotaxis: a cube of 120 µm, a source in a corner, a cell in the middle whose speed follows the gradient.

The wording leaves open what the source does, how fast the cell is and for how long. The corner's voxel of 20 µm is held at 10
µM from time 0 on, nothing passes the sides; the cell's speed is 500 µm/min for a gradient of 1 µM/µm, without randomness, for
8 min. A rule with a half-maximum far above all gradients makes the speed linear (to 1 %).
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from cases.finding import Finding, cell_type, save, table
from coculture.cells.founding import founders
from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.solute import Solute
from coculture.cells.model import CellModel, Rule, Steps
from coculture.cells.simulation import Simulation

PER_GRADIENT, HALF = 500.0, 20.0


def path(step_min: float, medium_min: float, minutes: float = 8.0) -> np.ndarray:
    """Return the cell's places, every 0.1 min, µm."""
    behaviours = {
        "migration_speed_um_per_min": 0.0, "migration_persistence_min": 1e-9, "migration_bias": 1.0, "chemotaxis_source": 1.0,
    }  # fmt: skip
    speed = Rule("cell", "gradient_source_um_per_um", "increases", "migration_speed_um_per_min", PER_GRADIENT * HALF, HALF, 1.0)
    steps = Steps(step_min, step_min, step_min)
    model = CellModel((cell_type(behaviours=behaviours),), ("source",), (speed,), dimensions=3, steps=steps)
    held = np.full((6, 6, 6), np.nan)
    held[-1, -1, -1] = 10.0
    medium = Medium.of(Box((120.0,) * 3, 20.0), [Solute("source", 2000.0, fixed_um=held)], medium_min)
    simulation = Simulation.begin(model, founders(model, np.full((1, 3), 60.0), np.zeros(1, np.int64)), medium, 1)
    places = [simulation.world.cells.position[0].copy()]
    for _ in range(round(minutes / 0.1)):
        simulation.advance(0.1)
        places.append(simulation.world.cells.position[0].copy())
    return np.array(places)


def reached(places: np.ndarray) -> float:
    """Return when the cell entered the source's voxel, min."""
    return float(np.interp(100.0, places[:, 0], 0.1 * np.arange(len(places))))


def run(pictures: Path | None = None, tables: Path | None = None) -> list[Finding]:
    """Run the case."""
    ours, finer = path(0.1, 0.1), path(0.01, 0.01)
    time = np.arange(len(ours)) * 0.1
    figure, axes = plt.subplots(figsize=(6, 2.6))
    axes.plot(time, ours[:, 0], label="steps of 0.1 min")
    axes.plot(time, finer[:, 0], "k--", lw=0.8, label="steps of 0.01 min")
    axes.axhline(110, color="0.7", lw=0.8)
    axes.set(xlabel="time, min", ylabel="x = y = z, µm", title="Up the gradient")
    axes.legend()
    save(figure, pictures, "chemotaxis")
    table(tables, "chemotaxis", time_min=time, x_um=ours[:, 0], y_um=ours[:, 1], z_um=ours[:, 2])
    return [
        Finding("time to the source's voxel, min", reached(ours), reached(finer), "steps ten times finer"),
        Finding("largest departure from the diagonal, µm", np.abs(ours - ours[:, :1]).max(), 0.0, "symmetry"),
        Finding("nearest to the source's centre, µm", np.linalg.norm(ours - 110.0, axis=1).min()),
    ]
