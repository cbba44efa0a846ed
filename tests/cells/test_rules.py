"""Rules: the formula, its published special case, each rule's own saturation, the dead, and what is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.cases.cultures import LIVE, cell_type, cells, hexagonal_layer, model

from coculture.cells.kernels.responding import follow_rules
from coculture.cells.model import Rule
from coculture.cells.population import APOPTOTIC, LIVING
from coculture.cells.process import World
from coculture.cells.processes.rules import PROCESS
from coculture.cells.rule_checks import rule_problems
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still
from coculture.errors import InputError

SPEED = "migration_speed_um_per_min"


def rule(
    signal: str = "damage", direction: str = "increases", saturation: float = 2.0, half_max: float = 10.0, **more: object
) -> Rule:
    settings = {"cell_type": "a", "behaviour": SPEED, "hill_power": 2.0, **more}
    return Rule(signal=signal, direction=direction, saturation=saturation, half_max=half_max, **settings)  # type: ignore[arg-type]


def world_of(base: float, *rules: Rule, solutes: tuple[str, ...] = (), um: float = 0.0, n: int = 1) -> World:
    kind = model(cell_type("a", LIVE, **{SPEED: base}), cell_type("b", **{SPEED: 7.0}), solutes=solutes)
    kind = dataclasses.replace(kind, rules=rules)
    start = cells(hexagonal_layer(n, 1, 40.0))
    around = Still(np.full(len(solutes), um), np.zeros((len(solutes), 3)))
    return World(kind, start, kind.parameters(n, start.type), around, np.uint64(1))


def value(world: World, damage: float) -> float:
    world.cells.damage[:] = damage
    PROCESS.go_on(world, 6.0)
    return float(world.parameters.values(SPEED, world.cells.type)[0])


def published(base: float, top: float, low: float, up: list[float], down: list[float]) -> float:
    """Johnson et al.: one maximum and one minimum a behaviour; ``up`` and ``down`` are (s/half_max)^n."""
    raised = base + (top - base) * sum(up) / (1 + sum(up))
    return raised + (low - raised) * sum(down) / (1 + sum(down))


def test_one_rule_is_a_hill_curve_from_the_base_to_its_saturation() -> None:
    world = world_of(0.5, rule())
    for damage in (0.0, 3.0, 10.0, 40.0):
        share = (damage / 10) ** 2
        assert value(world, damage) == pytest.approx(0.5 + 1.5 * share / (1 + share), rel=1e-14)
    assert value(world, 1e200) == pytest.approx(2.0, rel=1e-12)


def test_rules_of_one_saturation_are_the_published_form() -> None:
    rules = (
        rule(),
        rule("concentration_x_um", half_max=3.0, hill_power=1.5),
        rule("time_min", "decreases", 0.1, 5.0),
        rule("volume_um3", "decreases", 0.1, 4000.0, hill_power=4.0),
    )
    world = world_of(0.5, *rules, solutes=("x",), um=4.0)
    world.time_min = 7.0
    got = value(world, 12.0)
    volume = float(world.cells.volume[0])
    up, down = [(12 / 10) ** 2, (4 / 3) ** 1.5], [(7 / 5) ** 2, (volume / 4000) ** 4]
    assert got == pytest.approx(published(0.5, 2.0, 0.1, up, down), rel=1e-13)


def test_a_second_signal_leaves_the_first_its_maximum() -> None:
    alone = world_of(0.5, rule())
    weak = rule("concentration_x_um", saturation=0.8, half_max=1.0)
    beside = world_of(0.5, rule(), weak, solutes=("x",))
    for damage in (0.0, 5.0, 20.0, 1e9):
        assert value(beside, damage) == value(alone, damage)
    shared = world_of(0.5, rule(), weak, solutes=("x",), um=1.0)
    assert value(shared, 1e9) == pytest.approx(2.0, rel=1e-9)  # the first signal at full strength reaches its own maximum
    assert value(shared, 0.0) == pytest.approx(0.65, rel=1e-12)  # and the second its own
    assert value(shared, 10.0) == pytest.approx(0.5 + (1.5 + 0.3) / 3, rel=1e-12)  # equal effects share


def test_both_directions_at_full_strength_end_at_the_minimum() -> None:
    world = world_of(0.5, rule(), rule("time_min", "decreases", 0.1, 1.0))
    world.time_min = 1e12
    assert value(world, 100.0) == pytest.approx(0.1, rel=1e-9)


def test_types_without_a_rule_keep_their_base() -> None:
    world = world_of(0.5, rule())
    world.cells.type[:] = 1
    world.parameters = world.model.parameters(1, world.cells.type)
    assert value(world, 100.0) == 7.0


def test_the_dead_follow_only_rules_meant_for_them() -> None:
    world = world_of(0.5, rule(), rule("time_min", saturation=3.0, half_max=1.0, applies_to_dead=True))
    world.time_min = 1.0
    world.cells.state[:] = APOPTOTIC
    assert value(world, 1e9) == pytest.approx(1.75)  # damage counts for nothing
    kept = world_of(0.5, rule())
    assert value(kept, 10.0) == 1.25
    kept.cells.state[:] = APOPTOTIC
    assert value(kept, 1e9) == 1.25  # no rule is meant for the dead: the value stays


def test_a_constitutive_share_is_there_without_the_signal() -> None:
    world = world_of(0.5, rule(constitutive=0.2))
    assert value(world, 0.0) == pytest.approx(0.5 + 1.5 * 0.2, rel=1e-12)
    assert value(world, 10.0) == pytest.approx(0.5 + 1.5 * 0.6, rel=1e-12)  # half-way from there to all
    assert value(world, 1e200) == pytest.approx(2.0, rel=1e-9)


def test_signals_below_zero_have_no_effect() -> None:
    world = world_of(0.5, rule())
    assert value(world, -5.0) == 0.5


def test_rules_act_before_what_they_change_goes_on() -> None:
    dying = Rule("a", "time_min", "increases", "apoptosis_per_min", 1e6, 1.0, 8.0)
    kind = dataclasses.replace(model(cell_type("a")), rules=(dying,))
    simulation = Simulation.begin(kind, cells(hexagonal_layer(3, 1)), Still.empty(), 1)
    simulation.advance(6.0)
    assert (simulation.world.cells.state == LIVING).all()
    simulation.advance(6.0)
    assert (simulation.world.cells.state == APOPTOTIC).all()


def test_a_model_without_rules_has_nothing_to_do() -> None:
    assert not PROCESS.is_active(world_of(0.5))
    assert PROCESS.is_active(world_of(0.5, rule()))


def test_no_order_of_cells_or_rules_changes_a_value() -> None:
    rules = (rule(), rule("volume_um3", saturation=1.0, half_max=2000.0), rule("time_min", "decreases", 0.0, 30.0))
    first, second = world_of(0.5, *rules, n=20), world_of(0.5, *rules, n=20)
    for world in (first, second):
        world.time_min = 12.0
        world.cells.damage[:] = np.arange(20.0)
    second.cells = second.cells.take(np.arange(20)[::-1])
    for world in (first, second):
        PROCESS.go_on(world, 6.0)
    one, other = (world.parameters.values(SPEED, world.cells.type) for world in (first, second))
    assert np.array_equal(one, other[::-1])


@pytest.mark.kernel
def test_the_kernel_does_what_the_formula_says() -> None:
    random = np.random.default_rng(3)
    n, signals = 30, random.uniform(0, 5, (4, 30))
    kind, dead = random.integers(0, 2, n), random.random(n) < 0.3
    group_start, column, base = np.array([0, 1, 3]), np.array([0, 0, 1]), np.array([1.0, 2.0, 3.0])
    rule_start, signal = np.array([0, 3, 4, 6]), np.array([0, 1, 2, 3, 0, 1])
    up, for_dead = np.array([True, True, False, True, False, False]), np.array([True, False, False, False, True, True])
    saturation, half_max = random.uniform(0, 9, 6), random.uniform(1, 3, 6)
    power = np.array([1.0, 2.0, 4.0, 1.7, 3.0, 2.5])
    got = np.full((n, 2), -1.0)
    follow_rules(
        signals, kind, dead, group_start, column, base, rule_start, signal, up, saturation, half_max, power, for_dead, got
    )
    wanted = np.full((n, 2), -1.0)
    for i in range(n):
        for group in range(group_start[kind[i]], group_start[kind[i] + 1]):
            chosen = np.arange(rule_start[group], rule_start[group + 1])
            chosen = chosen[for_dead[chosen]] if dead[i] else chosen
            if not chosen.size:
                continue
            share = (signals[signal[chosen], i] / half_max[chosen]) ** power[chosen]
            rising = up[chosen]
            raised = base[group] + ((saturation[chosen] - base[group]) * share)[rising].sum() / (1 + share[rising].sum())
            wanted[i, column[group]] = raised + ((saturation[chosen] - raised) * share)[~rising].sum() / (
                1 + share[~rising].sum()
            )
    np.testing.assert_allclose(got, wanted, rtol=1e-12)


@pytest.mark.parametrize(
    ("wrong", "says", "remedy"),
    [
        ({"cell_type": "aa"}, "unknown cell type 'aa'", "there is: a, b"),
        ({"signal": "damag"}, "unknown signal 'damag'", "did you mean 'damage'"),
        ({"behaviour": "migration_sped_um_per_min"}, "unknown behaviour", f"did you mean '{SPEED}'"),
        ({"half_max": 0.0}, "the half-maximum is 0", "above 0"),
        ({"constitutive": 1.0}, "the constitutive share is 1", "below 1"),
        ({"half_max": float("nan")}, "the half-maximum is nan", "above 0"),
        ({"hill_power": 0.0}, "the Hill power is 0", "4 is a switch"),
        ({"hill_power": -1.0}, "the Hill power is -1", "above 0"),
        ({"saturation": -1.0}, "the saturation is -1", "lies between 0 and inf"),
        ({"saturation": float("inf")}, "the saturation is inf", "lies between"),
        ({"direction": "raises"}, "'raises' is no direction", "'increases' or 'decreases'"),
    ],
)
def test_bad_rules_are_refused(wrong: dict[str, object], says: str, remedy: str) -> None:
    kind = model(cell_type("a"), cell_type("b"))
    (problem,) = rule_problems(kind, [dataclasses.replace(rule(), **wrong)])  # type: ignore[arg-type]
    assert says in problem.what
    assert remedy in problem.remedy
    assert problem.where == "rule 1"


def test_doubles_are_refused_at_the_start() -> None:
    kind = dataclasses.replace(model(cell_type("a")), rules=(rule(), rule(half_max=3.0)))
    with pytest.raises(InputError, match="a second time") as caught:
        Simulation.begin(kind, cells(hexagonal_layer(2, 1)), Still.empty(), 1)
    assert "the first is rule 1" in str(caught.value)
