"""A spheroid with oxygen, against the numbers and diameters of Freyer & Sutherland 1986.

Left open: thresholds, necrotic cells, the start, and what holds 38 mmHg. Chosen: the medium is stirred, as in the experiment's
flasks, so that oxygen is held a voxel beyond the spheroid's radius (looked up every 6 h); with D = 2000 µm²/min and decay 0.1
per minute as given, it would not reach the middle of a still box. A cell takes 20 µM of its volume a minute while there is any
(1 mmHg counts as 1.3 µM). The exit from G0/G1 rises with oxygen toward 1/7 h (a Hill rule of power 2 in place of a broken line);
the oxygen of its half, 28 mmHg, is the one number fitted, to the numbers of cells (tried: 15, 28, 35 and 45 mmHg). Necrosis
below 5 mmHg; dead cells shrink and go as the standard models say, necrotic ones within 4 days. Cells have radius 7 µm. Time is
counted so that there are 600 cells at 101.69 h; the run ends at 20,000 living cells.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from cases.apoptotic_cell import dying
from cases.finding import Finding, cell_type, cycle, save, table
from cases.spheroid import BEHAVIOURS
from coculture.cells.founding import Ball, founders, placed
from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.solute import Solute
from coculture.cells.model import CellModel, CellType, Rule, Steps
from coculture.cells.population import LIVING
from coculture.cells.simulation import Simulation

HOURS = np.array([101.69, 148.47, 192.54, 242.71, 269.83, 275.93, 366.10, 372.88, 414.24, 463.05, 561.36])
CELLS = np.array([600, 1472, 4409, 14968, 30327, 16577, 62197, 81281, 121828, 202963, 244836])
DIAMETERS = np.array([154.47, 272.36, 369.92, 461.38, 558.94, 575.20, 821.14, 867.89, 916.67, 1052.85, 1207.32])
HALF_MMHG = 28.0
DYING = Rule("cell", "concentration_oxygen_um", "decreases", "necrosis_per_min", 0.0, 5.0, 8.0)


def living_type(radius_um: float = 7.0) -> CellType:
    """Return the cell; its rates at no oxygen are those the rules start from."""
    behaviours = {
        **BEHAVIOURS,
        "export_oxygen_per_min": -20.0 / 1.3 * 1437.0,
        "exit_phase_0_per_min": 0.0,
        "necrosis_per_min": 0.003,
    }
    one = cell_type(radius_um, cycle(0.1), behaviours)
    return replace(one, necrosis=replace(one.necrosis, duration_min=4 * 1440.0))


def stirred(radius_um: float, before: Medium | None) -> Medium:
    """Return the medium around a spheroid, with what is inside it kept."""
    box = Box((700.0,) * 3, 25.0)
    z, y, x = (box.centres(axis) - 350.0 for axis in (2, 1, 0))
    far = np.sqrt(z[:, None, None] ** 2 + y[None, :, None] ** 2 + x[None, None, :] ** 2)
    fixed = np.where(far > radius_um + 25.0, 38.0, np.nan)
    start = np.full(box.shape, 38.0) if before is None else before.concentration[0]
    return Medium.of(box, [Solute("oxygen", 2000.0, 0.1, start, {}, fixed)], 6.0)


def grown(most: int, half_mmhg: float = HALF_MMHG, key: int = 1) -> np.ndarray:
    """Return hours, living cells, all cells and diameter, every 30 min; the medium is stirred every 6 h."""
    cycling = Rule("cell", "concentration_oxygen_um", "increases", "exit_phase_0_per_min", 1 / 420.0, half_mmhg, 2.0)
    model = CellModel((living_type(),), ("oxygen",), (cycling, DYING), dimensions=3, steps=Steps(1.0, 6.0, 6.0))
    cells = placed(model, {"cell": 100}, Ball((350.0,) * 3, 45.0), key, phases="first", apart=0.7)
    start = founders(model, cells.position, cells.type)
    simulation = Simulation.begin(model, start, stirred(60.0, None), key)
    rows: list[tuple[float, ...]] = []
    while (not rows or rows[-1][1] < most) and len(rows) < 960:
        world = simulation.world
        place = world.cells.position - world.cells.position.mean(axis=0)
        wide = 2 * np.sqrt(5 / 3 * (place**2).sum(axis=1).mean()) + 2 * world.cells.radius.mean()
        rows.append((0.5 * len(rows), float((world.cells.state == LIVING).sum()), float(len(world.cells)), float(wide)))
        if len(rows) % 12 == 1:
            world.surroundings = stirred(0.5 * wide, world.surroundings)
        simulation.advance(30.0)
    return np.array(rows)


def run(pictures: Path | None = None, tables: Path | None = None, most: int = 20_000) -> list[Finding]:
    """Run the case."""
    rows = grown(most)
    hours = rows[:, 0] + HOURS[0] - np.interp(600.0, rows[:, 1], rows[:, 0])
    figure, axes = plt.subplots(1, 2, figsize=(9, 3))
    axes[0].semilogy(hours, rows[:, 1], label="ours, living")
    axes[0].semilogy(hours, rows[:, 2], lw=0.8, label="ours, all")
    axes[0].semilogy(HOURS, CELLS, "ko", ms=4, label="Freyer & Sutherland 1986")
    axes[0].set(xlabel="time, h", ylabel="cells", title="Spheroid with oxygen")
    axes[0].legend()
    axes[1].plot(hours, rows[:, 3])
    axes[1].plot(HOURS, DIAMETERS, "ko", ms=4)
    axes[1].set(xlabel="time, h", ylabel="diameter, µm")
    save(figure, pictures, "spheroid_oxygen")
    table(tables, "spheroid_oxygen", time_h=hours, living=rows[:, 1], all_cells=rows[:, 2], diameter_um=rows[:, 3])
    death = dying(living_type())
    table(tables, "apoptotic_cell", time_h=death[:, 0], volume_um3=death[:, 1])
    found = [Finding("an apoptotic cell is gone after, h", death[-1, 0], 8.6, "the standard model; none is asked for")]
    for hour, number, wide in zip(HOURS, CELLS, DIAMETERS, strict=True):
        if hours[0] <= hour <= hours[-1]:
            ours, across = np.interp(hour, hours, rows[:, 1]), np.interp(hour, hours, rows[:, 3])
            found.append(Finding(f"living cells at {hour:.0f} h", float(ours), float(number), "Freyer & Sutherland 1986"))
            found.append(Finding(f"diameter at {hour:.0f} h, µm", float(across), float(wide), "the same"))
    return found
