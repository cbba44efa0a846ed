"""What do particle doses and PDMS walls cost, and do release laws agree with drux?

The table of settling and diffusing particles by the method chosen and by finite volumes alone; a vertical slice of a perfused
chamber beside Lévêque's law; one step of PDMS walls on 512 × 512 columns; three release laws beside drux (PyPI), which has no
Korsmeyer-Peppas law and no sphere. CPU time, median of repeats.

    python benchmarks/particles_and_walls.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from coculture.chip.materials.pdms.film_loss import remaining_fraction
from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.chip.materials.pdms.wall_uptake import WallUptake
from coculture.chip.particles.particle import Medium, Particle
from coculture.chip.particles.perfused.leveque import leveque_mean_velocity
from coculture.chip.particles.perfused.slice import Perfusion, perfused_deposition
from coculture.chip.particles.static.column import SettlingColumn
from coculture.chip.particles.static.deposition import deposited_fraction
from coculture.chip.particles.stokes import stokes_einstein
from coculture.compounds.release.first_order import FirstOrderRelease
from coculture.compounds.release.higuchi import HiguchiRelease, higuchi_rate_per_root_h
from coculture.compounds.release.weibull import WeibullRelease
from machine import describe

MEDIUM = Medium(310.15, 0.69, 1000)
TABLE = (
    (1050, 20, 0.60955),
    (1050, 100, 0.28008),
    (1050, 500, 0.31729),
    (1050, 1100, 0.99998),
    (4230, 20, 0.61942),
    (4230, 100, 0.74718),
    (19300, 100, 1.0),
    (1100, 100, 0.28571),
)
REPEATS = 7


def milliseconds(action: Callable[[], Any]) -> float:
    """Run once to compile, then several times; return the median CPU time."""
    action()
    spent = []
    for _ in range(REPEATS):
        begin = time.process_time()
        action()
        spent.append(1e3 * (time.process_time() - begin))
    return float(np.median(spent))


def still_wells() -> None:
    columns = [SettlingColumn.of(Particle(size, density), MEDIUM, 3100.0) for density, size, _ in TABLE]
    expected = np.array([row[2] for row in TABLE])
    for method in ("auto", "finite volume"):
        found = np.array([deposited_fraction(one, 1440.0, method=method).fraction[0] for one in columns])
        spent = milliseconds(lambda method=method: [deposited_fraction(one, 1440.0, method=method) for one in columns])
        worst = float(np.abs(found / expected - 1).max())
        print(f"still well, {method:13}: worst of 8 cases {worst:.1e} (bar 1e-3), {spent / len(columns):6.1f} ms a case")


def chamber() -> None:
    diffusion = stokes_einstein(Particle(100, 1050), MEDIUM)
    place = Perfusion(1000.0, 400.0, 4e5)
    found = perfused_deposition(place, diffusion, 0.0).mean_velocity_um_per_min
    law = leveque_mean_velocity(diffusion, place.shear_per_min, 1000.0)
    spent = milliseconds(lambda: perfused_deposition(place, diffusion, 0.0))
    print(f"perfused slice: mean deposition {found / law - 1:+.2%} from Lévêque's law (bar 3 %), {spent:.1f} ms")


def walls() -> None:
    wall = PdmsWall(10.0, 600.0, 3000.0)
    uptake = WallUptake(wall, 100.0)
    uptake.begin((1, 1))
    film, worst = np.ones((1, 1)), 0.0
    for step in range(1, 1441):
        film = film - uptake.step(film, 1.0) / 100.0
        worst = max(worst, abs(film[0, 0] / float(remaining_fraction(float(step), 100.0, wall)) - 1))
    print(f"PDMS wall, 24 h in steps of 1 min: worst {worst:.1e} of what is left")
    uptake.begin((512, 512))
    field = np.random.default_rng(0).random((512, 512))
    spent = milliseconds(lambda: uptake.step(field, 1.0))
    print(f"PDMS walls, 512 × 512 columns: {spent:.0f} ms a step, {1e6 * spent / 512**2:.0f} ns a column")


def release() -> None:
    try:
        import drux
    except ImportError:
        print("drux is not installed: pip install drux")
        return
    minutes = np.arange(0, 961.0)
    rate = higuchi_rate_per_root_h(1e-10, 50, 5, 0.1)
    pairs = (
        ("first order", FirstOrderRelease(0.1), drux.FirstOrderModel(k=0.1 / 3600, M0=1.0), 1.0),
        ("Weibull", WeibullRelease(8.0, 0.7), drux.WeibullModel(M=1.0, a=(8 * 3600) ** -0.7, b=0.7), 1.0),
        ("Higuchi", HiguchiRelease(rate), drux.HiguchiModel(D=1e-10, c0=50, cs=5), 50 * 0.1),
    )
    for name, ours, theirs, whole in pairs:
        found = np.array(theirs.simulate(duration=960 * 60, time_step=60), float) / whole
        apart = float(np.abs(found - ours.released(minutes)).max())
        spent, peer = milliseconds(lambda o=ours: o.released(minutes)), milliseconds(lambda t=theirs: t.simulate(57600, 60))
        print(f"release, {name:11}: at most {apart:.1e} from drux; {spent:.3f} ms against {peer:.3f} ms for 961 times")


def main() -> None:
    print(describe())
    still_wells()
    chamber()
    walls()
    release()


if __name__ == "__main__":
    main()
