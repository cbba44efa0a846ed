"""A virtual screen of twelve small wells on the disk, each part of which a test can change."""

from __future__ import annotations

from pathlib import Path

from tests.cases.two_types import CULTURE

RECIPE = """
[screen]
name = "virtual"
seed = 3
[source]
kind = "virtual"
culture = "culture.toml"
hours = 2
read_out_every_min = 60
[source.well]
width_um = 300
height_um = 300
[[source.seeding]]
cell_type = "tumour"
cells = 20
[[source.seeding]]
cell_type = "stroma"
cells = 15
[[source.compound]]
name = "killer"
[[source.compound.effect]]
kind = "viability"
half_um = 0.1
alive_fraction = 0.02
exposure_h = 2
[[source.compound]]
name = "alpha"
[[source.compound.effect]]
kind = "antagonist"
ligand = "ligand"
half_um = 1
[plate]
layout = 24
map = "map.csv"
[[readout]]
name = "tumour_cells"
column = "n_tumour"
direction = "down"
primary = true
"""

ROWS = (
    *[f"A0{column},negative,,0" for column in range(1, 5)],
    *[f"B0{column},positive,killer,10" for column in range(1, 4)],
    *[f"C0{column},treatment,alpha,3" for column in range(1, 3)],
    *[f"D0{column},treatment,killer,1" for column in range(1, 4)],
)


def map_text(rows: tuple[str, ...] = ROWS) -> str:
    """Return a plate map of these rows."""
    return "\n".join(["well,role,compound,dose,dose_unit", *(f"{row},uM" for row in rows)]) + "\n"


def write_virtual(folder: Path, recipe: str = RECIPE, culture: str = CULTURE, plate_map: str | None = None) -> Path:
    """Write the screen into ``folder`` and return its recipe."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "culture.toml").write_text(culture)
    (folder / "map.csv").write_text(map_text() if plate_map is None else plate_map)
    (folder / "screen.toml").write_text(recipe)
    return folder / "screen.toml"
