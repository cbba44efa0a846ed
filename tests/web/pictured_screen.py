"""A results folder with one imaged and one drawn well, whose cells are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from coculture.plate.columns import CELL_COLUMNS, CONTACT_COLUMNS
from coculture.store.images.field import FieldImages
from coculture.store.images.plate import create_plate, finish_plate, plate_images_path
from coculture.store.images.writing import write_well_images
from coculture.store.tables import table_path, write_table

SIZE = 700
PIXEL_UM = 0.5
PLACES = ((100, 100), (140, 100), (600, 600))
"""Column and row of the middle of each cell, pixels; the first two touch."""


def cells(well: str, t_min: float, shift_um: float = 0.0) -> pd.DataFrame:
    """Return three cells, the third of another type, moved to the right by ``shift_um``."""
    table = pd.DataFrame(
        {
            "plate": "P1",
            "well": well,
            "site": 1,
            "t_min": t_min,
            "cell_id": [1, 2, 7],
            "track_id": [1, 2, 7],
            "parent_id": -1,
            "cell_type": ["tumour", "t_cell", "tumour"],
            "alive": True,
            "phase": "",
            "x_um": [x * PIXEL_UM + shift_um for x, _ in PLACES],
            "y_um": [y * PIXEL_UM for _, y in PLACES],
            "z_um": 0.0,
            "area_um2": [100.0, 90.0, 110.0],
            "cell_shape_area_um2": [100.0, 90.0, 110.0],
            "cell_intensity_mean_dna": [1000.0, 2000.0, 3000.0],
        }
    )
    return table.astype({column.name: column.dtype for column in CELL_COLUMNS})


def contacts(well: str, t_min: float) -> pd.DataFrame:
    """Return the one contact."""
    row = {"plate": "P1", "well": well, "site": 1, "t_min": t_min, "cell_a": 1, "cell_b": 2, "contact_length_um": 6.5}
    return pd.DataFrame([row]).astype({column.name: column.dtype for column in CONTACT_COLUMNS})


def field() -> FieldImages:
    """Return a field of two channels: bright squares where cells are in the first, a ramp in the second."""
    pixels, labels = np.full((2, SIZE, SIZE), 100, np.uint16), np.zeros((SIZE, SIZE), np.int32)
    pixels[1] += np.arange(SIZE, dtype=np.uint16)
    for cell, (x, y) in zip((1, 2, 7), PLACES, strict=True):
        pixels[0, y - 20 : y + 20, x - 20 : x + 20] = 3000
        labels[y - 20 : y + 20, x - 20 : x + 20] = cell
    return FieldImages(1, 0.0, pixels, ("dna", "gfp"), PIXEL_UM, {"cells": labels})


def add_pictures(folder: Path) -> None:
    """Add images of A01, and of A02 two time points of its cells, to a results folder that has both wells."""
    path = plate_images_path(folder, "P1")
    create_plate(path, plate="P1", wells=["A01"])
    write_well_images(path, "A01", [field()])
    finish_plate(path)
    films = {"A01": [(0.0, 0.0)], "A02": [(0.0, 0.0), (10.0, 5.0)]}
    for well, times in films.items():
        for kind, made in (
            ("cells", pd.concat([cells(well, t, shift) for t, shift in times], ignore_index=True)),
            ("contacts", pd.concat([contacts(well, t) for t, _ in times], ignore_index=True)),
        ):
            file = table_path(folder, kind, "P1", well)
            file.parent.mkdir(parents=True, exist_ok=True)
            write_table(made, file)
