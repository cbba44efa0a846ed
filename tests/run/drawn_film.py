"""A small screen of films whose truth is known: effector cells pass by resting tumour cells, or come straight to them.

Six pairs of one tumour and one effector cell lie apart in every field. *Passing* effectors go to the right, 14 µm beside their
tumour cell, from 24 µm before it to 24 µm behind it; *homing* ones go straight to it from 45 µm away, and do not arrive.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import tifffile

from coculture.imaging.render.assay import CHANNELS, EFFECTOR, KINDS, TUMOUR
from coculture.imaging.render.field import render_field
from coculture.imaging.render.scene import Scene, dress_cells
from coculture.randomness import stream

STEP_MIN = 2.0
FRAMES = 13
PASSING_UM_PER_MIN = 2.0
HOMING_UM_PER_MIN = 1.0
BESIDE_UM = 14.0
SIDE_PX = 320
PIXEL_UM = 0.65

WELLS = {"A01": "passing", "A02": "passing", "B01": "homing", "B02": "homing"}
MAP = (
    "well,role,compound,dose,dose_unit",
    "A01,negative,,,",
    "A02,negative,,,",
    "B01,treatment,lure,1,uM",
    "B02,treatment,lure,1,uM",
)

RECIPE = """
[screen]
name = "film"
[source]
kind = "images"
images = "images"
pattern = '(?P<well>[AB]0\\d)_t(?P<t>\\d+)_(?P<channel>\\w+)\\.tif'
pixel_size_um = 0.65
bit_depth = 12
time_step_min = 2
[source.channels]
dna = "dna"
gfp = "gfp"
rfp = "rfp"
[plate]
layout = 24
map = "map.csv"
[illumination]
method = "none"
camera_offset = 100
[nuclei]
diameter_um = 11
[cells.options]
reach_um = 4.0
[cell_types]
feature = "nucleus_intensity_mean_rfp"
above = "effector"
below = "tumour"
[motion]
direction = [1, 0]
arrest_speed_um_per_min = 0.5
[contacts]
long_min = 6
[arrangement]
radii_um = [20, 42.5]
[communication]
signals = ["cell_intensity_mean_gfp"]
[[communication.transfer]]
signal = "cell_intensity_mean_gfp"
donor = "tumour"
receiver = "effector"
[[readout]]
name = "effector_speed"
column = "well_motion_speed_um_per_min_effector"
direction = "down"
primary = true
[[readout]]
name = "tracked_speed"
feature = "cell_motion_speed_um_per_min"
cell_type = "effector"
[[readout]]
name = "dwell"
column = "well_contacts_dwell_median_min_effector_tumour"
[analysis]
normalise = "as-given"
[dose_response]
model = "none"
"""


def places(kind: str, minute: float) -> pd.DataFrame:
    """Return where the cells of a field truly are."""
    rows = []
    for x in (52.0, 156.0):
        for y in (35.0, 104.0, 173.0):
            along = PASSING_UM_PER_MIN * minute - 24 if kind == "passing" else HOMING_UM_PER_MIN * minute - 45
            rows.append((x, y, TUMOUR))
            rows.append((x + along, y + (BESIDE_UM if kind == "passing" else 0.0), EFFECTOR))
    return pd.DataFrame(rows, columns=["x_um", "y_um", "cell_type"])


def film(well: str, kind: str, frames: int = FRAMES) -> list[np.ndarray]:
    """Return the (C, Y, X) images of one well; the cells keep their looks, the camera's noise is new in every image."""
    dressed = dress_cells(stream(8, well, "looks"), places(kind, 0.0), KINDS, CHANNELS)
    pictures = []
    for frame in range(frames):
        now = dressed.assign(**places(kind, frame * STEP_MIN)[["x_um", "y_um"]])
        scene = Scene(now, CHANNELS, SIDE_PX, SIDE_PX, PIXEL_UM)
        pictures.append(render_field(scene, stream(8, well, "outlines")).pixels)
    return pictures


def write_film_screen(folder: Path, recipe: str = RECIPE, frames: int = FRAMES) -> Path:
    """Write the screen with one TIFF a channel and time point, and return its recipe."""
    (folder / "images").mkdir(parents=True)
    for well, kind in WELLS.items():
        for number, pixels in enumerate(film(well, kind, frames)):
            for channel, image in zip(CHANNELS, pixels, strict=True):
                tifffile.imwrite(folder / "images" / f"{well}_t{number:02}_{channel}.tif", image)
    (folder / "map.csv").write_text("\n".join(MAP) + "\n")
    path = folder / "screen.toml"
    path.write_text(recipe)
    return path
