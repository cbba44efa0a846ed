"""What is lost to PDMS, to serum and to decay in delivered dosing, against closed forms."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from virtual_screen import NOWHERE, drug, model, on_behaviour, settings

from coculture.chip.materials.pdms.film_loss import remaining_fraction
from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.compounds.serum import free_fraction
from coculture.plate.treatment import Treatment
from coculture.run.recipe.compound import Compound
from coculture.run.recipe.virtual import VirtualSource
from coculture.run.virtual_drugs import declared_drug
from coculture.sources.virtual_chip.living_well import live
from coculture.sources.virtual_chip.seeding import Seeding
from coculture.sources.virtual_chip.settings import VirtualSettings
from coculture.sources.virtual_chip.vessels.chip import ChipVessel
from coculture.sources.virtual_chip.vessels.well import WellVessel

SPEED = "migration_speed_um_per_min"
DEPTH = 100.0
V17 = {1.0: 0.21462634, 10.0: 0.072244167, 60.0: 0.029694274}
"""Left in a film of 100 µm by a thick wall with K = 10 and 600 µm²/min: time → c/c0, as published for this case."""


def film(exchange_min: float) -> ChipVessel:
    """Return a still film of medium under a PDMS ceiling, filled with what is dosed."""
    size = {"field_width_um": 1200.0, "field_height_um": 1200.0, "gap_um": 200.0, "depth_um": DEPTH}
    return ChipVessel("gap", size, 100.0, filled=True, exchange_step_min=exchange_min, longest_min=60.0)


def left(free: float, times: tuple[float, ...], exchange_min: float) -> list[float]:
    """Return c/c0 in the middle of the film at some times; the drug hardly spreads, so that sides far away do not count."""
    one = drug(diffusion_um2_per_min=1.0, pdms_partition=10.0, pdms_diffusion_um2_per_min=600.0, free_fraction=free)
    asked = settings(
        one,
        model=model(),
        vessel=film(exchange_min),
        delivered=True,
        read_out_min=times,
        seedings=(Seeding("tumour", 3, 0.0),),
    )
    middle = []
    for world in live(asked, NOWHERE, "P1", "A01", Treatment.parse("drug 2 uM")):
        field = world.surroundings.transport.concentration(world.model.solutes[-1])
        middle.append(float(field[6, 6]) / 2.0)
    return middle


def test_pdms_takes_what_the_closed_form_says() -> None:
    times = (0.6, 6.0, 60.0)
    expected = remaining_fraction(times, DEPTH, PdmsWall(10.0, 600.0))
    assert left(1.0, times, 0.6) == pytest.approx(expected, rel=0.02)
    assert remaining_fraction(list(V17), DEPTH, PdmsWall(10.0, 600.0)) == pytest.approx(list(V17.values()), rel=1e-4)


def test_a_coarser_exchange_with_the_wall_costs_little_accuracy() -> None:
    times = (6.0, 60.0)
    expected = remaining_fraction(times, DEPTH, PdmsWall(10.0, 600.0))
    assert left(1.0, times, 6.0) == pytest.approx(expected, rel=0.05)


def test_walls_take_of_what_serum_leaves_free() -> None:
    free = free_fraction(0.9, 0.1)
    expected = remaining_fraction((60.0,), DEPTH, PdmsWall(10.0 * free, 600.0))
    assert left(free, (60.0,), 0.6) == pytest.approx(expected, rel=0.02)
    assert expected[0] > 1.5 * V17[60.0]


def in_serum(bound: float, serum: float) -> VirtualSettings:
    source = VirtualSource.model_validate(
        {
            "kind": "virtual",
            "culture": "culture.toml",
            "hours": 1.0,
            "serum_fraction": serum,
            "seeding": [{"cell_type": "stroma", "cells": 5}],
        }
    )
    declared = {"name": "drug", "plasma_bound_fraction": bound, "diffusion_um2_per_min": 3e4}
    known = declared_drug(Compound.model_validate(declared), source)
    assert known.free_fraction == pytest.approx(1 / (1 + serum * (1 / (1 - bound) - 1)), rel=1e-12)
    effect = on_behaviour(SPEED, 0.0, ("stroma",))
    one = drug(effect, diffusion_um2_per_min=3e4, free_fraction=known.free_fraction)
    return settings(one, seedings=(Seeding("stroma", 5, 0.0),), read_out_min=(12.0,))


@pytest.mark.parametrize(("bound", "serum"), [(0.99, 0.1), (0.5, 1.0), (0.9, 0.0)])
@pytest.mark.parametrize("delivered", [False, True])
def test_cells_answer_to_what_serum_leaves_free(bound: float, serum: float, delivered: bool) -> None:
    """Half of the effect comes at 1 µM free: at a dose d the factor is 1/(1 + fu d), fu of Kalvass & Maurer (2002)."""
    asked = in_serum(bound, serum)
    asked = VirtualSettings(**{**vars(asked), "delivered": delivered})
    speeds = []
    for text in ("", "drug 3 uM"):
        (world,) = live(asked, NOWHERE, "P1", "A01", Treatment.parse(text))
        speeds.append(float(world.parameters.values(SPEED, world.cells.type)[0]))
    free = 1 / (1 + serum * (1 / (1 - bound) - 1))
    assert speeds[1] / speeds[0] == pytest.approx(1 / (1 + 3 * free), rel=1e-6)


def test_a_drug_that_decays_falls_exponentially(tmp_path: Path) -> None:
    one = drug(diffusion_um2_per_min=3e4, decay_per_min=0.01)
    vessel = WellVessel((300.0, 300.0), exchange_step_min=0.6)
    asked = settings(one, vessel=vessel, delivered=True, read_out_min=(60.0,))
    (world,) = live(asked, tmp_path, "P1", "A01", Treatment.parse("drug 2 uM"))
    assert np.ptp(world.surroundings.concentration[-1]) < 1e-6
    assert world.surroundings.concentration[-1].mean() / 2 == pytest.approx(math.exp(-0.6), rel=5e-3)
