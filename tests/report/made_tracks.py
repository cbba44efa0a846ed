"""Cells that move as they were told: tables of cells and films for the wells of a made plate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.randomness import stream
from coculture.store.images.field import FieldImages
from coculture.store.images.plate import create_plate, finish_plate, plate_images_path
from coculture.store.images.writing import write_well_images
from coculture.store.tables import table_path, write_table

PIXEL_UM = 1.0
SIDE = 240


@dataclass(frozen=True)
class Walker:
    """How the cells of one type move.

    Attributes
    ----------
    speed_um_per_min : S of a persistent random walk.
    persistence_min : P of it.
    drift_um_per_min : (x, y) added to every step; y points down.
    """

    speed_um_per_min: float = 1.0
    persistence_min: float = 10.0
    drift_um_per_min: tuple[float, float] = (0.0, 0.0)


def walk(draw: np.random.Generator, walker: Walker, n: int, times: np.ndarray) -> np.ndarray:
    """Return (n, times, 2) positions, µm; velocities are an Ornstein-Uhlenbeck process, so Fürth's formula holds."""
    step = float(times[1] - times[0])
    fine = 10
    keep = np.exp(-step / fine / walker.persistence_min)
    spread = walker.speed_um_per_min / np.sqrt(2)
    velocity = draw.normal(0, spread, (n, 2))
    places = [draw.uniform(0.15 * SIDE, 0.85 * SIDE, (n, 2)) * PIXEL_UM]
    for _ in times[1:]:
        place = places[-1] + np.asarray(walker.drift_um_per_min) * step
        for _ in range(fine):
            place = place + velocity * step / fine
            velocity = keep * velocity + np.sqrt(1 - keep**2) * draw.normal(0, spread, (n, 2))
        places.append(place)
    return np.stack(places, axis=1)


def make_cells(plate: str, well: str, walkers: dict[str, Walker], n: int, times: np.ndarray) -> pd.DataFrame:
    """Return the table of cells of one well: ``n`` cells of each type, ``cell_id`` shuffled from image to image."""
    draw = stream(11, plate, well)
    tables = []
    for number, (name, walker) in enumerate(sorted(walkers.items())):
        places = walk(draw, walker, n, times)
        track = np.repeat(np.arange(n) + 1 + number * n, len(times))
        rows = pd.DataFrame({"track_id": track, "t_min": np.tile(times, n), "cell_type": name})
        tables.append(rows.assign(x_um=places[..., 0].ravel(), y_um=places[..., 1].ravel()))
    cells = pd.concat(tables, ignore_index=True).sort_values(["t_min", "track_id"], ignore_index=True)
    cells["cell_id"] = np.concatenate([draw.permutation(len(rows)) + 1 for _, rows in cells.groupby("t_min", sort=True)])
    fixed = {"plate": plate, "well": well, "site": 1, "alive": True, "parent_id": -1, "phase": "", "z_um": 0.0, "area_um2": 100.0}
    return cells.assign(**fixed)


def film(cells: pd.DataFrame, times: np.ndarray) -> list[FieldImages]:
    """Return the images of one well: a bright spot a cell."""
    frames = []
    for t_min in times:
        pixels = np.full((1, SIDE, SIDE), 100, np.uint16)
        here = cells[cells["t_min"] == t_min]
        columns, rows = ((here[name] / PIXEL_UM).astype(int).clip(2, SIDE - 3) for name in ("x_um", "y_um"))
        for column, row in zip(columns, rows, strict=True):
            pixels[0, row - 2 : row + 3, column - 2 : column + 3] = 900
        frames.append(FieldImages(1, float(t_min), pixels, ("dna",), PIXEL_UM))
    return frames


def add_tracks(
    folder: Path,
    walkers: dict[str, dict[str, Walker]],
    *,
    n: int = 40,
    n_times: int = 31,
    step_min: float = 2.0,
    images: bool = False,
) -> None:
    """Add tables of cells, and films where ``images``, to the wells named in ``walkers`` (well → type → walker) of plate P1."""
    times = np.arange(n_times) * step_min
    tables = {well: make_cells("P1", well, types, n, times) for well, types in walkers.items()}
    for well, cells in tables.items():
        write_table(cells, table_path(folder, "cells", "P1", well))
    if images:
        path = plate_images_path(folder, "P1")
        create_plate(path, plate="P1", wells=list(tables), layout_rows=8, layout_columns=12)
        for well, cells in tables.items():
            write_well_images(path, well, film(cells, times))
        finish_plate(path)
