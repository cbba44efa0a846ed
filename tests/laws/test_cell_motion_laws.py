"""Laws of pushing, pulling and walking cells, seeded and short; the long runs are in ``benchmarks/cells.py``."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import brentq, curve_fit
from tests.cases.cultures import LIVE, RADIUS, cell_type, cells, hexagonal_layer, model

from coculture.cells.kernels.moving import prepare_body, push_and_pull
from coculture.cells.model import CellModel, Rule, Steps
from coculture.cells.neighbour_lists import NeighbourLists
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still
from coculture.interactions.motion.lag_models.fuerth import fuerth_curve

Floats = NDArray[np.float64]


@pytest.mark.parametrize("dimensions", [2, 3])
def test_forces_of_pairs_balance(dimensions: int) -> None:
    rng = np.random.default_rng(dimensions)
    place = np.zeros((400, 3))
    place[:, :dimensions] = rng.uniform(0, 120, (400, dimensions))
    start = cells(place, rng.integers(0, 3, 400))
    radius = rng.uniform(5, 11, 400)
    start.radius[:] = radius
    body = np.column_stack([np.zeros(400), rng.uniform(1.0, 1.5, 400), rng.uniform(0, 10, 400), rng.uniform(0, 1, 400)])
    lists = NeighbourLists.build(start, np.maximum(body[:, 1], 1.0) * radius, dimensions)
    prepare_body(body, radius)
    velocity = np.empty((400, 3))
    push_and_pull(start.position, body, start.type, rng.uniform(0, 1.5, (400, 3)), lists.start, lists.neighbour, velocity)
    assert np.abs(velocity.sum(axis=0)).max() < 1e-12 * np.abs(velocity).sum()
    assert np.abs(velocity).max() > 1.0


def relaxed(apart: float, repulsion: float, adhesion: float, minutes: float) -> float:
    """Return the exact distance of two cells after a time, by an ODE solver."""

    def parting(_: float, distance: Floats) -> Floats:
        near, far = np.maximum(1 - distance / (2 * RADIUS), 0), np.maximum(1 - distance / (2.5 * RADIUS), 0)
        return np.asarray(2 * (repulsion * near**2 - adhesion * far**2))

    return float(solve_ivp(parting, (0, minutes), [apart], method="DOP853", rtol=1e-12, atol=1e-12).y[0, -1])


def distance_after(apart: float, repulsion: float, adhesion: float, minutes: float, step: float) -> float:
    culture = model(
        cell_type(repulsion_um_per_min=repulsion, adhesion_um_per_min=adhesion), dimensions=3, steps=Steps(step, minutes, minutes)
    )
    along = np.array([1.0, 2.0, -2.0]) / 3
    simulation = Simulation.begin(culture, cells(np.array([-0.5 * apart * along, 0.5 * apart * along])), Still.empty(), 0)
    simulation.processes["phenotype"] = ()
    simulation.advance(minutes)
    one, other = simulation.world.cells.position
    assert np.abs(one + other).max() < 1e-12
    return float(np.linalg.norm(one - other))


@pytest.mark.parametrize(("apart", "adhesion"), [(6.0, 0.0), (10.0, 0.4), (19.0, 0.4)])
def test_two_cells_relax_as_the_equation_says(apart: float, adhesion: float) -> None:
    exact = relaxed(apart, 10.0, adhesion, 20.0)
    fine, coarse = (distance_after(apart, 10.0, adhesion, 20.0, step) for step in (0.002, 0.02))
    assert abs(fine / exact - 1) < 1e-6
    if apart < 2 * RADIUS:  # the usual step errs little, and by the square of the step
        assert 50 < abs(coarse - exact) / max(abs(fine - exact), 1e-12) < 200
        assert abs(distance_after(apart, 10.0, adhesion, 20.0, 0.1) / exact - 1) < 1e-3


def fuerth_fit(dimensions: int, number: int, times: int) -> tuple[float, float]:
    """Let cells walk freely; return the fitted D and P, over what they should be."""
    speed, persistence = 0.5, 3.0
    culture = model(
        cell_type(migration_speed_um_per_min=speed, migration_persistence_min=persistence),
        dimensions=dimensions, steps=Steps(0.1, 0.6, 0.6),
    )  # fmt: skip
    simulation = Simulation.begin(culture, cells(np.zeros((number, 3))), Still.empty(), 20 + dimensions)
    simulation.processes["phenotype"] = ()
    lags, squares = [], []
    for _ in range(times):
        simulation.advance(0.6)
        lags.append(simulation.world.time_min)
        squares.append(float((simulation.world.cells.position**2).sum(axis=1).mean()))
    lag, square = np.array(lags), np.array(squares)
    (diffusion, found), _ = curve_fit(
        lambda t, d, p: fuerth_curve(t, d, p, dimensions), lag, square, p0=[0.2, 1.0], sigma=square, bounds=(1e-3, 50)
    )
    return float(diffusion / (speed**2 * persistence / dimensions)), float(found / persistence)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_persistent_walk_is_fuerths(dimensions: int) -> None:
    diffusion, persistence = fuerth_fit(dimensions, 20_000, 50)
    assert abs(diffusion - 1) < 0.03
    assert abs(persistence - 1) < 0.03


class Box(Still):
    """A box from 0 to ``WIDTH`` along x, with a gradient along x, whose walls let nothing through."""

    WIDTH = 8.0

    def inside(self, position: Floats) -> Floats:
        return np.clip(position, [0.0, -np.inf, 0.0], [self.WIDTH, np.inf, 0.0])


def steepness(weight: float, speed: float, persistence: float, step: float) -> float:
    """Return κ of the steady density e^{κx} of a biased walk.

    A cell keeps its heading with the chance q a step and else takes a new one of density f(h); then its place moves by v h. The
    density of places and headings ``g(h) e^{κx}`` is steady where ``(1 − q) f = g (e^{κ v h_x} − q)``, so κ solves
    ``E[(1 − q)/(e^{κ v h_x} − q)] = 1``. In the limit of small weights κ is drift over diffusion, ``S E[h_x]/(S² P Var h_x)``.
    """
    angle = (np.arange(20_000) + 0.5) * 2 * np.pi / 20_000
    along, across = (1 - weight) * np.cos(angle) + weight, (1 - weight) * np.sin(angle)
    heading = along / np.hypot(along, across)
    keep, way = np.exp(-step / persistence), speed * step

    def excess(kappa: float) -> float:
        return float(np.mean((1 - keep) / (np.exp(kappa * way * heading) - keep)) - 1)

    first = float(heading.mean() / (speed * persistence * heading.var()))
    return float(brentq(excess, 0.5 * first, 1.5 * first))


def box_profile(number: int, times: int) -> tuple[float, float]:
    """Let cells walk in a box with a gradient; return by how much κ errs, and the root mean square error of the profile."""
    speed, persistence, weight = 1.0, 0.4, 0.15
    behaviours = {
        "migration_speed_um_per_min": speed, "migration_persistence_min": persistence,
        "migration_bias": weight, "chemotaxis_signal": 1.0,
    }  # fmt: skip
    culture = model(cell_type(**behaviours), solutes=("signal",), steps=Steps(0.1, 0.2, 0.2))
    kappa = steepness(weight, speed, persistence, 0.1)
    place = np.random.default_rng(5).uniform(0, Box.WIDTH, (number, 1)) * [1.0, 0.0]
    simulation = Simulation.begin(culture, cells(place), Box(np.array([1.0]), np.array([[0.02, 0.0, 0.0]])), 11)
    simulation.processes["phenotype"] = simulation.processes["contact"] = ()
    simulation.advance(125.0)  # five times as long as the box remembers its start
    edges, counts = np.linspace(1.5, Box.WIDTH - 1.5, 11), np.zeros(10)  # beside the walls cells wait until they turn
    for _ in range(times):
        simulation.advance(25.0)
        counts += np.histogram(simulation.world.cells.position[:, 0], edges)[0]
    expected = np.diff(np.exp(kappa * edges))
    slope = np.polyfit((edges[1:] + edges[:-1]) / 2, np.log(counts / expected), 1, w=np.sqrt(counts))[0] / kappa
    return float(slope), float(np.sqrt(np.mean((counts / counts.sum() / (expected / expected.sum()) - 1) ** 2)))


def test_the_diffusive_limit_is_drift_over_diffusion() -> None:
    found = steepness(0.02, 1.0, 0.4, 0.02) * 0.4 / (0.02 / 0.98)
    assert abs(found - 1) < 0.002  # a drift of S ε/2 over a diffusion of S² P/2, with ε = w/(1 − w)


def test_chemotaxis_comes_to_its_steady_state() -> None:
    slope, spread = box_profile(10_000, 6)
    assert abs(slope) < 0.03
    assert spread < 0.03


def test_heterotypic_contacts_fall_where_like_adheres_to_like_alone() -> None:
    place = hexagonal_layer(14, 14, 15.5)
    kind = np.random.default_rng(2).permutation(np.arange(len(place)) % 2)

    def share(affinity: float) -> tuple[float, float]:
        common = {
            "repulsion_um_per_min": 10.0, "adhesion_um_per_min": 4.0,
            "migration_speed_um_per_min": 0.6, "migration_persistence_min": 3.0,
        }  # fmt: skip
        types = [cell_type(name, **common, **{f"affinity_{other}": affinity}) for name, other in ("ab", "ba")]
        simulation = Simulation.begin(model(*types, gap=2.0, steps=Steps(0.2, 0.6, 6.0)), cells(place, kind), Still.empty(), 5)
        simulation.processes["phenotype"] = ()
        found = []
        for minutes in (0.0, 1800.0):
            simulation.advance(minutes)
            touching, types_now = simulation.world.contacts, simulation.world.cells.type
            first = np.repeat(types_now, np.diff(touching.start))
            found.append(float((first != types_now[touching.neighbour]).mean()))
        return found[0], found[1]

    before, equal = share(1.0)
    _, unequal = share(0.0)
    assert abs(before - 0.5) < 0.05
    assert abs(equal - 0.5) < 0.06
    assert unequal < 0.38


def test_a_colony_held_by_its_pressure_grows_linearly_in_radius() -> None:
    kind = cell_type(cycle=LIVE, repulsion_um_per_min=10.0, adhesion_um_per_min=0.4)
    rule = Rule("a", "pressure", "decreases", "exit_phase_0_per_min", 0.0, 2.0, 8.0)
    culture = CellModel((kind,), rules=(rule,), steps=Steps(0.2, 6.0, 6.0))
    simulation = Simulation.begin(culture, cells(hexagonal_layer(6, 6)), Still.empty(), 3)
    simulation.advance(60 * 60.0)  # until the colony is wider than its growing rim
    radius, counts = [], []
    for _ in range(8):
        place = simulation.world.cells.position
        radius.append(np.sqrt(2 * ((place - place.mean(axis=0)) ** 2).sum(axis=1).mean()))
        counts.append(len(place))
        simulation.advance(12 * 60.0)
    growth = np.diff(radius)
    assert np.abs(growth / growth.mean() - 1).max() < 0.1
    assert abs(growth[4:].mean() / growth[:3].mean() - 1) < 0.06  # in an exponential colony it would be several times as much
    rates = np.diff(np.log(counts))
    assert rates[-1] < 0.6 * rates[0]
