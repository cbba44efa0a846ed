"""Contact signalling and junctions: areas, flows, the Notch-Delta equations, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.cases.cultures import RADIUS, cell_type, cells, hexagonal_layer, model

from coculture.cells.kernels.linking_levels import contact_areas, fastest, inhibit, junction_flow, mean_of_touched
from coculture.cells.links import Junction, NotchDelta
from coculture.cells.model import CellModel
from coculture.cells.population import APOPTOTIC, Population
from coculture.cells.process import World
from coculture.cells.processes import junctions, notch
from coculture.cells.surroundings import Still
from coculture.errors import InputError


def world_of(kind: CellModel, start: Population) -> World:
    start.internal = np.zeros((len(start), len(kind.internal)))
    return World(kind, start, kind.parameters(len(start), start.type), Still.empty(), np.uint64(5))


def joined(*links: Junction, halved: tuple[str, ...] = ("dye",)) -> CellModel:
    kind = model(cell_type("a"), cell_type("b"), gap=1.0)
    return dataclasses.replace(kind, internal=("dye",), halved=halved, links={"junctions": links})


def inhibiting(link: NotchDelta, internal: tuple[str, ...] = ("notch", "delta")) -> CellModel:
    return dataclasses.replace(model(cell_type("a"), cell_type("b"), gap=1.0), internal=internal, links={"notch": link})


def test_dye_passes_between_two_cells_as_the_law_of_two_vessels_says() -> None:
    world = world_of(joined(Junction("dye", 0.4)), cells(np.array([[0.0, 0.0], [15.0, 0.0]])))
    world.cells.internal[:, 0] = [10.0, 2.0]
    for _ in range(5):
        junctions.PROCESS.go_on(world, 0.6)
    area = np.pi * ((RADIUS + 0.5) ** 2 - 7.5**2)
    rate = 2 * 0.4 * area / world.cells.volume[0]
    np.testing.assert_allclose(world.cells.internal[:, 0], 6 + np.array([4, -4]) * np.exp(-rate * 3.0), rtol=1e-8)


def test_only_living_cells_of_the_types_that_have_the_channel_pass() -> None:
    place = np.array([[0.0, 0.0], [15.0, 0.0], [7.5, 13.0]])
    world = world_of(joined(Junction("dye", 0.4, ("a",))), cells(place, np.array([0, 1, 0])))
    world.cells.internal[:, 0] = [10.0, 2.0, 4.0]
    junctions.PROCESS.go_on(world, 0.6)
    assert world.cells.internal[1, 0] == 2.0
    assert 4.0 < world.cells.internal[2, 0] < 10.0
    world.cells.state[2] = APOPTOTIC
    now = world.cells.internal[:, 0].copy()
    junctions.PROCESS.go_on(world, 0.6)
    assert world.cells.internal[:, 0].tolist() == now.tolist()


def test_a_channel_without_permeability_costs_nothing() -> None:
    assert not junctions.PROCESS.is_active(world_of(joined(Junction("dye", 0.0)), cells(np.zeros((1, 2)))))
    assert junctions.PROCESS.is_active(world_of(joined(Junction("dye", 0.1)), cells(np.zeros((1, 2)))))


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (joined(Junction("ink", 1.0)), "no internal number 'ink'"),
        (joined(Junction("dye", 1.0), halved=()), "the amount 'dye' is not halved at division"),
        (joined(Junction("dye", 1.0, ("c",))), "unknown cell type 'c'"),
        (joined(Junction("dye", -1.0)), "its permeability is negative"),
    ],
)
def test_bad_junctions_are_refused(kind: CellModel, says: str) -> None:
    with pytest.raises(InputError, match=says):
        junctions.PROCESS.is_active(world_of(kind, cells(np.zeros((1, 2)))))


def test_a_lone_cell_makes_delta_and_loses_its_notch() -> None:
    world = world_of(inhibiting(NotchDelta(rate_per_min=0.5)), cells(np.zeros((1, 2))))
    world.cells.internal[:] = [[0.8, 0.1]]
    for _ in range(100):
        notch.PROCESS.go_on(world, 0.6)
    np.testing.assert_allclose(world.cells.internal[0], [0.8 * np.exp(-30.0), 1.0], atol=1e-9)


def test_cells_of_other_types_and_dead_cells_do_not_signal() -> None:
    place = np.array([[0.0, 0.0], [15.0, 0.0], [0.0, 15.0]])
    world = world_of(inhibiting(NotchDelta(rate_per_min=1.0, types=("a",))), cells(place, np.array([0, 1, 0])))
    world.cells.internal[:] = [[0.5, 0.5], [0.3, 0.9], [0.2, 0.9]]
    world.cells.state[2] = APOPTOTIC
    notch.PROCESS.go_on(world, 0.6)
    assert world.cells.internal[0, 0] == pytest.approx(0.5 * np.exp(-0.6), rel=1e-4)
    assert world.cells.internal[1:].tolist() == [[0.3, 0.9], [0.2, 0.9]]


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (inhibiting(NotchDelta(rate_per_min=1.0), internal=()), "no internal number 'notch'"),
        (inhibiting(NotchDelta(rate_per_min=1.0, types=("c",))), "unknown cell type 'c'"),
        (inhibiting(NotchDelta(rate_per_min=1.0, a=0.0)), "a constant is out of range"),
        (inhibiting(NotchDelta(rate_per_min=-1.0)), "a constant is out of range"),
    ],
)
def test_bad_contact_signalling_is_refused(kind: CellModel, says: str) -> None:
    with pytest.raises(InputError, match=says):
        notch.PROCESS.is_active(world_of(kind, cells(np.zeros((1, 2)))))


def test_contact_signalling_without_a_rate_costs_nothing() -> None:
    assert not notch.PROCESS.is_active(world_of(inhibiting(NotchDelta()), cells(np.zeros((1, 2)))))
    assert not notch.PROCESS.is_active(world_of(model(cell_type("a")), cells(np.zeros((1, 2)))))


START, NEIGHBOUR = np.array([0, 2, 3, 4]), np.array([1, 2, 0, 0], np.int32)
"""Cell 0 touches 1 and 2."""


@pytest.mark.kernel
def test_the_mean_over_touched_partners() -> None:
    out = np.empty(3)
    mean_of_touched(START, NEIGHBOUR, np.array([True, True, False]), np.array([1.0, 2.0, 5.0]), out)
    assert out.tolist() == [2.0, 1.0, 1.0]
    mean_of_touched(START, NEIGHBOUR, np.zeros(3, bool), np.ones(3), out)
    assert out.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.kernel
def test_rates_of_notch_and_delta() -> None:
    notch_level, delta_level, touched = np.array([0.2, 0.7]), np.array([0.9, 0.1]), np.array([0.5, 0.3])
    d_notch, d_delta = np.empty(2), np.empty(2)
    inhibit(np.array([True, False]), notch_level, delta_level, touched, 2.0, 0.01, 100.0, 2.0, 3.0, d_notch, d_delta)
    assert d_notch.tolist() == [pytest.approx(0.25 / 0.26 - 0.2), 0.0]
    assert d_delta.tolist() == [pytest.approx(2.0 * (1 / (1 + 100 * 0.008) - 0.9)), 0.0]


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("distance", "second", "expected"),
    [
        (6.0, 5.0, np.pi * (25 - 9)),
        (10.0, 5.0, 0.0),
        (12.0, 5.0, 0.0),
        (5.0, 4.0, np.pi * (25 - 3.4**2)),
        (0.5, 4.0, np.pi * 16),  # one inside the other
    ],
)
def test_areas_of_contact(distance: float, second: float, expected: float) -> None:
    position, radius = np.array([[0.0, 0, 0], [0, distance, 0]]), np.array([4.5, second - 0.5])
    out = np.empty(2)
    contact_areas(position, radius, 1.0, np.array([0, 1, 2]), np.array([1, 0], np.int32), np.ones(2, bool), out)
    assert out[0] == out[1] == pytest.approx(expected, abs=1e-12)
    contact_areas(position, radius, 1.0, np.array([0, 1, 2]), np.array([1, 0], np.int32), np.array([True, False]), out)
    assert not out.any()


@pytest.mark.kernel
def test_flow_and_its_fastest_cell() -> None:
    conductance, out = np.array([1.0, 2.0, 1.0, 2.0]), np.empty(3)
    junction_flow(START, NEIGHBOUR, conductance, np.array([3.0, 1.0, 4.0]), out)
    assert out.tolist() == [0.0, 2.0, -2.0]
    assert fastest(START, conductance, np.array([2.0, 1.0, 1.0])) == 2.0


def test_a_layer_of_cells_evens_out() -> None:
    world = world_of(joined(Junction("dye", 500.0)), cells(hexagonal_layer(6, 6)))
    world.cells.internal[0, 0] = 36.0
    for _ in range(100):
        junctions.PROCESS.go_on(world, 0.6)
    np.testing.assert_allclose(world.cells.internal[:, 0], 1.0, rtol=1e-6)
