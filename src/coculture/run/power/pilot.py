"""Pilot wells of a virtual recipe: simulated, and gathered into pools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.errors import CocultureError, DataError, InputError, Problem
from coculture.randomness import stream
from coculture.run.executors.base import Executor, WorkerDeath
from coculture.run.power.effect import Effect
from coculture.run.power.pilot_wells import PilotSize, pilot_sources, size_of_well
from coculture.run.power.pools import ORIGIN, Pools
from coculture.run.power.shown import Shown
from coculture.run.virtual_plan import VirtualPlan
from coculture.sources.virtual_chip.seeding import sown
from coculture.sources.virtual_chip.source import VirtualChipSource

FEWEST_OF_A_POOL = 6


@dataclass(frozen=True)
class PilotTask:
    """Lets one pilot well live. Pickled once a worker.

    Attributes
    ----------
    sources : by density.
    folder : where what all wells share was prepared.
    """

    sources: Mapping[float, VirtualChipSource]
    folder: Path

    def __call__(self, key: tuple[float, str, str]) -> dict[str, float | int | str] | str:
        """Return the numbers of a well, named by density, plate and well; or why there are none."""
        density, plate, well = key
        try:
            return self.sources[density].observe(self.folder, plate, well).readouts
        except CocultureError as error:
            return str(error)


@dataclass(frozen=True, eq=False)
class Pilot:
    """What pilot wells came to.

    Attributes
    ----------
    pools : by density; densities at which cells found no room are not among them.
    wells : every well: density, role, size (0 without effect) and its numbers.
    notes : what a reader must know.
    """

    pools: Mapping[float, Pools]
    wells: pd.DataFrame
    notes: tuple[str, ...]


def simulated_pilot(
    plan: VirtualPlan,
    effect: Effect,
    densities: Sequence[float],
    sizes: Sequence[float],
    wells: PilotSize,
    folder: Path,
    executor: Executor,
    shown: Shown,
) -> Pilot:
    """Simulate the pilot wells.

    Raises
    ------
    InputError : if the effect cannot be had, or the cells find no room at any density.
    DataError : if too few wells could be done.
    """
    asked = pilot_sources(plan, effect, densities, sizes, wells)
    problems = {density: _no_room(source) for density, source in asked.items()}
    sources = {density: source for density, source in asked.items() if not problems[density]}
    notes = [f"at {density:g} times the recipe's cells: {why}" for density, why in problems.items() if why]
    if not sources:
        raise InputError(Problem(note, str(plan.loaded.path), "give lower densities, or a larger well") for note in notes)
    next(iter(sources.values())).prepare(folder)
    keys = [(density, *place) for density, source in sources.items() for place in source.wells()]
    done = _outcomes(executor, PilotTask(sources, folder), keys, shown)
    table = _gathered(sources, keys, done, size_of_well(effect, sizes))
    notes += _lost(done)
    pools = {density: _pools(density, table[table["density"] == density], sizes) for density in sources}
    _require_enough(pools, notes)
    return Pilot(pools, table.drop(columns=ORIGIN), tuple(notes))


def _no_room(source: VirtualChipSource) -> str:
    """Return why cells cannot be sown, '' where they can."""
    asked = source.settings
    try:
        sown(asked.model, asked.seedings, asked.vessel, stream(asked.seed, "power", "room"), asked.apart)
    except InputError as error:
        return error.problems[0].what
    return ""


def _outcomes(
    executor: Executor, task: PilotTask, keys: Sequence[tuple[float, str, str]], shown: Shown
) -> dict[tuple[float, str, str], dict[str, float | int | str] | str]:
    found: dict[tuple[float, str, str], dict[str, float | int | str] | str] = {}
    for key, outcome in shown(executor.results(task, keys), len(keys), "pilot wells"):
        found[key] = outcome.reason if isinstance(outcome, WorkerDeath) else outcome
    return found


def _gathered(
    sources: Mapping[float, VirtualChipSource],
    keys: Sequence[tuple[float, str, str]],
    done: Mapping[tuple[float, str, str], dict[str, float | int | str] | str],
    size_of: Mapping[str, float],
) -> pd.DataFrame:
    rows = []
    for density, plate, well in keys:
        numbers = done[density, plate, well]
        if isinstance(numbers, str):
            continue
        given = sources[density].plate_map.row(plate, well)
        size = size_of[str(given["treatment"])] if given["role"] == "treatment" else 0.0
        rows.append({"density": density, "role": str(given["role"]), "size": size, ORIGIN: plate, **numbers})
    if not rows:
        raise DataError("no pilot well could be done", "power", str(next(iter(done.values()), "")))
    table = pd.DataFrame.from_records(rows)
    first = ["density", "role", "size", ORIGIN]
    return table[[*first, *sorted(set(table.columns) - set(first))]]


def _lost(done: Mapping[tuple[float, str, str], dict[str, float | int | str] | str]) -> list[str]:
    reasons = [one for one in done.values() if isinstance(one, str)]
    return [f"{len(reasons)} of {len(done)} pilot wells failed; the first said: {reasons[0]}"] if reasons else []


def _pools(density: float, wells: pd.DataFrame, sizes: Sequence[float]) -> Pools:
    numbers = wells.drop(columns=["density", "role", "size"])
    return Pools(
        density,
        numbers[(wells["role"] == "negative").to_numpy()],
        numbers[(wells["role"] == "positive").to_numpy()],
        {size: numbers[((wells["role"] == "treatment") & np.isclose(wells["size"], size)).to_numpy()] for size in sizes},
    )


def _require_enough(pools: Mapping[float, Pools], notes: Sequence[str]) -> None:
    for density, own in pools.items():
        least = min(len(own.control), *(len(wells) for wells in own.effects.values()))
        if least < FEWEST_OF_A_POOL:
            why = "; ".join(notes) or "ask for more of them"
            raise DataError(
                f"only {least} pilot wells of a kind at density {density:g}",
                "power",
                f"at least {FEWEST_OF_A_POOL} are needed: {why}",
            )
