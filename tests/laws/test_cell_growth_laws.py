"""Free populations against the renewal equation, and against themselves with another tick or order."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from scipy.linalg import expm

from coculture.cells.founding import Box, founders, placed
from coculture.cells.kernels.growing import go_through_phases
from coculture.cells.model import CellModel, CellType, CycleModel, Phase, Steps, VolumeModel
from coculture.cells.population import LIVING, Population
from coculture.cells.simulation import Simulation
from coculture.cells.standard_models import APOPTOSIS, CYCLES, NECROSIS
from coculture.cells.steady_growth import SteadyGrowth
from coculture.cells.surroundings import Still

N = 4000
DAY = 1440.0
FREE = Box((0.0, 0.0), (1e4, 1e4))

FIXED = CycleModel(
    "fixed",
    (
        Phase("G0G1", 309.0, fixed=True),
        Phase("S", 481.0, fixed=True, doubles=True),
        Phase("G2M", 300.0, fixed=True, divides=True),
    ),
)
MIXED = CycleModel(
    "mixed", (Phase("G0G1", 600.0), Phase("S", 480.0, fixed=True, doubles=True), Phase("G2M", 240.0, fixed=True, divides=True))
)
GROWING = [*(cycle for name, cycle in CYCLES.items() if name != "none"), FIXED, MIXED]


def population_model(cycle: CycleModel, tick: float = 6.0, **behaviours: float) -> CellModel:
    kind = CellType("cell", cycle, VolumeModel(), APOPTOSIS, NECROSIS, behaviours)
    return CellModel((kind,), steps=Steps(tick, tick, tick))


def after(model: CellModel, cells: Population, minutes: float, key: int) -> Population:
    life = Simulation.begin(model, cells, Still.empty(), key)
    life.advance(minutes)
    return life.world.cells


def spread(growth: SteadyGrowth, death: float, minutes: float) -> float:
    """Return the standard deviation of the number of living cells, at most that of a birth-death process of the same rates."""
    rate = growth.rate_per_min
    factor = math.exp(rate * minutes)
    return math.sqrt(N * (rate + 2 * death) / rate * factor * (factor - 1))


@pytest.mark.parametrize("death", [0.0, 2e-4], ids=["immortal", "dying"])
@pytest.mark.parametrize("cycle", GROWING, ids=lambda cycle: cycle.name)
def test_growth_rate_and_phases_are_those_of_euler_and_lotka(cycle, death):
    growth = SteadyGrowth.of(cycle, death)
    model = population_model(cycle, apoptosis_per_min=death)
    cells = after(model, placed(model, {"cell": N}, FREE, 3, apart=0), DAY, 5)
    living = cells.state == LIVING
    expected = N * math.exp(growth.rate_per_min * DAY)
    assert living.sum() == pytest.approx(expected, abs=4 * spread(growth, death, DAY))
    shares = np.bincount(cells.phase[living], minlength=len(cycle.phases)) / living.sum()
    # cells of one founder are alike in phase: as many independent ones as there are founders, not cells
    np.testing.assert_allclose(shares, growth.fractions, atol=4 * math.sqrt(0.25 / N))


def test_the_renewal_value_solves_the_renewal_equation():
    for cycle in GROWING:
        s = SteadyGrowth.of(cycle).s_per_min
        product = math.prod(math.exp(-s * one.mean_min) if one.fixed else 1 / (1 + s * one.mean_min) for one in cycle.phases)
        assert 2 * product == pytest.approx(1.0, rel=1e-12)


def test_numbers_from_a_synchronous_start_follow_the_phase_equations():
    """All founders in the first of three exponential phases: means obey a linear equation, solved exactly."""
    cycle = CYCLES["flow_cytometry"]
    rates = np.array([1 / phase.mean_min for phase in cycle.phases])
    flow = np.diag(-rates) + np.diag(rates[:-1], -1)
    flow[0, 2] = 2 * rates[2]
    for minutes in (300.0, 900.0, 1800.0):
        model = population_model(cycle)
        cells = after(model, founders(model, np.zeros((N, 3)), np.zeros(N, np.int64)), minutes, 8)
        expected = N * expm(flow * minutes)[:, 0]
        found = np.bincount(cells.phase, minlength=3)
        np.testing.assert_allclose(found, expected, atol=5 * math.sqrt(2 * N))


def test_stays_have_their_means_and_variances():
    """The time to the first division is the sum of the stays."""
    n = 40_000
    phases = (Phase("a", 300.0), Phase("b", 120.0, fixed=True), Phase("c", 500.0, divides=True))
    fixed, divides = (np.array([[getattr(one, name) for one in phases]]) for name in ("fixed", "divides"))
    rates = np.tile([1 / one.mean_min for one in phases], (n, 1))
    left, far = np.empty(n), 1e6
    go_through_phases(
        np.uint64(9), 0, np.full(n, far), np.arange(n), np.zeros(n, np.int64), np.ones(n, np.bool_),
        rates, np.array([3]), fixed, divides, np.zeros(n, np.int64), np.zeros(n), np.full(n, -1.0), left,
    )  # fmt: skip
    times = far - left
    variance = 300.0**2 + 500.0**2
    assert times.min() > 120.0
    assert times.mean() == pytest.approx(920.0, abs=4 * math.sqrt(variance / n))
    fourth = 9 * (300.0**4 + 500.0**4) + 6 * 300.0**2 * 500.0**2
    assert times.var() == pytest.approx(variance, abs=4 * math.sqrt((fourth - variance**2) / n))


def test_fixed_stays_keep_founders_in_step():
    model = population_model(FIXED)
    cells = after(model, founders(model, np.zeros((10, 3)), np.zeros(10, np.int64)), 3 * 1092.0, 2)
    assert len(cells) == 80
    np.testing.assert_array_equal(cells.phase, 0)
    np.testing.assert_allclose(cells.phase_min, 3 * 1092.0 - 3 * 1090.0)


@pytest.mark.parametrize("cycle", [CYCLES["ki67_advanced"], CYCLES["flow_cytometry"]], ids=lambda cycle: cycle.name)
def test_the_tick_does_not_matter(cycle):
    death = 2e-4
    found = []
    for tick in (1.0, 6.0, 60.0):
        model = population_model(cycle, tick, apoptosis_per_min=death)
        cells = after(model, placed(model, {"cell": N}, FREE, 3, apart=0), DAY, 5)
        found.append(np.bincount(cells.phase[cells.state == LIVING], minlength=len(cycle.phases)))
    error = math.sqrt(2) * spread(SteadyGrowth.of(cycle, death), death, DAY)
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], atol=4 * error)
        assert other.sum() == pytest.approx(found[0].sum(), abs=4 * error)


def test_the_order_of_cells_does_not_matter_bit_for_bit():
    model = population_model(CYCLES["ki67_advanced"], apoptosis_per_min=5e-4, necrosis_per_min=2e-4)
    cells = placed(model, {"cell": 300}, Box((0.0, 0.0), (1000.0, 1000.0)), 3, apart=0)
    mixed = cells.take(np.random.default_rng(1).permutation(300))
    one, other = (after(model, start, 2 * DAY, 5) for start in (cells, mixed))
    one, other = (life.take(np.argsort(life.cell_id)) for life in (one, other))
    assert len(one) != 300
    for name, array in one.arrays().items():
        np.testing.assert_array_equal(array, getattr(other, name), err_msg=name)


def test_volumes_do_not_depend_on_the_tick():
    """Between events the volume is exact; the tick only delays the moment a target doubles."""
    sizes = []
    for tick in (1.0, 6.0):
        model = dataclasses.replace(population_model(CYCLES["ki67_advanced"], tick))
        cells = after(model, placed(model, {"cell": N}, FREE, 3, apart=0), DAY, 5)
        sizes.append(cells.volume)
    error = math.sqrt(sizes[0].var() / len(sizes[0]) * 4)
    assert sizes[1].mean() == pytest.approx(sizes[0].mean(), abs=4 * error)
