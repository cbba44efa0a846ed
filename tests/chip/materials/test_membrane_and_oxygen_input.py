"""Membranes and oxygen: what cannot be asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from coculture.chip.grid import FLUID, ChipGrid, Membrane
from coculture.chip.materials.membrane.permeability import membrane_permeability, renkin_hindrance
from coculture.chip.materials.membrane.tank_exchange import TankExchange
from coculture.chip.materials.membrane.two_compartments import TwoCompartments
from coculture.chip.materials.oxygen import (
    damkoehler,
    least_flow_um3_per_min,
    perfused_outlet_fraction,
    saturable_profile,
    still_floor_fraction,
)
from coculture.errors import InputError

INSERT = Membrane("insert", "under", 10.0, 1.0, 0.2, 1e6)


def chip(depths: list[float], membrane: Membrane = INSERT) -> ChipGrid:
    depth = np.array([depths])
    none = np.full(depth.shape, -1, np.int16)
    return ChipGrid(
        "c", 10.0, np.full(depth.shape, FLUID, np.uint8), depth, none, np.zeros(depth.shape, np.int16), ("under", "empty"),
        membranes=(membrane,),
    )  # fmt: skip


def profile(**change: Any) -> Any:
    numbers = {"consumption": 1.0, "half_um": 1.0, "supply_um": 1.0, "velocity_um_per_min": 1.0, "depth_um": 1.0} | change
    return saturable_profile(numbers.pop("way_um", 1.0), **numbers)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: membrane_permeability(replace(INSERT, porosity=1.4), 1.0), r"porosity: .* at most 1, found 1.4\n.*0 to 1"),
        (lambda: membrane_permeability(replace(INSERT, thickness_um=0), 1.0), r"thickness_um: .* above 0"),
        (lambda: membrane_permeability(INSERT, 0.0), r"diffusion_um2_per_min: .* above 0"),
        (lambda: membrane_permeability(INSERT, 1.0, solute_radius_um=0.5), r"solute radius over pore radius: .* found 0.5"),
        (lambda: membrane_permeability(INSERT, 1.0, layer_um_per_min=0), r"layer_um_per_min: .* above 0"),
        (lambda: renkin_hindrance(-0.1), r"solute radius over pore radius: .* at least 0"),
        (lambda: TwoCompartments(0, 1, 1), r"channel_um3: .* above 0"),
        (lambda: TwoCompartments(1, 1, 1, -1), r"flow_um3_per_min: .* at least 0"),
        (lambda: TwoCompartments(1, 1, 1).concentrations(-1), r"minutes: a time is negative"),
        (lambda: TwoCompartments(1, 1, 1).concentrations(1, tank=-1), r"tank: .* at least 0"),
        (lambda: TankExchange(chip([5.0]), "lid", 1.0), r"no membrane 'lid'\n.*insert"),
        (lambda: TankExchange(chip([5.0, 6.0]), "insert", 1.0), r"covers places of different depth"),
        (lambda: TankExchange(chip([5.0], replace(INSERT, region="empty")), "insert", 1.0), r"covers no open cell"),
        (lambda: TankExchange(chip([5.0]), "insert", 0.0), r"permeability_um_per_min: .* above 0"),
        (lambda: TankExchange(chip([5.0]), "insert", 1.0).begin((2, 2)), r"a grid of \(2, 2\) is not the chip's \(1, 1\)"),
        (lambda: TankExchange(chip([5.0]), "insert", 1.0).step(np.ones((2, 2)), 1.0), r"concentrations have shape \(2, 2\)"),
        (lambda: TankExchange(chip([5.0]), "insert", 1.0).step(np.ones((1, 1)), -1.0), r"minutes: .* above 0"),
        (lambda: still_floor_fraction(3000.0, 3e4, 1.8e5, 200.0), r"consumption outruns supply 2.5-fold at cells"),
        (
            lambda: perfused_outlet_fraction(3000.0, 1e4, 1e3, 1e8, 200.0),
            r"outruns supply 1.5-fold at the chamber: .*\n.*perfuse faster",
        ),
        (lambda: least_flow_um3_per_min(1.0, 1.0, 1.0, 1.0, 1.0), r"least_fraction: no flow keeps all"),
        (lambda: damkoehler(1.0, 0.0, 1.0, 1.0), r"depth_um: .* above 0"),
        (lambda: profile(way_um=-1.0), r"way_um: a place lies before the inlet"),
        (lambda: profile(half_um=0.0), r"half_um: .* above 0"),
    ],
)
def test_messages(ask: Callable[[], Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask()


def test_a_stagnant_layer_adds_its_resistance() -> None:
    bare, layered = membrane_permeability(INSERT, 100.0), membrane_permeability(INSERT, 100.0, layer_um_per_min=3.0)
    assert 1 / layered.value_um_per_min == pytest.approx(1 / bare.value_um_per_min + 1 / 3.0, rel=1e-12)
    assert layered.layer_share == pytest.approx(layered.value_um_per_min / 3.0, rel=1e-12)
