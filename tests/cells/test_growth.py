from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from coculture.cells.founding import Ball, Box, founders, placed
from coculture.cells.kernels.growing import PHASE, followed, go_through_phases, relax_volume, waiting
from coculture.cells.kernels.seeding import seed_apart
from coculture.cells.model import CellModel, CellType, CycleModel, Phase, Steps, VolumeModel
from coculture.cells.population import APOPTOTIC, LIVING, LYSED, NECROTIC, Population
from coculture.cells.processes import death, volume
from coculture.cells.simulation import Simulation
from coculture.cells.standard_models import APOPTOSIS, CYCLES, NECROSIS
from coculture.cells.steady_growth import SteadyGrowth, cycle_by_rates
from coculture.cells.surroundings import Still
from coculture.errors import InputError

TICK = Steps(6.0, 6.0, 6.0)
EVERYWHERE = Box((0.0, 0.0), (5000.0, 5000.0))


def one_type(cycle: str | CycleModel = "none", **behaviours: float) -> CellModel:
    chosen = CYCLES[cycle] if isinstance(cycle, str) else cycle
    return CellModel((CellType("cell", chosen, VolumeModel(), APOPTOSIS, NECROSIS, behaviours),), steps=TICK)


def some(model: CellModel, n: int = 1) -> Population:
    return founders(model, np.zeros((n, 3)), np.zeros(n, np.int64))


def begun(model: CellModel, cells: Population, key: int = 1) -> Simulation:
    return Simulation.begin(model, cells, Still.empty(), key)


# volume

VOLUMES = [
    pytest.param(270.0, 977.0, 0.75, 0.05, 0.0055, 0.0045, id="doubling"),
    pytest.param(0.0, 0.0, 0.0, 0.05, 0.35 / 60, 1 / 60, id="apoptosis"),
    pytest.param(0.0, 0.0, 1.0, 0.67 / 60, 0.013 / 60, 0.0032 / 60, id="necrosis"),
    pytest.param(100.0, 200.0, 0.5, 0.01, 0.005, 0.005, id="equal rates"),
    pytest.param(100.0, 200.0, 0.5, 0.0, 0.005, 0.0, id="still parts"),
]


def relaxed(start: list[float], minutes: float, numbers: tuple[float, ...]) -> list[float]:
    parts = [np.array([value]) for value in (*start, 0.0)]
    relax_volume(np.array([minutes]), *parts, *(np.array([value]) for value in numbers))
    return [float(part[0]) for part in parts]


def test_cells_at_rest_that_cannot_change_cost_nothing():
    model = one_type(repulsion_um_per_min=1.0)
    assert begun(model, some(model, 3)).processes["phenotype"] == ()
    for behaviour in ("apoptosis_per_min", "engulf_cell_per_min", "transform_cell_per_min"):
        model = one_type(**{behaviour: 0.1})
        assert volume.PROCESS in begun(model, some(model, 3)).processes["phenotype"]
    dying = some(one_type(), 3)
    dying.state[1], dying.death_volume[1], dying.remaining[1] = APOPTOTIC, dying.volume[1], 1.0
    assert begun(one_type(), dying).processes["phenotype"] == (volume.PROCESS, death.PROCESS)


def test_volumes_off_their_targets_come_to_rest_whatever_stops_there_are():
    cells = some(one_type(), 2)
    cells.cytoplasmic_solid[1] *= 1.5
    life, stopped = begun(one_type(), cells), begun(one_type(), cells)
    assert life.processes["phenotype"] == (volume.PROCESS,)
    for number in range(60):
        life.advance(120.0)
        stopped = Simulation.of(stopped.world)
        stopped.advance(120.0)
        for name, array in life.world.cells.arrays().items():
            assert np.array_equal(array, stopped.world.cells.arrays()[name]), (number, name)
    np.testing.assert_allclose(life.world.cells.volume, 2494.0, rtol=2e-9)
    assert stopped.processes["phenotype"] == ()


@pytest.mark.kernel
@pytest.mark.parametrize(("nuclear", "cytoplasmic", "fraction", "fluid_rate", "nuclear_rate", "cytoplasmic_rate"), VOLUMES)
def test_volumes_follow_their_equations(nuclear, cytoplasmic, fraction, fluid_rate, nuclear_rate, cytoplasmic_rate):
    start = [1870.5, 135.0, 488.5]
    numbers = (nuclear, cytoplasmic, fraction, fluid_rate, nuclear_rate, cytoplasmic_rate)

    def slope(_, parts):
        fluid, nucleus, cytoplasm = parts
        return [
            fluid_rate * (fraction * parts.sum() - fluid),
            nuclear_rate * (nuclear - nucleus),
            cytoplasmic_rate * (cytoplasmic - cytoplasm),
        ]

    truth = solve_ivp(slope, (0, 700), start, rtol=1e-12, atol=1e-9, method="DOP853").y[:, -1]
    once = relaxed(start, 700.0, numbers)
    np.testing.assert_allclose(once[:3], truth, rtol=1e-8, atol=1e-8)
    many = start
    for _ in range(70):
        many = relaxed(many, 10.0, numbers)[:3]
    np.testing.assert_allclose(many, once[:3], rtol=1e-11, atol=1e-20)
    assert once[3] == pytest.approx(once[1] * (1 + once[0] / (once[1] + once[2])), rel=1e-14)


@pytest.mark.kernel
@pytest.mark.parametrize(("target", "own"), [(0.0, 0.0), (0.01, 0.01), (0.01, 0.010000001), (0.0, 0.3), (0.2, 0.0)])
def test_following_an_exponential_is_its_integral(target, own):
    at = np.linspace(0, 40, 200_001)
    inside = np.exp(-own * (40 - at) - target * at)
    assert followed(target, own, 40.0) == pytest.approx(np.trapezoid(inside, at), rel=1e-7)


def test_a_cell_without_solids_has_no_nucleus():
    assert relaxed([5.0, 0.0, 0.0], 6.0, (0.0, 0.0, 0.0, 0.05, 0.0, 0.0))[3] == 0.0


def test_a_doubling_cell_doubles_and_a_resting_one_stays():
    cycle = CycleModel("own", (Phase("G", 1.0, fixed=True), Phase("S", math.inf, doubles=True)))
    growing, resting = one_type(cycle), one_type("none")
    for model, factor in ((growing, 2.0), (resting, 1.0)):
        life = begun(model, some(model))
        life.advance(6000.0)
        assert life.world.cells.volume[0] == pytest.approx(factor * 2494.0, rel=1e-6)
        assert life.world.cells.nuclear[0] == pytest.approx(factor * 540.0, rel=1e-6)


# cycle


def twin_of_phases(key, step, minutes, cell_id, rates, fixed, divides, phase, phase_min, remaining):
    """Go through phases, in plain Python."""
    left_min = np.full(len(cell_id), -1.0)
    for i, left in enumerate(minutes):
        if remaining[i] < 0:
            remaining[i] = waiting(fixed[phase[i]], key, cell_id[i], step, PHASE + phase[i])
        while left > 0:
            rate = rates[i, phase[i]]
            spent = remaining[i] / rate if rate > 0 else math.inf
            if spent > left:
                remaining[i] -= rate * left
                phase_min[i] += left
                break
            left -= spent
            phase_min[i] += spent
            if divides[phase[i]]:
                remaining[i], left_min[i] = 0.0, left
                break
            phase[i] = (phase[i] + 1) % len(fixed)
            phase_min[i] = 0.0
            remaining[i] = waiting(fixed[phase[i]], key, cell_id[i], step, PHASE + phase[i])
    return left_min


@pytest.mark.kernel
@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")  # words of 64 bits wrap; numpy says so without the JIT
def test_phases_as_in_plain_python():
    n, key = 60, np.uint64(11)
    fixed, divides = np.array([False, True, False]), np.array([False, False, True])
    rates = np.tile([1 / 20, 1 / 30, 1 / 10], (n, 1))
    rates[5] = 0.0
    ids, phase = np.arange(n), np.arange(n) % 3
    states = [(phase.copy(), np.zeros(n), np.full(n, -1.0)) for _ in range(2)]
    left = np.empty(n)
    for step in range(4):
        minutes = np.full(n, 25.0)
        go_through_phases(
            key, step, minutes, ids, np.zeros(n, np.int64), np.ones(n, np.bool_), rates,
            np.array([3]), fixed[None], divides[None], *states[0], left,
        )  # fmt: skip
        other = twin_of_phases(key, step, minutes, ids, rates, fixed, divides, *states[1])
        np.testing.assert_allclose(left, other, atol=1e-10)
        for mine, theirs in zip(*states, strict=True):
            np.testing.assert_allclose(mine, theirs, atol=1e-10)
    assert (left >= 0).any()


def test_a_rate_of_zero_holds_a_cell_and_lets_it_go_on_later():
    model = one_type("live", exit_phase_0_per_min=0.0)
    life = begun(model, some(model, 50))
    life.advance(6000.0)
    assert len(life.world.cells) == 50
    held = life.world.cells.remaining.copy()
    life.world.parameters.by_type[0, life.world.parameters.number("exit_phase_0_per_min")] = 1 / 600
    life.advance(6.0)
    still = life.world.cells.parent_id < 0
    np.testing.assert_allclose(
        life.world.cells.remaining[still], held[np.isin(np.arange(50), life.world.cells.cell_id[still])] - 0.01
    )
    life.advance(1200.0)
    assert len(life.world.cells) > 150


def test_a_founder_brings_its_own_stay():
    model = one_type(CycleModel("own", (Phase("M", 100.0, fixed=True, divides=True),)))
    cells = some(model, 2)
    cells.remaining[1] = 0.25
    life = begun(model, cells)
    life.advance(24.0)
    assert sorted(life.world.cells.parent_id) == [-1, -1]
    life.advance(6.0)
    assert sorted(life.world.cells.parent_id) == [-1, 1, 1]
    np.testing.assert_allclose(np.sort(life.world.cells.remaining), [0.7, 0.95, 0.95])


def test_daughters_begin_after_the_phase_that_divides():
    model = one_type("ki67_advanced")
    cells = some(model)
    cells.phase[0], cells.remaining[0] = 1, 0.001
    life = begun(model, cells)
    life.advance(6.0)
    np.testing.assert_array_equal(life.world.cells.phase, [2, 2])
    np.testing.assert_allclose(life.world.cells.phase_min, 6.0 - 0.001 * 13 * 60)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_division_keeps_volume_and_centre(dimensions):
    model = dataclasses.replace(one_type("live"), dimensions=dimensions, internal=("drug", "level"), halved=("drug",))
    cells = some(model, 30)
    cells.position[:, :dimensions] = np.random.default_rng(1).uniform(0, 100, (30, dimensions))
    cells.fluid *= np.linspace(1, 2, 30)
    cells.internal[:] = [8.0, 3.0]
    cells.remaining[:] = 1e-9
    before = {name: array.copy() for name, array in cells.arrays().items()}
    from coculture.cells.processes import cycle

    life = begun(model, cells)
    cycle.PROCESS.go_on(life.world, 0.001)
    after = life.world.cells
    assert len(after) == 60
    assert not np.isin(after.cell_id, before["cell_id"]).any()
    for mother in range(30):
        pair = after.parent_id == mother
        for name in ("fluid", "nuclear_solid", "cytoplasmic_solid", "nuclear"):
            halves = getattr(after, name)[pair]
            assert halves[0] == halves[1]
            assert halves.sum() == before[name][mother]
        np.testing.assert_allclose(after.position[pair].mean(axis=0), before["position"][mother], atol=1e-12)
        apart = np.linalg.norm(np.diff(after.position[pair], axis=0))
        assert apart == pytest.approx(before["radius"][mother])
        np.testing.assert_array_equal(after.internal[pair], [[4.0, 3.0]] * 2)
    if dimensions == 2:
        assert not after.position[:, 2].any()


def test_dead_cells_do_not_cycle():
    model = one_type("live", exit_phase_0_per_min=1.0)
    cells = some(model)
    cells.state[0], cells.remaining[0], cells.death_volume[0] = APOPTOTIC, 1.0, cells.volume[0]
    life = begun(model, cells)
    life.advance(60.0)
    assert len(life.world.cells) == 1


# death


def test_an_apoptotic_cell_shrinks_and_is_gone_after_eight_point_six_hours():
    model = one_type("none", apoptosis_per_min=1e9)
    life = begun(model, some(model))
    life.advance(6.0)
    cells = life.world.cells
    assert cells.state[0] == APOPTOTIC
    assert cells.death_volume[0] == pytest.approx(2494.0)
    life.advance(510.0)
    assert len(cells) == 1
    assert cells.fluid[0] == pytest.approx(0.75 * 2494 * math.exp(-510 * 0.05), rel=1e-9)
    assert cells.nuclear_solid[0] == pytest.approx(135 * math.exp(-510 * 0.35 / 60), rel=1e-9)
    assert cells.cytoplasmic_solid[0] == pytest.approx(488.5 * math.exp(-510 / 60), rel=1e-9)
    life.advance(6.0)
    assert len(life.world.cells) == 0
    assert [event[:2] for event in life.world.events] == [(0.0, "apoptosis"), (516.0, "gone")]


def test_a_necrotic_cell_swells_bursts_calcifies_and_is_gone_after_sixty_days():
    model = dataclasses.replace(one_type("none", necrosis_per_min=1e9), steps=Steps(6.0, 6.0, 6.0))
    life = begun(model, some(model))
    life.advance(6.0)
    numbers = (0.0, 0.0, 1.0, NECROSIS.fluid_per_min, NECROSIS.nuclear_per_min, NECROSIS.cytoplasmic_per_min)
    volumes = [sum(relaxed([1870.5, 135.0, 488.5], minutes, numbers)[:3]) for minutes in np.arange(0, 900, 6.0)]
    burst = 6.0 * int(np.argmax(np.array(volumes) > 2 * 2494.0))
    life.advance(burst - 6.0)
    assert life.world.cells.state[0] == NECROTIC
    life.advance(6.0)
    assert life.world.cells.state[0] == LYSED
    assert 330 < burst < 400
    swollen = life.world.cells.fluid[0]
    life.advance(6.0 * 500)
    assert life.world.cells.fluid[0] == pytest.approx(swollen * math.exp(-3000 * 0.05 / 60), rel=1e-9)
    passed = burst + 3000
    assert life.world.cells.calcified[0] == pytest.approx(-math.expm1(-passed * 0.0042 / 60), rel=1e-9)
    life.advance(60 * 1440.0 - passed - 6.0)
    assert len(life.world.cells) == 1
    life.advance(6.0)
    assert len(life.world.cells) == 0
    assert [event[1] for event in life.world.events] == ["necrosis", "lysis", "gone"]


def test_a_cell_that_cannot_burst_does_not():
    model = one_type("none", necrosis_per_min=1e9)
    sturdy = dataclasses.replace(NECROSIS, rupture=math.inf)
    model = dataclasses.replace(model, types=(dataclasses.replace(model.types[0], necrosis=sturdy),))
    life = begun(model, some(model))
    life.advance(1200.0)
    assert life.world.cells.state[0] == NECROTIC
    assert life.world.cells.volume[0] > 3 * 2494


def test_dying_by_chance_takes_exponential_times():
    model = one_type("none", apoptosis_per_min=1e9)
    model = dataclasses.replace(
        model, types=(dataclasses.replace(model.types[0], apoptosis=dataclasses.replace(APOPTOSIS, fixed=False)),)
    )
    life = begun(model, some(model, 4000))
    life.advance(522.0)
    assert len(life.world.cells) == pytest.approx(4000 * math.exp(-1), abs=4 * math.sqrt(4000 * 0.37 * 0.63))


def test_two_ways_of_dying_share_out_by_their_rates():
    model = one_type("none", apoptosis_per_min=0.03, necrosis_per_min=0.01)
    life = begun(model, some(model, 20_000))
    life.advance(6.0)
    counts = np.bincount(life.world.cells.state, minlength=4)
    dead = -math.expm1(-0.24)
    for state, share in ((LIVING, 1 - dead), (APOPTOTIC, 0.75 * dead), (NECROTIC, 0.25 * dead)):
        assert counts[state] == pytest.approx(20_000 * share, abs=4 * math.sqrt(20_000 * share * (1 - share)))


# founding


def two_types() -> CellModel:
    small = VolumeModel(total_um3=478.0, nuclear_um3=47.8)
    kinds = (
        CellType("large", CYCLES["ki67_advanced"], VolumeModel(), APOPTOSIS, NECROSIS),
        CellType("small", CYCLES["none"], small, APOPTOSIS, NECROSIS, internal={"drug": 2.0}),
    )
    return CellModel(kinds, internal=("drug",))


def test_sown_cells_keep_apart_and_come_out_alike_again():
    model = two_types()
    counts = {"large": 200, "small": 300}
    first, again = (placed(model, counts, Box((0, 0), (600, 500)), 7) for _ in range(2))
    for name, array in first.arrays().items():
        np.testing.assert_array_equal(array, getattr(again, name))
    np.testing.assert_array_equal(np.bincount(first.type), [200, 300])
    away = np.linalg.norm(first.position[:, None] - first.position[None], axis=2)
    touching = first.radius[:, None] + first.radius[None]
    np.fill_diagonal(away, np.inf)
    assert (away >= touching * (1 - 1e-12)).all()
    assert first.position[:, 0].max() <= 600
    assert not first.position[:, 2].any()
    np.testing.assert_array_equal(first.internal[first.type == 1], 2.0)
    other = placed(model, counts, Box((0, 0), (600, 500)), 8)
    assert not np.array_equal(other.position, first.position)


def test_sowing_in_discs_and_balls_is_uniform():
    model = two_types()
    disc = placed(model, {"small": 4000}, Ball((10.0, -20.0), 100.0), 3, apart=0)
    far = np.linalg.norm(disc.position - [10.0, -20.0, 0.0], axis=1)
    assert (far < 70.71).mean() == pytest.approx(0.5, abs=0.032)
    ball = placed(model, {"small": 4000}, Ball((0.0, 0.0, 0.0), 100.0), 3, apart=0)
    assert (np.linalg.norm(ball.position, axis=1) < 79.37).mean() == pytest.approx(0.5, abs=0.032)
    assert len(placed(model, {}, Ball((0.0, 0.0), 1.0), 3)) == 0


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"larg": 3}, "unknown cell type 'larg'\n  → did you mean 'large'? there is: large, small"),
        ({"large": -3}, "-3 cells of 'large'\n  → give 0 or more"),
        ({"large": 300}, "of 300 cells find room at 1 sums of radii apart\n  → sow fewer cells"),
    ],
)
def test_impossible_sowing_is_refused(counts, message):
    with pytest.raises(InputError) as caught:
        placed(two_types(), counts, Box((0, 0), (200, 200)), 1)
    assert message in str(caught.value)


@pytest.mark.kernel
def test_seeding_as_in_plain_python():
    candidates = np.random.default_rng(2).uniform(0, 60, (120, 3))
    radius = np.linspace(6, 2, 25)
    centres = np.zeros((25, 3))
    done = seed_apart(candidates[:50], radius, 1.1, centres, 0)
    done = seed_apart(candidates[50:], radius, 1.1, centres, done)
    expected: list[np.ndarray] = []
    for one in candidates:
        if len(expected) == 25:
            break
        mine = radius[len(expected)]
        if all(np.linalg.norm(one - other) >= 1.1 * (mine + r) for other, r in zip(expected, radius, strict=False)):
            expected.append(one)
    assert done == len(expected)
    np.testing.assert_array_equal(centres[:done], expected)


def test_a_steady_start_has_the_phases_ages_and_sizes_of_steady_growth():
    model = two_types()
    cells = placed(model, {"large": 20_000, "small": 10}, EVERYWHERE, 4, apart=0)
    large = cells.type == 0
    growth = SteadyGrowth.of(CYCLES["ki67_advanced"])
    shares = np.bincount(cells.phase[large]) / 20_000
    np.testing.assert_allclose(shares, growth.fractions, atol=4 * math.sqrt(0.25 / 20_000))
    post = large & (cells.phase == 2)
    np.testing.assert_allclose(cells.remaining[post], 1 - cells.phase_min[post] / 150.0)
    assert cells.phase_min[post].max() < 150
    waiting_times = cells.remaining[large & (cells.phase == 0)]
    assert waiting_times.mean() == pytest.approx(1.0, abs=4 / math.sqrt(len(waiting_times)))
    premitotic = large & (cells.phase == 1)
    np.testing.assert_allclose(cells.volume[post], 2494.0)
    oldest = premitotic & (cells.phase_min > 760)
    assert (cells.volume[oldest] > 1.93 * 2494).all()
    assert (cells.volume[premitotic] <= 2 * 2494 * (1 + 1e-9)).all()
    np.testing.assert_array_equal(cells.remaining[~large], -1.0)


def test_a_start_in_the_first_phase():
    cells = placed(two_types(), {"large": 20}, EVERYWHERE, 4, phases="first")
    np.testing.assert_array_equal(cells.phase, 0)
    np.testing.assert_array_equal(cells.remaining, -1.0)
    np.testing.assert_allclose(cells.volume, 2494.0)


def test_the_steady_start_follows_rates_said_as_behaviours():
    kind = CellType("a", CYCLES["live"], VolumeModel(), APOPTOSIS, NECROSIS, {"exit_phase_0_per_min": 0.01})
    assert cycle_by_rates(kind).phases[0].mean_min == 100.0
    still = dataclasses.replace(kind, behaviours={"exit_phase_0_per_min": 0.0})
    cells = placed(CellModel((still,)), {"a": 5}, EVERYWHERE, 4)
    np.testing.assert_array_equal(cells.remaining, -1.0)


@pytest.mark.parametrize(
    ("cycle", "message"),
    [
        (CYCLES["none"], "the cycle 'none' has 0 phases that divide"),
        (CycleModel("own", (Phase("a", math.inf, divides=True),)), "the cycle 'own' has a phase that is never left"),
    ],
)
def test_steady_growth_needs_growth(cycle, message):
    with pytest.raises(InputError, match=message):
        SteadyGrowth.of(cycle)


def test_steady_growth_of_one_exponential_phase():
    growth = SteadyGrowth.of(CYCLES["live"], 1e-4)
    assert growth.rate_per_min == pytest.approx(0.0432 / 60 - 1e-4)
    np.testing.assert_allclose(growth.fractions, [1.0])


def test_a_spread_stay_is_gaussian() -> None:
    stays = np.array([waiting(0.1, np.uint64(5), cell, 3, PHASE) for cell in range(20_000)])
    assert stays.mean() == pytest.approx(1.0, abs=4 * 0.1 / np.sqrt(20_000))
    assert stays.std() == pytest.approx(0.1, rel=0.03)
    assert np.mean(np.abs(stays - 1.0) < 0.1) == pytest.approx(0.6827, abs=0.014)
    assert waiting(1.0, np.uint64(5), 1, 3, PHASE) == 1.0


@pytest.mark.parametrize(("target", "own"), [(0.0, 0.0125), (0.0045, 0.0125), (0.0125, 0.0045)])
def test_what_follows_stays_finite_over_any_time(target: float, own: float) -> None:
    expected = (np.exp(-target * 1e5) - np.exp(-own * 1e5)) / (own - target)
    assert followed(target, own, 1e5) == pytest.approx(expected, rel=1e-12, abs=1e-300)
    assert followed(target, own, 10.0) == pytest.approx((np.exp(-10 * target) - np.exp(-10 * own)) / (own - target), rel=1e-12)
