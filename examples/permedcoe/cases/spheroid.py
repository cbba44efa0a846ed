"""A spheroid without diffusion: 100 cells, 96 h, the cycle with 10 % spread, apoptosis at 5.31667e-5 per minute.

Left open: the target density and the founders' phases (all at the beginning of G0/G1). Numbers have an exact expectation: a
lineage of Gaussian cycles, thinned by death. Density is the share of the spheroid's volume that cells fill.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import norm

from cases.cell_cycle_stochastic import SPREAD_H
from cases.finding import Finding, cell_type, cycle, save, table
from coculture.cells.founding import Ball, founders, placed
from coculture.cells.model import CellModel, CellType, Steps
from coculture.cells.population import LIVING
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still

APOPTOSIS_PER_MIN = 5.31667e-5
BEHAVIOURS = {
    "repulsion_um_per_min": 10.0, "adhesion_um_per_min": 0.4, "apoptosis_per_min": APOPTOSIS_PER_MIN,
    "migration_speed_um_per_min": 0.1, "migration_persistence_min": 1.0,
}  # fmt: skip


def expected(hours: np.ndarray, first: float) -> np.ndarray:
    """Return the exact mean number of living cells: Σ 2^k P(k cycles done) exp(−death), the cycles' sums Gaussian."""
    total = np.zeros(len(hours))
    for number in range(12):
        done = norm.cdf(hours, 18.0 * number, SPREAD_H * np.sqrt(number)) if number else np.ones(len(hours))
        next_done = norm.cdf(hours, 18.0 * (number + 1), SPREAD_H * np.sqrt(number + 1))
        total += 2.0**number * (done - next_done)
    return np.asarray(first * total * np.exp(-APOPTOSIS_PER_MIN * 60 * hours))


def begun(one: CellType, mechanics_min: float, key: int) -> Simulation:
    """Return 100 cells in a ball."""
    model = CellModel((one,), dimensions=3, steps=Steps(mechanics_min, 6.0, 6.0))
    cells = placed(model, {"cell": 100}, Ball((200.0, 200.0, 200.0), 60.0), key, phases="first", apart=0.7)
    return Simulation.begin(model, founders(model, cells.position, cells.type), Still.empty(), key)


def run(pictures: Path | None = None, tables: Path | None = None, mechanics_min: float = 0.5, keys: int = 6) -> list[Finding]:
    """Run the case."""
    hours, counts, widths = np.arange(0, 96.01, 0.5), [], []
    for key in range(keys):
        simulation, mine = begun(cell_type(cycling=cycle(0.1), behaviours=BEHAVIOURS), mechanics_min, key), []
        for _ in hours:
            mine.append(int((simulation.world.cells.state == LIVING).sum()))
            simulation.advance(30.0)
        counts.append(mine)
        cells = simulation.world.cells
        place = cells.position - cells.position.mean(axis=0)
        widths.append(np.sqrt(5 / 3 * (place**2).sum(axis=1).mean()))
    filled = cells.volume.sum() / (4 / 3 * np.pi * (widths[-1] + cells.radius.mean()) ** 3)
    right = expected(hours, 100)
    figure, axes = plt.subplots(figsize=(6, 2.8))
    for mine in counts:
        axes.semilogy(hours, mine, color="C0", lw=0.9)
    axes.semilogy(hours, right, "k--", lw=0.8, label="exact mean")
    axes.set(xlabel="time, h", ylabel="living cells", title="Spheroid without diffusion")
    axes.legend()
    save(figure, pictures, "spheroid")
    columns = {f"living_{number + 1}": mine for number, mine in enumerate(counts)}
    table(tables, "spheroid", time_h=hours, exact_mean=right, **columns)
    ends = np.array(counts)[:, -1]
    return [
        Finding(f"living cells at 96 h, mean of {keys}", ends.mean(), right[-1], "exact mean of the lineages"),
        Finding("… its standard error", float(ends.std(ddof=1) / np.sqrt(keys)) if keys > 1 else np.inf),
        Finding("diameter at 96 h, µm", 2 * float(np.mean(widths)) + 20.0),
        Finding("share of the volume cells fill (overlaps counted twice)", float(filled)),
    ]
