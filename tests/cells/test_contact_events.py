"""Attack, damage, engulfing, fusion and transformation in small cultures whose outcome is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.cases.cultures import LIVE, cell_type, cells, hexagonal_layer, model

from coculture.cells.kernels.meeting import go_on_attacking, pair_events
from coculture.cells.model import CellModel
from coculture.cells.population import APOPTOTIC, LIVING, NECROTIC, Population
from coculture.cells.process import World
from coculture.cells.processes import attack, damage, engulf, fuse, transform
from coculture.cells.signals import ATTACKED_MIN, DAMAGE_DELIVERED
from coculture.cells.surroundings import Still

ALWAYS = 1e9
"""A rate at which things happen at once, 1/min."""


def world_of(kind: CellModel, start: Population) -> World:
    start.internal = np.zeros((len(start), len(kind.internal)))
    return World(kind, start, kind.parameters(len(start), start.type), Still.empty(), np.uint64(5))


def pair(eater: dict[str, float], prey: dict[str, float] | None = None, **more: object) -> World:
    """Return two touching cells, of types 'a' and 'b', and one far away of type 'b'."""
    kind = model(cell_type("a", **eater), cell_type("b", **(prey or {})), gap=1.0)
    kind = dataclasses.replace(kind, **more)  # type: ignore[arg-type]
    return world_of(kind, cells(np.array([[0.0, 0.0], [16.0, 0.0], [90.0, 0.0]]), np.array([0, 1, 1])))


def test_an_attack_harms_for_as_long_as_it_lasts() -> None:
    world = pair({"attack_b_per_min": ALWAYS, "attack_damage_per_min": 2.0, "attack_duration_min": 1e6})
    assert attack.PROCESS.is_active(world)
    for _ in range(5):
        attack.PROCESS.go_on(world, 0.6)
    np.testing.assert_allclose(world.cells.damage, [0, 6, 0], rtol=1e-7)
    np.testing.assert_allclose(world.kept_by_cell[ATTACKED_MIN], [0, 3, 0], rtol=1e-7)
    np.testing.assert_allclose(world.kept_by_cell[DAMAGE_DELIVERED], [6, 0, 0], rtol=1e-7)
    assert world.cells.target.tolist() == [1, -1, -1]
    assert world.cells.attack_min[0] == pytest.approx(3.0)


def test_an_attack_ends_after_its_duration_inside_a_tick() -> None:
    world = pair({"attack_b_per_min": ALWAYS, "attack_duration_min": 0.25})
    attack.PROCESS.go_on(world, 0.6)
    assert world.cells.damage[1] == pytest.approx(0.6)  # one attack after the other
    assert world.cells.attack_min[0] == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize("ending", ["death", "parting", "immunity"])
def test_an_attack_ends_when_its_target_dies_or_parts(ending: str) -> None:
    world = pair({"attack_b_per_min": ALWAYS, "attack_duration_min": 100.0})
    attack.PROCESS.go_on(world, 0.6)
    before = world.cells.damage[1]
    if ending == "death":
        world.cells.state[1] = APOPTOTIC
    elif ending == "parting":
        world.cells.position[1, 0] = 40.0
    else:
        world.parameters.by_type[1, world.parameters.number("immunogenicity_a")] = 0.0
    world.forget_contacts()
    attack.PROCESS.go_on(world, 0.6)
    if ending == "immunity":  # it keeps from new attacks, not from one that goes on
        assert world.cells.damage[1] > before
    else:
        assert world.cells.damage[1] == before
        assert world.cells.target[0] == -1


def test_who_draws_no_attack_is_not_attacked() -> None:
    world = pair({"attack_b_per_min": ALWAYS}, {"immunogenicity_a": 0.0})
    attack.PROCESS.go_on(world, 0.6)
    assert not world.cells.damage.any()


def test_immunogenicity_may_differ_from_cell_to_cell() -> None:
    kind = model(cell_type("a", attack_b_per_min=ALWAYS, attack_duration_min=0.01), cell_type("b"), gap=1.0)
    world = world_of(kind, cells(np.array([[0.0, 0.0], [16.0, 0.0], [-16.0, 0.0]]), np.array([0, 1, 1])))
    world.parameters.column[world.parameters.number("immunogenicity_a")] = 0
    world.parameters.by_cell = np.array([[9.0], [0.0], [0.3]])
    attack.PROCESS.go_on(world, 0.6)
    np.testing.assert_allclose(world.cells.damage, [0.0, 0.0, 0.6], rtol=1e-6)


def test_the_damage_of_several_attackers_adds_up() -> None:
    kind = model(cell_type("a", attack_b_per_min=ALWAYS, attack_duration_min=9.0), cell_type("b"), gap=1.0)
    start = cells(np.array([[0.0, 0.0], [16.0, 0.0], [32.0, 0.0]]), np.array([0, 1, 0]))
    world = world_of(kind, start)
    attack.PROCESS.go_on(world, 0.6)
    assert world.cells.damage[1] == pytest.approx(1.2)


def test_damage_comes_and_is_repaired_exactly() -> None:
    world = pair({"damage_per_min": 0.3, "repair_per_min": 0.05}, {"repair_per_min": 0.1})
    world.cells.damage[:] = [2.0, 4.0, 4.0]
    world.cells.state[2] = APOPTOTIC
    for _ in range(10):
        damage.PROCESS.go_on(world, 0.6)
    np.testing.assert_allclose(world.cells.damage, [6 + (2 - 6) * np.exp(-0.3), 4 * np.exp(-0.6), 4.0], rtol=1e-13)


def test_the_engulfed_is_gone_and_its_volume_and_amounts_are_not() -> None:
    world = pair({"engulf_apoptotic_per_min": ALWAYS}, internal=("drug", "level"), halved=("drug",))
    world.cells.internal[:] = [[1.0, 5.0], [2.0, 6.0], [4.0, 7.0]]
    world.cells.state[1:] = APOPTOTIC
    volume, solid = world.cells.volume.sum(), world.cells.nuclear_solid[0]
    engulf.PROCESS.go_on(world, 0.6)
    assert world.cells.cell_id.tolist() == [0, 2]
    assert world.cells.volume.sum() == pytest.approx(volume, rel=1e-14)
    assert world.cells.radius[0] == pytest.approx((0.75 / np.pi * world.cells.volume[0]) ** (1 / 3))
    assert world.cells.nuclear_solid[0] == solid  # solids of the prey are cytoplasm now
    assert world.cells.internal.tolist() == [[3.0, 5.0], [4.0, 7.0]]
    assert world.events == [(0.0, "engulfed", 1, 0)]


@pytest.mark.parametrize(
    ("behaviour", "state", "eaten"),
    [
        ("engulf_apoptotic_per_min", APOPTOTIC, True),
        ("engulf_apoptotic_per_min", NECROTIC, False),
        ("engulf_necrotic_per_min", NECROTIC, True),
        ("engulf_necrotic_per_min", LIVING, False),
        ("engulf_b_per_min", LIVING, True),
        ("engulf_a_per_min", LIVING, False),
        ("engulf_b_per_min", APOPTOTIC, False),
    ],
)
def test_only_what_the_rate_is_about_is_engulfed(behaviour: str, state: int, eaten: bool) -> None:
    world = pair({behaviour: ALWAYS})
    world.cells.state[1] = state
    engulf.PROCESS.go_on(world, 0.6)
    assert (len(world.cells) == 2) is eaten


def test_two_that_want_the_same_do_not_both_get_it() -> None:
    kind = model(cell_type("a", engulf_b_per_min=ALWAYS), cell_type("b"), gap=1.0)
    start = cells(np.array([[0.0, 0.0], [16.0, 0.0], [32.0, 0.0]]), np.array([0, 1, 0]))
    world = world_of(kind, start)
    whole = start.volume.sum()
    engulf.PROCESS.go_on(world, 0.6)
    assert world.cells.cell_id.tolist() in ([0, 2], [2, 0])
    assert world.cells.volume.sum() == pytest.approx(whole, rel=1e-14)


def test_a_chain_of_eaters_conserves_volume() -> None:
    kind = model(cell_type("a", engulf_a_per_min=20.0), gap=1.0)
    world = world_of(kind, cells(hexagonal_layer(12, 12)))
    whole = world.cells.volume.sum()
    for _ in range(20):
        engulf.PROCESS.go_on(world, 0.6)
    assert len(world.cells) < 30
    assert world.cells.volume.sum() == pytest.approx(whole, rel=1e-13)


def test_fused_cells_keep_volume_amounts_and_centre() -> None:
    world = pair({"fuse_b_per_min": ALWAYS}, internal=("drug",), halved=("drug",))
    world.cells.internal[:, 0] = [1.0, 2.0, 4.0]
    for name in ("fluid", "nuclear_solid", "cytoplasmic_solid", "nuclear"):
        getattr(world.cells, name)[1] *= 3.0
    volume, nuclear = world.cells.volume.sum(), world.cells.nuclear[:2].sum()
    world.cells.position[1, 0] = 16.5
    fuse.PROCESS.go_on(world, 0.6)
    assert world.cells.cell_id.tolist() == [0, 2]
    assert world.cells.volume.sum() == pytest.approx(volume, rel=1e-14)
    assert world.cells.nuclear[0] == pytest.approx(nuclear)
    assert world.cells.position[0, 0] == pytest.approx(0.75 * 16.5)
    assert world.cells.internal[0, 0] == 3.0
    assert world.events == [(0.0, "fused", 1, 0)]


def test_the_dead_do_not_fuse() -> None:
    world = pair({"fuse_b_per_min": ALWAYS})
    world.cells.state[1] = APOPTOTIC
    fuse.PROCESS.go_on(world, 0.6)
    assert len(world.cells) == 3


def test_a_cell_that_becomes_another_takes_its_behaviours_and_cycle() -> None:
    kind = model(cell_type("a", transform_b_per_min=ALWAYS), cell_type("b", LIVE, apoptosis_per_min=0.25), gap=1.0)
    world = world_of(kind, cells(np.array([[0.0, 0.0], [90.0, 0.0]])))
    world.parameters.column[world.parameters.number("apoptosis_per_min")] = 0
    world.parameters.by_cell = np.full((2, 1), 7.0)
    world.cells.state[1] = APOPTOTIC
    world.cells.phase_min[:], world.cells.target[:] = 3.0, 1
    transform.PROCESS.go_on(world, 6.0)
    assert world.cells.type.tolist() == [1, 0]
    assert world.parameters.by_cell[:, 0].tolist() == [0.25, 7.0]
    assert (world.cells.phase_min[0], world.cells.remaining[0], world.cells.target[0]) == (0.0, -1.0, -1)
    assert world.events == [(0.0, "became b", 0, -1)]


def test_a_phase_is_kept_where_the_cycles_are_the_same() -> None:
    kind = model(cell_type("a", LIVE, transform_b_per_min=ALWAYS), cell_type("b", LIVE))
    world = world_of(kind, cells(np.zeros((1, 2))))
    world.cells.phase_min[:], world.cells.remaining[:] = 3.0, 0.4
    transform.PROCESS.go_on(world, 6.0)
    assert (world.cells.type[0], world.cells.phase_min[0], world.cells.remaining[0]) == (1, 3.0, 0.4)


def test_a_rate_to_its_own_type_changes_nothing() -> None:
    world = world_of(model(cell_type("a", transform_a_per_min=ALWAYS)), cells(np.zeros((1, 2))))
    transform.PROCESS.go_on(world, 6.0)
    assert not world.events


@pytest.mark.parametrize("process", [attack, damage, engulf, fuse, transform])
def test_a_process_without_a_rate_is_not_asked(process: object) -> None:
    assert not process.PROCESS.is_active(pair({}))  # type: ignore[attr-defined]


KEY = np.uint64(9)
WRAPPING = pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")  # words of 64 bits wrap


def two_cells() -> tuple[object, ...]:
    return np.array([0, 1]), np.array([0, 0]), np.array([0, 1, 2]), np.array([1, 0], np.int32)


@pytest.mark.kernel
@WRAPPING
def test_clocks_of_pairs_ring_exponentially() -> None:
    ids, kinds, start, neighbour = two_cells()
    when, who, whom = np.empty(2), np.empty(2, np.int64), np.empty(2, np.int64)
    found = []
    for step in range(400):
        number = pair_events(
            KEY, step, 1, 1e9, np.array([0]), np.array([[0.5, 0.0, 0.0]]),
            ids, kinds, np.zeros(2, np.int64), start, neighbour, when, who, whom,
        )  # fmt: skip
        assert number == 1
        assert (who[0], whom[0]) == (0, 1)
        found.append(when[0])
    assert np.mean(found) == pytest.approx(2.0, abs=4 * 2.0 / 20)
    assert np.mean(np.array(found) > 2.0) == pytest.approx(np.exp(-1), abs=0.1)


@pytest.mark.kernel
@WRAPPING
def test_attacks_fill_the_time_between_them() -> None:
    ids, kinds, start, neighbour = two_cells()
    target, since, harm = np.full(2, -1), np.zeros(2), np.zeros(2)
    delivered, suffered = np.zeros(2), np.zeros(2)
    go_on_attacking(
        KEY, 0, 0.7, np.array([0]), np.array([[1e9]]), np.array([0.2]), np.array([3.0]), np.ones((1, 1)), False,
        ids, kinds, np.zeros(2, np.int64), start, neighbour, target, since, harm, delivered, suffered,
    )  # fmt: skip
    assert harm[1] == pytest.approx(2.1)
    assert suffered[1] == pytest.approx(0.7)
    assert delivered[0] == pytest.approx(2.1)
    assert target[0] == 1
    assert since[0] == pytest.approx(0.1)
