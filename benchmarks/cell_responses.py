"""What do rules, attack, engulfing and exchange cost a cell?

``python benchmarks/cell_responses.py``: a dense layer of tumour cells with 8 % killers and 7 % macrophages, 8 rules, two solutes
in a well-stirred medium; then the parts that have no bar (receptors, Notch and Delta, junctions). Numbers are ns a cell and
0.1 min of simulated time: a process that is asked every 0.6 or 6 min is shared out. CPU time of one core, the least of the
repeats and their median.
"""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from coculture.cells.links import Junction, Ligand, NotchDelta, Receptor
from coculture.cells.model import CellModel, CellType, CycleModel, DeathModel, Phase, Rule, VolumeModel
from coculture.cells.population import Population
from coculture.cells.process import Process, World
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still
from machine import describe

MOVING = {
    "repulsion_um_per_min": 10.0, "adhesion_um_per_min": 0.4,
    "migration_speed_um_per_min": 0.5, "migration_persistence_min": 5.0,
}  # fmt: skip
LIVE = CycleModel("live", (Phase("live", 6000.0, divides=True, doubles=True),))
MINUTES, REPEATS = 60.0, 5
BARRED = ("Rules", "Attack", "Engulf", "ExchangeWithMedium")
RULES = (
    Rule("tumour", "concentration_oxygen_um", "increases", "exit_phase_0_per_min", 2e-4, 20.0, 4.0),
    Rule("tumour", "pressure", "decreases", "exit_phase_0_per_min", 0.0, 1.0, 4.0),
    Rule("tumour", "damage", "increases", "apoptosis_per_min", 0.005, 30.0, 2.0),
    Rule("tumour", "dead", "increases", "export_signal_per_min", 0.005, 0.5, 2.0, True),
    Rule("killer", "concentration_signal_um", "increases", "attack_tumour_per_min", 0.1, 0.5, 4.0),
    Rule("killer", "contact_tumour", "decreases", "migration_speed_um_per_min", 0.1, 0.5, 4.0),
    Rule("macrophage", "concentration_signal_um", "increases", "engulf_apoptotic_per_min", 0.1, 0.5, 4.0),
    Rule("macrophage", "contact_dead", "decreases", "migration_speed_um_per_min", 0.1, 0.5, 4.0),
)


class Timed:
    """A process, and the CPU time it took."""

    def __init__(self, process: Process) -> None:
        self.process, self.pace, self.seconds = process, process.pace, 0.0

    def go_on(self, world: World, minutes: float) -> None:
        """Go on, and look at the clock."""
        begin = time.process_time()
        self.process.go_on(world, minutes)
        self.seconds += time.process_time() - begin


class Contacts:
    """Finds who touches whom, as a process of its own: whoever asks first would pay for all."""

    pace = "contact"

    def go_on(self, world: World, minutes: float) -> None:
        """Find them."""
        world.contacts  # noqa: B018


def model() -> CellModel:
    def kind(name: str, cycle: CycleModel, **behaviours: float) -> CellType:
        return CellType(name, cycle, VolumeModel(), DeathModel(500.0), DeathModel(500.0), {**MOVING, **behaviours})

    killer = kind("killer", CycleModel("none", ()), attack_tumour_per_min=0.02, attack_duration_min=5.0,
                  secretion_signal_per_min=1.0, secretion_target_signal_um=1.0)  # fmt: skip
    eater = kind("macrophage", CycleModel("none", ()), engulf_apoptotic_per_min=0.01)
    tumour = kind("tumour", LIVE, uptake_oxygen_per_min=1.0)
    return CellModel((tumour, killer, eater), ("oxygen", "signal"), RULES, contact_gap_um=2.0)


def linked() -> CellModel:
    receptor = Receptor("r", (Ligand("signal", 1.0, 0.1, 0.01),), {"tumour": 10.0})
    internal = (*receptor.internal, "notch", "delta", "dye")
    links = {"receptors": (receptor,), "notch": NotchDelta(rate_per_min=0.1), "junctions": (Junction("dye", 0.1),)}
    return dataclasses.replace(model(), internal=internal, halved=(*receptor.internal, "dye"), links=links)


def layer(number: int, internal: int) -> Population:
    side = round(np.sqrt(number))
    row, column = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    place = np.column_stack([(column + 0.5 * (row % 2)).ravel() * 15.0, row.ravel() * 13.0])
    types = np.random.default_rng(1).choice(3, len(place), p=[0.85, 0.08, 0.07])
    full = np.full(len(place), 2494.0)
    return Population.founders(place, types, full, 0.2 * full, np.full(len(place), 0.75), np.ones((len(place), internal)))


def measure(kind: CellModel, number: int) -> tuple[dict[str, list[float]], int]:
    """Return ns a cell and 0.1 min of every process, one number a repeat, and the number of cells."""
    around = Still(np.array([30.0, 0.3]), np.zeros((2, 3)))
    simulation = Simulation.begin(kind, layer(number, len(kind.internal)), around, 7)
    simulation.advance(6.0)
    timed = {pace: [Timed(one) for one in ones] for pace, ones in simulation.processes.items()}
    timed["contact"].insert(0, Timed(Contacts()))  # type: ignore[arg-type]
    simulation.processes = {pace: tuple(ones) for pace, ones in timed.items()}  # type: ignore[misc]
    everyone = [one for ones in timed.values() for one in ones]
    found: dict[str, list[float]] = {type(one.process).__name__: [] for one in everyone}
    for _ in range(REPEATS):
        for one in everyone:
            one.seconds = 0.0
        simulation.advance(MINUTES)
        for one in everyone:
            found[type(one.process).__name__].append(one.seconds * 1e9 / (10 * MINUTES) / len(simulation.world.cells))
    return found, len(simulation.world.cells)


def main() -> None:
    """Print the tables."""
    print(describe(), "\n")
    print("| cells | " + " | ".join((*BARRED, "all four (bar 25)")) + " | finding contacts | mechanics |")
    print("|---|" + "---|" * (len(BARRED) + 3))
    for number in (1_000, 10_000, 100_000):
        found, cells = measure(model(), number)
        shown = [*(found[name] for name in BARRED), np.sum([found[name] for name in BARRED], axis=0)]
        shown += [found["Contacts"], found["Mechanics"]]
        print(f"| {cells:,} | " + " | ".join(f"{min(one):.1f} ({np.median(one):.1f})" for one in shown) + " |")
    found, _ = measure(linked(), 10_000)
    print("\nwithout a bar, 10,000 cells: ", end="")
    print(", ".join(f"{name} {min(found[name]):.1f}" for name in ("ExchangeWithMedium", "Notch", "Junctions")))


if __name__ == "__main__":
    main()
