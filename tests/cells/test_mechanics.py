"""Forces, walls, springs and contacts, each against a plain twin or by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.cases.cultures import RADIUS, cell_type, cells, hexagonal_layer, model

from coculture.cells.kernels.listing import furthest_ways, keep_touching, order_by_id, sizes_up
from coculture.cells.kernels.moving import integrate, prepare_body, push_and_pull
from coculture.cells.model import Steps
from coculture.cells.neighbour_lists import NeighbourLists, extents_of
from coculture.cells.process import LISTS, PACES_SEEN
from coculture.cells.processes.mechanics import update_pressure
from coculture.cells.processes.springs import KEPT
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still
from coculture.interactions.neighbours.cell_list import CellList

Floats = NDArray[np.float64]


def scattered(n: int = 60, dimensions: int = 3, width: float = 60.0) -> Floats:
    place = np.zeros((n, 3))
    place[:, :dimensions] = np.random.default_rng(4).uniform(0, width, (n, dimensions))
    return place


@pytest.mark.kernel
def test_forces_are_those_of_the_formula() -> None:
    rng, place = np.random.default_rng(0), scattered()
    n = len(place)
    radius, reach = rng.uniform(5, 10, n), rng.uniform(1.0, 1.5, n)
    repulsion, adhesion, kind = rng.uniform(0, 10, n), rng.uniform(0, 1, n), rng.integers(0, 2, n)
    affinity = rng.uniform(0, 2, (n, 2))
    body = np.column_stack([reach, reach, repulsion, adhesion])
    prepare_body(body, radius)
    grid = np.argsort(rng.random((n, n)), axis=1)
    lists = [[j for j in row if j != i] for i, row in enumerate(grid.tolist())]
    start = np.arange(n + 1) * (n - 1)
    found = np.empty((n, 3))
    push_and_pull(place, body, kind, np.sqrt(affinity), start, np.array(lists, np.int32).ravel(), found)
    apart = place[:, None] - place[None]
    far = np.linalg.norm(apart, axis=2) + np.eye(n)
    touching, furthest = radius[:, None] + radius, (reach * radius)[:, None] + reach * radius
    push = np.sqrt(np.outer(repulsion, repulsion)) * np.maximum(1 - far / touching, 0) ** 2
    pull = (
        np.sqrt(np.outer(adhesion, adhesion) * affinity[:, kind] * affinity[:, kind].T) * np.maximum(1 - far / furthest, 0) ** 2
    )
    expected = ((push - pull) / far * (1 - np.eye(n)))[:, :, None] * apart
    assert np.abs(found - expected.sum(axis=1)).max() < 1e-12


@pytest.mark.kernel
@pytest.mark.parametrize("dimensions", [2, 3])
def test_lists_name_every_pair_in_reach(dimensions: int) -> None:
    place, extent = scattered(120, dimensions), np.random.default_rng(1).uniform(2, 12, 120)
    start, neighbour = CellList.build(place[:, :dimensions], 20.0).lists(extent, 1.5)
    ids = np.random.default_rng(2).permutation(120)
    order_by_id(start, neighbour, ids)
    far = np.linalg.norm(place[:, None] - place[None], axis=2)
    near = (far <= extent[:, None] + extent + 1.5) & ~np.eye(120, dtype=bool)
    for row in range(120):
        expected = np.flatnonzero(near[row])
        assert neighbour[start[row] : start[row + 1]].tolist() == expected[np.argsort(ids[expected])].tolist()
    begin, touching = keep_touching(start, neighbour, place, extent, 0.0)
    for row in range(120):
        kept = [j for j in neighbour[start[row] : start[row + 1]] if far[row, j] <= extent[row] + extent[j]]
        assert touching[begin[row] : begin[row + 1]].tolist() == kept


@pytest.mark.kernel
def test_the_step_is_adams_bashforth_and_some_stay() -> None:
    place, rng = np.zeros((3, 3)), np.random.default_rng(0)
    now, before = rng.normal(size=(2, 3, 3))
    expected = 0.1 * (1.5 * now - 0.5 * before)
    expected[1] = 0.0
    furthest = np.sqrt((expected**2).sum(axis=1).max())
    for room, is_far in ((1.001 * furthest, False), (0.999 * furthest, True)):
        begin, reach = np.zeros((3, 3)), np.full(3, 7.0 + room)
        past = before.copy()
        far = integrate(begin, now, past, np.array([True, False, True]), 0.1, np.zeros((3, 3)), reach, np.full(3, 7.0))
        assert np.abs(begin - expected).max() < 1e-15
        assert np.array_equal(past, now)
        assert far == is_far
    assert not integrate(place, now, before, np.zeros(0, np.bool_), 0.1, place, np.zeros(0), np.zeros(0))


def test_lists_expire_when_a_cell_uses_up_its_own_room() -> None:
    start = cells(hexagonal_layer(4, 4))
    extent = 1.25 * start.radius
    room = np.full(16, 2.0)
    room[7] = 6.0
    lists = NeighbourLists.build(start, extent + room, 2)
    assert lists.still_hold(start.position, extent)
    moved = start.position.copy()
    moved[5, 0] += 1.9
    moved[7, 1] -= 5.9
    assert lists.still_hold(moved, extent)
    assert not lists.still_hold(moved, extent + 0.2)
    assert not lists.still_hold(moved[:-1], extent[:-1])
    moved[5, 0] += 0.2
    assert not lists.still_hold(moved, extent)


def test_types_that_move_fast_get_more_room() -> None:
    place = scattered(300, 2, 400.0)
    kind = (np.arange(300) < 20).astype(np.int64)
    culture = model(cell_type("slow", repulsion_um_per_min=1.0), cell_type("fast", migration_speed_um_per_min=4.0))
    world = Simulation.begin(culture, cells(place, kind), Still.empty(), 1).world
    extent = extents_of(world.cells, world.parameters, 0.0)
    room = world.neighbours.reach - extent
    assert room[kind == 1].min() > room[kind == 0].max() > 0.0
    first = world.neighbours
    world.step = 10
    world.cells.position[100, 0] += 20.0
    assert world.neighbours is not first
    assert world.kept[PACES_SEEN][0] == pytest.approx(2.0)
    assert (world.neighbours.reach - extent)[kind == 0].max() > room[kind == 0].max()


@pytest.mark.kernel
def test_the_furthest_way_of_every_type() -> None:
    rng = np.random.default_rng(4)
    position, marked, kind = rng.normal(size=(30, 3)), rng.normal(size=(30, 3)), rng.integers(0, 3, 30)
    ways = np.zeros(4)
    furthest_ways(position, marked, kind, ways)
    far = np.linalg.norm(position - marked, axis=1)
    assert np.allclose(ways, [*(far[kind == one].max() for one in range(3)), 0.0], rtol=1e-15, atol=0)


@pytest.mark.kernel
def test_sizes_are_summed_up() -> None:
    rng = np.random.default_rng(5)
    position, reach, speed = rng.normal(size=(20, 3)), rng.random(20), rng.random(20)
    low, high, sums = np.full(3, np.inf), np.full(3, -np.inf), np.empty((4, 4))
    sizes_up(position, reach, speed, low, high, sums)
    assert np.array_equal([low, high], [position.min(axis=0), position.max(axis=0)])
    for power in range(4):
        for other in range(4):
            expected = (reach**power * speed**other).sum() if power + other < 4 else 0.0
            assert sums[power, other] == pytest.approx(expected, rel=1e-13)


def begun(place: Floats, around: Still | None = None, dimensions: int = 2, **behaviours: float) -> Simulation:
    return Simulation.begin(model(cell_type(**behaviours), dimensions=dimensions), cells(place), around or Still.empty(), 1)


def test_cells_that_are_not_movable_stay_and_push() -> None:
    culture = model(cell_type("a", repulsion_um_per_min=10.0), cell_type("b", repulsion_um_per_min=10.0, movable=0.0))
    start = cells(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([0, 1]))
    simulation = Simulation.begin(culture, start, Still.empty(), 1)
    simulation.advance(60.0)
    assert np.array_equal(simulation.world.cells.position[1], [10.0, 0.0, 0.0])
    assert simulation.world.cells.position[0, 0] < -4.0


def test_affinities_stop_adhesion() -> None:
    for affinity, together in ((1.0, True), (0.0, False)):
        types = [cell_type(name, adhesion_um_per_min=0.4, **{f"affinity_{other}": affinity}) for name, other in ("ab", "ba")]
        start = cells(np.array([[0.0, 0.0], [18.0, 0.0]]), np.array([0, 1]))
        simulation = Simulation.begin(model(*types), start, Still.empty(), 1)
        simulation.advance(60.0)
        assert (np.ptp(simulation.world.cells.position[:, 0]) < 17.9) == together


class Floor(Still):
    """A floor at z = 0 that centres cannot pass."""

    def walls(self, position: Floats) -> tuple[Floats, Floats]:
        return position[:, 2].copy(), np.tile([0.0, 0.0, 1.0], (len(position), 1))

    def inside(self, position: Floats) -> Floats:
        return np.maximum(position, [-np.inf, -np.inf, 0.0])


def test_a_wall_holds_cells_where_push_and_pull_balance() -> None:
    place = np.array([[0.0, 0.0, 2.0], [100.0, 0.0, 10.0], [200.0, 0.0, 40.0]])
    strengths = {"wall_repulsion_um_per_min": 10.0, "wall_adhesion_um_per_min": 0.4}
    simulation = begun(place, Floor.empty(), 3, **strengths)
    simulation.advance(600.0)
    share = np.sqrt(0.04)  # (1 − d/r) = share (1 − d/(1.25 r))
    rest = simulation.world.cells.radius[:2] * (1 - share) / (1 - share / 1.25)
    assert np.abs(simulation.world.cells.position[:, 2] - [*rest, 40.0]).max() < 1e-3


def test_no_centre_leaves_its_room() -> None:
    simulation = begun(np.array([[0.0, 0.0, 1.0]]), Floor.empty(), 3, migration_speed_um_per_min=3.0)
    for _ in range(50):
        simulation.advance(0.6)
        assert simulation.world.cells.position[0, 2] >= 0.0


class Stream(Still):
    """Medium that flows along x."""

    def velocity(self, position: Floats) -> Floats:
        return np.tile([2.0, 0.0, 0.0], (len(position), 1))


def test_flow_carries_cells_in_suspension_alone() -> None:
    types = (cell_type("floating", adherent=False), cell_type("fast"))
    start = cells(np.array([[0.0, 0.0], [0.0, 50.0]]), np.array([0, 1]))
    simulation = Simulation.begin(model(*types), start, Stream.empty(), 1)
    simulation.advance(6.0)
    assert np.abs(simulation.world.cells.position[:, 0] - [12.0, 0.0]).max() < 1e-12


def test_pressure_is_one_in_a_packing_that_keeps_the_area() -> None:
    spacing = RADIUS * np.sqrt(2 * np.pi / np.sqrt(3))
    world = begun(hexagonal_layer(9, 9, spacing), repulsion_um_per_min=10.0).world
    update_pressure(world)
    assert abs(world.cells.pressure[40] - 1.0) < 1e-12
    assert world.cells.pressure[0] < 0.6


def test_springs_pull_with_their_stiffness() -> None:
    ties = {"attach_per_min": 1e6, "attachments_most": 1.0, "spring_per_min": 0.05}
    culture = model(cell_type(**ties), steps=Steps(0.01, 0.1, 6.0))
    simulation = Simulation.begin(culture, cells(np.array([[0.0, 0.0], [16.0, 0.0]])), Still.empty(), 1)
    simulation.advance(10.0)
    assert simulation.world.kept_by_cell[KEPT].tolist() == [[1], [0]]
    assert abs(np.ptp(simulation.world.cells.position[:, 0]) / (16.0 * np.exp(-1.0)) - 1) < 1e-5


def test_cells_hold_no_more_springs_than_they_can() -> None:
    ties = {"attach_per_min": 0.2, "detach_per_min": 0.1, "attachments_most": 2.0}
    world = (simulation := begun(hexagonal_layer(10, 10), **ties)).world
    for _ in range(20):
        simulation.advance(6.0)
        held = world.kept_by_cell[KEPT]
        assert held.shape == (100, 2)
        for row, partners in zip(world.cells.cell_id, held, strict=True):
            assert all(row in held[other] for other in partners if other >= 0)
    assert (held >= 0).mean() > 0.3


def test_springs_hold_for_exponential_times() -> None:
    place = np.repeat(np.arange(2000) * 100.0, 2)[:, None] + np.tile([0.0, 5.0], 2000)[:, None]
    ties = {"attach_per_min": 1e6, "detach_per_min": 0.0, "attachments_most": 1.0}
    simulation = begun(np.column_stack([place, np.zeros(4000)]), **ties)
    simulation.advance(0.6)
    parameters = simulation.world.parameters
    parameters.by_type[0, parameters.number("attach_per_min")] = 0.0
    parameters.by_type[0, parameters.number("detach_per_min")] = 0.05
    simulation.advance(12.0)
    left = (simulation.world.kept_by_cell[KEPT] >= 0).mean()
    assert abs(left - np.exp(-0.1 * 12.0)) < 4 * np.sqrt(0.3 * 0.7 / 2000)  # either cell may let go


def test_contacts_are_found_once_until_something_changes() -> None:
    world = (simulation := begun(hexagonal_layer(4, 4), repulsion_um_per_min=10.0)).world
    first = world.contacts
    assert world.contacts is first
    simulation.advance(0.6)
    assert world.contacts is not first
    again = world.contacts
    world.remove(np.array([3]))
    assert world.contacts is not again
    assert len(world.contacts.start) == 16


def test_lists_follow_cells_that_are_taken_out() -> None:
    world = begun(scattered(50, 2, 100.0), repulsion_um_per_min=10.0).world
    assert len(world.neighbours.start) == 51
    world.remove(np.array([0, 7, 49, 48, 20]))
    kept = world.kept[LISTS]
    made = NeighbourLists.build(world.cells, kept.reach, 2)
    assert np.array_equal(kept.start, made.start)
    assert np.array_equal(kept.neighbour, made.neighbour)
    assert np.array_equal(kept.marked, made.marked)


def test_cells_that_swallow_others_do_not_spoil_the_lists() -> None:
    place = hexagonal_layer(5, 5)
    for eats, holds in ((0.0, False), (0.1, True)):
        world = begun(place, repulsion_um_per_min=10.0, engulf_apoptotic_per_min=eats).world
        lists = world.neighbours
        world.cells.radius[3] *= 1.25
        assert (world.neighbours is lists) == holds


def test_bins_are_small_where_few_cells_are_large() -> None:
    start = cells(scattered(200, 2, 200.0))
    extent = np.full(200, 5.0)
    extent[:2] = 30.0
    lists = NeighbourLists.build(start, extent + 0.5, 2)
    far = np.linalg.norm(start.position[:, None] - start.position[None], axis=2)
    near = (far <= extent[:, None] + extent + 1.0) & ~np.eye(200, dtype=bool)
    assert [sorted(lists.neighbour[lists.start[i] : lists.start[i + 1]]) for i in range(200)] == [
        np.flatnonzero(row).tolist() for row in near
    ]
