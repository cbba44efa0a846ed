"""Laws of communication: capture, binding, balance, killing, inhibition, exchange through contacts, and order."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm
from tests.cases.cultures import LIVE, LIVELY, REST, STEPS, by_id, cell_type, cells, hexagonal_layer, model

from coculture.cells.links import Junction, Ligand, NotchDelta, Receptor
from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.solute import Solute
from coculture.cells.model import CellModel, CellType, Rule
from coculture.cells.neighbour_lists import Contacts
from coculture.cells.population import Population
from coculture.cells.process import CONTACTS, World
from coculture.cells.processes import attack, engulf, junctions, notch
from coculture.cells.processes.exchange import exchange
from coculture.cells.saving import restore, save
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still
from coculture.compounds.binding.capture import MOLECULES_PER_UM3_UM, receptor_capture_um3_per_min, self_capture_probability
from coculture.compounds.binding.occupancy import association, gaddum_occupancy, occupancy

Floats = NDArray[np.float64]


def world_of(kind: CellModel, start: Population, around: object = None, key: int = 5) -> World:
    start.internal = np.zeros((len(start), len(kind.internal)))
    surroundings = Still.empty() if around is None else around
    return World(kind, start, kind.parameters(len(start), start.type), surroundings, np.uint64(key))  # type: ignore[arg-type]


def with_receptor(receptor: Receptor, solutes: tuple[str, ...], **behaviours: float) -> CellModel:
    kind = model(cell_type("a", **behaviours), solutes=solutes)
    return dataclasses.replace(kind, internal=receptor.internal, halved=receptor.internal, links={"receptors": (receptor,)})


# ---- V20: binding


def bound(ligands: tuple[Ligand, ...], um: tuple[float, ...], minutes: float, step_min: float) -> float:
    """Return the share of receptors that the first ligand occupies after a while."""
    kind = with_receptor(Receptor("r", ligands), tuple("xy"[: len(um)]))
    world = world_of(kind, cells(np.zeros((1, 2))), Still(np.array(um), np.zeros((len(um), 3)), step_min))
    world.cells.internal[:, 0] = 1e4
    for _ in range(round(minutes / step_min)):
        exchange(world, step_min)
    assert world.cells.internal.sum() == pytest.approx(1e4, rel=1e-12)
    return float(world.cells.internal[0, 1] / 1e4)


def test_association_is_that_of_v20() -> None:
    """kon 1e5 /M/s, koff 1e-3 /s, 10 nM, 60 s: 0.0565398."""
    ligand = Ligand("x", 1e5 * 60e-6, 1e-3 * 60)
    assert bound((ligand,), (0.01,), 1.0, 0.1) == pytest.approx(0.0565398, abs=1e-6)
    exact = float(association(1.0, 0.01, ligand.on_per_um_min, ligand.off_per_min))
    for step in (0.1, 0.5, 1.0):  # whatever the step
        assert bound((ligand,), (0.01,), 1.0, step) == pytest.approx(exact, rel=1e-12)


def test_balance_is_langmuirs_and_gaddums() -> None:
    alone = bound((Ligand("x", 1.0, 5.0),), (10.0,), 60.0, 6.0)
    assert alone == pytest.approx(float(occupancy(10.0, 5.0)), rel=1e-9) == pytest.approx(10 / 15)
    beside = bound((Ligand("x", 0.1, 5.0), Ligand("y", 0.3, 3.0)), (100.0, 30.0), 60.0, 6.0)
    assert beside == pytest.approx(float(gaddum_occupancy(100.0, 50.0, 30.0, 10.0)), rel=1e-9) == pytest.approx(1 / 3)


def test_receptors_that_turn_over_settle_where_synthesis_meets_loss() -> None:
    receptor = Receptor("r", (Ligand("x", 2.0, 0.1, 0.05),), {"a": 30.0}, 0.02)
    kind = with_receptor(receptor, ("x",))
    world = world_of(kind, cells(np.zeros((1, 2))), Still(np.array([0.3]), np.zeros((1, 3))))
    for _ in range(400):
        exchange(world, 6.0)
    free, held = world.cells.internal[0]
    assert 0.02 * free + 0.05 * held == pytest.approx(30.0, rel=1e-9)
    assert held / free == pytest.approx(2.0 * 0.3 / (0.1 + 0.05), rel=1e-9)


# ---- balance of the exchange


def test_what_cells_gain_is_what_the_medium_lost() -> None:
    """Secreted − taken up = change of the medium, to 1e-10, with receptors that bind, release and take in."""
    receptor = Receptor("r", (Ligand("x", 4.0, 0.3),))
    behaviours = {"secretion_x_per_min": 0.01, "secretion_target_x_um": 2.0, "uptake_x_per_min": 0.02, "export_x_per_min": 3.0}
    kind = with_receptor(receptor, ("x",), **behaviours)
    kind = dataclasses.replace(kind, internal=(*kind.internal, "amount_x"), halved=(*kind.halved, "amount_x"))
    medium = Medium.of(Box((200.0, 200.0), 20.0), [Solute("x", 1e4, start_um=0.5)], 0.6)
    world = world_of(kind, cells(hexagonal_layer(10, 10) + 20.0), medium)
    world.cells.internal[:, 0] = 2e5

    def held() -> float:
        return float(world.cells.internal[:, 1].sum() / MOLECULES_PER_UM3_UM + world.cells.internal[:, 2].sum())

    before = medium.concentration.sum() * medium.box.voxel_um3
    for _ in range(20):
        exchange(world, 0.6)
    after = medium.concentration.sum() * medium.box.voxel_um3
    assert world.cells.internal[:, 1].min() > 100.0
    assert abs(held() + after - before) < 1e-10 * before


# ---- V14: capture


def test_a_closed_box_settles_where_secretion_meets_capture_and_decay() -> None:
    """V14e: c = secretion/(capture + decay), capture = kon R of all cells."""
    receptor = Receptor("r", (Ligand("x", 60.0, 0.0, 1.0),), {"a": 0.0})
    kind = with_receptor(receptor, ("x",), export_x_per_min=0.5)
    medium = Medium.of(Box((200.0, 200.0), 20.0), [Solute("x", 1e5, 1e-3)], 0.6)
    world = world_of(kind, cells(hexagonal_layer(12, 12) + 10.0), medium)
    n, steady = len(world.cells), 2e4
    # free receptors stay at R where as many are made as are taken in with ligand
    capture = n * receptor_capture_um3_per_min(60.0, steady)
    volume = medium.box.voxel_um3 * medium.concentration.size
    expected = n * 0.5 / (capture + 1e-3 * volume)
    medium.concentration[:] = expected
    for _ in range(400):
        world.cells.internal[:, 0] = steady
        exchange(world, 0.6)
    assert medium.concentration.mean() == pytest.approx(expected, rel=0.01)


def test_the_capture_told_to_the_medium_is_that_of_v14() -> None:
    """V14a: 10 µm, kon 1e6 /M/s, 1e4 receptors, D 1e-10 m²/s: kon R = 1.660578e-17 m³/s, self-capture 0.00131970."""

    class Told(Still):
        def advance(self, minutes: float, position: Floats, given: object) -> Floats:
            self.__dict__["capture"] = given.uptake_per_min * given.volume_um3[:, None]  # type: ignore[attr-defined]
            return super().advance(minutes, position, given)  # type: ignore[arg-type]

    kind = with_receptor(Receptor("r", (Ligand("x", 60.0, 0.0),)), ("x",))
    world = world_of(kind, cells(np.zeros((1, 2)), radius=10.0), Told(np.array([0.0]), np.zeros((1, 3))))
    world.cells.internal[:, 0] = 1e4
    exchange(world, 0.6)
    capture = float(world.surroundings.capture[0, 0])  # type: ignore[attr-defined]
    diffusive = 4 * np.pi * 6000.0 * 10.0
    # the published numbers were rounded with Avogadro's number: 2e-5
    assert capture * 1e-18 / 60 == pytest.approx(1.660578e-17, rel=1e-4, abs=0)
    assert capture / (capture + diffusive) == pytest.approx(0.00131970, rel=1e-4, abs=0)
    assert capture / (capture + diffusive) == pytest.approx(self_capture_probability(6000.0, 10.0, 60.0, 1e4), rel=1e-9)


# ---- attack


def couples(n: int, eater: CellType, prey: CellType) -> World:
    """Return ``n`` pairs of touching cells, far from each other."""
    place = np.repeat(hexagonal_layer(n, 1, 60.0), 2, axis=0)
    place[1::2, 1] += 16.0
    return world_of(model(eater, prey, gap=1.0), cells(place, np.tile([0, 1], n)))


@pytest.mark.parametrize("tick", [0.6, 6.0])
def test_the_share_of_time_in_attack_is_that_of_the_renewal_process(tick: float) -> None:
    rate, lasting, n, minutes = 0.3, 2.0, 1500, 60.0
    world = couples(
        n, cell_type("a", attack_b_per_min=2 * rate, attack_duration_min=lasting), cell_type("b", immunogenicity_a=0.5)
    )
    for step in range(round(minutes / tick)):
        world.step = step
        attack.PROCESS.go_on(world, tick)
    share = rate * lasting / (1 + rate * lasting)
    expected = share * (minutes - lasting / (2 * (1 + rate * lasting)))  # from the Laplace transform of the chance to attack
    spread = np.sqrt(minutes * (lasting / rate) ** 2 / (1 / rate + lasting) ** 3 / n)
    assert abs(world.cells.damage[1::2].mean() - expected) < 4 * spread


def test_the_hazard_of_an_attack_is_rate_times_contact_time() -> None:
    """The chance to be attacked within t of contact is 1 − exp(−λ t), whatever the tick."""
    rate, n = 0.05, 4000
    world = couples(n, cell_type("a", attack_b_per_min=rate, attack_duration_min=1e9), cell_type("b"))
    for step in range(1, 21):
        world.step = step
        attack.PROCESS.go_on(world, 1.0)
        chance = 1 - np.exp(-rate * step)
        hit = (world.cells.damage[1::2] > 0).mean()
        assert abs(hit - chance) < 4 * np.sqrt(chance * (1 - chance) / n)


def test_damage_kills_at_the_rate_its_rule_says() -> None:
    """A target under lasting attack has damage t and dies at the rate k t/(h + t): survival is known."""
    n, k, half = 1500, 0.05, 20.0
    rule = Rule("b", "damage", "increases", "apoptosis_per_min", k, half, 1.0)
    kind = model(cell_type("a", attack_b_per_min=1e9, attack_duration_min=1e9), cell_type("b"), gap=1.0)
    place = np.repeat(hexagonal_layer(n, 1, 60.0), 2, axis=0)
    place[1::2, 1] += 16.0
    steps = dataclasses.replace(STEPS, phenotype_min=0.6)
    simulation = Simulation.begin(
        dataclasses.replace(kind, rules=(rule,), steps=steps), cells(place, np.tile([0, 1], n)), Still.empty(), 3
    )
    minutes = 60.0
    simulation.advance(minutes)
    died = sum(event[1] == "apoptosis" for event in simulation.world.events)
    hazard = k * (minutes - half * np.log1p(minutes / half))
    chance = 1 - np.exp(-hazard)
    assert abs(died / n - chance) < 4 * np.sqrt(chance * (1 - chance) / n)


@pytest.mark.parametrize("tick", [0.6, 6.0])
def test_engulfing_is_exponential_whatever_the_tick(tick: float) -> None:
    rate, n, minutes = 0.04, 4000, 24.0
    world = couples(n, cell_type("a", engulf_b_per_min=rate), cell_type("b"))
    for step in range(round(minutes / tick)):
        world.step = step
        engulf.PROCESS.go_on(world, tick)
    chance = 1 - np.exp(-rate * minutes)
    eaten = 1 - (len(world.cells) - n) / n
    assert abs(eaten - chance) < 4 * np.sqrt(chance * (1 - chance) / n)


# ---- Notch and Delta


def torus(columns: int, rows: int) -> Contacts:
    """Return the neighbours of a hexagonal lattice whose sides meet; ``rows`` even."""
    lists = []
    for row in range(rows):
        for column in range(columns):
            shift = row % 2
            around = [(row, column - 1), (row, column + 1)]
            around += [(row + up, column + side + shift - 1) for up in (-1, 1) for side in (0, 1)]
            lists.append(sorted((y % rows) * columns + x % columns for y, x in around))
    return Contacts(np.arange(0, 6 * len(lists) + 1, 6), np.array(lists, np.int32).ravel())


def sheet(link: NotchDelta, columns: int = 12, rows: int = 12) -> World:
    kind = dataclasses.replace(model(cell_type("a")), internal=("notch", "delta"), links={"notch": link})
    world = world_of(kind, cells(hexagonal_layer(columns, rows)))
    world.kept[CONTACTS] = torus(columns, rows)
    return world


def homogeneous(link: NotchDelta) -> tuple[float, float]:
    """Return Notch and Delta of the sheet in which all cells are alike."""
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        delta = 1 / (1 + link.b * middle**link.h)
        low, high = (middle, high) if delta**link.k / (link.a + delta**link.k) > middle else (low, middle)
    return low, 1 / (1 + link.b * low**link.h)


@pytest.mark.parametrize("ratio", [1.0, 0.3])
def test_lateral_inhibition_grows_as_linear_theory_says(ratio: float) -> None:
    """Collier et al. 1996: the fastest pattern of a hexagonal lattice has period three and coupling −1/2."""
    link = NotchDelta(rate_per_min=0.1, delta_ratio=ratio)
    level_notch, level_delta = homogeneous(link)
    slope_up = link.k * link.a * level_delta ** (link.k - 1) / (link.a + level_delta**link.k) ** 2
    slope_down = -link.b * link.h * level_notch ** (link.h - 1) / (1 + link.b * level_notch**link.h) ** 2
    matrix = 0.1 * np.array([[-1.0, -0.5 * slope_up], [ratio * slope_down, -ratio]])
    growth, shape = np.linalg.eig(matrix)
    fast = int(np.argmax(growth.real))
    world = sheet(link)
    row, column = np.divmod(np.arange(144), 12)
    pattern = np.cos(2 * np.pi / 3 * (column - row // 2 - row))
    mode = shape[:, fast].real
    world.cells.internal[:] = [level_notch, level_delta] + 1e-6 * pattern[:, None] * mode
    start = np.abs(world.cells.internal[:, 1] - level_delta).max()
    assert growth[fast].real > 0
    for _ in range(50):
        notch.PROCESS.go_on(world, 0.6)
    grown = np.abs(world.cells.internal[:, 1] - level_delta).max() / start
    assert grown == pytest.approx(np.exp(growth[fast].real * 30.0), rel=1e-3)


def test_lateral_inhibition_makes_a_pattern_in_which_no_two_senders_touch() -> None:
    link = NotchDelta(rate_per_min=1.0)
    world = sheet(link)
    level_notch, level_delta = homogeneous(link)
    random = np.random.default_rng(4)
    world.cells.internal[:] = np.array([level_notch, level_delta]) * (1 + 0.05 * random.standard_normal((144, 2)))
    for _ in range(300):
        notch.PROCESS.go_on(world, 0.6)
    sender = world.cells.internal[:, 1] > 0.5
    around = world.contacts.neighbour.reshape(144, 6)
    assert not (sender[:, None] & sender[around]).any()
    assert sender[around][~sender].any(axis=1).all()
    assert 0.2 < sender.mean() <= 1 / 3
    assert ((world.cells.internal[:, 1] < 0.2) | (world.cells.internal[:, 1] > 0.8)).all()


def test_weak_feedback_makes_no_pattern() -> None:
    link = NotchDelta(rate_per_min=1.0, a=1.0, b=1.0)
    world = sheet(link)
    world.cells.internal[:] = np.random.default_rng(4).random((144, 2))
    for _ in range(100):
        notch.PROCESS.go_on(world, 0.6)
    np.testing.assert_allclose(world.cells.internal, np.tile(homogeneous(link), (144, 1)), rtol=1e-6)


# ---- junctions


def test_junctions_relax_as_the_matrix_exponential_and_conserve() -> None:
    kind = dataclasses.replace(
        model(cell_type("a"), gap=1.0), internal=("dye",), halved=("dye",), links={"junctions": (Junction("dye", 3.0),)}
    )
    random = np.random.default_rng(2)
    world = world_of(kind, cells(hexagonal_layer(5, 4) + random.uniform(-1, 1, (20, 2))))
    for name in ("fluid", "nuclear_solid", "cytoplasmic_solid"):
        getattr(world.cells, name)[:] *= random.uniform(0.7, 1.3, 20)
    world.cells.internal[:, 0] = random.random(20) * 1e3
    start, contacts, volume = world.cells.internal[:, 0].copy(), world.contacts, world.cells.volume
    matrix = np.zeros((20, 20))
    grown = world.cells.radius + 0.5
    for i in range(20):
        for j in contacts.neighbour[contacts.start[i] : contacts.start[i + 1]]:
            apart = np.linalg.norm(world.cells.position[i] - world.cells.position[j])
            cut = (apart**2 + grown[i] ** 2 - grown[j] ** 2) / (2 * apart)
            flow = 3.0 * np.pi * (grown[i] ** 2 - cut**2)
            matrix[i, j] += flow / volume[j]
            matrix[i, i] -= flow / volume[i]
    assert abs(matrix).max() * 6.0 > 1.0
    for _ in range(10):
        junctions.PROCESS.go_on(world, 0.6)
    np.testing.assert_allclose(world.cells.internal[:, 0], expm(matrix * 6.0) @ start, rtol=1e-6)
    assert abs(world.cells.internal.sum() - start.sum()) < 1e-12 * start.sum()


# ---- order


def everything(permuted: bool = False) -> Simulation:
    """Return a layer of four types that do everything there is, its cells in order or not."""
    receptor = Receptor("r", (Ligand("x", 5.0, 0.1, 0.01),), {"t": 20.0})
    acting = {"uptake_x_per_min": 0.01, "export_x_per_min": 2.0}
    kind = model(
        cell_type("t", LIVE, **LIVELY, **acting, damage_per_min=0.01, repair_per_min=0.01),
        cell_type("k", REST, **LIVELY, attack_t_per_min=0.3, attack_duration_min=4.0),
        cell_type("m", REST, **LIVELY, engulf_apoptotic_per_min=0.3, engulf_t_per_min=0.002, transform_k_per_min=0.002),
        cell_type("f", REST, **LIVELY, fuse_f_per_min=0.01),
        solutes=("x",), gap=2.0,
    )  # fmt: skip
    internal = (*receptor.internal, "notch", "delta", "dye")
    kind = dataclasses.replace(
        kind,
        internal=internal,
        halved=(*receptor.internal, "dye"),
        links={"receptors": (receptor,), "notch": NotchDelta(rate_per_min=0.1), "junctions": (Junction("dye", 1.0),)},
        rules=(
            Rule("t", "damage", "increases", "apoptosis_per_min", 0.05, 3.0, 2.0),
            Rule("t", "pressure", "decreases", "exit_phase_0_per_min", 0.0, 1.0, 2.0),
            Rule("t", "occupancy_r", "increases", "exit_phase_0_per_min", 0.02, 0.3, 2.0),
            Rule("k", "contact_t", "decreases", "migration_speed_um_per_min", 0.05, 1.0, 4.0),
            Rule("m", "concentration_x_um", "increases", "chemotaxis_x", 1.0, 0.1, 1.0),
            Rule("k", "internal_delta", "increases", "attack_t_per_min", 1.0, 0.5, 2.0),
        ),
    )
    place = hexagonal_layer(9, 9)
    start = cells(place, np.arange(81) % 4)
    start.internal = np.random.default_rng(1).random((81, len(internal)))
    start = start.take(np.random.default_rng(8).permutation(81)) if permuted else start
    return Simulation.begin(kind, start, Still(np.array([0.2]), np.array([[1e-3, 0.0, 0.0]]), 1.2), 77)


@pytest.fixture(scope="module")
def reference() -> Simulation:
    simulation = everything()
    simulation.advance(240.0)
    return simulation


def assert_same(one: Simulation, other: Simulation) -> None:
    first, second = by_id(one.world.cells), by_id(other.world.cells)
    for name, array in first.items():
        assert array.tobytes() == second[name].tobytes(), name
    assert sorted(one.world.events) == sorted(other.world.events)


def test_the_order_of_cells_changes_not_a_bit(reference: Simulation) -> None:
    one, other = reference, everything(permuted=True)
    other.advance(240.0)
    happened = {event[1] for event in one.world.events}
    assert {"division", "apoptosis", "engulfed", "fused", "became k"} <= happened
    assert one.world.cells.damage.any()
    assert_same(one, other)


def test_a_stop_and_a_restart_change_not_a_bit(reference: Simulation, tmp_path: Path) -> None:
    other = everything(permuted=True)
    other.advance(120.6)
    save(other, tmp_path / "culture.npz")
    other = restore(tmp_path / "culture.npz", other.world.model, other.world.surroundings)
    other.advance(119.4)
    assert_same(reference, other)
