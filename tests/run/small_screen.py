"""A small screen on the disk: a recipe, a plate map and tiny images, each part of which a test can spoil."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tifffile

RECIPE = """
[screen]
name = "small"
[source]
kind = "images"
images = "images"
pattern = "plain"
pixel_size_um = 0.65
[source.channels]
dna = "dna"
gfp = "gfp"
[plate]
layout = 24
map = "map.csv"
[nuclei]
channel = "dna"
[measure]
families = ["shape", "intensity"]
[[readout]]
name = "ratio"
feature = "nucleus_intensity_mean_gfp"
primary = true
"""

ROWS = (
    *[f"A0{column},negative,,0" for column in range(1, 7)],
    *[f"B0{column},positive,killer,10" for column in range(1, 4)],
    *[f"C0{column},treatment,alpha,{dose}" for column, dose in enumerate((1, 2, 4, 8), start=1)],
    *[f"D0{column},treatment,alpha,{dose}" for column, dose in enumerate((1, 2, 4, 8), start=1)],
)
WELLS = tuple(row[:3] for row in ROWS)


def map_text(rows: tuple[str, ...] = ROWS) -> str:
    """Return a plate map of these rows."""
    return "\n".join(["well,role,compound,dose,dose_unit", *(f"{row},uM" for row in rows)]) + "\n"


def write_image(folder: Path, well: str, channel: str, side: int = 64, kind: type[np.generic] = np.uint16) -> Path:
    """Write one tiny image of a disc of 12 µm."""
    path = folder / f"{well}_s1_{channel}.tif"
    y, x = np.mgrid[:side, :side] - side // 2
    pixels = 10 + (y * y + x * x) % 7 + 200 * (y * y + x * x < 81)
    tifffile.imwrite(path, pixels.astype(kind))
    return path


def write_screen(folder: Path, recipe: str = RECIPE, plate_map: str | None = None) -> Path:
    """Write the screen into ``folder`` and return its recipe."""
    images = folder / "images"
    images.mkdir(parents=True)
    for well in WELLS:
        for channel in ("dna", "gfp"):
            write_image(images, well, channel)
    (folder / "map.csv").write_text(plate_map if plate_map is not None else map_text())
    path = folder / "screen.toml"
    path.write_text(recipe)
    return path
