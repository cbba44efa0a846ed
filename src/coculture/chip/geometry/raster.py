"""Cut a chip into square cells.

A cell belongs to a shape where its centre lies inside it (see :mod:`coculture.chip.geometry.shapes` for points on an outline;
of straight outlines the point taken is ``NUDGE`` of a cell to the right of the centre and below it, so that an edge which runs
through centres decides the same way on all of them, whatever the rounding of its coordinates).
What the cells then are follows from four rules, none of which depends on the order of the file but the last:

1. A cell is open where a channel or chamber holds it and no post does; where several do, the deepest gives its depth, as
   layers of resist add up to the highest.
2. A gel fills the open cells inside its shapes.
3. A cell's region is that of a ``[[region]]`` there; else of a gel; else of a chamber; else of a channel.
4. Within one of these kinds, the first in the file keeps a cell that two claim (the check refuses contradictions).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from coculture.chip.geometry.chip import Chip
from coculture.chip.geometry.shapes import Disc, Mask, Shape
from coculture.chip.grid import FLUID, GEL, WALL, ChipGrid, Port
from coculture.errors import InputError, Problem

MOST_CELLS = 60_000_000
"""A larger grid is refused: the flow through it would not fit into the memory of a work station."""

NUDGE = 1e-7
"""Of a cell: how far beside a cell's centre straight outlines are asked."""

Window = tuple[slice, slice]


def rasterise(chip: Chip, pitch_um: float | None = None) -> ChipGrid:
    """Return the chip on a grid of square cells.

    Parameters
    ----------
    chip : the chip.
    pitch_um : width of a cell; None takes the design's own. Cells beyond the frame's right or lower edge, where the frame is
        no multiple of it, are walls.

    Raises
    ------
    InputError : if the pitch is not above 0, the grid would be too large, or a channel, chamber, gel, region or port holds the
        centre of no cell.
    """
    pitch = chip.pitch_um if pitch_um is None else float(pitch_um)
    shape = grid_shape(chip, pitch)
    space, depth = _open_space(chip, pitch, shape)
    gel = _gels(chip, pitch, space)
    region, names = _regions(chip, pitch, space != WALL)
    ports, problems = _ports(chip, pitch, space != WALL)
    problems = [*_vanished(chip, pitch, shape), *problems]
    if problems:
        raise InputError(problems)
    return ChipGrid(
        name=chip.name,
        pitch_um=pitch,
        space=space,
        depth_um=depth,
        gel=gel,
        region=region,
        region_names=names,
        ports=ports,
        gels=tuple(part.kind for part in chip.gels),
        membranes=tuple(part.membrane for part in chip.membranes),
    )


def grid_shape(chip: Chip, pitch_um: float) -> tuple[int, int]:
    """Return (rows, columns) of the grid that covers the frame.

    Raises
    ------
    InputError : if the pitch is not above 0 or the grid would be too large.
    """
    if not 0 < pitch_um < math.inf:
        raise InputError(f"found a pitch of {pitch_um:g} µm", f"{chip.file}, pitch_um", "give a width of a cell above 0")
    rows, columns = (max(1, math.ceil(size / pitch_um - 1e-9)) for size in (chip.height_um, chip.width_um))
    if rows * columns > MOST_CELLS:
        coarsest = math.sqrt(chip.height_um * chip.width_um / MOST_CELLS)
        raise InputError(
            f"{chip.width_um:g} × {chip.height_um:g} µm in cells of {pitch_um:g} µm are {rows * columns:,} cells",
            f"{chip.file}, pitch_um",
            f"the most is {MOST_CELLS:,}: take a pitch of at least {coarsest:.3g} µm, or draw a part of the chip",
        )
    return rows, columns


def cells_inside(shape: Shape, pitch_um: float, grid: tuple[int, int]) -> tuple[Window, Mask]:
    """Return the window of a grid around ``shape``, and which cells of the window have their centre inside."""
    left, top, right, bottom = shape.bounds_um
    rows = _between(top, bottom, pitch_um, grid[0])
    columns = _between(left, right, pitch_um, grid[1])
    middle = 0.5 if isinstance(shape, Disc) else 0.5 + NUDGE
    y = (np.arange(rows.start, rows.stop) + middle) * pitch_um
    x = (np.arange(columns.start, columns.stop) + middle) * pitch_um
    return (rows, columns), shape.contains(x[None, :], y[:, None])


def mask_of(shapes: Iterable[Shape], pitch_um: float, grid: tuple[int, int]) -> Mask:
    """Return (Y, X) the cells whose centre lies inside one of ``shapes``."""
    mask = np.zeros(grid, dtype=np.bool_)
    for shape in shapes:
        window, inside = cells_inside(shape, pitch_um, grid)
        mask[window] |= inside
    return mask


def _between(low: float, high: float, pitch_um: float, number: int) -> slice:
    start = min(max(math.floor(low / pitch_um), 0), number)
    return slice(start, max(start, min(math.ceil(high / pitch_um) + 1, number)))


def _open_space(chip: Chip, pitch: float, grid: tuple[int, int]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    depth = np.zeros(grid, dtype=np.float64)
    for part in chip.open_parts:
        for shape in part.shapes:
            window, inside = cells_inside(shape, pitch, grid)
            np.maximum(depth[window], np.where(inside, part.depth_um, 0.0), out=depth[window])
    depth[mask_of((shape for post in chip.posts for shape in post.shapes), pitch, grid)] = 0.0
    depth[:, math.ceil(chip.width_um / pitch - 0.5) :] = 0.0
    depth[math.ceil(chip.height_um / pitch - 0.5) :] = 0.0
    return np.where(depth > 0, FLUID, WALL).astype(np.uint8), depth


def _gels(chip: Chip, pitch: float, space: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Fill the gels into ``space`` and return which gel each cell holds."""
    gel = np.full(space.shape, -1, dtype=np.int16)
    rows, columns = space.shape
    for number, part in enumerate(chip.gels):
        mask = mask_of(part.shapes, pitch, (rows, columns)) & (space != WALL) & (gel < 0)
        gel[mask] = number
    space[gel >= 0] = GEL
    return gel


def _region_shapes(chip: Chip) -> Iterator[tuple[str, Shape]]:
    """Yield each region's shapes, those that take precedence first."""
    for part in chip.regions:
        yield from zip(part.names, part.shapes, strict=True)
    for gel in chip.gels:
        yield from ((gel.region, shape) for shape in gel.shapes)
    for kind in ("chamber", "channel"):
        for opened in chip.open_parts:
            if opened.kind == kind:
                yield from zip(opened.regions, opened.shapes, strict=True)


def _regions(chip: Chip, pitch: float, is_open: Mask) -> tuple[NDArray[np.int16], tuple[str, ...]]:
    most = np.iinfo(np.int16).max
    if len({name for name, _ in _region_shapes(chip)}) > most:
        raise InputError(f"there are more than {most} regions", chip.file, "number fewer copies with {n}")
    region = np.full(is_open.shape, -1, dtype=np.int16)
    names: dict[str, int] = {}
    rows, columns = is_open.shape
    for name, shape in _region_shapes(chip):
        window, inside = cells_inside(shape, pitch, (rows, columns))
        free = inside & is_open[window] & (region[window] < 0)
        if free.any():
            region[window][free] = names.setdefault(name, len(names))
    return region, tuple(names)


def _ports(chip: Chip, pitch: float, is_open: Mask) -> tuple[tuple[Port, ...], list[Problem]]:
    ports: list[Port] = []
    problems: list[Problem] = []
    rows, columns = is_open.shape
    for part in chip.ports:
        window, inside = cells_inside(part.shape, pitch, (rows, columns))
        row, column = np.nonzero(inside & is_open[window])
        cells = (row + window[0].start) * columns + column + window[1].start
        if cells.size:
            ports.append(Port(part.name, part.kind, cells.astype(np.int64)))
        else:
            what = f"the {part.kind} '{part.name}' holds no open cell of {pitch:g} µm"
            problems.append(Problem(what, part.place, "move it onto a channel or chamber, or make the pitch smaller"))
    return tuple(ports), problems


def _vanished(chip: Chip, pitch: float, grid: tuple[int, int]) -> Iterator[Problem]:
    """Yield a problem for each channel narrower than a cell, and each part of which a copy shows on no cell."""
    for part in chip.open_parts:
        if part.width_um is not None and part.width_um < pitch:
            what = f"the channel '{part.name}' is {part.width_um:g} µm wide, less than a cell of {pitch:g} µm"
            yield Problem(what, part.place, f"take a pitch of at most {part.width_um / 3:.3g} µm (3 cells across), or widen it")
    named = [(f"the chamber '{part.name}'", part.shapes, part.place) for part in chip.open_parts if part.kind == "chamber"]
    named += [(f"the gel '{gel.kind.name}'", gel.shapes, gel.place) for gel in chip.gels]
    named += [(f"the post '{post.name}'", post.shapes, post.place) for post in chip.posts]
    named += [(f"the region '{region.names[0]}'", region.shapes, region.place) for region in chip.regions]
    for what, shapes, place in named:
        lost = [number for number, shape in enumerate(shapes, start=1) if not cells_inside(shape, pitch, grid)[1].any()]
        if lost:
            copy = f" (copy {lost[0]})" if len(shapes) > 1 else ""
            remedy = "make the pitch smaller, or the part larger; it may also lie outside the frame"
            yield Problem(f"{what}{copy} holds the centre of no cell of {pitch:g} µm", place, remedy)
