"""Two cells pushing each other: 30 µm apart, each driven at 10 µm/min toward the other, steps of 0.1 min, 10 min.

The wording leaves open the law of contact ("test a few"). Radius 10 µm; repulsion ``k (1 − d/R)²`` inside R = 20 µm. With the
standard k = 10 µm/min so strong a drive pushes the cells through each other's centres, so k = 100 is taken; they come to rest
where both balance.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import solve_ivp

from cases.finding import Finding, cell_type, save, table
from coculture.cells.founding import founders
from coculture.cells.model import CellModel, Steps
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still

REPULSION = 100.0


def places(step_min: float) -> np.ndarray:
    """Return (times, 2) where the two are along x, every 0.1 min, µm."""
    behaviours = {
        "migration_speed_um_per_min": 10.0, "migration_persistence_min": 1e15, "repulsion_um_per_min": REPULSION,
    }  # fmt: skip
    model = CellModel((cell_type(behaviours=behaviours),), steps=Steps(step_min, 0.1, 6.0), dimensions=3)
    cells = founders(model, np.array([[15.0, 30, 30], [45.0, 30, 30]]), np.zeros(2, np.int64))
    cells.heading[:] = [[1.0, 0, 0], [-1.0, 0, 0]]
    simulation, found = Simulation.begin(model, cells, Still.empty(), 1), [cells.position[:, 0].copy()]
    for _ in range(100):
        simulation.advance(0.1)
        now = simulation.world.cells
        found.append(now.position[np.argsort(now.cell_id), 0])
    return np.array(found)


def exact(minutes: np.ndarray) -> np.ndarray:
    """Return the distance from the differential equation, µm."""

    def change(t: float, d: np.ndarray) -> list[float]:
        return [2 * (REPULSION * max(1 - d[0] / 20.0, 0.0) ** 2 - 10.0)]

    return np.asarray(solve_ivp(change, (0, 10), [30.0], t_eval=minutes, rtol=1e-11, atol=1e-11, max_step=0.01).y[0])


def run(pictures: Path | None = None, tables: Path | None = None) -> list[Finding]:
    """Run the case."""
    time = np.arange(101) * 0.1
    both = places(0.1)
    coarse, fine, right = np.ptp(both, axis=1), np.ptp(places(0.01), axis=1), exact(time)
    figure, axes = plt.subplots(figsize=(6, 2.6))
    axes.plot(time, coarse, label="ours, 0.1 min")
    axes.plot(time, right, "k--", lw=0.8, label="differential equation")
    axes.set(xlabel="time, min", ylabel="distance of centres, µm", title="Two cells pushing each other")
    axes.legend()
    save(figure, pictures, "pushing")
    table(tables, "pushing", time_min=time, left_x_um=both[:, 0], right_x_um=both[:, 1], distance_um=coarse, exact_um=right)
    return [
        Finding("distance at rest, µm", coarse[-1], 20 * (1 - np.sqrt(10 / REPULSION)), "balance of the two"),
        Finding(
            "largest error of the distance, steps of 0.1 min, µm", np.abs(coarse - right).max(), 0.0, "differential equation"
        ),
        Finding("… of 0.01 min, µm", np.abs(fine - right).max(), 0.0, "the same"),
    ]
