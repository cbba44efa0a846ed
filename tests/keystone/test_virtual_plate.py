"""Keystone: a virtual plate, photographed and read by the microscope, gives the tables it came from, and the same hits.

Tolerances: counts ± 2 %, positions below one pixel in the median, types right in at least 98 %, contact counts ± 5 %. Contacts
are edges of the Delaunay triangulation up to 24 µm, in both. Single cells are compared away from the edge of the field, where
nuclei are cut.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from coculture.run.pipeline import run_screen
from coculture.store.tables import read_table, table_path

PIXEL_UM, SIDE_UM, EDGE_UM = 0.65, 400.0, 20.0

CULTURE = """
[culture]
contact_gap_um = 1.0
[[cell_type]]
name = "tumour"
like = "tumour"
[cell_type.behaviours]
migration_speed_um_per_min = 0.2
migration_persistence_min = 15
[[cell_type]]
name = "stroma"
like = "fibroblast"
"""

SHARED = """
[plate]
layout = 12
map = "plate_map.csv"
[contacts]
neighbours = "delaunay"
longest_um = 24
[[readout]]
name = "tumour_cells"
column = "n_tumour"
direction = "down"
primary = true
[[readout]]
name = "stroma_cells"
column = "n_stroma"
direction = "down"
[[readout]]
name = "touched"
column = "well_contacts_per_cell"
[analysis]
minimum_effect = 20
"""

VIRTUAL = (
    """
[screen]
name = "keystone"
seed = 5
[source]
kind = "virtual"
culture = "culture.toml"
hours = 4
[source.well]
width_um = 400
height_um = 400
[[source.seeding]]
cell_type = "tumour"
cells = 70
[[source.seeding]]
cell_type = "stroma"
cells = 50
[[source.compound]]
name = "killer"
[[source.compound.effect]]
kind = "viability"
cells = ["tumour"]
half_um = 0.1
alive_fraction = 0.02
exposure_h = 4
[[source.compound]]
name = "inert"
[source.render.markers.tumour]
dna = [900, 10, 0]
gfp = [30, 250, 80]
[source.render.markers.stroma]
dna = [900, 10, 0]
rfp = [800, 200, 0]
gfp = [30, 250, 80]
"""
    + SHARED
)

MICROSCOPE = (
    """
[screen]
name = "keystone"
seed = 5
[source]
kind = "images"
images = "results/rendered"
pattern = '(?P<plate>[^_]+)_(?P<well>[A-C]\\d\\d)_s(?P<site>\\d)_t(?P<t>\\d+)_(?P<channel>dna|gfp|rfp)\\.tif'
pixel_size_um = 0.65
bit_depth = 12
[source.channels]
dna = "dna"
gfp = "gfp"
rfp = "rfp"
[illumination]
camera_offset = 100
[nuclei]
channel = "dna"
diameter_um = 9
touching_border = "keep"
[cell_types]
feature = "nucleus_intensity_mean_rfp"
above = "stroma"
below = "tumour"
[measure]
families = ["shape", "intensity"]
[store]
images = false
"""
    + SHARED
)

ROLES = ("negative",) * 4 + ("positive",) * 2 + ("treatment",) * 6
COMPOUNDS = ("",) * 4 + ("killer",) * 2 + ("killer",) * 3 + ("inert",) * 3
DOSES = (0,) * 4 + (10,) * 2 + (1,) * 3 + (1,) * 3
WELLS = [f"{row}{column:02d}" for row in "ABC" for column in range(1, 5)]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Results of the virtual run, and of the microscope that saw its photographs."""
    folder = tmp_path_factory.mktemp("keystone")
    (folder / "culture.toml").write_text(CULTURE)
    rows = zip(WELLS, ROLES, COMPOUNDS, DOSES, strict=True)
    lines = [f"{well},{role},{compound},{dose},uM" for well, role, compound, dose in rows]
    (folder / "plate_map.csv").write_text("\n".join(["well,role,compound,dose,dose_unit", *lines]) + "\n")
    (folder / "virtual.toml").write_text(VIRTUAL)
    (folder / "microscope.toml").write_text(MICROSCOPE)
    virtual = run_screen(folder / "virtual.toml", folder / "results", workers=1)
    seen = run_screen(folder / "microscope.toml", folder / "seen", workers=1)
    assert not virtual.failed
    assert not seen.failed
    return virtual.results, seen.results


def both(runs: tuple[Path, Path], column: str) -> tuple[np.ndarray, np.ndarray]:
    """Return a column of both well tables, in one order."""
    one, other = (read_table(folder / "wells.parquet").sort_values("well")[column].to_numpy(float) for folder in runs)
    return one, other


def cells_of(folder: Path, well: str) -> pd.DataFrame:
    """Return the living cells of a well at its end."""
    table = read_table(table_path(folder, "cells", "keystone", well))
    return table[table["alive"]]


def pairs(runs: tuple[Path, Path]) -> pd.DataFrame:
    """Return every seen cell beside the true cell nearest to it, away from the edge."""
    found = []
    for well in WELLS:
        truth, seen = cells_of(runs[0], well), cells_of(runs[1], well)
        inner = seen[seen[["x_um", "y_um"]].ge(EDGE_UM).all(axis=1) & seen[["x_um", "y_um"]].le(SIDE_UM - EDGE_UM).all(axis=1)]
        apart, row = cKDTree(truth[["x_um", "y_um"]]).query(inner[["x_um", "y_um"]])
        types = truth["cell_type"].to_numpy()[row]
        found.append(pd.DataFrame({"apart_um": apart, "truth": types, "seen": inner["cell_type"].to_numpy()}))
    return pd.concat(found)


@pytest.mark.parametrize("column", ["n_cells", "n_tumour", "n_stroma"])
def test_the_counts_of_the_plate_are_the_same_within_2_percent(runs, column):
    true, seen = both(runs, column)
    assert seen.sum() == pytest.approx(true.sum(), rel=0.02)


def test_the_count_of_each_well_is_the_same_within_2_percent_or_one_cell(runs):
    true, seen = both(runs, "n_cells")
    assert (np.abs(seen - true) <= np.maximum(0.02 * true, 1.0)).all()


def test_cells_are_where_they_are_within_a_pixel(runs):
    assert pairs(runs)["apart_um"].median() < PIXEL_UM


def test_types_are_right_in_98_percent(runs):
    found = pairs(runs)
    assert (found["truth"] == found["seen"]).mean() >= 0.98


@pytest.mark.parametrize("column", ["well_contacts_per_cell", "well_contacts_tumour_stroma"])
def test_contacts_are_as_many_within_5_percent(runs, column):
    true, seen = both(runs, column)
    kept = np.isfinite(true) & np.isfinite(seen)
    assert seen[kept].mean() == pytest.approx(true[kept].mean(), rel=0.05)


def test_the_same_hits_are_called(runs):
    called = []
    for folder in runs:
        hits = read_table(folder / "hits.parquet")
        called.append(set(map(tuple, hits.loc[hits["hit"], ["treatment", "readout", "direction"]].to_numpy())))
    assert called[0] == called[1]
    assert ("killer 1 uM", "tumour_cells", "down") in called[0]
    assert not any(treatment.startswith("inert") for treatment, *_ in called[0])
