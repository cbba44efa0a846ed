"""A cell with friction: a force that would move it at 10 µm/min, steps of 0.1 min, 10 min.

The wording leaves open whether cells have inertia, and for how long a force is that is "applied once". In this program, as in
most of its kind, friction outweighs inertia: a cell moves while it is pushed. Both readings are run: pushed throughout, and
for one minute. With inertia and a friction rate of 0.1/min the cell would come 10/0.1 (1 − e⁻¹) = 63.2 µm far.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from cases.finding import Finding, cell_type, save, table
from coculture.cells.founding import founders
from coculture.cells.model import CellModel, Steps
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still


def way(pushed_min: float) -> np.ndarray:
    """Return the way of a cell pushed for so long, every 0.1 min, µm."""
    behaviours = {"migration_speed_um_per_min": 10.0, "migration_persistence_min": 1e15}
    model = CellModel((cell_type(behaviours=behaviours),), steps=Steps(0.1, 0.1, 6.0), dimensions=3)
    cells = founders(model, np.zeros((1, 3)), np.zeros(1, np.int64))
    cells.heading[0] = 1.0, 0.0, 0.0
    simulation, places = Simulation.begin(model, cells, Still.empty(), 1), [0.0]
    speed = simulation.world.parameters.number("migration_speed_um_per_min")
    for step in range(100):
        if step == round(pushed_min / 0.1):
            simulation.world.parameters.by_type[:, speed] = 0.0
        simulation.advance(0.1)
        places.append(float(simulation.world.cells.position[0, 0]))
    return np.array(places)


def run(pictures: Path | None = None, tables: Path | None = None) -> list[Finding]:
    """Run the case."""
    always, minute = way(10.0), way(1.0)
    time = np.arange(101) * 0.1
    figure, axes = plt.subplots(figsize=(6, 2.6))
    axes.plot(time, always, label="pushed for 10 min")
    axes.plot(time, minute, label="pushed for 1 min")
    axes.plot(time, 100 * (1 - np.exp(-0.1 * time)), "k--", lw=0.8, label="if it had inertia, friction 0.1/min")
    axes.set(xlabel="time, min", ylabel="way, µm", title="A cell with friction")
    axes.legend()
    save(figure, pictures, "friction")
    table(tables, "friction", time_min=time, x_pushed_10_min_um=always, x_pushed_1_min_um=minute)
    return [
        Finding("way pushed for 10 min, µm", always[-1], 100.0, "exact without inertia"),
        Finding(
            "way pushed for 1 min, µm", minute[-1], 10.0, "exact; the second-order rule loses half a step where a force jumps"
        ),
    ]
