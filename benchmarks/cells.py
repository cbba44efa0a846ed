"""What does a step of pushing, pulling and walking cost a cell, and does it stay so from 10³ to 10⁶ cells?

``python benchmarks/cells.py`` prints the table of one dense layer (hexagonal, 15 µm apart, radius 8.41 µm, reach 1.25 radii,
float64, one core), three dimensions, memory, all features together, the error of longer steps, and the peer ``pyphysicell``
(PyPI) on the same layer where it is installed; it draws ``docs/images/cells_scaling.png``. ``python benchmarks/cells.py laws``
runs the laws of walking at full length. CPU time of one core, the least of the repeats and their median.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.solute import Solute
from coculture.cells.model import CellModel, CellType, CycleModel, DeathModel, Phase, Rule, Steps, VolumeModel
from coculture.cells.population import Population
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still
from machine import describe

RADIUS, SPACING = 8.41, 15.0
SIZES = (1_000, 10_000, 100_000, 1_000_000)
PICTURE = Path(__file__).resolve().parents[1] / "docs" / "images" / "cells_scaling.png"
MOVING = {
    "repulsion_um_per_min": 10.0, "adhesion_um_per_min": 0.4,
    "migration_speed_um_per_min": 0.5, "migration_persistence_min": 5.0,
}  # fmt: skip
REST = CycleModel("none", ())


def kind(name: str = "a", cycle: CycleModel = REST, **behaviours: float) -> CellType:
    return CellType(name, cycle, VolumeModel(), DeathModel(120.0), DeathModel(60.0), behaviours)


def hexagonal(number: int) -> np.ndarray:
    side = round(np.sqrt(number))
    row, column = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    return np.column_stack([(column + 0.5 * (row % 2)).ravel() * SPACING, row.ravel() * SPACING * np.sqrt(3) / 2])


def close_packed(number: int) -> np.ndarray:
    side = round((number / 4) ** (1 / 3))
    corner = np.stack(np.meshgrid(*[np.arange(side)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    basis = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
    return (corner[None] + basis[:, None]).reshape(-1, 3) * SPACING * np.sqrt(2)


def cells(place: np.ndarray, types: np.ndarray | None = None) -> Population:
    n = len(place)
    volume = np.full(n, 4 / 3 * np.pi * RADIUS**3)
    types = np.zeros(n, np.int64) if types is None else types
    return Population.founders(place, types, volume, 0.2 * volume, np.full(n, 0.75), np.zeros((n, 0)))


def layer(number: int, dimensions: int = 2) -> Simulation:
    place = hexagonal(number) if dimensions == 2 else close_packed(number)
    return Simulation.begin(CellModel((kind(**MOVING),), dimensions=dimensions), cells(place), Still.empty(), 7)


def nanoseconds(simulation: Simulation, repeats: int = 5) -> np.ndarray:
    """Return the CPU time a cell and step of each repeat, after a while in which the layer loses its order."""
    n = len(simulation.world.cells)
    simulation.advance(30.0 if n < 500_000 else 6.0)
    minutes = max(6.0, 6.0 * round(3e5 / n / 60))
    spent = []
    for _ in range(repeats):
        begin = time.process_time()
        simulation.advance(minutes)
        spent.append((time.process_time() - begin) / (minutes / 0.1) / n * 1e9)
    return np.array(spent)


def scaling() -> dict[int, float]:
    found = {}
    for number in SIZES:
        spent = nanoseconds(layer(number), 5 if number < 500_000 else 3)
        found[number] = float(np.median(spent))
        print(f"2-D, {number:>9,} cells: {spent.min():5.1f} ns a cell and step at best, median {found[number]:5.1f}")
    bar = [found[number] for number in SIZES[:3]]
    print(f"     10³ to 10⁵ within {max(bar) / min(bar):.2f}× of each other (bar 1.2×); at most {max(bar):.0f} ns (bar 120)")
    spent = nanoseconds(layer(10_000, 3))
    print(f"3-D,    10,000 cells: {spent.min():5.1f} ns at best, median {np.median(spent):5.1f} (bar 450)")
    return found


def memory() -> None:
    """Memory at its height, in a fresh process; Linux tells it."""
    if not Path("/proc/self/status").exists():
        return
    script = (
        "import cells\n"
        "from pathlib import Path\n"
        "def peak():\n"
        "    lines = Path('/proc/self/status').read_text().splitlines()\n"
        "    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith('VmHWM'))\n"
        "cells.layer(1000).advance(12.0)\n"
        "before, one = peak(), cells.layer(1_000_000)\n"
        "one.advance(12.6)\n"
        "print((peak() - before) / len(one.world.cells))\n"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=Path(__file__).parent, check=True)
    print(f"memory at its height, 10⁶ cells: {float(found.stdout):.0f} bytes a cell (bar 500)")


def all_features(number: int, contact_min: float = 0.6) -> Simulation:
    """A culture in which everything happens: two types, one solute, three rules."""
    cycle = CycleModel("live", (Phase("live", 1440.0, divides=True, doubles=True),))
    tumour = kind(
        "tumour", cycle, **MOVING, apoptosis_per_min=1e-4, secretion_signal_per_min=0.1, secretion_target_signal_um=1.0,
        repair_per_min=0.01,
    )  # fmt: skip
    killer = kind(
        "killer", cycle, **MOVING, attack_tumour_per_min=0.02, attack_duration_min=30.0, uptake_signal_per_min=0.1,
        migration_bias=0.5, chemotaxis_signal=1.0, engulf_apoptotic_per_min=0.01,
    )  # fmt: skip
    rules = (
        Rule("tumour", "pressure", "decreases", "exit_phase_0_per_min", 0.0, 2.0, 4.0),
        Rule("tumour", "damage", "increases", "apoptosis_per_min", 0.01, 10.0, 4.0),
        Rule("killer", "concentration_signal_um", "increases", "migration_speed_um_per_min", 1.0, 0.5, 4.0),
    )
    model = CellModel((tumour, killer), ("signal",), rules, steps=Steps(0.1, contact_min, 6.0))
    place = hexagonal(number) + SPACING
    width = place.max(axis=0) + SPACING
    width = 20.0 * np.ceil(width / 20.0)
    medium = Medium.of(Box((float(width[0]), float(width[1])), 20.0), (Solute("signal", 1000.0, 0.01),), 6.0)
    types = (np.random.default_rng(0).random(len(place)) < 0.1).astype(np.int64)
    return Simulation.begin(model, cells(place, types), medium, 3)


def features() -> None:
    for number, bar in ((1_000, 0.1), (10_000, 0.8), (100_000, 8.0)):
        for contact_min in (0.6, 6.0):
            simulation = all_features(number, contact_min)
            simulation.advance(12.0)
            spent = []
            for _ in range(3 if number < 50_000 else 1):
                begin = time.process_time()
                simulation.advance(60.0)
                spent.append(time.process_time() - begin)
            least, happened = min(spent), {event[1] for event in simulation.world.events}
            print(f"all features, {number:>7,} cells, contacts every {contact_min} min: {least:.3f} CPU s an hour (bar {bar})")
    print("     what happened: " + ", ".join(sorted(happened)))


def longer_steps() -> None:
    """How far do longer mechanics steps lead a pressed layer astray, without walking?"""
    model = {"repulsion_um_per_min": 10.0, "adhesion_um_per_min": 0.4}
    place = 0.8 * hexagonal(400) + np.random.default_rng(1).normal(0, 1.0, (400, 2))

    def lived(step: float) -> np.ndarray:
        simulation = Simulation.begin(CellModel((kind(**model),), steps=Steps(step, 6.0, 6.0)), cells(place), Still.empty(), 1)
        simulation.processes["phenotype"] = ()
        simulation.advance(60.0)
        return simulation.world.cells.position

    exact = lived(0.005)
    moved = np.sqrt(((exact[:, :2] - place) ** 2).sum(axis=1).mean())
    for step in (0.05, 0.1, 0.2, 0.3, 0.5, 0.6):
        error = np.sqrt(((lived(step) - exact) ** 2).sum(axis=1).mean())
        print(f"steps of {step:4} min: {error:.1e} µm from steps of 0.005 min after 1 h (cells moved {moved:.1f} µm)")


def peer() -> dict[int, float]:
    """The same layer by ``pyphysicell``: its mechanics step alone, on one thread."""
    try:
        import pyphysicell
    except ImportError:
        print("pyphysicell is not installed: pip install pyphysicell")
        return {}
    found = {}
    for number in SIZES[:3]:
        place = hexagonal(number)
        width = float(place.max()) + 100.0
        types = [pyphysicell.CellType("a", 0)]
        types[0].motility = pyphysicell.Motility(speed=0.5, persistence_time=5.0, enabled=True, use_2D=True)
        domain = pyphysicell.Domain(-100.0, width, -100.0, width)
        simulation = pyphysicell.Simulation(pyphysicell.Model(domain=domain, cell_types=types), seed=1)
        simulation.add_cells(np.column_stack([place, np.zeros(len(place))]), "a")
        steps = max(3, round(3e5 / len(place)))
        spent = []
        for _ in range(4):
            begin = time.process_time()
            for _ in range(steps):
                simulation._mechanics(0.1)  # its public step would also let solutes diffuse
            spent.append((time.process_time() - begin) / steps / len(place) * 1e9)
        found[number] = float(np.median(spent[1:]))
        print(f"pyphysicell {pyphysicell.__version__}, {number:>9,} cells: {found[number]:6.0f} ns of CPU a cell and step")
    return found


def picture(ours: dict[int, float], theirs: dict[int, float]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(5.2, 3.4), layout="constrained")
    for found, name, marker in ((ours, "coculture", "o"), (theirs, "pyphysicell 0.1.4", "s")):
        if found:
            axes.loglog(list(found), [number * cost * 1e-9 for number, cost in found.items()], marker=marker, label=name)
    sizes = np.array(SIZES)
    axes.loglog(sizes, sizes * 120e-9, ":", color="0.5", label="120 ns a cell")
    axes.set(xlabel="cells", ylabel="CPU seconds a step", title="Dense layer, mechanics and walking")
    axes.legend(frameon=False)
    figure.savefig(PICTURE, dpi=110)


def laws() -> None:
    """The laws of walking at full length: 10⁵ cells in a box, and 2 × 10⁴ free ones."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.laws.test_cell_motion_laws import box_profile, fuerth_fit

    for dimensions in (2, 3):
        diffusion, persistence = fuerth_fit(dimensions, 20_000, 100)
        print(f"Fürth, {dimensions}-D, 2 × 10⁴ cells: D {diffusion - 1:+.2%}, P {persistence - 1:+.2%} (bar 3 %)")
    slope, spread = box_profile(100_000, 20)
    print(f"steady state in a box, 10⁵ cells: κ {slope:+.2%}, profile {spread:.2%} root mean square (bar 1 %)")


def main() -> None:
    print(describe())
    if "laws" in sys.argv[1:]:
        laws()
        return
    begin = time.process_time()
    all_features(300).advance(12.0)
    layer(300, 3).advance(12.0)
    print(f"first use of everything: {time.process_time() - begin:.1f} CPU s (compiles where no cache is there; bar 60)")
    ours = scaling()
    memory()
    features()
    longer_steps()
    theirs = peer()
    for number, cost in theirs.items():
        print(f"     {number:>9,} cells: {cost / ours[number]:.1f}× ours")
    picture(ours, theirs)


if __name__ == "__main__":
    main()
