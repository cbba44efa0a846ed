"""Cell cycle, fixed duration: one cell, four phases of 7, 6, 3 and 2 h, 48 h; volumes every 6 min.

The wording leaves open what "size 10 µm" is (taken as the radius, as the stochastic case says) and how volume grows. We take
the standard rates of the published simulator: the target volume doubles at the beginning of S, solids relax toward it, fluid
follows.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import solve_ivp

from cases.finding import Finding, cell_type, cycle, save, table
from coculture.cells.founding import founders
from coculture.cells.model import CellModel, CellType, Steps
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still


def volumes(one: CellType, hours: np.ndarray) -> np.ndarray:
    """Return the exact volume of a cell and its descendants, µm³, from the differential equations."""
    model = one.volume
    solid = np.array([model.nuclear_um3, model.total_um3 - model.nuclear_um3]) * (1 - model.fluid_fraction)
    state = np.array([model.total_um3 * model.fluid_fraction, *solid])
    rates = np.array([model.nuclear_per_min, model.cytoplasmic_per_min])

    def change(doubled: float):
        return lambda t, y: [
            model.fluid_per_min * (model.fluid_fraction * sum(y) - y[0]),
            *(rates * (doubled * solid - y[1:])),
        ]

    out, start = np.empty(len(hours)), 0.0
    while start < hours[-1]:
        for doubled, length in ((1.0, 7.0), (2.0, 11.0)):
            here = (hours >= start - 1e-9) & (hours < start + length - 1e-9)
            times = (0.0, length * 60.0)
            found = solve_ivp(change(doubled), times, state, dense_output=True, rtol=1e-10, atol=1e-9)
            out[here] = found.sol((hours[here] - start) * 60.0).sum(axis=0)
            state, start = found.y[:, -1], start + length
        state = 0.5 * state
    return out


CELL_COLUMNS = ("time_min", "cell_id", "parent_id", "volume_um3", "x_um", "y_um", "z_um")


def cells_now(simulation: Simulation) -> list[tuple[float, ...]]:
    """Return a row a cell: time, names, volume, place."""
    cells, now = simulation.world.cells, simulation.world.time_min
    places = zip(cells.cell_id.tolist(), cells.parent_id.tolist(), cells.volume.tolist(), cells.position.tolist(), strict=True)
    return sorted((now, cell, parent, volume, *place) for cell, parent, volume, place in places)


def run(pictures: Path | None = None, tables: Path | None = None) -> list[Finding]:
    """Run the case."""
    one = cell_type(cycling=cycle())
    model = CellModel((one,), steps=Steps(6.0, 6.0, 6.0), dimensions=3)
    simulation = Simulation.begin(model, founders(model, np.full((1, 3), 30.0), np.zeros(1, np.int64)), Still.empty(), 1)
    hours, volume, number, rows = np.arange(0, 48.01, 0.1), [], [], []
    for _ in hours:
        volume.append(simulation.world.cells.volume.mean())
        number.append(len(simulation.world.cells))
        rows += cells_now(simulation)
        simulation.advance(6.0)
    exact = volumes(one, hours)
    off = np.abs(np.array(volume) / exact - 1)
    away = np.minimum(np.abs(hours - 18), np.abs(hours - 36)) > 0.15
    figure, axes = plt.subplots(figsize=(6, 2.6))
    axes.plot(hours, np.array(volume) / one.volume.total_um3, label="ours, every 6 min")
    axes.plot(hours, exact / one.volume.total_um3, "k--", lw=0.8, label="differential equations")
    axes.set(xlabel="time, h", ylabel="volume of a cell, of rest volume", title="One cell, fixed phases")
    axes.legend()
    save(figure, pictures, "cell_cycle_fixed")
    table(tables, "cell_cycle_fixed", **dict(zip(CELL_COLUMNS, np.array(rows).T, strict=True)))
    divided = [time / 60 for time, event, _, _ in simulation.world.events if event == "division"]
    return [
        Finding("first division, h", divided[0], 18.0, "7 + 6 + 3 + 2"),
        Finding("second division, h", divided[1], 36.0, "twice that"),
        Finding("cells at 48 h", number[-1], 4, "two divisions"),
        Finding("largest error of the volume between divisions, %", 100 * off[away].max(), 0.0, "differential equations"),
    ]
