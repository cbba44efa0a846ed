"""A box of medium, 1.2 × 0.8 mm: oxygen comes from the sides, a cytokine only from cells."""

from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.solute import SIDES, Solute

oxygen = Solute("oxygen", diffusion_um2_per_min=1e5, decay_per_min=0.1, start_um=50.0, border_um=dict.fromkeys(SIDES[:4], 50.0))
cytokine = Solute("cytokine", diffusion_um2_per_min=1000.0, decay_per_min=0.05)
medium = Medium.of(Box((1200.0, 800.0), voxel_um=20.0), [oxygen, cytokine], exchange_step_min=6.0)
