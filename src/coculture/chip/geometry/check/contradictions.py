"""Parts that claim the same cells and cannot both be right."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.chip.geometry.chip import Chip, OpenPart
from coculture.chip.geometry.raster import cells_inside, mask_of
from coculture.chip.geometry.shapes import Mask, Shape
from coculture.chip.grid import GEL, WALL, ChipGrid
from coculture.errors import Problem


def contradictions(chip: Chip, grid: ChipGrid) -> Iterator[Problem]:
    """Yield the pairs of parts that contradict each other on ``grid``."""
    gels = [(f"gel '{gel.kind.name}'", gel.shapes, gel.place) for gel in chip.gels]
    yield from _pairs(gels, grid, "a place holds one gel: change one outline so that they only touch")
    regions = [
        (f"region '{name}'", (shape,), region.place)
        for region in chip.regions
        for name, shape in zip(region.names, region.shapes, strict=True)
    ]
    yield from _pairs(regions, grid, "a place belongs to one region: change one outline so that they only touch")
    yield from _chambers(chip, grid)
    ports = [(f"{port.kind} '{port.name}'", (port.shape,), port.place) for port in chip.ports]
    yield from _pairs(ports, grid, "move one of the ports away")
    yield from _ports_on_solid(chip, grid)
    yield from _posts_in_solid(chip, grid)


def contradiction_warnings(chip: Chip, grid: ChipGrid) -> Iterator[Problem]:
    """Yield what is odd but possible: a port in a gel."""
    space = grid.space.ravel()
    for drawn, port in zip(chip.ports, grid.ports, strict=True):
        held = np.count_nonzero(space[port.cells] == GEL)
        if held:
            what = f"{held} of the {port.cells.size} cells of the {port.kind} '{port.name}' are gel"
            yield Problem(what, drawn.place, "medium will seep in through the gel: move the port if that is not meant")


def _pairs(named: Sequence[tuple[str, tuple[Shape, ...], str]], grid: ChipGrid, remedy: str) -> Iterator[Problem]:
    """Yield a problem for each pair that shares open cells, found in one pass over an image of who came first."""
    owner: NDArray[np.int32] = np.full(grid.shape, -1, dtype=np.int32)
    told: set[tuple[int, int]] = set()
    for number, (what, shapes, place) in enumerate(named):
        for shape in shapes:
            window, inside = cells_inside(shape, grid.pitch_um, grid.shape)
            inside = inside & (grid.space[window] != WALL)
            held = owner[window][inside]
            for other in np.unique(held[(held >= 0) & (held != number)]).tolist():
                if (other, number) not in told:
                    told.add((other, number))
                    count = int(np.count_nonzero(held == other))
                    first, _, first_place = named[other]
                    yield Problem(f"the {what} and the {first} overlap on {count} cells", f"{place}, and {first_place}", remedy)
            owner[window][inside & (owner[window] < 0)] = number


def _chambers(chip: Chip, grid: ChipGrid) -> Iterator[Problem]:
    """Yield the chambers of different regions that overlap where no ``[[region]]`` or gel decides."""
    chambers = [part for part in chip.open_parts if part.kind == "chamber"]
    decided = mask_of((shape for region in chip.regions for shape in region.shapes), grid.pitch_um, grid.shape)
    for first, second in itertools.combinations(chambers, 2):
        if set(first.regions) == set(second.regions) or not _bounds_meet(first, second):
            continue
        shared = mask_of(first.shapes, grid.pitch_um, grid.shape) & mask_of(second.shapes, grid.pitch_um, grid.shape)
        shared &= ~decided & (grid.space != WALL)
        if shared.any():
            count = int(np.count_nonzero(shared))
            what = f"the chamber '{second.name}' and the chamber '{first.name}' overlap on {count} cells"
            remedy = "let them only touch, give both the same region, or say with a [[region]] whose the cells are"
            yield Problem(what, f"{second.place}, and {first.place}", remedy)


def _bounds_meet(first: OpenPart, second: OpenPart) -> bool:
    boxes = itertools.product((s.bounds_um for s in first.shapes), (s.bounds_um for s in second.shapes))
    return any(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in boxes)


def _ports_on_solid(chip: Chip, grid: ChipGrid) -> Iterator[Problem]:
    for port in chip.ports:
        window, inside = cells_inside(port.shape, grid.pitch_um, grid.shape)
        solid: Mask = inside & (grid.space[window] == WALL)
        if solid.any():
            part = np.count_nonzero(solid) / np.count_nonzero(inside)
            what = f"{part:.0%} of the {port.kind} '{port.name}' lies over solid"
            yield Problem(
                what, port.place, "move it or make it smaller, so that it lies over a channel or chamber and over no post"
            )


def _posts_in_solid(chip: Chip, grid: ChipGrid) -> Iterator[Problem]:
    opened = mask_of((shape for part in chip.open_parts for shape in part.shapes), grid.pitch_um, grid.shape)
    for post in chip.posts:
        for number, shape in enumerate(post.shapes, start=1):
            window, inside = cells_inside(shape, grid.pitch_um, grid.shape)
            if inside.any() and not (inside & opened[window]).any():
                what = f"copy {number} of the post '{post.name}' stands in solid"
                yield Problem(what, post.place, "move it into a channel or chamber, or take fewer copies")
                break
