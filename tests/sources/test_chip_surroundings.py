"""Cells in a chip: what they read of it, and that nothing is lost between the two."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.cells.surroundings import Exchange
from coculture.chip.grid import FLUID, ChipGrid
from coculture.chip.transport.solute import Solute
from coculture.chip.transport.transport import Transport
from coculture.sources.virtual_chip.kernels import add_where_cells_are, read_between
from coculture.sources.virtual_chip.surroundings import ChipSurroundings
from coculture.sources.virtual_chip.walls import Walls

PITCH = 10.0


def box(rows: int = 12, columns: int = 20) -> ChipGrid:
    """A room with a pillar of four cells in it."""
    space = np.full((rows, columns), FLUID, np.uint8)
    space[5:7, 9:11] = 0
    depth = np.where(space == FLUID, 50.0, 0.0)
    none = np.full(space.shape, -1, np.int16)
    return ChipGrid("box", PITCH, space, depth, none, none)


def surroundings(start: object = 0.0) -> ChipSurroundings:
    grid = box()
    transport = Transport(grid, None, [Solute("ligand", 6000.0)], start_um={"ligand": start})  # type: ignore[dict-item]
    return ChipSurroundings(grid, None, transport, ("ligand",), Walls.of(grid))


def slope() -> np.ndarray:
    grid = box()
    return np.where(grid.open, (np.arange(20) + 0.5)[None, :] * PITCH * 0.01, 0.0)


def places(n: int = 40, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    found = np.zeros((n, 3))
    found[:, 0], found[:, 1] = rng.uniform(10, 80, n), rng.uniform(10, 110, n)
    return found


def test_a_linear_field_is_read_exactly():
    here = surroundings(slope())
    at = places()
    np.testing.assert_allclose(here.concentrations(at)[:, 0], 0.01 * at[:, 0], rtol=1e-9)
    np.testing.assert_allclose(here.gradients(at)[:, 0, 0], 0.01, rtol=1e-6)
    np.testing.assert_allclose(here.gradients(at)[:, 0, 1], 0.0, atol=1e-9)


def test_walls_do_not_dilute_what_is_read_beside_them():
    here = surroundings(1.0)
    beside = np.array([[89.0, 55.0, 0.0], [0.5, 0.5, 0.0], [199.0, 119.0, 0.0]])
    np.testing.assert_allclose(here.concentrations(beside), 1.0)


def test_what_cells_give_and_take_is_what_the_medium_gains_and_loses():
    here = surroundings(2.0)
    at, n = places(), 40
    ones = np.ones((n, 1))
    exchange = Exchange(0.02 * ones, 5.0 * ones, 0.05 * ones, 30.0 * ones, np.full(n, 2000.0))
    gained = here.advance(30.0, at, exchange)
    account = here.transport.ledger["ligand"]
    assert gained.sum() == pytest.approx(account.taken_up - account.secreted, rel=1e-9)
    assert abs(account.relative_residual) < 1e-10
    stored = (here.transport.concentration("ligand") * here.grid.depth_um).sum() * PITCH**2
    assert stored == pytest.approx(account.begun_with - gained.sum(), rel=1e-9)


def test_a_closed_room_goes_to_the_balance_of_secretion_and_uptake():
    here = surroundings(0.0)
    at, n = places(), 40
    ones = np.ones((n, 1))
    exchange = Exchange(0.5 * ones, 4.0 * ones, 0.5 * ones, 0.0 * ones, np.full(n, 2000.0))
    here.advance(20000.0, at, exchange)
    np.testing.assert_allclose(here.concentrations(at), 2.0, rtol=1e-3)  # s·target/(s + u)


def test_distance_to_walls_and_the_way_back():
    walls = Walls.of(box())
    far, away = walls.at(np.array([[5.0, 60.0, 0.0], [100.0, 20.0, 0.0], [100.0, 45.0, 0.0]]))
    np.testing.assert_allclose(far, [5.0, 20.0, 5.0], atol=1e-9)
    assert away[0, 0] > 0.99
    assert away[1, 1] > 0.9
    assert away[2, 1] < -0.99
    lost = np.array([[-3.0, 20.0, 0.0], [100.0, 60.0, 0.0], [50.0, 500.0, 0.0], [30.0, 30.0, 0.0]])
    back = walls.inside(lost)
    row, column = walls.cell_of(back)
    assert walls.is_open[row, column].all()
    np.testing.assert_allclose(back[3], lost[3])
    np.testing.assert_allclose(np.hypot(*(back - lost)[1, :2]), 10.0, rtol=1e-3)


def test_without_solutes_there_is_nothing_to_exchange():
    grid = box()
    here = ChipSurroundings(grid, None, None, (), Walls.of(grid))
    assert here.advance(1.0, places(3), None).shape == (3, 0)
    assert here.concentrations(places(3)).shape == (3, 0)
    assert (here.shear(places(3)) == 0).all()
    assert (here.velocity(places(3)) == 0).all()


@pytest.mark.kernel
def test_reading_between_is_bilinear_interpolation():
    from scipy.interpolate import RegularGridInterpolator

    rng = np.random.default_rng(1)
    field = rng.normal(size=(6, 7))
    x, y = rng.uniform(5, 65, 30), rng.uniform(5, 55, 30)
    out = np.empty(30)
    read_between(field, np.ones((6, 7), bool), x, y, PITCH, out)
    centre = [(np.arange(n) + 0.5) * PITCH for n in (6, 7)]
    np.testing.assert_allclose(out, RegularGridInterpolator(centre, field)(np.column_stack([y, x])), rtol=1e-12)


@pytest.mark.kernel
def test_adding_where_cells_are_is_a_weighted_count():
    rng = np.random.default_rng(2)
    values, place = rng.normal(size=50), rng.integers(0, 12, 50)
    out = np.zeros(12)
    add_where_cells_are(values, place, out)
    np.testing.assert_allclose(out, np.bincount(place, values, 12), rtol=1e-12)
