"""A culture of two types of cells and one ligand, to which the tumour cells move faster: for virtual screens in tests."""

from __future__ import annotations

CULTURE = """
[solutes.ligand]
diffusion_um2_per_min = 3000
decay_per_min = 0.01
start_um = 0.2
[[cell_type]]
name = "tumour"
like = "tumour"
[[cell_type]]
name = "stroma"
like = "fibroblast"
[[rule]]
cell_type = "tumour"
signal = "concentration_ligand_um"
direction = "increases"
behaviour = "migration_speed_um_per_min"
saturation = 1.0
half_max = 0.1
hill_power = 2
"""
