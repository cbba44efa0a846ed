"""What does transport on a chip cost, and how far is it from py-pde and from the memory's bandwidth?

1. One explicit and one implicit diffusion step on 512 × 512 beside py-pde's numba backend and a plain copy of memory.
2. A steady state of advection and diffusion on a 1000 × 1000 mask of posts with 590,656 open cells, at mean cell Péclet 8 and 81.
3. 24 hours on a 512 × 512 chip with four solutes and doses in pulses, against steps sixteen times finer; memory per cell.

py-pde is used where it is installed (the ``bench`` extra); the other numbers need nothing. ``--quick`` leaves 3. out,
``--fine`` adds the comparison with the finer steps (minutes).

    python benchmarks/chip_transport.py [--quick | --fine]
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # one core for py-pde too
os.environ.setdefault("OMP_NUM_THREADS", "1")  # a second thread of the dot products spins, and doubles the CPU time

import numpy as np
import pyamg
from scipy.sparse import coo_matrix, diags

from coculture.chip.flow.field import FlowField
from coculture.chip.grid import FLUID, ChipGrid, Port
from coculture.chip.transport.schedule import Schedule
from coculture.chip.transport.settings import TransportSettings
from coculture.chip.transport.solute import Solute
from coculture.chip.transport.still import StillDiffusion
from coculture.chip.transport.transport import Transport
from machine import describe

PEER_STEPS = 500
REPEATS, PITCH_UM, DEPTH_UM, DIFFUSION = 5, 10.0, 100.0, 6000.0


def box(cells: int, is_open: np.ndarray | None = None) -> ChipGrid:
    """Return a square chip; open all over, or where told."""
    open_cells = np.ones((cells, cells), bool) if is_open is None else is_open
    nothing = np.full(open_cells.shape, -1, np.int16)
    space = np.where(open_cells, FLUID, 0).astype(np.uint8)
    return ChipGrid("bench", PITCH_UM, space, np.where(open_cells, DEPTH_UM, 0.0), nothing, nothing.copy())


def posts(cells: int) -> np.ndarray:
    """Return a channel along x with rows of posts; 59 % of the square is open."""
    every = cells // 12
    rows, columns = np.indices((cells, cells))
    middle = every // 2
    distance = np.hypot((rows - middle + every / 2) % every - every / 2, (columns - middle + every / 2) % every - every / 2)
    is_open = distance > 0.36 * every
    is_open[:3] = is_open[-3:] = False
    return is_open


def darcy_flow(is_open: np.ndarray, cell_peclet: float) -> FlowField:
    """Return the potential flow from left to right whose mean cell Péclet number for ``DIFFUSION`` is given."""
    number = np.full(is_open.shape, -1)
    number[is_open] = np.arange(is_open.sum())
    pairs = [(number[:, :-1], number[:, 1:]), (number[:-1], number[1:])]
    one, other = (np.concatenate([pair[k][(pair[0] >= 0) & (pair[1] >= 0)] for pair in pairs]) for k in (0, 1))
    count = int(is_open.sum())
    weights = coo_matrix((np.ones(one.size), (one, other)), (count, count))
    weights = (weights + weights.T).tocsr()
    ends, right = np.zeros(count), np.zeros(count)
    ends[number[:, 0][is_open[:, 0]]], ends[number[:, -1][is_open[:, -1]]] = 2.0, 2.0
    right[number[:, 0][is_open[:, 0]]] = 2.0
    matrix = (diags(np.asarray(weights.sum(axis=1)).ravel() + ends) - weights).tocsr()
    pressure = np.zeros(is_open.shape)
    pressure[is_open] = pyamg.ruge_stuben_solver(matrix).solve(right, tol=1e-12, accel="cg")
    cells = is_open.shape[0]
    along, down = np.zeros((cells, cells + 1)), np.zeros((cells + 1, cells))
    along[:, 1:-1] = (pressure[:, :-1] - pressure[:, 1:]) * (is_open[:, :-1] & is_open[:, 1:])
    down[1:-1] = (pressure[:-1] - pressure[1:]) * (is_open[:-1] & is_open[1:])
    scale = cell_peclet * DIFFUSION * DEPTH_UM / np.abs(along[:, 1:-1][is_open[:, :-1] & is_open[:, 1:]]).mean()
    along, down = along * scale, down * scale
    port = along[:, 1:] - along[:, :-1] + down[1:] - down[:-1]
    port[:, 1:-1] = 0.0
    enters = np.flatnonzero(port.ravel() > 0)
    upper = enters < is_open.size // 2
    ports = (Port("top", "inlet", enters[upper]), Port("bottom", "inlet", enters[~upper]))
    grid = replace(box(cells, is_open), ports=(*ports, Port("out", "outlet", np.flatnonzero(port.ravel() < 0))))
    nothing = np.zeros(is_open.shape)
    return FlowField(grid, nothing, along, down, port, nothing.copy(), "potential")


def median_seconds(action: Callable[[], Any], calls: int = 1) -> float:
    """Run once to compile, then several times; return the median CPU time of one call."""
    action()
    spent = []
    for _ in range(REPEATS):
        begin = time.process_time()
        for _ in range(calls):
            action()
        spent.append((time.process_time() - begin) / calls)
    return float(np.median(spent))


def py_pde_step(cells: int) -> Callable[[], Any] | None:
    """Return many explicit steps of diffusion by py-pde's numba backend, as one action; None where it is not installed."""
    if importlib.util.find_spec("pde") is None:
        return None
    import pde

    field = pde.ScalarField.random_uniform(pde.CartesianGrid([[0, cells], [0, cells]], cells))
    equation = pde.DiffusionPDE(1.0, bc={"derivative": 0})
    step = pde.EulerSolver(equation, backend="numba").make_stepper(field, dt=0.1)
    return lambda: step(field, 0.0, 0.1 * PEER_STEPS)


def steps() -> None:
    """Measure one step on 512 × 512."""
    cells = 512
    still = StillDiffusion(box(cells), Solute("a", DIFFUSION), 0.004)
    c = np.random.default_rng(0).uniform(0, 1, (cells, cells))
    out = c.copy()
    large = np.zeros((4096, 4096))
    copied = large.copy()
    bandwidth = 2 * large.nbytes / median_seconds(lambda: np.copyto(copied, large))
    explicit = 1e9 * median_seconds(lambda: still.explicit(c, out), 100) / c.size
    implicit = 1e9 * median_seconds(lambda: still.alternating(c), 50) / c.size
    bound = 1e9 * 5 * 8 / bandwidth  # concentrations in and out, two conductances and a volume per cell
    gigabytes = bandwidth / 1e9
    print(f"512 × 512: explicit step {explicit:.2f} ns per cell, {explicit / bound:.2f} of memory's bound ({gigabytes:.0f} GB/s)")
    print(f"           implicit step {implicit:.2f} ns per cell and solute (bar: 4)")
    peer = py_pde_step(cells)
    if peer is None:
        print("           py-pde is not installed: no ratio")
        return
    theirs = 1e9 * median_seconds(peer) / (PEER_STEPS * c.size)
    print(f"           py-pde {theirs:.2f} ns per cell: we are {theirs / explicit:.1f} times faster (bar: 4)")


def steady() -> None:
    """Measure the steady state on the large mask."""
    is_open = posts(1000)
    for peclet in (8.0, 81.0):
        flow = darcy_flow(is_open, peclet)
        inlets = {"top": {"a": 1.0}, "bottom": {"a": 0.0}}
        for scheme in ("limited", "fitted"):
            settings = TransportSettings(scheme=scheme, taylor_dispersion="never")  # type: ignore[arg-type]
            build, solve = [], []
            for _ in range(REPEATS):
                begin = time.process_time()
                transport = Transport(flow.grid, flow, [Solute("a", DIFFUSION)], inlets, settings=settings)
                middle = time.process_time()
                rates = transport.steady()["a"]
                build.append(middle - begin)
                solve.append(time.process_time() - middle)
            print(
                f"1000 × 1000, {is_open.sum()} open cells, cell Péclet {peclet:g}, {scheme}: set-up {np.median(build):.2f} s, "
                f"steady state {np.median(solve):.2f} s (bar: 8 in all), gap {abs(rates.relative_residual):.0e}"
            )


def day_transport(tolerance: float, keep: bool = False) -> Transport:
    """Return a chip of 512 × 512 with four solutes: constant medium, two drugs in pulses, a ramp."""
    flow = darcy_flow(posts(512), 1.0)
    solutes = [
        Solute("oxygen", 180_000.0),
        Solute("drug", 30_000.0, 1e-3),
        Solute("antibody", 2400.0),
        Solute("ligand", 6000.0, 0.01),
    ]
    clean = {"oxygen": 200.0, "drug": 0.0, "antibody": 0.0, "ligand": 0.0}
    dosed = clean | {
        "drug": Schedule.pulses(480.0, 60.0, 3, 1.0),
        "antibody": Schedule.steps([0.0, 360.0], [0.1, 0.0]),
        "ligand": Schedule.ramp(0.0, 1440.0, 0.0, 1.0),
    }
    settings = TransportSettings(tolerance=tolerance, keep_operators=keep)
    return Transport(flow.grid, flow, solutes, {"top": dosed, "bottom": clean}, start_um={"oxygen": 200.0}, settings=settings)


def day() -> None:
    """Measure 24 hours, and the memory they take."""
    day_transport(2.5e-3).advance(10.0)
    transport = day_transport(2.5e-3)
    begin = time.process_time()
    transport.advance(1440.0)
    spent = time.process_time() - begin
    residual = max(abs(account.relative_residual) for account in transport.ledger.values())
    print(f"24 h, 512 × 512, 4 solutes: {spent:.1f} CPU s (bar: 20), gap {residual:.0e}")
    tracemalloc.start()
    measured = day_transport(2.5e-3)
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0] - measured.state.cells_um.nbytes
    measured.advance(5.0)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    print(f"memory while stepping, concentrations included: {peak / measured.grid.space.size:.0f} bytes per grid cell (bar: 200)")


def day_errors() -> None:
    """Measure the error of the same day at seven times."""
    ours, finer = day_transport(2.5e-3), day_transport(2.5e-3 / 16**3)
    worst = np.zeros(len(finer.solutes))
    for look in (30.0, 120.0, 420.0, 490.0, 600.0, 1000.0, 1440.0):
        for one in (ours, finer):
            one.advance(look - one.time_min)
        found, exact = ours.state.cells_um, finer.state.cells_um
        error = np.sqrt(((found - exact) ** 2).mean(axis=1)) / np.maximum(exact.max(axis=1), 1e-3)
        worst = np.maximum(worst, error)
    print("error against a tolerance 16³ times smaller, so steps 16 times finer: " + ", ".join(f"{100 * e:.2f} %" for e in worst))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--fine", action="store_true")
    parser.add_argument("--only", choices=("steps", "steady", "day"))
    options = parser.parse_args()
    print(describe())
    if options.only in (None, "steps"):
        steps()
    if options.only in (None, "steady"):
        steady()
    if options.only == "day" or (options.only is None and not options.quick):
        day()
        if options.fine:
            day_errors()


if __name__ == "__main__":
    main()
