"""What does the flow through a chip cost, by method and by solver, and how exact is it?

Two chambers joined by grooves, 1000 × 1000 cells of 2 µm (575,200 of them open), one core; bar for the default method: 3 s.
Then the same pressure equation by geometric multigrid (ours), algebraic multigrid (PyAMG, Ruge-Stüben with conjugate
gradients) and sparse factorisation (SuperLU), smaller grids, a long serpentine in which multigrid stalls, and the two Brinkman
methods. CPU seconds, median of 5 (fewer where slow).

    python benchmarks/chip_flow.py
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a second thread of the dot products spins, and doubles the CPU time

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.cases.flow_grids import serpentine, two_chambers

from coculture.chip.flow.medium import Medium
from coculture.chip.flow.ports import PortCondition
from coculture.chip.flow.solve import solve_flow
from machine import describe

WATER = Medium(viscosity_pa_s=1e-3)
PRESSED = {"in": PortCondition(pressure_pa=100.0), "out": PortCondition(pressure_pa=0.0)}
DRIVEN = {"in": PortCondition(flow_ul_per_min=1.0), "out": PortCondition(pressure_pa=0.0)}


def seconds(action: Callable[[], Any], repeats: int = 5) -> str:
    """Run once to compile and several times more; return median and range of CPU time."""
    action()
    spent = []
    for _ in range(repeats):
        begin = time.process_time()
        action()
        spent.append(time.process_time() - begin)
    return f"{np.median(spent):6.2f} s CPU ({min(spent):.2f} to {max(spent):.2f})"


def main() -> None:
    print(describe())
    for groove in (100.0, 5.0):
        grid = two_chambers(1000, 2.0, 100.0, groove)
        print(f"two chambers, grooves {groove:g} µm deep, {int(grid.open.sum())} open cells")
        for method in ("duct-modes", "hele-shaw"):
            print(f"  {method:14} pressures  ", seconds(lambda g=grid, m=method: solve_flow(g, PRESSED, WATER, m)))
        print("  duct-modes     flow port  ", seconds(lambda g=grid: solve_flow(g, DRIVEN, WATER)))
    for solver in ("algebraic", "direct"):
        grid = two_chambers(1000, 2.0, 100.0, 100.0)
        print(f"  hele-shaw by {solver:9}  ", seconds(lambda g=grid, s=solver: solve_flow(g, PRESSED, WATER, "hele-shaw", s), 1))
    for size in (100, 200, 300, 400):
        grid = two_chambers(size, 2000.0 / size, 100.0, 100.0)
        print(f"{int(grid.open.sum())} open cells, hele-shaw")
        for solver in ("multigrid", "algebraic", "direct"):
            print(f"  {solver:10}", seconds(lambda g=grid, s=solver: solve_flow(g, PRESSED, WATER, "hele-shaw", s), 3))
    for method in ("brinkman", "brinkman-modes"):
        for size in (200, 400):
            grid = two_chambers(size, 2000.0 / size, 100.0, 100.0)
            print(
                f"{method}, {int(grid.open.sum())} open cells",
                seconds(lambda g=grid, m=method: solve_flow(g, PRESSED, WATER, m), 1),
            )
    grid = serpentine(1000, 20, 10, 2.0, 50.0)
    print(f"serpentine, {int(grid.open.sum())} open cells, duct-modes", seconds(lambda: solve_flow(grid, DRIVEN, WATER), 3))


if __name__ == "__main__":
    main()
