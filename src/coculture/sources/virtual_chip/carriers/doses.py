"""The doses of a well side by side: administered, delivered, released, and inside the cells, of carriers and of free drugs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.cells.medium.medium import Medium
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.plate.columns import DOSE_COLUMNS, names
from coculture.sources.virtual_chip.carriers.beds.base import Room
from coculture.sources.virtual_chip.carriers.cargo import Cargo
from coculture.sources.virtual_chip.drug import Dose
from coculture.sources.virtual_chip.exposure import Exposure
from coculture.sources.virtual_chip.surroundings import ChipSurroundings

Floats = NDArray[np.float64]

WELL_DOSES = "doses of the well"
"""Name under which the world of a read-out keeps what it was dosed with."""

FMOL, AMOL = 1e-6, 1e-3
"""fmol and amol of one µM·µm³."""

CARRIED, FREE = "cell_dose_carried_amol", "cell_dose_free_um"
CELL_DOSES = (CARRIED, FREE)
"""Features of every cell of a screen with carriers: drug still in carriers inside it, and free drug inside it, of all drugs."""


@dataclass(frozen=True)
class WellDoses:
    """What a well was dosed with.

    Attributes
    ----------
    free : doses of free drugs; a carrier's drug is among them with 0.
    solutes : by drug, the name of its solute, where doses are delivered.
    exposure : what cells meet.
    cargo : the carriers, None where there is none.
    room : the medium.
    """

    free: Sequence[Dose]
    solutes: Mapping[str, str]
    exposure: Exposure
    cargo: Cargo | None
    room: Room


def doses_now(world: World, plate: str, well: str) -> pd.DataFrame:
    """Return one row for each thing dosed, now."""
    given = world.kept[WELL_DOSES]
    assert isinstance(given, WellDoses)
    rows = [*_free_rows(world, given), *_carrier_rows(world, given)]
    where = {"plate": plate, "well": well, "t_min": round(float(world.time_min), 6)}
    table = pd.DataFrame([where | row for row in rows], columns=names(DOSE_COLUMNS))
    return table.astype({column.name: column.dtype for column in DOSE_COLUMNS})


def cell_doses(world: World) -> dict[str, Floats]:
    """Return by feature (n,) what every cell holds, in the order of their ids."""
    given, n = world.kept[WELL_DOSES], len(world.cells)
    assert isinstance(given, WellDoses)
    carried, free = np.zeros(n), np.zeros(n)
    if n:
        for um in given.exposure.at(world).values():
            free += um
    if given.cargo is not None and n:
        for number in range(len(given.cargo.doses)):
            carried += given.cargo.carried(world, number)
        for more in given.cargo.free_inside(world).values():
            free += more
    order = np.argsort(world.cells.cell_id)
    return {CARRIED: AMOL * carried[order], FREE: free[order]}


def _free_rows(world: World, given: WellDoses) -> Iterator[dict[str, Any]]:
    for drug in dict.fromkeys(one.drug for one in given.free if one.um > 0):
        own = [one for one in given.free if one.drug == drug]
        administered, there = _in_medium(world, given, drug, own)
        inside, mean = _balanced(world, given, drug)
        yield {
            "substance": drug,
            "drug": drug,
            "n_cells": int(np.count_nonzero(world.cells.state == LIVING)),
            "administered_fmol": FMOL * administered,
            "landed_fmol": 0.0,
            "delivered_fmol": FMOL * there,
            "released_fmol": FMOL * administered,
            "intracellular_fmol": FMOL * inside,
            "intracellular_free_fmol": FMOL * inside,
            "medium_free_um": mean,
            "cell_free_um": mean,
            "carriers_per_cell": 0.0,
        }


def _in_medium(world: World, given: WellDoses, drug: str, own: Sequence[Dose]) -> tuple[float, float]:
    """Return what was put in so far, and what is dissolved now, µM·µm³."""
    volume, around = given.room.volume_um3, world.surroundings
    put_in = volume * sum(one.um for one in own if one.start_min <= world.time_min)
    if drug not in given.solutes:
        return put_in, volume * sum(one.um for one in own if one.is_there(world.time_min))
    solute = given.solutes[drug]
    if isinstance(around, Medium):
        return put_in, float(around.amounts()[[one.name for one in around.solutes].index(solute)])
    assert isinstance(around, ChipSurroundings)
    assert around.transport is not None
    account = around.transport.ledger[solute]
    return account.begun_with + account.inflow, account.stored


def _balanced(world: World, given: WellDoses, drug: str) -> tuple[float, float]:
    """Return the amount inside cells in balance with the medium, µM·µm³, and the mean free concentration at living cells."""
    living = world.cells.state == LIVING
    if not living.any():
        return 0.0, float("nan")
    here = np.broadcast_to(given.exposure.at(world)[drug], (len(world.cells),))
    return float((here * world.cells.volume)[living].sum()), float(here[living].mean())


def _carrier_rows(world: World, given: WellDoses) -> Iterator[dict[str, Any]]:
    cargo = given.cargo
    if cargo is None:
        return
    for name in dict.fromkeys(one.name for one in cargo.carriers):
        of_it = [number for number, one in enumerate(cargo.carriers) if one.name == name]
        yield _carrier_row(world, given, cargo, of_it)


def _carrier_row(world: World, given: WellDoses, cargo: Cargo, numbers: Sequence[int]) -> dict[str, Any]:
    carrier, living = cargo.carriers[numbers[0]], world.cells.state == LIVING
    put_in = [cargo.bed.administered(number, world.time_min) for number in numbers]
    balanced, medium = _balanced(world, given, carrier.drug)
    freed = np.sum([cargo.held(world, "free", number) for number in numbers], axis=0)
    carried = np.sum([cargo.carried(world, number) for number in numbers], axis=0)
    first = np.sum([cargo.held(world, "inside", number) for number in numbers], axis=0)
    free = balanced + float(freed[living].sum())
    more = (freed[living] / np.maximum(world.cells.volume[living], 1e-9)).mean() if living.any() else 0.0
    return {
        "substance": carrier.name,
        "drug": carrier.drug,
        "n_cells": int(np.count_nonzero(living)),
        "administered_fmol": FMOL * sum(put_in),
        "landed_fmol": FMOL * sum(cargo.bed.landed(number) for number in numbers),
        "delivered_fmol": FMOL * sum(cargo.booked[number].on_cells for number in numbers),
        "released_fmol": FMOL * sum(a * cargo.released(k, world.time_min) for a, k in zip(put_in, numbers, strict=True)),
        "intracellular_fmol": FMOL * (float(carried[living].sum()) + free),
        "intracellular_free_fmol": FMOL * free,
        "medium_free_um": medium,
        "cell_free_um": medium + float(more),
        "carriers_per_cell": float(first[living].mean() / carrier.drug_per_carrier) if living.any() else float("nan"),
    }
