"""Laws of materials: closed forms, a wall solver that must agree with them, and mass that must add up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from coculture.chip.grid import FLUID, ChipGrid, Membrane
from coculture.chip.materials.membrane.permeability import membrane_permeability, renkin_hindrance
from coculture.chip.materials.membrane.tank_exchange import TankExchange
from coculture.chip.materials.membrane.two_compartments import TwoCompartments
from coculture.chip.materials.oxygen import (
    damkoehler,
    floor_deficit_fraction,
    lawn_consumption,
    least_flow_um3_per_min,
    perfused_outlet_fraction,
    saturable_profile,
    still_floor_fraction,
)
from coculture.chip.materials.pdms.film_loss import final_fraction, loss_time_min, remaining_fraction
from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.chip.materials.pdms.wall_uptake import WallUptake

THICK = PdmsWall(10.0, 600.0)
"""K = 10, Dp = 1e-11 m²/s."""


def test_published_loss_into_a_thick_wall() -> None:
    minutes = np.array([1.0, 10.0, 60.0, 1440.0])
    published = np.array([0.21462634, 0.072244167, 0.029694274, 0.0060693623])
    assert remaining_fraction(minutes, 100.0, THICK) == pytest.approx(published, rel=1e-7)


def test_loss_neither_overflows_nor_underflows() -> None:
    hungry = PdmsWall(1e5, 600.0)
    late = float(remaining_fraction(1e6, 50.0, hungry))
    assert late == pytest.approx(50.0 / (1e5 * math.sqrt(600.0 * 1e6 * math.pi)), rel=1e-9)
    assert remaining_fraction(0.0, 50.0, hungry) == 1.0


def test_half_is_lost_at_the_loss_time() -> None:
    assert remaining_fraction(loss_time_min(100.0, THICK), 100.0, THICK) == pytest.approx(0.4275836, rel=1e-6)


@pytest.mark.parametrize("thickness", [20.0, 500.0])
def test_finite_wall_against_finite_differences(thickness: float) -> None:
    wall, cells, depth = PdmsWall(10.0, 600.0, thickness), 300, 100.0
    size = thickness / cells
    matrix = np.zeros((cells + 1, cells + 1))
    inflow = 600.0 / (size / 2)
    matrix[0, 0], matrix[0, 1] = -inflow * 10.0 / depth, inflow / depth
    matrix[1, 0] += inflow * 10.0 / size
    matrix[1, 1] -= inflow / size
    for i in range(1, cells):
        matrix[i, i] -= 600.0 / size**2
        matrix[i, i + 1] += 600.0 / size**2
        matrix[i + 1, i] += 600.0 / size**2
        matrix[i + 1, i + 1] -= 600.0 / size**2
    for minutes in (0.2, 2.0, 40.0, 400.0):
        solved = expm(matrix * minutes)[0, 0]
        assert remaining_fraction(minutes, depth, wall) == pytest.approx(solved, rel=2e-3)
    assert remaining_fraction(1e5, depth, wall) == pytest.approx(final_fraction(depth, wall), rel=1e-9)


def test_thin_and_thick_formulas_meet() -> None:
    wall = PdmsWall(3.0, 600.0, 400.0)
    switch = 0.01 * 400.0**2 / 600.0
    before, after = remaining_fraction([switch * (1 - 1e-9), switch * (1 + 1e-9)], 100.0, wall)
    assert before == pytest.approx(after, rel=1e-7)


@pytest.mark.parametrize("partition", [0.5, 10.0, 500.0])
@pytest.mark.parametrize("thickness", [50.0, 3000.0, math.inf])
@pytest.mark.parametrize("minutes", [0.5, 7.0])
def test_wall_solver_follows_the_closed_form(partition: float, thickness: float, minutes: float) -> None:
    wall = PdmsWall(partition, 600.0, thickness)
    uptake = WallUptake(wall, 100.0)
    uptake.begin((1, 2))
    film = np.array([[1.0, 4.0]])
    for step in range(1, 101):
        film = film - uptake.step(film, minutes) * minutes / 100.0
        exact = float(remaining_fraction(step * minutes, 100.0, wall))
        assert film == pytest.approx(np.array([[1.0, 4.0]]) * exact, rel=4e-3)


@settings(max_examples=40, deadline=None)
@given(
    partition=st.floats(1e-3, 1e4),
    minutes=st.floats(1e-3, 1e4),
    depth=st.floats(5, 2000),
    film=st.floats(0, 1e3),
    contact=st.floats(0.1, 10),
)
def test_walls_never_take_more_than_is_there_and_keep_all_they_took(
    partition: float, minutes: float, depth: float, film: float, contact: float
) -> None:
    uptake = WallUptake(PdmsWall(partition, 600.0, 3000.0), depth, contact)
    uptake.begin((1, 1))
    medium, start = np.array([[film]]), film * depth
    for length in (minutes, minutes / 7, minutes * 3):
        medium = medium - uptake.step(medium, length) * length / depth
        assert medium[0, 0] >= -1e-12 * film
    assert uptake.held_um[0, 0] + medium[0, 0] * depth == pytest.approx(start, rel=1e-10, abs=1e-300)
    assert bool((uptake.state >= 0).all())


def test_walls_give_back_to_clean_medium() -> None:
    uptake = WallUptake(THICK, 100.0)
    uptake.begin((1, 1))
    uptake.step(np.ones((1, 1)), 60.0)
    assert uptake.step(np.zeros((1, 1)), 1.0)[0, 0] < 0


CHRAMIEC = Membrane("insert", "chamber", thickness_um=55.0, pore_radius_um=10.0, porosity=0.14, tank_volume_um3=1.5e12)


def test_permeability_lies_between_bare_pores_and_lone_pores() -> None:
    """Hand calculation: D ε/(L + π a (1 − ε)/2)."""
    found = membrane_permeability(CHRAMIEC, 26400.0)
    assert found.value_um_per_min == pytest.approx(26400 * 0.14 / (55 + np.pi * 10 * 0.86 / 2), rel=1e-12)
    assert 26400 * 0.14 / (55 + np.pi * 10 / 2) < found.value_um_per_min < 26400 * 0.14 / 55
    assert found.inside_share + found.access_share + found.layer_share == pytest.approx(1.0)


def test_the_tank_rises_to_the_inlet_value_over_about_a_day() -> None:
    exchange = membrane_permeability(CHRAMIEC, 26400.0).value_um_per_min * 8000 * 4000
    loop = TwoCompartments(8000 * 4000 * 300.0, 1.5e12, exchange, flow_um3_per_min=3.3e12)
    channel, tank = loop.concentrations([0, 720, 1440, 2880, 20000], inlet=1.0)
    assert tank[0] == pytest.approx(0, abs=1e-12)
    assert tank[2] == pytest.approx(0.81, abs=0.02)
    assert tank[3] > 0.95
    assert tank[4] == pytest.approx(1.0, abs=1e-9)
    assert channel[1] > 0.999


def test_two_compartments_solve_their_equations() -> None:
    pair = TwoCompartments(2.0, 5.0, 0.3, 0.1)

    def rates(_: float, c: np.ndarray) -> list[float]:
        return [(0.1 * (7.0 - c[0]) - 0.3 * (c[0] - c[1])) / 2.0, 0.3 * (c[0] - c[1]) / 5.0]

    times = np.linspace(0, 80, 9)
    solved = solve_ivp(rates, (0, 80), [1.0, 3.0], t_eval=times, rtol=1e-11, atol=1e-12)
    channel, tank = pair.concentrations(times, inlet=7.0, channel=1.0, tank=3.0)
    assert channel == pytest.approx(solved.y[0], abs=1e-8)
    assert tank == pytest.approx(solved.y[1], abs=1e-8)


def test_without_flow_amounts_are_kept_and_concentrations_meet() -> None:
    pair = TwoCompartments(2.0, 5.0, 0.3)
    channel, tank = pair.concentrations([0.0, 3.0, 500.0], channel=7.0)
    assert 2 * channel + 5 * tank == pytest.approx(14.0, rel=1e-12)
    assert channel[-1] == pytest.approx(tank[-1], rel=1e-12)


def test_tank_exchange_keeps_amounts_and_does_not_depend_on_the_step() -> None:
    space = np.full((3, 4), FLUID, np.uint8)
    region = np.full((3, 4), -1, np.int16)
    region[:, 1:3] = 0
    grid = ChipGrid(
        "well", 10.0, space, np.full((3, 4), 50.0), np.full((3, 4), -1, np.int16), region, ("under",),
        membranes=(Membrane("m", "under", 10.0, 1.0, 0.2, 6e4),),
    )  # fmt: skip
    ends = []
    for steps in (1, 40):
        exchange = TankExchange(grid, "m", 30.0, tank_um=2.0)
        exchange.begin((3, 4))
        film = np.arange(12.0).reshape(3, 4)
        start = film[:, 1:3].sum() * 5000.0 + 2.0 * 6e4
        for _ in range(steps):
            film = film - exchange.step(film, 4.0 / steps) * (4.0 / steps) / 50.0
        assert film[:, 1:3].sum() * 5000.0 + exchange.state * 6e4 == pytest.approx(start, rel=1e-13)
        assert film[:, [0, 3]] == pytest.approx(np.arange(12.0).reshape(3, 4)[:, [0, 3]], abs=0)
        ends.append(film)
    assert ends[0] == pytest.approx(ends[1], rel=1e-12)


def test_hindrance_is_one_for_points_and_falls() -> None:
    assert renkin_hindrance(0.0) == 1.0
    assert renkin_hindrance(0.1) == pytest.approx(0.81 * (1 - 0.2104 + 0.00209 - 0.0000095), rel=1e-12)
    assert renkin_hindrance(0.4) < renkin_hindrance(0.2) < 1


def test_oxygen_numbers() -> None:
    """c0 = 0.2 mol/m³ (200 µM), D = 3e-9 m²/s (1.8e5 µm²/min), 50 amol per cell and second, 1e5 cells/cm²."""
    used = lawn_consumption(50.0, 1e5)
    assert used == pytest.approx(3000.0)
    assert still_floor_fraction(used, 3000.0, 1.8e5, 200.0) == pytest.approx(0.75, rel=1e-9)
    assert perfused_outlet_fraction(used, 1e4, 1000.0, 1e9, 200.0) == pytest.approx(0.85, rel=1e-9)
    assert floor_deficit_fraction(used, 100.0, 1.8e5, 200.0) == pytest.approx(0.0030952, rel=1e-4)
    assert least_flow_um3_per_min(used, 1e4, 1000.0, 200.0, 0.2) == pytest.approx(0.1875e9, rel=1e-9)
    assert damkoehler(used, 100.0, 1.8e5, 200.0) == pytest.approx(0.00833, rel=1e-3)


def test_saturable_consumption_solves_its_equation() -> None:
    way = np.array([0.0, 1e3, 1e4, 1e5, 1e6])
    found = saturable_profile(way, consumption=3000.0, half_um=5.0, supply_um=200.0, velocity_um_per_min=1e4, depth_um=100.0)
    assert found[0] == pytest.approx(200.0, rel=1e-12)
    assert 5 * np.log(200 / found[:4]) + 200 - found[:4] == pytest.approx(3000 * way[:4] / 1e6, rel=1e-9, abs=1e-9)
    assert found[4] >= 0
    assert bool((np.diff(found) < 0).all())
