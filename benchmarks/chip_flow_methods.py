"""By how much do the fast methods differ from Stokes flow around a post and in a bend, and how fast do they converge?

The measure is ``brinkman-modes``. Given flow; pressure drop, velocity and floor stress (root mean square over the region of
interest, relative to that of the measure). A round post 100 µm across in a channel 400 µm wide, at three depths; a 90° bend of a
100 µm wide channel, at three depths; an array of posts in the limit of great depth.

    python benchmarks/chip_flow_methods.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # a second thread of the dot products spins, and doubles the CPU time

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.cases.flow_grids import bend, chip, post_array

from coculture.chip.flow.field import FlowField
from coculture.chip.flow.medium import Medium
from coculture.chip.flow.ports import PortCondition
from coculture.chip.flow.solve import solve_flow
from coculture.chip.grid import ChipGrid
from machine import describe

WATER = Medium(viscosity_pa_s=1e-3)
DRIVEN = {"in": PortCondition(flow_ul_per_min=1.0), "out": PortCondition(pressure_pa=0.0)}
METHODS = ("duct-modes", "brinkman", "hele-shaw")


def post(depth_um: float, cells: int = 40) -> ChipGrid:
    """Return a channel four posts wide and six long with one post in its middle."""
    space = np.zeros((4 * cells + 2, 6 * cells), dtype=np.uint8)
    space[1:-1] = 1
    y, x = np.indices(space.shape) + 0.5
    space[(x - 3 * cells) ** 2 + (y - 2 * cells - 1) ** 2 < (cells / 2) ** 2] = 0
    return chip(space, 100.0 / cells, depth_um, {"in": (x < 1) & (space > 0), "out": (x > 6 * cells - 1) & (space > 0)})


def compare(name: str, grid: ChipGrid, near: tuple[slice, slice]) -> None:
    """Print how each method differs from the measure in the cells ``near``."""
    measure = solve_flow(grid, DRIVEN, WATER, "brinkman-modes")
    for method in METHODS:
        field = solve_flow(grid, DRIVEN, WATER, method)
        drop = field.pressure_pa.max() / measure.pressure_pa.max() - 1
        speed = apart(np.hypot(*field.velocity()), np.hypot(*measure.velocity()), grid, near)
        stress = apart(field.floor_shear_pa, measure.floor_shear_pa, grid, near)
        print(f"  {name:22} {method:11} pressure drop {drop:+7.1%}  velocity {speed:6.1%}  floor stress {stress:6.1%}")


def apart(one: np.ndarray, other: np.ndarray, grid: ChipGrid, near: tuple[slice, slice]) -> float:
    """Return the root mean square difference over that of ``other``."""
    inside = grid.open[near]
    difference, size = (one - other)[near][inside], other[near][inside]
    return float(np.sqrt((difference**2).mean() / (size**2).mean()))


def permeability(field: FlowField, spacing: int, depth: float) -> float:
    """Return K / spacing² of the middle cell of a 5 × 3 array."""
    first, rows = spacing // 2 + spacing, slice(1 + 2 * spacing, 1 + 3 * spacing)
    flow = field.flow_x[rows, first].sum() / (spacing * depth)
    before, after = (field.pressure_pa[rows, at - 1 : at + 1].mean() for at in (first, first + spacing))
    return float(flow / ((before - after) / spacing) / spacing**2)


def main() -> None:
    print(describe())
    for depth in (25.0, 100.0, 400.0):
        compare(f"post, {depth:g} µm deep", post(depth), np.s_[1:-1, 80:160])
    for depth in (25.0, 100.0, 200.0):
        compare(f"bend, {depth:g} µm deep", bend(32, 100.0, depth), np.s_[:64, -64:])
    for depth in (0.2, 1.0, 1e5):  # of the spacing, 32 µm
        grid, solid = post_array(32, 0.2, 5, 3, depth * 32)
        found = {}
        for method in ("brinkman-modes", *METHODS):
            ports = {"in": PortCondition(pressure_pa=1.0), "out": PortCondition(pressure_pa=0.0)}
            found[method] = permeability(solve_flow(grid, ports, Medium(viscosity_pa_s=60.0), method), 32, depth * 32)
        shown = ", ".join(f"{method} {value / found['brinkman-modes'] - 1:+.1%}" for method, value in found.items())
        print(f"  posts, {solid:.0%} solid, depth {depth:g} × spacing: K/a² {found['brinkman-modes']:.4g}; {shown}")


if __name__ == "__main__":
    main()
