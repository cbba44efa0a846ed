"""One virtual well in time: the culture begins, is dosed, lives, and is read out.

Operator order. Within a *mechanics* tick (0.1 min): forces, migration, walls, flow. Within a *contact* tick (0.6 min): the
exchange of cells and medium, which moves the medium on, then what cells do to cells they touch. Within a *phenotype* tick
(6 min), first of all: rules and drugs set behaviours from the concentrations at that moment, then type, volume, death, cycle.
Doses that come or go fall on the nearest phenotype tick, before everything else of it. The pieces are first-order (Lie)
splitting: what one does the next one sees; each is stable and keeps its own balance at any step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from coculture.cells.model import CellModel
from coculture.cells.process import World
from coculture.cells.simulation import Simulation
from coculture.plate.treatment import Treatment
from coculture.randomness import stream
from coculture.sources.virtual_chip.carriers.cargo import Cargo
from coculture.sources.virtual_chip.carriers.doses import WELL_DOSES, WellDoses
from coculture.sources.virtual_chip.carriers.loading import room_of, split_doses
from coculture.sources.virtual_chip.drug import Dose, Drug, doses_of
from coculture.sources.virtual_chip.drug_targets import linked, targets_of
from coculture.sources.virtual_chip.drugged_cells import DruggedCells, with_drugs
from coculture.sources.virtual_chip.exposure import Delivered, Exposure, Nominal, NominalWithCarriers
from coculture.sources.virtual_chip.kept_medium import DOSED
from coculture.sources.virtual_chip.seeding import sown
from coculture.sources.virtual_chip.settings import VirtualSettings

SOLUTE_OF_DRUG = "drug_{}"
"""Name of a delivered drug's solute, by its number in the well."""


def live(
    settings: VirtualSettings, folder: Path, plate: str, well: str, treatment: Treatment, *, empty: bool = False
) -> Iterator[World]:
    """Yield the culture of one well at every read-out.

    Parameters
    ----------
    settings : the screen.
    folder : the results folder, with what was prepared.
    plate, well : the well; they address its random numbers.
    treatment : what it is given.
    empty : whether it has no cells.
    """
    generator = stream(settings.seed, plate, well, "seeding")
    key = int(stream(settings.seed, plate, well, "cells").integers(2**64, dtype=np.uint64))
    given = _on_ticks(doses_of(treatment, settings.substances), settings.model.steps.phenotype_min)
    doses, loading = split_doses(given, settings)
    dosed = dict.fromkeys(one.drug for one in doses) if settings.delivered else {}
    names = {drug: SOLUTE_OF_DRUG.format(number) for number, drug in enumerate(dosed)}
    suspended, fed = ({}, ()) if loading is None else loading.travelling(names, folder)
    model = _model(settings, doses, (*names.values(), *suspended))
    travelling = (*(replace(one, drug=names[one.drug]) for one in doses if one.drug in names), *fed)
    delivered = {name: settings.drugs[drug] for drug, name in names.items()} | suspended
    around = settings.vessel.begin(folder, model, delivered, travelling)
    cells = sown(model, () if empty else settings.seedings, settings.vessel, generator, settings.apart)
    cells.position[:] = around.inside(cells.position)
    simulation = Simulation.begin(model, cells, around, key)
    cargo = None if loading is None else loading.cargo(around, model, names)
    process = _process(settings, model, doses, names, cargo)
    simulation = with_drugs(simulation, process)
    carriers = {} if loading is None else loading.named(suspended)
    simulation.world.kept[DOSED] = {name: drug for drug, name in names.items()} | carriers
    if settings.carriers:
        kept = WellDoses(doses, names, process.exposure, cargo, room_of(settings.vessel))
        simulation.world.kept[WELL_DOSES] = kept
    pauses = settings.vessel.pauses(travelling)
    for time in sorted({*settings.read_out_min, *(one for one in pauses if one < settings.read_out_min[-1])}):
        simulation.advance(time - simulation.world.time_min)
        if cargo is not None:
            cargo.go_on_to(simulation.world, simulation.world.time_min)
        if time in settings.read_out_min:
            yield simulation.world
        if time in pauses:
            settings.vessel.dose(around, travelling, time)


def _model(settings: VirtualSettings, doses: tuple[Dose, ...], more: tuple[str, ...]) -> CellModel:
    """Return the culture's model with the drugs among its solutes, and its links as drugs leave them."""
    used = _used(settings, doses)
    links = targets_of(used.values(), settings.model, settings.genes).on_links
    model = settings.model
    if links:
        model = linked(model, links, Nominal(doses, used).at_time(0.0))
    return replace(model, solutes=(*model.solutes, *more)) if more else model


def _process(
    settings: VirtualSettings, model: CellModel, doses: tuple[Dose, ...], names: dict[str, str], cargo: Cargo | None
) -> DruggedCells:
    used = _used(settings, doses)
    found = targets_of(used.values(), settings.model, settings.genes)
    nominal = Nominal(doses, used)
    exposure: Exposure = nominal if cargo is None else NominalWithCarriers(nominal, cargo)
    if settings.delivered:
        exposure = Delivered({drug: model.solutes.index(name) for drug, name in names.items()}, used)
    return DruggedCells(exposure, found.on_cells, found.on_rules, cargo)


def _used(settings: VirtualSettings, doses: tuple[Dose, ...]) -> dict[str, Drug]:
    return {one.drug: settings.drugs[one.drug] for one in doses}


def _on_ticks(doses: tuple[Dose, ...], tick_min: float) -> tuple[Dose, ...]:
    """Return the doses with their times on the nearest ticks."""

    def near(time: float) -> float:
        return round(time / tick_min) * tick_min

    return tuple(
        replace(one, start_min=near(one.start_min), end_min=None if one.end_min is None else near(one.end_min)) for one in doses
    )
