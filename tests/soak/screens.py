"""The screens of the soak: a film of drawn wells, a virtual chip with flow and delivered drugs, and a table of wells."""

from __future__ import annotations

from pathlib import Path

from drawn_film import RECIPE as LONG_FILM
from drawn_film import write_film_screen

FRAMES = 4
DWELL = '[[readout]]\nname = "dwell"\ncolumn = "well_contacts_dwell_median_min_effector_tumour"\n'
FILM = LONG_FILM.replace(DWELL, "")  # so short a film has no whole stay

CHIP = """
[screen]
name = "chip"
seed = 3
[source]
kind = "virtual"
culture = "culture.toml"
hours = 0.5
read_out_every_min = 15
dosing = "delivered"
[source.chip]
design = "lane3"
pitch_um = 25
pdms = false
filled = true
[source.chip.parameters]
gel_width_um = 300
media_width_um = 150
lane_length_um = 600
end_um = 150
post_length_um = 100
post_thickness_um = 50
[source.chip.port]
upper_in = { flow_ul_per_min = 0.2 }
lower_in = { flow_ul_per_min = 0.2 }
upper_out = { pressure_pa = 0 }
lower_out = { pressure_pa = 0 }
[[source.seeding]]
cell_type = "tumour"
cells = 10
region = "gel_lane"
[[source.seeding]]
cell_type = "stroma"
cells = 8
region = "gel_lane"
[[source.compound]]
name = "killer"
diffusion_um2_per_min = 24000
[[source.compound.effect]]
kind = "viability"
half_um = 0.1
alive_fraction = 0.02
exposure_h = 2
[motion]
direction = [1, 0]
[plate]
layout = 24
map = "map.csv"
[store]
medium = true
[[readout]]
name = "tumour_cells"
column = "n_tumour"
direction = "down"
primary = true
"""

CULTURE = """
[solutes.ligand]
diffusion_um2_per_min = 3000
start_um = 0.2
[[cell_type]]
name = "tumour"
like = "tumour"
[[cell_type]]
name = "stroma"
like = "fibroblast"
"""

CHIP_ROWS = (
    *[f"A0{column},negative,,0" for column in range(1, 4)],
    *[f"B0{column},positive,killer,10" for column in range(1, 3)],
    *[f"C0{column},treatment,killer,1" for column in range(1, 4)],
)

TABLE = """
[screen]
name = "table"
[source]
kind = "wells"
table = "wells.csv"
[source.columns]
plate = "plate"
well = "well"
role = "role"
compound = "compound"
dose = "dose"
dose_unit = "dose_unit"
mixing = "mixing"
[plate]
layout = 96
[[readout]]
name = "mixing"
column = "mixing"
direction = "down"
primary = true
"""


def write_film(folder: Path) -> Path:
    """Write the film and its recipe; its images are kept."""
    return write_film_screen(folder, FILM, FRAMES)


def write_chip(folder: Path) -> Path:
    """Write the virtual screen and return its recipe."""
    folder.mkdir(parents=True)
    (folder / "culture.toml").write_text(CULTURE)
    rows = "\n".join(["well,role,compound,dose,dose_unit", *(f"{row},uM" for row in CHIP_ROWS)])
    (folder / "map.csv").write_text(rows + "\n")
    (folder / "screen.toml").write_text(CHIP)
    return folder / "screen.toml"


def write_table(folder: Path) -> Path:
    """Write a table of 96 wells, dilution series of eight compounds between controls, and return its recipe."""
    folder.mkdir(parents=True)
    lines = ["plate,well,role,compound,dose,dose_unit,mixing"]
    for number in range(96):
        row, column = divmod(number, 12)
        role = {0: "negative", 11: "positive"}.get(column, "treatment")
        compound = {"negative": "", "positive": "parting"}.get(role, f"compound {row + 1}")
        dose = 0.0 if role == "negative" else 10.0 if role == "positive" else 0.01 * 2.0**column
        answer = 1.0 / (1.0 + dose / (0.1 * (row + 1))) + 0.01 * ((7 * number) % 11 - 5)
        lines.append(f"P1,{'ABCDEFGH'[row]}{column + 1:02},{role},{compound},{dose:g},uM,{answer:.4f}")
    (folder / "wells.csv").write_text("\n".join(lines) + "\n")
    (folder / "screen.toml").write_text(TABLE)
    return folder / "screen.toml"
