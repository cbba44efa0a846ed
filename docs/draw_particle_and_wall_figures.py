"""Draw the pictures of docs/chips/particles.md and docs/chips/materials.md: ``python docs/draw_particle_and_wall_figures.py``."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from coculture.chip.materials.pdms.film_loss import remaining_fraction
from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.chip.particles.particle import Medium, Particle
from coculture.chip.particles.perfused.leveque import leveque_velocity
from coculture.chip.particles.perfused.slice import Perfusion, perfused_deposition
from coculture.chip.particles.static.column import SettlingColumn
from coculture.chip.particles.static.deposition import deposited_fraction
from coculture.chip.particles.stokes import stokes_einstein

IMAGES = Path(__file__).parent / "images"
MEDIUM = Medium(temperature_k=310.15, viscosity_mpa_s=0.69, density_kg_per_m3=1000)
KINDS = (("lighter than water", 950), ("polystyrene", 1050), ("silica", 2000), ("titania", 4230), ("gold", 19300))


def delivered_by_size() -> None:
    """Draw the delivered fraction in a well and in a channel, and deposition along a perfused chamber."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    well, chamber = figure.subplots(1, 2)
    diameters = np.geomspace(10, 3000, 60)
    for name, density in KINDS:
        columns = [SettlingColumn.of(Particle(float(d), density), MEDIUM, 3100.0) for d in diameters]
        well.semilogx(diameters, [deposited_fraction(one, 1440.0).fraction[0] for one in columns], label=name)
    well.set(
        xlabel="diameter, nm", ylabel="fraction on the floor after 24 h", title="Still well, 3.1 mm of medium", ylim=(0, 1.03)
    )
    well.legend(frameon=False, fontsize=8)
    diffusion = stokes_einstein(Particle(100, 1050), MEDIUM)
    for settling, name in ((0.0, "neutral"), (30.0, "settling at 30 µm/min"), (-30.0, "rising at 30 µm/min")):
        found = perfused_deposition(Perfusion(1e4, 100.0, 6000.0), diffusion, settling)
        chamber.loglog(found.way_um / 1e3 - 0.025, found.velocity_um_per_min, label=name)
    law = leveque_velocity(diffusion, 360.0, found.way_um)
    chamber.loglog(found.way_um / 1e3, law, "k:", label="Lévêque's law")
    chamber.set(
        xlabel="way along the chamber, mm",
        ylabel="deposition velocity, µm/min",
        title="Under flow: 100 nm, 6 /s",
        ylim=(0.5, 100),
    )
    chamber.legend(frameon=False, fontsize=8)
    figure.savefig(IMAGES / "particles.svg", metadata={"Date": None})


def left_in_the_medium() -> None:
    """Draw what PDMS leaves over time, by partition coefficient, for thick walls and for 0.5 mm."""
    figure = Figure(figsize=(5.4, 3.6), layout="constrained")
    axes = figure.subplots()
    minutes = np.geomspace(0.05, 7 * 1440, 200)
    for colour, partition in enumerate((0.1, 1.0, 10.0, 100.0)):
        thick = remaining_fraction(minutes, 100.0, PdmsWall(partition, 600.0))
        thin = remaining_fraction(minutes, 100.0, PdmsWall(partition, 600.0, 500.0))
        axes.semilogx(minutes, thick, color=f"C{colour}", label=f"K = {partition:g}")
        axes.semilogx(minutes, thin, "--", color=f"C{colour}")
    axes.set(xlabel="time, min", ylabel="c / c0 in 100 µm of medium", ylim=(0, 1.03))
    axes.legend(frameon=False, fontsize=8, title="thick wall; dashed: 0.5 mm", title_fontsize=8)
    figure.savefig(IMAGES / "pdms_loss.svg", metadata={"Date": None})


if __name__ == "__main__":
    with mpl.rc_context({"svg.hashsalt": "coculture", "path.simplify": True}):
        delivered_by_size()
        left_in_the_medium()
