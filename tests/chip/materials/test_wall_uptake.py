"""The wall solver: kernel against NumPy, geometry, saving, and messages."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from coculture.chip.grid import FLUID, WALL, ChipGrid
from coculture.chip.materials.pdms.contact import pdms_contact
from coculture.chip.materials.pdms.film_loss import final_fraction, loss_time_min, remaining_fraction
from coculture.chip.materials.pdms.kernels import exchange_columns
from coculture.chip.materials.pdms.reservoirs import film_propagator, wall_reservoirs
from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.chip.materials.pdms.wall_uptake import WallUptake
from coculture.errors import InputError
from coculture.randomness import stream

WALL_3MM = PdmsWall(10.0, 600.0, 3000.0)


@pytest.mark.kernel
def test_columns_against_numpy() -> None:
    rng = stream(3, "columns")
    film, held = rng.random(7), rng.random((7, 4))
    kind, matrices = rng.integers(0, 2, 7), rng.random((2, 5, 5))
    whole = np.einsum("nij,nj->ni", matrices[kind], np.column_stack([film, held]))
    after = np.empty(7)
    exchange_columns(film, held, kind, matrices, after)
    assert after == pytest.approx(whole[:, 0], rel=1e-13)
    assert held == pytest.approx(whole[:, 1:], rel=1e-13)


def test_propagator_against_a_matrix_exponential() -> None:
    reservoirs = wall_reservoirs(WALL_3MM, 0.01, 1e4)
    link, size = reservoirs.room_um * reservoirs.rate_per_min, len(reservoirs.room_um) + 1
    rates = np.zeros((size, size))
    rates[0, 0], rates[0, 1:] = -link.sum() / 100.0, link / 100.0
    rates[1:, 0] = reservoirs.rate_per_min
    rates[1:, 1:] = -np.diag(reservoirs.rate_per_min)
    for minutes in (1e-3, 0.3, 50.0):
        assert film_propagator(reservoirs, 100.0, minutes) == pytest.approx(expm(rates * minutes), abs=1e-9)


def test_reservoirs_hold_what_the_wall_holds() -> None:
    assert wall_reservoirs(WALL_3MM, 0.01, 1e4).room_um.sum() == pytest.approx(10.0 * 3000.0, rel=1e-12)


def test_steps_of_any_length_end_alike() -> None:
    ends = []
    for count in (1, 60):
        uptake = WallUptake(WALL_3MM, 100.0)
        uptake.begin((1, 1))
        film = np.ones((1, 1))
        for _ in range(count):
            film = film - uptake.step(film, 30.0 / count) * (30.0 / count) / 100.0
        ends.append(film[0, 0])
    assert ends[0] == pytest.approx(ends[1], rel=1e-9)


def test_saved_walls_go_on_with_the_same_bytes() -> None:
    one, other = WallUptake(WALL_3MM, 100.0), WallUptake(WALL_3MM, 100.0)
    one.begin((2, 3))
    other.begin((2, 3))
    film = np.linspace(0, 5, 6).reshape(2, 3)
    one.step(film, 3.0)
    other.state = one.state
    assert one.step(film, 2.0).tobytes() == other.step(film, 2.0).tobytes()
    assert one.state.tobytes() == other.state.tobytes()


def test_more_steps_lengths_than_are_kept_change_nothing() -> None:
    uptake, fresh = WallUptake(WALL_3MM, 100.0), WallUptake(WALL_3MM, 100.0)
    uptake.begin((1, 1))
    fresh.begin((1, 1))
    for length in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0):
        uptake.step(np.zeros((1, 1)), length)
    assert uptake.step(np.ones((1, 1)), 1.0) == pytest.approx(fresh.step(np.ones((1, 1)), 1.0), rel=1e-14)


def test_depth_and_contact_vary_over_the_chip() -> None:
    depth = np.array([[100.0, 50.0], [100.0, 0.0]])
    contact = np.array([[1.0, 1.0], [2.0, 2.0]])
    uptake = WallUptake(PdmsWall(10.0, 600.0), depth, contact)
    uptake.begin((2, 2))
    flux = uptake.step(np.ones((2, 2)), 5.0)
    left = 1 - flux * 5.0 / np.where(depth > 0, depth, np.inf)
    for place, height in (((0, 0), 100.0), ((0, 1), 50.0), ((1, 0), 50.0)):
        assert left[place] == pytest.approx(float(remaining_fraction(5.0, height, PdmsWall(10.0, 600.0))), rel=4e-3)
    assert flux[1, 1] == 0
    assert flux[1, 0] == pytest.approx(2 * flux[0, 1])
    assert uptake.held_um == pytest.approx(flux * 5.0, rel=1e-12)


def test_nothing_is_taken_without_partition() -> None:
    uptake = WallUptake(PdmsWall(0.0, 600.0, 3000.0), 100.0)
    uptake.begin((2, 2))
    assert not uptake.step(np.ones((2, 2)), 5.0).any()
    assert math.isinf(loss_time_min(100.0, PdmsWall(0.0, 600.0)))
    assert final_fraction(100.0, PdmsWall(0.0, 600.0)) == 1.0


def test_contact_counts_ceiling_floor_and_sides() -> None:
    space = np.full((3, 5), WALL, np.uint8)
    space[1, 1:4] = FLUID
    none = np.full((3, 5), -1, np.int16)
    grid = ChipGrid("channel", 20.0, space, np.where(space == FLUID, 50.0, 0.0), none, none)
    found = pdms_contact(grid, floor=False)
    assert found[1, 1] == pytest.approx(1 + 3 * 50 / 20)
    assert found[1, 2] == pytest.approx(1 + 2 * 50 / 20)
    assert found[0, 0] == 0
    assert pdms_contact(grid, floor=True, sides=False)[1, 2] == 2.0


def begun() -> WallUptake:
    uptake = WallUptake(WALL_3MM, np.full((2, 2), 100.0))
    uptake.begin((2, 2))
    return uptake


def set_state(value: np.ndarray) -> None:
    begun().state = value


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: PdmsWall(-1, 600), r"partition: .* at least 0, found -1\n.*not its logarithm"),
        (lambda: PdmsWall(10, 0), r"diffusion_um2_per_min: .*\n.*1e-11 m²/s is 600 µm²/min"),
        (lambda: PdmsWall(10, 600, 0), r"thickness_um: .* above 0"),
        (lambda: remaining_fraction(-1, 100, WALL_3MM), r"minutes: times must be finite and not negative"),
        (lambda: remaining_fraction(1, 0, WALL_3MM), r"depth_um: .* above 0"),
        (lambda: WallUptake(WALL_3MM, -1.0), r"depth_um: must be one number or a \(Y, X\) field"),
        (lambda: WallUptake(WALL_3MM, 1.0, np.array([[np.nan]])), r"contact: must be one number"),
        (lambda: WallUptake(WALL_3MM, 1.0).step(np.ones((1, 1)), 1.0), r"the walls have no grid yet\n.*begin"),
        (lambda: begun().step(np.ones((1, 2)), 1.0), r"concentrations have shape \(1, 2\), the walls \(2, 2\)"),
        (lambda: begun().step(np.ones((2, 2)), 0.0), r"minutes: .* above 0"),
        (lambda: begun().begin((3, 3)), r"depth_um: shape \(2, 2\) does not fit a grid of \(3, 3\)"),
        (lambda: set_state(np.zeros((1, 1))), r"a state of shape \(1, 1\) does not fit"),
    ],
)
def test_messages(ask: Callable[[], Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask()
