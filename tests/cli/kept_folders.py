"""Small results folders of every kind that ``coculture verify`` is asked about, made by real runs."""

from __future__ import annotations

from pathlib import Path

import small_screen
import virtual_recipe
from test_commands import WELLS, wells_file

from coculture.report.pages import write_report
from coculture.run.pipeline import analyse_wells, run_screen

CARRIER = """
[[source.carrier]]
name = "particle"
drug = "doxorubicin"
diameter_nm = 100
density_g_per_cm3 = 1.2
load_mg_per_g = 100
release = { law = "first order", rate_per_h = 0.5 }
[plate]
"""
RENDERED = "[source.render]\npixel_size_um = 2.0\n[source.render.markers.tumour]\ndna = [900, 0, 0]\n[[source.seeding]]"

IMAGED_WELLS = (*small_screen.ROWS[:2], *small_screen.ROWS[6:8], small_screen.ROWS[9])
VIRTUAL_WELLS = (*virtual_recipe.ROWS[:2], *virtual_recipe.ROWS[4:6], virtual_recipe.ROWS[7])
DOSED_WELL = virtual_recipe.ROWS[9].replace("killer,1", "particle,1")


def imaged(folder: Path) -> Path:
    """Return the recipe of five imaged wells whose images are kept."""
    recipe = small_screen.RECIPE + '[illumination]\nmethod = "none"\n'
    path = small_screen.write_screen(folder, recipe, small_screen.map_text(IMAGED_WELLS))
    kept = {row[:3] for row in IMAGED_WELLS}
    for image in (folder / "images").iterdir():
        if image.name[:3] not in kept:
            image.unlink()
    return path


def virtual(folder: Path) -> Path:
    """Return the recipe of six virtual wells that are photographed, one dosed with carriers, and whose medium is kept."""
    recipe = virtual_recipe.RECIPE.replace("[[source.seeding]]", RENDERED, 1).replace("hours = 2", "hours = 1")
    recipe = recipe.replace("[plate]\n", CARRIER, 1) + "[store]\nmedium = true\n"
    return virtual_recipe.write_virtual(folder, recipe, plate_map=virtual_recipe.map_text((*VIRTUAL_WELLS, DOSED_WELL)))


def run_and_report(recipe: Path) -> Path:
    """Run a recipe to its end, write the report, and return the results folder."""
    results = run_screen(recipe, workers=1).results
    write_report(results)
    return results


def table(folder: Path) -> Path:
    """Return the results folder of wells that were measured elsewhere."""
    (folder / "screen.toml").write_text(WELLS)
    results = analyse_wells(wells_file(folder), folder / "screen.toml").results
    write_report(results)
    return results
