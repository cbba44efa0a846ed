"""How narrow the chip gets, and whether the grid resolves it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from coculture.chip.geometry.chip import Chip, PostPart
from coculture.chip.geometry.raster import cells_inside
from coculture.chip.geometry.shapes import Disc, Point, Rectangle, Shape
from coculture.chip.grid import ChipGrid
from coculture.errors import Problem

MOST_CELLS = 20_000_000
"""On larger grids gaps between solids are not looked for (memory); gaps between posts are, from the drawing."""


_ALL, _FIRST, _SECOND = slice(None), slice(None, -1), slice(1, None)
_NEIGHBOURS = (((_FIRST, _ALL), (_SECOND, _ALL)), ((_ALL, _FIRST), (_ALL, _SECOND)))


@dataclass(frozen=True)
class Passage:
    """A narrow place: how wide it is, what it is, and where it stands in the file."""

    width_um: float
    what: str
    place: str


def passages(chip: Chip, grid: ChipGrid) -> list[Passage]:
    """Return the narrow places: each channel, the nearest two posts of each row, and the narrowest gap between two solids."""
    found = [
        Passage(width, f"the {part.kind} '{part.name}'", part.place)
        for part in chip.open_parts
        if (width := part.width_um or _least_width(part.shapes)) is not None
    ]
    found += [between for post in chip.posts if (between := post_gap(post)) is not None]
    if chip.posts and (gap := solid_gap(chip, grid)) is not None:
        found.append(gap)
    return found


def _least_width(shapes: tuple[Shape, ...]) -> float | None:
    """Return the least width of the rectangles and discs among ``shapes``; of a polygon it is not told."""
    widths = [min(shape.width_um, shape.height_um) for shape in shapes if isinstance(shape, Rectangle)]
    widths += [2 * shape.radius_um for shape in shapes if isinstance(shape, Disc)]
    return min(widths, default=None)


def passage_problems(found: list[Passage], pitch_um: float, cells_across: int) -> Iterator[Problem]:
    """Yield the passages that have fewer than ``cells_across`` cells across."""
    for passage in found:
        cells = passage.width_um / pitch_um
        if passage.width_um <= 0:
            yield Problem(f"{passage.what} is closed", passage.place, "move the posts apart")
        elif cells < cells_across - 1e-9:
            what = f"{passage.what} is {passage.width_um:.4g} µm wide: {cells:.2g} cells of {pitch_um:g} µm across"
            finest = math.floor(passage.width_um / cells_across * 100) / 100
            remedy = f"{cells_across} cells are needed: take a pitch of at most {finest:g} µm, or make it wider"
            yield Problem(what, passage.place, remedy)


def width_warnings(chip: Chip, grid: ChipGrid, tolerance: float = 0.1) -> Iterator[Problem]:
    """Yield the parts of which some copy has an area on the grid that is off by more than ``tolerance``."""
    for part in chip.open_parts:
        worst = max((_area_error(shape, grid) for shape in part.shapes), key=abs)
        if abs(worst) > tolerance:
            what = (
                f"the {part.kind} '{part.name}' covers {abs(worst):.0%} {'more' if worst > 0 else 'less'} on the grid than drawn"
            )
            yield Problem(what, part.place, "take a smaller pitch, or one that divides its sizes")


def _area_error(shape: Shape, grid: ChipGrid) -> float:
    cells = np.count_nonzero(cells_inside(shape, grid.pitch_um, grid.shape)[1])
    return cells * grid.pitch_um**2 / shape.area_um2 - 1


def post_gap(post: PostPart) -> Passage | None:
    """Return the gap between the nearest two copies of a post (six nearest neighbours of each); None where it is alone."""
    if len(post.shapes) < 2:
        return None
    boxes = np.array([shape.bounds_um for shape in post.shapes])
    centres = np.column_stack([boxes[:, [0, 2]].mean(axis=1), boxes[:, [1, 3]].mean(axis=1)])
    _, near = cKDTree(centres).query(centres, k=min(7, len(centres)))
    pairs = {(min(a, b), max(a, b)) for a, row in enumerate(near.tolist()) for b in row if a != b}
    offsets: dict[Point, float] = {}
    for a, b in sorted(pairs):
        step = (round(float(centres[b, 0] - centres[a, 0]), 6), round(float(centres[b, 1] - centres[a, 1]), 6))
        if step not in offsets:
            offsets[step] = distance_between(post.shapes[a], post.shapes[b])
    return Passage(min(offsets.values()), f"the gap between posts '{post.name}'", post.place)


def distance_between(first: Shape, second: Shape) -> float:
    """Return the least distance between two shapes, µm; 0 where they touch or overlap."""
    if isinstance(first, Disc) and isinstance(second, Disc):
        apart = math.dist((first.x_um, first.y_um), (second.x_um, second.y_um))
        return max(0.0, apart - first.radius_um - second.radius_um)
    a, b = np.array(first.outline()), np.array(second.outline())
    if second.contains(a[:, 0], a[:, 1]).any() or first.contains(b[:, 0], b[:, 1]).any():
        return 0.0
    return float(min(_to_edges(a, b), _to_edges(b, a)))


def _to_edges(points: NDArray[np.float64], corners: NDArray[np.float64]) -> float:
    """Return the least distance from ``points`` to the edges of a polygon."""
    start, along = corners[None, :, :], (np.roll(corners, -1, axis=0) - corners)[None, :, :]
    offset = points[:, None, :] - start
    share = np.clip((offset * along).sum(axis=2) / np.maximum((along**2).sum(axis=2), 1e-300), 0, 1)
    return float(np.sqrt(((offset - share[..., None] * along) ** 2).sum(axis=2)).min())


def solid_gap(chip: Chip, grid: ChipGrid) -> Passage | None:
    """Return the narrowest gap between two separate solids on the grid, by the border of their nearest-solid zones.

    Gaps between copies of one post are left to :func:`post_gap`, which knows them exactly.
    """
    if grid.space.size > MOST_CELLS:
        return None
    is_open = np.pad(grid.open, 1)
    solids, number = ndimage.label(~is_open, structure=np.ones((3, 3)))
    if number < 2:
        return None
    owner = _owners(chip, grid, solids, int(number))
    distance, nearest = ndimage.distance_transform_edt(is_open, return_indices=True)
    zone = solids[tuple(nearest)]
    found: list[tuple[float, int, int, int]] = []
    for one, two in _NEIGHBOURS:
        a, b = zone[one], zone[two]
        border = is_open[one] & is_open[two] & (a != b) & ((owner[a] < 0) | (owner[a] != owner[b]))
        rows, columns = np.nonzero(border)
        if rows.size:
            across = distance[one][rows, columns] + distance[two][rows, columns]
            best = int(across.argmin())
            row, column = int(rows[best]), int(columns[best])
            found.append((float(across[best]), row, column, max(int(owner[a[row, column]]), int(owner[b[row, column]]))))
    if not found:
        return None
    cells, row, column, post = min(found)
    x, y = (column - 0.5) * grid.pitch_um, (row - 0.5) * grid.pitch_um
    what = f"the gap between two solids about x = {x:g}, y = {y:g} µm"
    return Passage(cells * grid.pitch_um, what, chip.posts[post].place if post >= 0 else chip.file)


def _owners(chip: Chip, grid: ChipGrid, solids: NDArray[np.int32], number: int) -> NDArray[np.int64]:
    """Return for each solid the post it is a copy of; -1 for other solids."""
    owner = np.full(number + 1, -1, dtype=np.int64)
    for index, post in enumerate(chip.posts):
        for shape in post.shapes:
            (rows, columns), inside = cells_inside(shape, grid.pitch_um, grid.shape)
            padded = (slice(rows.start + 1, rows.stop + 1), slice(columns.start + 1, columns.stop + 1))
            owner[np.unique(solids[padded][inside])] = index
    owner[[0, solids[0, 0]]] = -1
    return owner
