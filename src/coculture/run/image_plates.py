"""Images and outlines of a run as OME-Zarr plates: made before the first well, filled well by well, closed after the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from coculture.plate.layout import Layout
from coculture.store.images.field import FieldImages, FieldOnDemand
from coculture.store.images.plate import create_plate, finish_plate, plate_images_path
from coculture.store.images.writing import write_well_images
from coculture.store.ngff import split_well

Well = tuple[str, str]


def _plates(wells: Sequence[Well]) -> Iterator[tuple[str, list[str]]]:
    for plate, group in groupby(sorted(wells, key=lambda key: key[0]), key=lambda key: key[0]):
        yield plate, [well for _, well in group]


def create_image_plates(results: Path, layout: Layout, wells: Sequence[Well]) -> None:
    """Make the image plates of a run; wells that are there already stay."""
    for plate, names in _plates(wells):
        create_plate(
            plate_images_path(results, plate), plate=plate, wells=names, layout_rows=layout.rows, layout_columns=layout.columns
        )


def write_images(results: Path, plate: str, well: str, images: Sequence[FieldImages | FieldOnDemand]) -> Path:
    """Write the images of one well and return a file that is there exactly when they are."""
    path = plate_images_path(results, plate)
    write_well_images(path, well, images)
    return path.joinpath(*split_well(well), "zarr.json")


def finish_image_plates(results: Path, wells: Sequence[Well], sites: Mapping[Well, int] | None = None) -> None:
    """Let each plate's metadata list the wells that have images.

    ``sites`` says how many fields of view each of them has, where the images do not lie in the results folder.
    """
    for plate, _ in _plates(wells):
        known = None if sites is None else {well: count for (on, well), count in sites.items() if on == plate}
        finish_plate(plate_images_path(results, plate), known)
