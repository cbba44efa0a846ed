"""Small fields whose measures are known: discs and rings of given radius and brightness, blobs numbered with gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.objects import FieldObjects, PixelLists

FULL_SCALE = 4095.0


def disc(shape: tuple[int, int], x: float, y: float, radius: float) -> NDArray[np.bool_]:
    """Pixels whose centre is within ``radius`` of the point (x, y), in pixels from the top-left corner."""
    rows, columns = np.indices(shape)
    inside: NDArray[np.bool_] = (columns + 0.5 - x) ** 2 + (rows + 0.5 - y) ** 2 <= radius**2
    return inside


def one_cell(
    *, radius: float = 12.0, nucleus: float = 300.0, around: float = 100.0, pixel_size_um: float = 0.5, number: int = 7
) -> FieldObjects:
    """One round cell in a dark image of 64 x 72 pixels: nucleus, a gap of 1, a ring of 4, a cell of twice the radius."""
    shape = (64, 72)
    nucleus_at = disc(shape, 36, 32, radius)
    cell_at = disc(shape, 36, 32, 2 * radius)
    ring_at = disc(shape, 36, 32, radius + 5) & ~disc(shape, 36, 32, radius + 1)
    image = np.where(nucleus_at, nucleus, np.where(cell_at, around, 0.0)).astype(np.float32)
    labels = [(where * number).astype(np.int32) for where in (nucleus_at, cell_at, ring_at)]
    return FieldObjects(image[None], ("gfp",), *labels, pixel_size_um, FULL_SCALE)


def blobs(seed: int = 3, *, channels: tuple[str, ...] = ("dna", "gfp")) -> FieldObjects:
    """Irregular nuclei, cells and rings numbered 2, 5, 6, 11, 40 in textured channels; some touch."""
    shape = (60, 84)
    draw = np.random.default_rng(seed)
    nuclei, cells, ring = (np.zeros(shape, dtype=np.int32) for _ in range(3))
    places = ((14, 16, 7, 2), (40, 14, 6, 5), (55, 15, 7, 6), (24, 42, 8, 11), (62, 43, 6.5, 40))
    for x, y, radius, number in places:
        cells[disc(shape, x, y, radius + 4.5) & (cells == 0)] = number
    for x, y, radius, number in places:
        lobe = disc(shape, x + 2, y - 3, radius * 0.7)
        nuclei[(disc(shape, x, y, radius * 0.8) | lobe) & (cells == number)] = number
        around = disc(shape, x, y, radius + 4) & (cells == number) & (nuclei == 0)
        ring[around] = number
    pixels = draw.gamma(4.0, 60.0, size=(len(channels), *shape)).astype(np.float32)
    pixels[0] += 400 * (nuclei > 0)
    pixels[-1] += 0.4 * pixels[0] + 90 * (cells > 0)
    return FieldObjects(np.floor(pixels), channels, nuclei, cells, ring, 0.65, FULL_SCALE)


def values(objects: FieldObjects, lists: PixelLists, row: int, channel: int = 0) -> NDArray[np.float64]:
    """Grey levels of one object."""
    chosen = lists.pixels[lists.starts[row] : lists.starts[row + 1]]
    return objects.pixels[channel].ravel()[chosen].astype(np.float64)


def turned(objects: FieldObjects, quarters: int) -> FieldObjects:
    """Return the field turned by quarters of a circle."""
    return _moved(objects, lambda image: np.rot90(image, quarters, axes=(-2, -1)))


def shifted(objects: FieldObjects, x: int, y: int) -> FieldObjects:
    """Return the field on a larger canvas, moved by whole pixels."""

    def move(image: NDArray[np.generic]) -> NDArray[np.generic]:
        margins = [(0, 0)] * (image.ndim - 2) + [(y, 30 - y), (x, 30 - x)]
        return np.pad(image, margins)

    return _moved(objects, move)


def brightened(objects: FieldObjects, gain: float) -> FieldObjects:
    """Return the field with every grey level multiplied."""
    changed = (objects.pixels * np.float32(gain)).astype(np.float32)
    return _rebuilt(objects, changed, objects.nuclei, objects.cells, objects.ring, gain)


def renumbered(objects: FieldObjects, numbers: dict[int, int]) -> FieldObjects:
    """Return the field with other numbers for its cells."""
    table = np.zeros(max(numbers) + 1, dtype=np.int32)
    for old, new in numbers.items():
        table[old] = new
    return _rebuilt(objects, objects.pixels, table[objects.nuclei], table[objects.cells], table[objects.ring])


def _moved(objects: FieldObjects, move) -> FieldObjects:  # type: ignore[no-untyped-def]
    images = [np.ascontiguousarray(move(image)) for image in (objects.pixels, objects.nuclei, objects.cells, objects.ring)]
    return _rebuilt(objects, *images)


def _rebuilt(objects: FieldObjects, pixels, nuclei, cells, ring, gain: float = 1.0) -> FieldObjects:  # type: ignore[no-untyped-def]
    return FieldObjects(pixels, objects.channels, nuclei, cells, ring, objects.pixel_size_um, FULL_SCALE * gain)
