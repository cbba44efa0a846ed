"""What does it cost to write one field (640 × 640, two channels, two label images, three levels) as OME-Zarr 0.5?

Compares the project's own writer with zarr-python's arrays, with ome-zarr-io and, where it is installed, with ngio. All
write the same pixels and the same levels; ome-zarr-io cannot write shards, and only our writer replaces the well in one
step and syncs it to the disk.

Measured on two shared cores (zarr 3.1.6, ome-zarr-io 0.10.2, ngio 1.1.3): 16 to 20 ms of CPU for ours, 75 to 108 for
zarr-python, 132 for ome-zarr-io, 268 for ngio. That is why the project writes its shards itself.

    python benchmarks/ome_zarr_writing.py [repeats]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from coculture.store.images.field import FieldImages
from coculture.store.images.plate import create_plate
from coculture.store.images.writing import write_well_images
from coculture.store.pyramids import intensity_pyramid, label_pyramid

SIZE, PIXEL_UM = 640, 0.65


def make_field() -> FieldImages:
    """Return discs on noise, as compressible as a real field of 8 to 12 bits."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:SIZE, :SIZE]
    labels = np.zeros((SIZE, SIZE), np.int32)
    for number, (row, column) in enumerate(rng.uniform(0, SIZE, (180, 2)), start=1):
        labels[(y - row) ** 2 + (x - column) ** 2 < 12**2] = number
    pixels = rng.poisson(20 + 60 * (labels > 0), (2, SIZE, SIZE)).astype(np.uint16)
    return FieldImages(1, 0.0, pixels, ("dna", "gfp"), PIXEL_UM, {"nuclei": labels, "cells": labels.copy()})


def with_coculture(path: Path, field: FieldImages) -> None:
    create_plate(path, plate="P", wells=["A01"], layout_rows=8, layout_columns=12)
    write_well_images(path, "A01", [field])


def with_zarr(path: Path, field: FieldImages) -> None:
    plate = zarr.create_group(path)
    well = plate.create_group("A").create_group("01").create_group("1")
    labels = well.create_group("labels")
    images = [(well, intensity_pyramid(field.pixels))]
    images += [(labels.create_group(name), label_pyramid(values)) for name, values in field.labels.items()]
    for group, levels in images:
        for number, values in enumerate(levels):
            chunks = (1,) * (values.ndim - 2) + tuple(min(size, 320) for size in values.shape[-2:])
            array = group.create_array(str(number), shape=values.shape, dtype=values.dtype, chunks=chunks, shards=values.shape)
            array[...] = values


def with_ome_zarr_io(path: Path, field: FieldImages) -> None:
    from ome_zarr_io import PlateWriter

    units = {"y": "micrometer", "x": "micrometer"}
    scale = {"y": PIXEL_UM, "x": PIXEL_UM}
    with PlateWriter(path, rows=["A"], columns=["01"], name="P") as plate:
        writer = plate.add_field(
            "A",
            "01",
            field.pixels,
            ["c", "y", "x"],
            units,
            scale_transformations=scale,
            downscale_levels=2,
            channels=list(field.channels),
        )
        for name, labels in field.labels.items():
            writer.add_labels(name, labels[None])


def with_ngio(path: Path, field: FieldImages) -> None:
    import ngio

    place = ngio.ImageInWellPath(row="A", column="01", path="1")
    plate = ngio.create_empty_plate(path, name="P", images=[place], ngff_version="0.5")
    store = plate.get_image_store(row="A", column="01", image_path="1")
    image = ngio.create_ome_zarr_from_array(
        store,
        field.pixels,
        pixelsize=PIXEL_UM,
        levels=3,
        axes_names=["c", "y", "x"],
        channels_meta=list(field.channels),
        ngff_version="0.5",
        chunks=(1, 320, 320),
        shards=field.pixels.shape,
        overwrite=True,
    )
    for name, labels in field.labels.items():
        label = image.derive_label(name)
        label.set_array(labels)
        label.consolidate()


def measure(name: str, write: Callable[[Path, FieldImages], None], field: FieldImages, repeats: int) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        write(folder / "warm.zarr", field)
        cpu, wall = time.process_time(), time.perf_counter()
        for number in range(repeats):
            write(folder / f"{number}.zarr", field)
        cpu, wall = (time.process_time() - cpu) / repeats, (time.perf_counter() - wall) / repeats
        files = [path for path in (folder / "0.zarr").rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        print(f"{name:12s} {cpu * 1e3:8.1f} ms CPU {wall * 1e3:8.1f} ms wall {len(files):4d} files {size / 1e6:6.2f} MB")
    finally:
        shutil.rmtree(folder)


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    field = make_field()
    print(f"{os.cpu_count()} cores, zarr {zarr.__version__}, {repeats} repeats, one field {field.pixels.shape} uint16 + 2 labels")
    writers: dict[str, Any] = {"coculture": with_coculture, "zarr": with_zarr, "ome-zarr-io": with_ome_zarr_io, "ngio": with_ngio}
    for name, write in writers.items():
        try:
            measure(name, write, field, repeats)
        except ImportError as error:
            print(f"{name:12s} not measured: {error}")


if __name__ == "__main__":
    main()
