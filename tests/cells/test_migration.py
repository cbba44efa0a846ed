"""How cells choose their direction, against plain twins and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.cases.cultures import cell_type, cells, model

from coculture.cells.kernels.random_numbers import uniform
from coculture.cells.kernels.walking import add_walking, add_walking_held_back, bias_directions, prepare_walk, turn_headings
from coculture.cells.population import APOPTOTIC
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still

Floats = NDArray[np.float64]
KEY = np.uint64(12345)


@pytest.mark.kernel
def test_the_bias_is_the_direction_of_the_weighted_sum_of_directions() -> None:
    rng = np.random.default_rng(0)
    gradients, weights = rng.normal(size=(20, 3, 3)), rng.normal(size=(20, 3))
    gradients[3, 1], weights[5], weights[:, 2] = 0.0, 0.0, np.where(np.arange(20) % 2, 0.0, -1.0)
    found = np.empty((20, 3))
    bias_directions(gradients, weights, found)
    length = np.linalg.norm(gradients, axis=2, keepdims=True)
    units = np.divide(gradients, length, out=np.zeros_like(gradients), where=length > 0)
    total = (weights[:, :, None] * units).sum(axis=1)
    size = np.linalg.norm(total, axis=1, keepdims=True)
    assert np.abs(found - np.divide(total, size, out=np.zeros_like(total), where=size > 0)).max() < 1e-14
    assert np.array_equal(found[5], [0.0, 0.0, 0.0]) or weights[5].any()


@pytest.mark.parametrize("flat", [True, False])
def test_headings_are_drawn_by_the_numbers_of_the_cell(flat: bool) -> None:
    ids = np.array([5, 9, 2, 7], np.int64)
    walk = np.array([[1.0, 0.0, 0.3, 0.0], [1.0, 1.0, 0.3, 0.0], [0.0, 0.0, 0.3, 0.0], [1.0, 1.0, 0.3, 0.0]])
    heading = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])
    before, bias = heading.copy(), np.array([[0.6, 0.8, 0.0]])
    turn_headings(KEY, 17, flat, ids, walk, bias, heading)
    assert np.array_equal(heading[1:3], before[1:3])  # one keeps its way, one does not walk
    for row in (0, 3):  # one turns, one had no way yet
        angle, up = 2 * math.pi * uniform(KEY, ids[row], 17, 2), 2 * uniform(KEY, ids[row], 17, 3) - 1
        up = 0.0 if flat else up
        drawn = np.array([math.sqrt(1 - up**2) * math.cos(angle), math.sqrt(1 - up**2) * math.sin(angle), up])
        mixed = 0.7 * drawn + 0.3 * bias[0]
        assert np.abs(heading[row] - mixed / np.linalg.norm(mixed)).max() < 1e-14


def test_random_numbers_are_splitmix_of_four_words() -> None:
    def mixed(word: int) -> int:
        word = (word + 0x9E3779B97F4A7C15) % 2**64
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB % 2**64
        return word ^ (word >> 31)

    expected = mixed(mixed(mixed(12345 ^ 2) ^ 77) ^ 100_000)
    assert uniform(KEY, 77, 100_000, 2) == (expected >> 11) / 2**53


@pytest.mark.kernel
def test_chances_to_stay_and_the_dead() -> None:
    walk = np.array([[1.0, 5.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [1.0, 5.0, 0.0, 0.0]])
    prepare_walk(walk, np.array([True, True, False]), 0.1)
    assert abs(walk[0, 1] - math.exp(-0.02)) < 1e-15
    assert walk[1, 1] == 0.0
    assert walk[:, 0].tolist() == [1.0, 1.0, 0.0]


@pytest.mark.kernel
def test_walking_is_held_back_toward_touched_cells_alone() -> None:
    place = np.array([[0.0, 0, 0], [8.0, 0, 0], [0.0, 30, 0]])
    start, neighbour = np.array([0, 2, 4, 6]), np.array([1, 2, 0, 2, 0, 1], np.int32)
    heading = np.array([[0.6, 0.8, 0.0], [0.6, 0.8, 0.0], [0.0, -1.0, 0.0]])
    walk = np.tile([2.0, 0.0, 0.0, 0.75], (3, 1))
    found, free = np.zeros((3, 3)), np.zeros((3, 3))
    add_walking_held_back(place, np.full(3, 5.0), start, neighbour, heading, walk, found)
    add_walking(heading, walk, free)
    assert np.abs(free - 2.0 * heading).max() < 1e-15
    assert np.abs(found - [[0.3, 1.6, 0.0], [1.2, 1.6, 0.0], [0.0, -2.0, 0.0]]).max() < 1e-15


def test_dead_cells_do_not_walk() -> None:
    start = cells(np.array([[0.0, 0.0], [50.0, 0.0]]))
    start.state[1] = APOPTOTIC
    simulation = Simulation.begin(model(cell_type(migration_speed_um_per_min=1.0)), start, Still.empty(), 1)
    simulation.processes["phenotype"] = ()
    simulation.advance(6.0)
    moved = np.linalg.norm(simulation.world.cells.position[:, :2] - [[0.0, 0.0], [50.0, 0.0]], axis=1)
    assert moved[1] == 0.0
    assert moved[0] > 0.1


@pytest.mark.parametrize(("weight", "away"), [(1.0, 1.0), (-1.0, -1.0)])
def test_full_bias_goes_straight_up_or_down_the_gradient(weight: float, away: float) -> None:
    walking = {"migration_speed_um_per_min": 1.0, "migration_bias": 1.0, "chemotaxis_bait": weight}
    around = Still(np.array([1.0]), np.array([[0.0, 0.3, 0.0]]))
    culture = model(cell_type(**walking), solutes=("bait",))
    simulation = Simulation.begin(culture, cells(np.zeros((1, 2))), around, 1)
    simulation.advance(6.0)
    assert np.abs(simulation.world.cells.position[0] - [0.0, 6.0 * away, 0.0]).max() < 1e-9


def test_in_two_dimensions_no_cell_leaves_the_plane() -> None:
    simulation = Simulation.begin(model(cell_type(migration_speed_um_per_min=1.0)), cells(np.zeros((50, 2))), Still.empty(), 1)
    simulation.advance(60.0)
    assert not simulation.world.cells.position[:, 2].any()
    assert np.linalg.norm(simulation.world.cells.position, axis=1).min() > 0
