"""Small chips with known flow: a straight channel, a slanted one, a bend, posts, two chambers joined by grooves."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.chip.grid import FLUID, ChipGrid, GelKind, Port


def chip(
    space: NDArray[np.uint8],
    pitch_um: float,
    depth_um: float | NDArray[np.float64],
    ports: dict[str, NDArray[np.bool_]],
    gels: tuple[GelKind, ...] = (),
    regions: dict[str, NDArray[np.bool_]] | None = None,
) -> ChipGrid:
    """Return a chip of given cells; the first port is an inlet, the others are outlets."""
    region = np.full(space.shape, -1, dtype=np.int16)
    for number, cells in enumerate((regions or {}).values()):
        region[cells] = number
    return ChipGrid(
        name="drawn",
        pitch_um=pitch_um,
        space=space,
        depth_um=np.where(space > 0, depth_um, 0.0),
        gel=np.where(space == 2, 0, -1).astype(np.int16),
        region=region,
        region_names=tuple(regions or {}),
        ports=tuple(
            Port(name, "inlet" if number == 0 else "outlet", np.flatnonzero(cells))
            for number, (name, cells) in enumerate(ports.items())
        ),
        gels=gels,
    )


def straight(cells_across: int, cells_along: int, pitch_um: float, depth_um: float) -> ChipGrid:
    """Return a channel along x with a port over its first and over its last column."""
    space = np.zeros((cells_across + 2, cells_along), dtype=np.uint8)
    space[1:-1] = FLUID
    x = np.indices(space.shape)[1]
    return chip(space, pitch_um, depth_um, {"in": (x == 0) & (space > 0), "out": (x == cells_along - 1) & (space > 0)})


def bend(cells_across: int, width_um: float, depth_um: float) -> ChipGrid:
    """Return a channel that turns by 90°, each leg three widths long beyond the corner."""
    n = cells_across
    space = np.zeros((4 * n, 4 * n), dtype=np.uint8)
    space[:n] = FLUID
    space[:, -n:] = FLUID
    y, x = np.indices(space.shape)
    ports = {"in": (x < n // 4) & (space > 0), "out": (y >= 4 * n - n // 4) & (space > 0)}
    return chip(space, width_um / n, depth_um, ports)


def slanted(cells_across: int, width_um: float, depth_um: float) -> ChipGrid:
    """Return a channel at 45° to the grid, eight widths long, its walls cut into stairs."""
    n = cells_across
    size = 7 * n
    y, x = np.indices((size, size)) + 0.5
    inside = np.abs(x - y) < n / math.sqrt(2.0)
    along = (x + y) / math.sqrt(2.0)
    longest = size * math.sqrt(2.0)
    ports = {"in": inside & (along < 0.1 * longest), "out": inside & (along > 0.9 * longest)}
    return chip(inside.astype(np.uint8), width_um / n, depth_um, ports)


def post_array(cells_a_spacing: int, solid: float, rows: int, columns: int, depth: float) -> tuple[ChipGrid, float]:
    """Return a square array of round posts (pitch 1 µm) between ports left and right, and the solid fraction of the grid."""
    n = cells_a_spacing
    y, x = np.indices((rows * n, columns * n)) + 0.5
    post = (x % n - n / 2) ** 2 + (y % n - n / 2) ** 2 < n * n * solid / math.pi
    margin = n // 2
    space = np.zeros((rows * n + 2, columns * n + 2 * margin), dtype=np.uint8)
    space[1:-1] = FLUID
    space[1:-1, margin:-margin] = ~post
    column = np.indices(space.shape)[1]
    ports = {"in": (column == 0) & (space > 0), "out": (column == space.shape[1] - 1) & (space > 0)}
    return chip(space, 1.0, depth, ports), float(post[:n, :n].mean())


def two_chambers(size: int, pitch_um: float, chamber_depth_um: float, groove_depth_um: float) -> ChipGrid:
    """Return two chambers side by side, joined by grooves five cells wide, with a port in opposite corners."""
    n, rim = size, size // 10
    space, depth = np.zeros((n, n), dtype=np.uint8), np.zeros((n, n))
    left, right = 42 * n // 100, 58 * n // 100
    space[rim : n - rim, rim:left] = FLUID
    space[rim : n - rim, right : n - rim] = FLUID
    depth[space > 0] = chamber_depth_um
    for y in range(rim + 8, n - rim - 8, 10):
        space[y : y + 5, left:right] = FLUID
        depth[y : y + 5, left:right] = groove_depth_um
    inlet, outlet = np.zeros((n, n), dtype=np.bool_), np.zeros((n, n), dtype=np.bool_)
    hole, side = slice(rim + n // 50, rim + 2 * n // 25), slice(n - rim - 2 * n // 25, n - rim - n // 50)
    inlet[hole, hole] = True
    outlet[side, side] = True
    columns = np.indices((n, n))[1]
    regions = {"left": (space > 0) & (columns < left), "right": (space > 0) & (columns >= right)}
    return chip(space, pitch_um, depth, {"in": inlet, "out": outlet}, regions=regions)


def serpentine(size: int, cells_across: int, gap: int, pitch_um: float, depth_um: float) -> ChipGrid:
    """Return a channel that runs to and fro over the whole chip, with a port at each end."""
    n, w, step = size, cells_across, cells_across + gap
    space = np.zeros((n, n), dtype=np.uint8)
    passes = n // step
    for number in range(passes):
        space[number * step : number * step + w, 2:-2] = FLUID
        if number + 1 < passes:
            turn = slice(number * step, (number + 1) * step + w)
            space[turn, (slice(-2 - w, -2) if number % 2 == 0 else slice(2, 2 + w))] = FLUID
    y, x = np.indices((n, n))
    last = (passes - 1) * step
    end = (x >= n - 2 - w) if passes % 2 else (x < 2 + w)
    ports = {"in": (space > 0) & (y < w) & (x < 2 + w), "out": (space > 0) & (y >= last) & (y < last + w) & end}
    return chip(space, pitch_um, depth_um, ports)
