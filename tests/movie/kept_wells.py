"""Small results folders whose every pixel can be said beforehand: two tumour cells, a dead one, a T cell that walks to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from coculture.store.images.field import FieldImages
from coculture.store.images.plate import create_plate, finish_plate, plate_images_path
from coculture.store.images.writing import write_well_images
from coculture.store.medium import KeptMedium, medium_path, write_medium
from coculture.store.tables import table_path, write_table

TIMES = (0.0, 30.0, 60.0)
RADIUS_UM = 8.0
SIDE_UM = 200.0

RECIPE = """
[source]
kind = "virtual"
[source.well]
width_um = 200.0
height_um = 200.0
"""


def cells_at(t_min: float, plate: str, well: str) -> pd.DataFrame:
    """Return four cells: tumours at (40, 40) and (60, 160), dead from 30 min; one dead; a T cell that goes to the first."""
    kinds = ["tumour", "tumour", "tumour", "t_cell"]
    x = [40.0, 60.0, 160.0, 160.0 - 1.75 * t_min]
    return pd.DataFrame(
        {
            "plate": plate,
            "well": well,
            "site": 1,
            "t_min": t_min,
            "cell_id": [1, 2, 3, 4],
            "track_id": [1, 2, 3, 4],
            "cell_type": kinds,
            "alive": [True, t_min < 30.0, False, True],
            "x_um": x,
            "y_um": [40.0, 160.0, 160.0, 40.0],
            "area_um2": np.pi * RADIUS_UM**2,
            "cell_medium_ligand_um": 0.1,
        }
    )


def medium(solutes: tuple[str, ...] = ("ligand",), *, walls: bool = False) -> KeptMedium:
    """Return a medium that rises from left to right, to 1 µM times the hour, on cells of 20 µm; a wall at the right."""
    rising = np.broadcast_to(np.linspace(0, 1, 10), (10, 10))
    over_time = np.stack([np.stack([rising * t / 60] * len(solutes)) for t in TIMES]).astype(np.float32)
    is_open = np.ones((10, 10), np.bool_)
    if walls:
        is_open[:, 9] = False
    return KeptMedium(np.array(TIMES), solutes, over_time, is_open, 20.0)


def write_virtual(folder: Path, well: str = "A01", plate: str = "P1", times: tuple[float, ...] = TIMES) -> Path:
    """Write the tables of a virtual well; return the folder."""
    cells = pd.concat([cells_at(t, plate, well) for t in times], ignore_index=True)
    write_table(cells, table_path(folder, "cells", plate, well))
    contacts = pd.DataFrame({"site": [1], "t_min": [60.0], "cell_a": [1], "cell_b": [4], "contact_length_um": [3.0]})
    write_table(contacts, table_path(folder, "contacts", plate, well))
    given = pd.DataFrame({"plate": [plate], "well": [well], "role": ["treatment"], "treatment": ["drug 3 uM"]})
    write_table(given, table_path(folder, "wells"))
    (folder / "recipe.toml").write_text(RECIPE)
    return folder


def write_all(folder: Path, kept: KeptMedium | None = None) -> Path:
    """Write a virtual well with its medium."""
    write_virtual(folder)
    write_medium(medium_path(folder, "P1", "A01"), kept or medium())
    return folder


def write_imaged(folder: Path, times: tuple[float, ...] = TIMES) -> Path:
    """Write the same well as images of 1 µm pixels: dna bright in cell 1, gfp bright in a stripe at the bottom."""
    write_virtual(folder, times=times)
    (folder / "recipe.toml").write_text('[source]\nkind = "images"\n')
    path = plate_images_path(folder, "P1")
    create_plate(path, plate="P1", wells=["A01"])
    write_well_images(path, "A01", [_field(t) for t in times])
    finish_plate(path)
    return folder


def _field(t_min: float) -> FieldImages:
    rows, columns = np.mgrid[: int(SIDE_UM), : int(SIDE_UM)] + 0.5
    labels = np.zeros(rows.shape, np.int32)
    for row in cells_at(t_min, "P1", "A01").itertuples():
        labels[np.hypot(columns - row.x_um, rows - row.y_um) < RADIUS_UM] = row.cell_id
    pixels = np.full((2, *rows.shape), 100, np.uint16)
    pixels[0][labels == 1] = 4000
    pixels[1][150:] = 3000
    return FieldImages(1, t_min, pixels, ("dna", "gfp"), 1.0, {"cells": labels})
