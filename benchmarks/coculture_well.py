"""A virtual co-culture well of 850 cells, 48 h: how long, what costs what, and how far coarse steps of the solutes lead astray.

    python benchmarks/coculture_well.py             times the well
    python benchmarks/coculture_well.py profile     says what costs what
    python benchmarks/coculture_well.py error       compares the counts with those of solutes stepped 12 times finer
    python benchmarks/coculture_well.py rates       compares what the rules make of both, in the same cells

Five types (400 tumour cells, 300 fibroblasts, 60 T cells, 60 macrophages, 30 NK cells), four solutes on 60 × 40 voxels of 20
µm, eight rules, attack, engulfing, chemotaxis. The published C++ simulator was quoted at 61 s for such a well.

``error``: every well lives twice from the same founders and with the same key. Random numbers belong to a cell, a moment and a
purpose, so both lives draw the same ones until they have come apart; from then on they differ by chance as well. What
is given for each type is the mean over wells of (coarse − fine)/(mean of fine), with its standard error from the differences
between wells. Where the 95 % interval of a type lies within ± 1 %, its error is shown to be below the bar; where the mean lies
within and the interval does not, the wells are too few to tell. The standard deviation of a single well's count is printed
beside it, for scale. A difference of exactly 0 says that the type's fate does not hang on solutes: its cells neither divide nor
are attacked, and die at times that are their own.

``rates``: the counts of tumour cells differ by chance alone by a tenth between wells, which hides a small error. Here the cells
live with the solutes stepped finely, and a second medium beside it is stepped coarsely and fed by the same cells; the rules
answer to both. The mean of every behaviour that rules change, over living cells and 48 h, is compared: the same cells in the
same places, so that no chance is left but that of the course the culture took.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from coculture.cells.files.reading import read_model
from coculture.cells.founding import Box as Field
from coculture.cells.founding import placed
from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.of_model import solutes_of
from coculture.cells.model import CellModel
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.cells.processes import rules
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Exchange
from machine import describe

HOURS = 48
STEP_MIN = 6.0
T_95 = 2.02
"""Half-width of a 95 % interval in standard errors, Student's t of about 40 wells."""
COUNTS = {"tumour": 400, "fibroblast": 300, "t_cell": 60, "macrophage": 60, "nk_cell": 30}


def model() -> CellModel:
    """Return the well's model."""
    return read_model(Path(__file__).with_suffix(".toml"))


def medium(cultured: CellModel, step_min: float) -> Medium:
    """Return the well's medium: oxygen comes from the sides."""
    held = dict.fromkeys(("left", "right", "front", "back"), 38.0)
    return Medium.of(Box((1200.0, 800.0), 20.0), solutes_of(cultured, {"oxygen": held}), step_min)


def well(key: int, step_min: float) -> Simulation:
    """Return the well at its beginning."""
    cultured = model()
    cells = placed(cultured, COUNTS, Field((0.0, 0.0), (1200.0, 800.0)), key, apart=0.8)
    return Simulation.begin(cultured, cells, medium(cultured, step_min), key)


def living(simulation: Simulation) -> np.ndarray:
    """Return the number of living cells of every type."""
    cells = simulation.world.cells
    return np.bincount(cells.type[cells.state == LIVING], minlength=len(COUNTS))


def timed() -> None:
    """Time the well."""
    well(0, STEP_MIN).advance(60.0)
    taken = []
    for key in range(3):
        simulation = well(key, STEP_MIN)
        start = time.process_time()
        simulation.advance(HOURS * 60.0)
        taken.append(time.process_time() - start)
        print(f"key {key}: {taken[-1]:.2f} CPU s, {len(simulation.world.cells)} cells, {len(simulation.world.events)} events")
        print("   living", dict(zip(COUNTS, living(simulation).tolist(), strict=True)))
    print(f"\n48 h: {min(taken):.2f} CPU s at best of 3, median {np.median(taken):.2f} (bar 3; C++ simulator 61, quoted)")


def profiled() -> None:
    """Say what costs what."""
    well(0, STEP_MIN).advance(60.0)
    simulation, profile = well(0, STEP_MIN), cProfile.Profile()
    profile.runcall(simulation.advance, HOURS * 60.0)
    stats = pstats.Stats(profile)
    stats.sort_stats("cumulative").print_stats(28)
    stats.sort_stats("tottime").print_stats(22)


def compared(keys: range, step_min: float, finer: int) -> None:
    """Compare counts after 48 h with those of solutes stepped finer, by type and with standard errors."""
    print(f"{len(keys)} wells, keys from {keys.start}; solutes every {step_min:g} min, against {step_min / finer:g} min")
    ends, taken = [], []
    for key in keys:
        pair = [well(key, step) for step in (step_min, step_min / finer)]
        for simulation in pair:
            start = time.process_time()
            simulation.advance(HOURS * 60.0)
            taken.append(time.process_time() - start)
        ends.append([living(simulation) for simulation in pair])
        print(f"well {key}: {taken[-2]:.2f} and {taken[-1]:.2f} CPU s", *(end.tolist() for end in ends[-1]), flush=True)
    print(f"\nfastest 48 h: {min(taken[::2]):.2f} CPU s, median {np.median(taken[::2]):.2f}\n")
    tell(np.array(ends, dtype=float))


def tell(ends: np.ndarray) -> None:
    """Print what (wells, coarse or fine, types) counts say of every type, of the immune cells together, and of all."""
    groups = {name: [number] for number, name in enumerate(COUNTS)} | {"immune": [2, 3, 4], "all": [0, 1, 2, 3, 4]}
    print("| type | fine: mean (SD of a well) | coarse − fine | % | standard error, % | below 1 % |\n|---|---|---|---|---|---|")
    for name, rows in groups.items():
        coarse, fine = ends[:, :, rows].sum(axis=2).T
        off = 100.0 * (coarse - fine) / fine.mean()
        mean, error = off.mean(), off.std(ddof=1) / np.sqrt(len(off))
        within = abs(mean) + T_95 * error < 1.0
        verdict = "shown" if within else "mean only" if abs(mean) < 1.0 else "no"
        numbers = f"{fine.mean():.1f} ({fine.std(ddof=1):.1f}) | {(coarse - fine).mean():+.2f} | {mean:+.2f} | {error:.2f}"
        print(f"| {name} | {numbers} | {verdict} |")


@dataclass
class Beside:
    """A fine medium that the cells live with, and a coarse one beside it that they feed as well."""

    fine: Medium
    coarse: Medium
    _passed: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.fine, name)

    def advance(self, minutes: float, position: np.ndarray, exchange: Exchange | None) -> np.ndarray:
        """Let both go on, the coarse one where a step of its begins."""
        if self._passed % round(self.coarse.exchange_step_min / minutes) == 0:
            self.coarse.advance(self.coarse.exchange_step_min, position, exchange)
        self._passed += 1
        return self.fine.advance(minutes, position, exchange)


@dataclass
class Answers:
    """A process that notes after every tick of the rules what they made of either medium: sums over living cells by type."""

    sums: np.ndarray
    pace: str = "phenotype"

    def go_on(self, world: World, minutes: float) -> None:
        """Let the rules answer to both media; the fine one's answer stays."""
        around, of_fine = world.surroundings, world.parameters.by_cell.copy()
        assert isinstance(around, Beside)
        world.surroundings = around.coarse
        rules.PROCESS.go_on(world, minutes)
        of_coarse, world.surroundings = world.parameters.by_cell, around
        world.parameters.by_cell = of_fine
        alive = world.cells.state == LIVING
        for kind in range(len(COUNTS)):
            chosen = alive & (world.cells.type == kind)
            self.sums[:, kind] += of_coarse[chosen].sum(axis=0), of_fine[chosen].sum(axis=0)


def answered(keys: range, step_min: float, finer: int) -> None:
    """Compare the means of behaviours that rules change."""
    found, pairs = [], sorted({(rule.cell_type, rule.behaviour) for rule in model().rules})
    for key in keys:
        simulation = well(key, step_min / finer)
        world = simulation.world
        world.surroundings = Beside(medium(world.model, step_min / finer), medium(world.model, step_min))
        notes = Answers(np.zeros((2, len(COUNTS), world.parameters.by_cell.shape[1])))
        phenotype = simulation.processes["phenotype"]
        simulation.processes["phenotype"] = (phenotype[0], notes, *phenotype[1:])
        simulation.advance(HOURS * 60.0)
        places = [(list(COUNTS).index(kind), world.parameters.column[world.parameters.number(name)]) for kind, name in pairs]
        found.append([100.0 * (notes.sums[0, *place] / notes.sums[1, *place] - 1.0) for place in places])
        print(f"well {key}:", *(f"{one:+.2f}" for one in found[-1]), flush=True)
    print(f"\n{len(keys)} wells; solutes every {step_min:g} min, against {step_min / finer:g} min, in the same cells\n")
    print("| behaviour | coarse − fine, % | standard error, % |\n|---|---|---|")
    for (kind, name), off in zip(pairs, np.array(found).T, strict=True):
        print(f"| {name} of {kind} | {off.mean():+.3f} | {off.std(ddof=1) / np.sqrt(len(off)):.3f} |")


def main() -> None:
    """Do what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("time", "profile", "error", "rates"), default="time", help="default: time")
    parser.add_argument("--wells", type=int, default=40, help="error, rates: number of wells (default: 40)")
    parser.add_argument("--first", type=int, default=100, help="error, rates: key of the first well (default: 100)")
    parser.add_argument("--step", type=float, default=STEP_MIN, help=f"error, rates: coarse step, min (default: {STEP_MIN:g})")
    parser.add_argument("--finer", type=int, default=12, help="error, rates: how many times finer the other is (default: 12)")
    asked = parser.parse_args()
    print(describe(), "\n")
    keys = range(asked.first, asked.first + asked.wells)
    if asked.what == "error":
        compared(keys, asked.step, asked.finer)
    elif asked.what == "rates":
        answered(keys, asked.step, asked.finer)
    elif asked.what == "profile":
        profiled()
    else:
        timed()


if __name__ == "__main__":
    main()
