"""Signals: every one of the table has a value, and the value it says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.cases.cultures import cell_type, cells, model

from coculture.cells.kernels.responding import count_contacts
from coculture.cells.links import Ligand, Receptor
from coculture.cells.population import APOPTOTIC, LIVING, LYSED, NECROTIC
from coculture.cells.process import World
from coculture.cells.signals import (
    ATTACKED_MIN,
    DAMAGE_DELIVERED,
    SIGNALS,
    SignalNames,
    expanded_signals,
    read_signals,
    signal_kind,
)
from coculture.cells.surroundings import Still

PLACES = np.array([[0.0, 0.0], [16.0, 0.0], [32.0, 0.0], [16.0, 14.0], [200.0, 0.0]])
"""Cell 1 touches all but the last; 0 and 2 touch only 1 and 3 or not each other."""


class Walled(Still):
    """Still, with a wall 8 µm to the left of the first cell, and shear."""

    def walls(self, position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        away = np.zeros_like(position)
        away[:, 0] = 1.0
        return position[:, 0] + 8.0, away

    def shear(self, position: np.ndarray) -> np.ndarray:
        return 0.01 * position[:, 0]


@pytest.fixture
def world() -> World:
    receptor = Receptor("r", (Ligand("x", 1.0, 1.0), Ligand("y", 1.0, 1.0)))
    kind = dataclasses.replace(
        model(cell_type("a", repulsion_um_per_min=1.0), cell_type("b"), solutes=("x", "y"), gap=0.5),
        internal=("amount_x", *receptor.internal),
        halved=("amount_x", *receptor.internal),
        links={"receptors": (receptor,)},
    )
    start = cells(PLACES, np.array([0, 1, 0, 1, 0]))
    start.internal = np.column_stack([np.arange(5.0), np.full(5, 50.0), np.full(5, 30.0), np.full(5, 20.0)])
    start.internal[4, 1:] = 0.0
    start.state[:] = [LIVING, LIVING, APOPTOTIC, NECROTIC, LYSED]
    start.damage[:], start.target[:] = np.arange(5.0), [-1, 0, -1, -1, -1]
    around = Walled(np.array([2.0, 3.0]), np.array([[3.0, 4.0, 0.0], [0.0, 0.0, 0.0]]))
    world = World(kind, start, kind.parameters(5, start.type), around, np.uint64(1), time_min=12.0)
    world.kept_by_cell = {ATTACKED_MIN: np.arange(5.0) + 1, DAMAGE_DELIVERED: np.arange(5.0) + 2}
    return world


EXPECTED = {
    "concentration_y_um": [3, 3, 3, 3, 3],
    "gradient_x_um_per_um": [5, 5, 5, 5, 5],
    "occupancy_r": [0.3, 0.3, 0.3, 0.3, 0],
    "contact_a": [0, 2, 0, 0, 0],
    "contact_b": [1, 1, 1, 1, 0],
    "contact_living": [1, 1, 1, 1, 0],
    "contact_dead": [0, 2, 0, 0, 0],
    "contact_apoptotic": [0, 1, 0, 0, 0],
    "contact_necrotic": [0, 1, 0, 0, 0],
    "contact_wall": [1, 0, 0, 0, 0],
    "shear_pa": [0, 0.16, 0.32, 0.16, 2],
    "damage": [0, 1, 2, 3, 4],
    "damage_delivered": [2, 3, 4, 5, 6],
    "attacking": [0, 1, 0, 0, 0],
    "attacked_min": [1, 2, 3, 4, 5],
    "dead": [0, 0, 1, 1, 1],
    "apoptotic": [0, 0, 1, 0, 0],
    "necrotic": [0, 0, 0, 1, 1],
    "time_min": [12] * 5,
    "internal_amount_x": [0, 1, 2, 3, 4],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_signal_has_the_value_it_says(world: World, name: str) -> None:
    np.testing.assert_allclose(read_signals(world, [name])[0], EXPECTED[name], rtol=1e-12)


def test_volume_and_what_is_inside(world: World) -> None:
    volume, inside, untracked = read_signals(world, ["volume_um3", "inside_x_um", "inside_y_um"])
    np.testing.assert_allclose(volume, world.cells.volume)
    np.testing.assert_allclose(inside, np.arange(5) / volume)
    assert not untracked.any()


def test_pressure_is_that_of_now(world: World) -> None:
    world.cells.pressure[:] = -1.0
    (pressure,) = read_signals(world, ["pressure"])
    assert pressure[1] > 0.0
    assert pressure[4] == 0.0


def test_every_signal_of_the_table_can_be_read(world: World) -> None:
    names = [name for name, _, _ in expanded_signals(SignalNames.of(world.model))]
    values = read_signals(world, names)
    assert values.shape == (len(names), 5)
    assert np.isfinite(values).all()
    assert len(set(names)) == len(names)


def test_a_signal_kept_by_a_process_is_0_before_it_began(world: World) -> None:
    world.kept_by_cell = {}
    assert not read_signals(world, ["attacked_min", "damage_delivered"]).any()


def test_the_table_is_sound() -> None:
    assert len({one.name for one in SIGNALS}) == len(SIGNALS)
    for one in SIGNALS:
        assert signal_kind(one) in ("", "solute", "type", "internal", "receptor")
        assert one.meaning.endswith(".")
        assert all((f"{{{signal_kind(one)}}}" in written) == bool(signal_kind(one)) for written in one.grammar)


@pytest.mark.kernel
def test_contacts_are_counted_by_state_and_type() -> None:
    start, neighbour = np.array([0, 2, 3, 4]), np.array([1, 2, 0, 0], np.int32)
    counts = np.zeros((3, 6))
    count_contacts(np.array([0, 1, 1]), np.array([0, 3, 0]), start, neighbour, counts)
    assert counts.tolist() == [[1, 0, 0, 1, 0, 2], [1, 0, 0, 0, 1, 0], [1, 0, 0, 0, 1, 0]]
