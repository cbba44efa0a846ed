"""A monolayer grows: from one cell to 3 mm across, against the points of Brú et al. 1998.

Left open: the law of growth and of contact. The benchmark's cycle with 10 % spread; a rule lets pressure decrease the exit from
G0/G1, which confines growth to a rim; its half-maximum is the one number fitted, to the slope. The first point counts as time 0,
as in the table: nothing is known of the first 14 days, in which unhindered cells would divide 19 times. Cells have radius 10 µm.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from cases.finding import Finding, cell_type, cycle, save, table
from coculture.cells.founding import founders
from coculture.cells.model import CellModel, Rule, Steps
from coculture.cells.population import Population
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still

HOURS = np.array([0.0, 50, 72, 145, 170, 310])
DIAMETERS = np.array([1140.0, 1400, 1590, 2040, 2250, 3040])
CHASTE = np.array([[0.0, 1115.4], [48, 1418.6], [100, 1742.4], [152, 2084.9], [204, 2417.8], [256, 2750.0], [312, 3114.1]])
BIODYNAMO = np.array([[0.0, 1120.0], [40, 1333.0], [100, 1693.4], [160, 2053.8], [220, 2419.3], [300, 2909.3]])
HALF_PRESSURE = 3.2


def diameter(cells: Population) -> float:
    """Return the diameter of the disc a colony covers, from the second moment of its cells' places, at least a cell, µm."""
    place = cells.position[:, :2] - cells.position[:, :2].mean(axis=0)
    return max(20.0, float(2.0 * np.sqrt(2.0 * (place**2).sum(axis=1).mean())))


def grown(half_pressure: float, last_um: float, key: int = 1) -> np.ndarray:
    """Return hours, diameter and number of cells of a colony, every 30 min until it is so wide."""
    behaviours = {"repulsion_um_per_min": 10.0, "adhesion_um_per_min": 0.4}
    one = cell_type(cycling=cycle(0.1), behaviours=behaviours)
    still = Rule("cell", "pressure", "decreases", "exit_phase_0_per_min", 0.0, half_pressure, 4.0)
    model = CellModel((one,), rules=(still,), steps=Steps(1.0, 6.0, 6.0))
    simulation = Simulation.begin(model, founders(model, np.zeros((1, 3)), np.zeros(1, np.int64)), Still.empty(), key)
    rows = [(0.0, 20.0, 1)]
    while rows[-1][1] < last_um and rows[-1][0] < 1500:
        simulation.advance(30.0)
        cells = simulation.world.cells
        rows.append((rows[-1][0] + 0.5, diameter(cells), len(cells)))
    return np.array(rows)


def run(pictures: Path | None = None, tables: Path | None = None) -> list[Finding]:
    """Run the case."""
    rows = grown(HALF_PRESSURE, 3100.0)
    begin = np.interp(DIAMETERS[0], rows[:, 1], rows[:, 0])
    ours = np.interp(begin + HOURS, rows[:, 0], rows[:, 1])
    figure, axes = plt.subplots(1, 2, figsize=(9, 3))
    axes[0].plot(rows[:, 0] - begin, rows[:, 1], label="ours")
    axes[0].plot(*CHASTE.T, lw=0.8, label="Chaste, from its files")
    axes[0].plot(*BIODYNAMO.T, lw=0.8, label="BioDynaMo, from its files")
    axes[0].plot(HOURS, DIAMETERS, "ko", ms=4, label="Brú et al. 1998")
    axes[0].set(xlabel="time since 1140 µm, h", ylabel="diameter, µm", title="Monolayer")
    axes[0].legend()
    axes[1].semilogy(rows[:, 0], rows[:, 2])
    axes[1].set(xlabel="time since one cell, h", ylabel="cells")
    save(figure, pictures, "monolayer")
    table(tables, "monolayer", time_h=rows[:, 0], diameter_um=rows[:, 1], cells=rows[:, 2])
    slope = np.polyfit(HOURS, DIAMETERS, 1)[0]
    return [
        Finding("growth of the diameter, µm/h", np.polyfit(HOURS, ours, 1)[0], slope, "Brú et al. 1998; fitted by one number"),
        Finding("rms departure from the six points, µm", _rms(ours - DIAMETERS), 0.0, "the same"),
        Finding("… of Chaste", _rms(np.interp(HOURS, *CHASTE.T) - DIAMETERS)),
        Finding(
            "… of BioDynaMo (to 300 h)", float(np.sqrt(np.mean((np.interp(HOURS[:-1], *BIODYNAMO.T) - DIAMETERS[:-1]) ** 2)))
        ),
        Finding("time from one cell to 1140 µm, h", float(begin), 336.0, "the table's total time, not fitted"),
        Finding("cells at 3040 µm", float(np.interp(3040.0, rows[:, 1], rows[:, 2]))),
    ]


def _rms(off: np.ndarray) -> float:
    return float(np.sqrt(np.mean(off**2)))
