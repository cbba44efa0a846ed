"""A power calculation from recipe to tables.

1. *Pilot.* Wells without the effect and with it at several sizes are simulated as the recipe has them, at several densities of
   cells; or taken from the negative controls of a results folder, as they are and shifted.
2. *Screens.* For every lot of two screens a pilot is drawn from the pilot, with replacement. From that, whole screens with the
   recipe's numbers of treatments and controls are drawn, again with replacement: with one treatment of each effect size among
   treatments without effect, and with no effect at all.
3. *Analysis.* Each is analysed as the recipe asks (scale, test, guards, FDR, smallest effect), and what is called is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from coculture.errors import InputError
from coculture.run.analysis_settings import analysis_settings
from coculture.run.executors.base import Executor, WorkerDeath
from coculture.run.power.design import ScreenDesign
from coculture.run.power.effect import Effect, TreatmentEffect, parse_effect
from coculture.run.power.measured import measured_pools, measured_wells, usual_shift
from coculture.run.power.pilot import simulated_pilot
from coculture.run.power.pilot_wells import PilotSize, usual_effect
from coculture.run.power.pools import ORIGIN, Pools
from coculture.run.power.question import PowerQuestion
from coculture.run.power.screens import Block, ScreenTask
from coculture.run.power.shown import Shown
from coculture.run.power.tables import Lots, density_table, level_table, power_table, tallies
from coculture.run.recipe.reading import read_recipe
from coculture.run.recipe.recipe import LoadedRecipe, default_results
from coculture.run.recipe.virtual import VirtualSource
from coculture.run.virtual_plan import make_virtual_plan
from coculture.screen.settings import AnalysisSettings

LOT = 2
"""Screens that are drawn from the same pilot; the fewer, the more pilots."""


@dataclass(frozen=True, eq=False)
class PowerStudy:
    """What a power calculation found.

    Attributes
    ----------
    power : how often the effect was found, one row a read-out, density, effect size and number of replicates.
    level : how often something was called where nothing has an effect.
    densities : what each read-out says at each density, and whether it is informative there.
    wells : the pilot wells.
    facts : what was asked and of what, as plain values.
    notes : what a reader must know.
    """

    power: pd.DataFrame
    level: pd.DataFrame
    densities: pd.DataFrame
    wells: pd.DataFrame
    facts: Mapping[str, object]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Material:
    """Wells to draw from, and the screen they are to make."""

    pools: Mapping[float, Pools]
    cells: Mapping[float, float]
    wells: pd.DataFrame
    effect: Effect
    sizes: tuple[float, ...]
    design: ScreenDesign
    notes: tuple[str, ...]
    origin: str


def power_study(recipe: Path, asked: PowerQuestion, executor: Executor, shown: Shown) -> PowerStudy:
    """Calculate the power of a recipe's screen.

    Parameters
    ----------
    recipe : its file.
    asked : the effect, and what is varied.
    executor : does pilot wells and drawn screens.
    shown : shows progress.

    Raises
    ------
    CocultureError : if the recipe or the effect cannot be used, or there are too few wells.
    """
    loaded = read_recipe(recipe)
    settings = analysis_settings(loaded.settings)
    if isinstance(loaded.settings.source, VirtualSource):
        material = _simulated(loaded, asked, settings, executor, shown)
    else:
        material = _measured(loaded, asked, settings)
    replicates = asked.replicates or usual_replicates(material.design.replicates)
    blocks = list(_blocks(material, replicates, asked.screens))
    task = ScreenTask(material.pools, material.design, settings, loaded.settings.screen.seed, LOT)
    found: dict[Block, pd.DataFrame] = {}
    for block, outcome in shown(executor.results(task, blocks), len(blocks), f"lots of {LOT} screens"):
        if isinstance(outcome, WorkerDeath):
            raise InputError(outcome.reason, "power", "use fewer workers, which need less memory")
        found[block] = outcome
    tally, lots = tallies(found), Lots(_lots(asked.screens), LOT)
    power = power_table(tally, material.cells, material.design, lots)
    densities = density_table(material.pools, material.cells, power, settings, material.design.replicates)
    level = level_table(tally, material.cells, lots)
    facts = _facts(loaded, material, settings, replicates, lots.screens)
    return PowerStudy(power, level, densities, material.wells, facts, material.notes)


def usual_replicates(own: int) -> tuple[int, ...]:
    """Return numbers of replicates around the recipe's."""
    return tuple(sorted({2, 3, 4, 6, own}))


def _lots(screens: int) -> int:
    return -(-screens // LOT)


def _blocks(material: _Material, replicates: Sequence[int], screens: int) -> Sequence[Block]:
    """Return what is to be drawn: all replicates with the effect, those of the recipe without, at every density."""
    own, lots = material.design.replicates, range(_lots(screens))
    every = sorted({*replicates, own})
    with_effect = [Block(density, number, True, lot) for density in material.pools for number in every for lot in lots]
    return with_effect + [Block(density, own, False, lot) for density in material.pools for lot in lots]


def _simulated(
    loaded: LoadedRecipe, asked: PowerQuestion, settings: AnalysisSettings, executor: Executor, shown: Shown
) -> _Material:
    plan = make_virtual_plan(loaded)
    effect = parse_effect(asked.effect) if asked.effect else usual_effect(plan)
    sizes = asked.sizes or ((0.1, 0.3, 1.0) if isinstance(effect, TreatmentEffect) else (0.25, 0.5, 1.0))
    design = ScreenDesign.of(plan.plate_map.wells)
    scales = {settings.scale_of(readout) for readout in settings.readouts}
    positives = asked.wells if "normalised-percent-effect" in scales and design.positives else 0
    wells = PilotSize(2 * asked.wells, asked.wells, positives)
    with TemporaryDirectory() as folder:
        pilot = simulated_pilot(plan, effect, asked.densities, sizes, wells, Path(folder), executor, shown)
    sown = sum(one.cells for one in plan.source.seeding)
    cells = {density: sown * density for density in pilot.pools}
    design = design if positives else replace(design, positives=0)
    return _Material(pilot.pools, cells, pilot.wells, effect, sizes, design, (*plan.notes, *pilot.notes), "simulated")


def _measured(loaded: LoadedRecipe, asked: PowerQuestion, settings: AnalysisSettings) -> _Material:
    results = asked.results or default_results(loaded.path)
    wells = measured_wells(results)
    effect = parse_effect(asked.effect) if asked.effect else usual_shift(wells, settings.primary)
    sizes = asked.sizes or (0.25, 0.5, 1.0)
    pools = measured_pools(wells, effect, sizes, settings)
    seen = float(pools.control["n_cells"].mean()) if "n_cells" in pools.control else float("nan")
    notes = (
        "Wells were measured: they stand for one density of cells, and a shift of one read-out leaves the others as they are.",
    )
    return _Material(
        {1.0: pools}, {1.0: seen}, pools.control.drop(columns=ORIGIN), effect, sizes, ScreenDesign.of(wells), notes, str(results)
    )


def _facts(
    loaded: LoadedRecipe, material: _Material, settings: AnalysisSettings, replicates: Sequence[int], tried: int
) -> dict[str, object]:
    design = material.design
    return {
        "name": loaded.settings.screen.name,
        "seed": loaded.settings.screen.seed,
        "language": loaded.settings.report.language,
        "effect": material.effect.text,
        "sizes_are": "multiples of the dose" if isinstance(material.effect, TreatmentEffect) else "shares of the effect",
        "sizes": list(material.sizes),
        "replicates": list(replicates),
        "densities": sorted(material.pools),
        "screens": tried,
        "treatments": design.treatments,
        "own_replicates": design.replicates,
        "negatives": design.negatives,
        "positives": design.positives,
        "fdr": settings.fdr,
        "hit_method": settings.hit_method,
        "primary": settings.primary.name,
        "interaction": [one.name for one in settings.readouts if one.about == "interaction"],
        "labels": {one.name: one.label or one.name for one in settings.readouts},
        "wells": material.origin,
        "pilot_wells": len(material.wells),
    }
