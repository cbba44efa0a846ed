"""A virtual co-culture well of 850 cells, 48 h: how long, what costs what, and how far coarse steps of the solutes lead astray.

``python benchmarks/coculture_well.py`` times the well; ``profile`` says what costs what; ``error`` lets 32 wells live once
with the solutes stepped as in the well and once twelve times finer, and compares the counts of every type.

Five types (400 tumour cells, 300 fibroblasts, 60 T cells, 60 macrophages, 30 NK cells), four solutes on 60 × 40 voxels of 20
µm, eight rules, attack, engulfing, chemotaxis. The published C++ simulator was quoted at 61 s for such a well.
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from pathlib import Path

import numpy as np

from coculture.cells.files.reading import read_model
from coculture.cells.founding import Box as Field
from coculture.cells.founding import placed
from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.of_model import solutes_of
from coculture.cells.model import CellModel
from coculture.cells.population import LIVING
from coculture.cells.simulation import Simulation
from machine import describe

HOURS = 48
STEP_MIN = 6.0
COUNTS = {"tumour": 400, "fibroblast": 300, "t_cell": 60, "macrophage": 60, "nk_cell": 30}


def model() -> CellModel:
    """Return the well's model."""
    return read_model(Path(__file__).with_suffix(".toml"))


def medium(cultured: CellModel, step_min: float) -> Medium:
    """Return the well's medium: oxygen comes from the sides."""
    held = dict.fromkeys(("left", "right", "front", "back"), 38.0)
    return Medium.of(Box((1200.0, 800.0), 20.0), solutes_of(cultured, {"oxygen": held}), step_min)


def well(key: int, step_min: float) -> Simulation:
    """Return the well at its beginning."""
    cultured = model()
    cells = placed(cultured, COUNTS, Field((0.0, 0.0), (1200.0, 800.0)), key, apart=0.8)
    return Simulation.begin(cultured, cells, medium(cultured, step_min), key)


def living(simulation: Simulation) -> np.ndarray:
    """Return the number of living cells of every type."""
    cells = simulation.world.cells
    return np.bincount(cells.type[cells.state == LIVING], minlength=len(COUNTS))


def timed() -> None:
    """Time the well."""
    well(0, STEP_MIN).advance(60.0)
    taken = []
    for key in range(3):
        simulation = well(key, STEP_MIN)
        start = time.process_time()
        simulation.advance(HOURS * 60.0)
        taken.append(time.process_time() - start)
        print(f"key {key}: {taken[-1]:.2f} CPU s, {len(simulation.world.cells)} cells, {len(simulation.world.events)} events")
        print("   living", dict(zip(COUNTS, living(simulation).tolist(), strict=True)))
    print(f"\n48 h: {min(taken):.2f} CPU s at best of 3, median {np.median(taken):.2f} (bar 3; C++ simulator 61, quoted)")


def profiled() -> None:
    """Say what costs what."""
    well(0, STEP_MIN).advance(60.0)
    simulation, profile = well(0, STEP_MIN), cProfile.Profile()
    profile.runcall(simulation.advance, HOURS * 60.0)
    stats = pstats.Stats(profile)
    stats.sort_stats("cumulative").print_stats(28)
    stats.sort_stats("tottime").print_stats(22)


def compared(wells: int = 64) -> None:
    """Compare counts after 48 h with those of solutes stepped twelve times finer, by type and with standard errors."""
    ends, taken = [], []
    for key in range(wells):
        pair = [well(key, step) for step in (STEP_MIN, STEP_MIN / 12)]
        for simulation in pair:
            start = time.process_time()
            simulation.advance(HOURS * 60.0)
            taken.append(time.process_time() - start)
        ends.append([living(simulation) for simulation in pair])
        print(f"well {key}: {taken[-2]:.2f} and {taken[-1]:.2f} CPU s", *(end.tolist() for end in ends[-1]), flush=True)
    print(f"\nfastest 48 h: {min(taken[::2]):.2f} CPU s, median {np.median(taken[::2]):.2f}\n")
    coarse, fine = np.array(ends, dtype=float).transpose(1, 0, 2)
    shift = coarse - fine
    print(f"{wells} wells, living cells after {HOURS} h, solutes every {STEP_MIN:g} min against {STEP_MIN / 12:g} min\n")
    print("| type | fine | coarse − fine | % | standard error, % |\n|---|---|---|---|---|")
    totals = [(name, fine[:, i], shift[:, i]) for i, name in enumerate(COUNTS)] + [("all", fine.sum(axis=1), shift.sum(axis=1))]
    for name, end, off in totals:
        mean, error = off.mean() / end.mean(), off.std(ddof=1) / np.sqrt(wells) / end.mean()
        print(f"| {name} | {end.mean():.1f} | {off.mean():+.2f} | {100 * mean:+.2f} | {100 * error:.2f} |")


if __name__ == "__main__":
    print(describe(), "\n")
    {"profile": profiled, "error": compared}.get(sys.argv[1] if len(sys.argv) > 1 else "", timed)()
