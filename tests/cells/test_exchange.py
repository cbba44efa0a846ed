"""Exchange with the medium, and receptors: what is given and taken, by whom, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.linalg import expm
from tests.cases.cultures import STEPS, cell_type, cells, hexagonal_layer, model

from coculture.cells.kernels.binding import bind, exponential
from coculture.cells.links import Ligand, Receptor
from coculture.cells.model import CellModel, Rule
from coculture.cells.population import APOPTOTIC, Population
from coculture.cells.process import World
from coculture.cells.processes.exchange import PROCESS, exchange
from coculture.cells.processes.receptors import TOO_LONG, check_receptors
from coculture.cells.surroundings import Exchange, Still
from coculture.errors import InputError


class Heard(Still):
    """Still, and remembers what it was told."""

    def advance(self, minutes: float, position: np.ndarray, exchange: Exchange | None) -> np.ndarray:
        self.__dict__.setdefault("told", []).append((minutes, exchange))
        return super().advance(minutes, position, exchange)


def world_of(
    kind: CellModel, start: Population, um: tuple[float, ...], step_min: float = 0.6, around: type[Still] = Still
) -> World:
    start.internal = np.zeros((len(start), len(kind.internal)))
    medium = around(np.array(um), np.zeros((len(um), 3)), step_min)
    return World(kind, start, kind.parameters(len(start), start.type), medium, np.uint64(1))


GIVING = {
    "secretion_x_per_min": 0.3, "secretion_target_x_um": 5.0, "uptake_y_per_min": 0.2, "export_y_per_min": 7.0,
}  # fmt: skip


def test_a_cell_gives_and_takes_what_its_behaviours_say() -> None:
    kind = dataclasses.replace(model(cell_type("a", **GIVING), solutes=("x", "y")), internal=("amount_y",))
    world = world_of(kind, cells(hexagonal_layer(3, 1)), (2.0, 4.0))
    volume = world.cells.volume
    gained = exchange(world, 0.6)
    np.testing.assert_allclose(gained[:, 0], -0.6 * 0.3 * volume * (5 - 2), rtol=1e-14)
    np.testing.assert_allclose(gained[:, 1], 0.6 * (0.2 * volume * 4 - 7), rtol=1e-14)
    np.testing.assert_array_equal(world.cells.internal[:, 0], gained[:, 1])


def test_the_dead_exchange_only_what_a_rule_for_the_dead_says() -> None:
    rule = Rule("a", "dead", "increases", "export_y_per_min", 9.0, 0.1, 10.0, True)
    kind = dataclasses.replace(model(cell_type("a", **GIVING), solutes=("x", "y")), rules=(rule,))
    world = world_of(kind, cells(hexagonal_layer(2, 1)), (2.0, 4.0), around=Heard)
    world.cells.state[1] = APOPTOTIC
    exchange(world, 0.6)
    told = world.surroundings.told[0][1]  # type: ignore[attr-defined]
    np.testing.assert_array_equal(told.secretion_per_min[:, 0], [0.3, 0])
    np.testing.assert_array_equal(told.uptake_per_min[:, 1], [0.2, 0])
    np.testing.assert_array_equal(told.export_per_min[:, 1], [7, 7])


def test_the_medium_goes_on_where_no_cell_gives_or_takes() -> None:
    world = world_of(model(cell_type("a"), solutes=("x",)), cells(hexagonal_layer(2, 1)), (2.0,), around=Heard)
    assert PROCESS.is_active(world)
    PROCESS.go_on(world, 0.6)
    assert world.surroundings.told == [(0.6, None)]  # type: ignore[attr-defined]


def test_without_solutes_nothing_is_exchanged() -> None:
    assert not PROCESS.is_active(world_of(model(cell_type("a")), cells(hexagonal_layer(2, 1)), ()))


@pytest.mark.parametrize(("step_min", "calls"), [(0.1, 60), (0.3, 20), (0.6, 10), (3.0, 2), (6.0, 1)])
def test_the_medium_keeps_its_own_step(step_min: float, calls: int) -> None:
    world = world_of(model(cell_type("a"), solutes=("x",)), cells(hexagonal_layer(2, 1)), (2.0,), step_min, Heard)
    assert PROCESS.is_active(world)
    for _ in range(10):
        PROCESS.go_on(world, 0.6)
        world.step += round(0.6 / STEPS.mechanics_min)
    told = world.surroundings.told  # type: ignore[attr-defined]
    assert len(told) == calls
    assert sum(minutes for minutes, _ in told) == pytest.approx(6.0)


@pytest.mark.parametrize("step_min", [0.7, 0.0, 0.4])
def test_a_step_that_does_not_fit_is_refused(step_min: float) -> None:
    world = world_of(model(cell_type("a"), solutes=("x",)), cells(hexagonal_layer(2, 1)), (2.0,), step_min)
    with pytest.raises(InputError, match="does not fit the contact step") as caught:
        PROCESS.is_active(world)
    assert "make one a whole multiple of the other" in str(caught.value)


R = Receptor("r", (Ligand("x", 3.0, 0.2, 0.02), Ligand("y", 1.0, 0.1)), {"a": 4.0}, 0.01)


def with_receptor(receptor: Receptor = R, **more: object) -> CellModel:
    kind = model(cell_type("a"), cell_type("b"), solutes=("x", "y"))
    kept = dict.fromkeys(("internal", "halved"), receptor.internal)
    return dataclasses.replace(kind, links={"receptors": (receptor,)}, **{**kept, **more})  # type: ignore[arg-type]


def test_receptors_bind_as_their_equations_say() -> None:
    world = world_of(with_receptor(), cells(hexagonal_layer(3, 1), np.array([0, 0, 1])), (0.4, 0.7))
    world.cells.internal[:, 0] = 1000.0
    world.cells.state[1] = APOPTOTIC
    for _ in range(4):
        exchange(world, 0.6)
    on, off, lost = np.array([3 * 0.4, 0.7]), np.array([0.2, 0.1]), np.array([0.22, 0.1])
    matrix = np.zeros((4, 4))
    matrix[0, :3], matrix[1:3, 0] = [-0.01 - on.sum(), *off], on
    matrix[1, 1], matrix[2, 2], matrix[0, 3] = -lost[0], -lost[1], 4.0
    start = np.array([1000.0, 0, 0, 1])
    np.testing.assert_allclose(world.cells.internal[0], (expm(matrix * 2.4) @ start)[:3], rtol=1e-12)
    matrix[0, 3] = 0.0  # type b and the dead make none
    np.testing.assert_allclose(world.cells.internal[1:], np.tile((expm(matrix * 2.4) @ start)[:3], (2, 1)), rtol=1e-12)


def test_what_receptors_hold_is_not_counted_as_taken_up() -> None:
    kind = with_receptor(internal=(*R.internal, "amount_x"))
    kind = dataclasses.replace(kind, types=(cell_type("a", uptake_x_per_min=0.05), cell_type("b")))
    world = world_of(kind, cells(hexagonal_layer(2, 1)), (0.4, 0.7))
    world.cells.internal[:, 0] = 1e6
    exchange(world, 0.6)
    np.testing.assert_allclose(world.cells.internal[:, 3], 0.6 * 0.05 * world.cells.volume * 0.4, rtol=1e-9)


def test_a_step_too_long_for_the_medium_is_told() -> None:
    class Empty(Still):
        def advance(self, minutes: float, position: np.ndarray, exchange: Exchange | None) -> np.ndarray:
            assert exchange is not None
            return -exchange.export_per_min * minutes  # what was there is gone before it is caught

    slow = Receptor("r", (Ligand("x", 1.0, 1.0),))
    world = world_of(with_receptor(slow), cells(hexagonal_layer(1, 1)), (1.0, 0.0), around=Empty)
    world.cells.internal[:] = [1e4, 0.0]
    exchange(world, 6.0)
    assert world.notes == [TOO_LONG]


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (with_receptor(internal=()), "no internal number 'r_free'"),
        (with_receptor(halved=()), "the amount 'r_free' is not halved at division"),
        (with_receptor(Receptor("r", ())), "it has no ligand"),
        (with_receptor(Receptor("r", (Ligand("z", 1.0, 1.0),))), "unknown solute 'z'"),
        (with_receptor(Receptor("r", (Ligand("x", -1.0, 1.0),))), "a rate of the ligand 'x' is negative"),
        (with_receptor(Receptor("r", (Ligand("x", 1.0, 1.0),), {"c": 1.0})), "unknown cell type 'c'"),
        (with_receptor(Receptor("r", (Ligand("x", 1.0, 1.0),), {"a": -1.0})), "synthesis in 'a' is negative"),
        (with_receptor(Receptor("r", (Ligand("x", 1.0, 1.0),), {}, -1.0)), "its turnover is negative"),
    ],
)
def test_bad_receptors_are_refused(kind: CellModel, says: str) -> None:
    with pytest.raises(InputError) as caught:
        check_receptors(world_of(kind, cells(hexagonal_layer(1, 1)), (0.0, 0.0)))
    assert says in str(caught.value)
    assert "receptor 'r'" in str(caught.value)


@pytest.mark.kernel
@pytest.mark.parametrize("size", [1e-3, 0.4, 30.0])
def test_the_matrix_exponential_is_one(size: float) -> None:
    random = np.random.default_rng(2)
    matrix = random.uniform(-size, size, (4, 4)) - 2 * size * np.eye(4)
    got, term, spare = np.empty((4, 4)), np.empty((4, 4)), np.empty((4, 4))
    exponential(matrix.copy(), term, spare, got)
    np.testing.assert_allclose(got, expm(matrix), rtol=1e-10, atol=1e-14)


@pytest.mark.kernel
def test_bound_receptors_and_their_means_are_those_of_the_equations() -> None:
    counts, mean = np.array([[100.0, 20.0]]), np.empty((1, 2))
    bind(0.5, np.array([3.0]), 0.1, np.array([[2.0]]), np.array([0.7]), np.array([0.2]), counts, mean)
    times = np.linspace(0, 0.5, 201)
    matrix = np.array([[-2.1, 0.7, 3.0], [2.0, -0.9, 0.0], [0, 0, 0]])
    course = np.array([(expm(matrix * time) @ [100.0, 20.0, 1.0])[:2] for time in times])
    np.testing.assert_allclose(counts[0], course[-1], rtol=1e-12)
    np.testing.assert_allclose(mean[0], np.trapezoid(course, times, axis=0) / 0.5, rtol=1e-5)
