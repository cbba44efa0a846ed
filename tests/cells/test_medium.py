"""The box of medium: against a plain NumPy twin, its borders, its places and what it refuses."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from coculture.cells.files.reading import parse_model
from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.of_model import solutes_of
from coculture.cells.medium.solute import SIDES, Solute
from coculture.cells.surroundings import Exchange
from coculture.errors import InputError

Floats = NDArray[np.float64]
FLAT, DEEP = (60.0, 100.0), (50.0, 40.0, 30.0)


def some_cells(box: Box, number: int, solutes: int, seed: int) -> tuple[Floats, Exchange]:
    rng = np.random.default_rng(seed)
    position = np.zeros((number, 3))
    position[:, : box.dimensions] = rng.uniform(0, 1, (number, box.dimensions)) * box.size_um
    rates = [rng.uniform(0, 3, (number, solutes)) for _ in range(3)]
    export = rng.normal(0, 500, (number, solutes))
    return position, Exchange(rates[0], rates[1], rates[2], export, rng.uniform(500, 3000, number))


def twin(
    medium: Medium,
    row: int,
    minutes: float,
    position: Floats,
    exchange: Exchange,
    reference: Floats | None = None,
    tries: int = 12,
) -> Floats:
    """The same step by a dense matrix, face by face; again where cells would take more than they want."""
    one, box = medium.solutes[row], medium.box
    shape, n = box.shape, int(np.prod(box.shape))
    before = medium.concentration[row].ravel()
    pace = one.diffusion_um2_per_min * minutes / box.voxel_um**2
    matrix, right = np.eye(n) * (1 + minutes * one.decay_per_min), before.copy()
    reference = before if reference is None else reference
    taking: dict[int, float] = {}
    at = np.arange(n).reshape(shape)
    for axis in range(3):
        low, high = np.moveaxis(at, axis, 0)[:-1].ravel(), np.moveaxis(at, axis, 0)[1:].ravel()
        for a, b in ((low, high), (high, low)):
            np.add.at(matrix, (a, a), pace)
            np.add.at(matrix, (a, b), -pace)
        for end, side in enumerate((("bottom", "top"), ("front", "back"), ("left", "right"))[axis]):
            if side in one.border_um:
                there = np.moveaxis(at, axis, 0)[-end].ravel()
                matrix[there, there] += 2 * pace
                right[there] += 2 * pace * one.border_um[side]
    volume, still = box.voxel_um3, matrix.copy()
    for cell in range(len(position)):
        i, j, k = (min(int(position[cell, axis] // box.voxel_um), shape[2 - axis] - 1) for axis in range(3))
        here, size = at[k, j, i], exchange.volume_um3[cell]
        secretion, export = exchange.secretion_per_min[cell, row], exchange.export_per_min[cell, row]
        matrix[here, here] += minutes * (secretion + exchange.uptake_per_min[cell, row]) * size / volume
        right[here] += minutes * secretion * exchange.target_um[cell, row] * size / volume
        if export >= 0:
            right[here] += minutes * export / volume
        else:
            taking[here] = taking.get(here, 0.0) - export / volume
            matrix[here, here] -= minutes * export / (volume * max(reference[here], -1e-6 * minutes * export / volume))
    if one.fixed_um is not None:
        held = ~np.isnan(one.fixed_um.ravel())
        matrix[held], matrix[held, held], right[held] = 0.0, 1.0, one.fixed_um.ravel()[held]
    after = np.linalg.solve(matrix, right)
    wanted = np.array([taking.get(here, 0.0) for here in range(n)])
    off = (wanted > 0) & (np.abs(after - reference) > 1e-3 * reference) & ((after > reference) | (reference > before))
    if tries > 1 and off.any():
        pull = minutes * wanted / np.maximum(reference, 1e-6 * minutes * wanted + 1e-300)
        own = still.diagonal()
        nearer = np.maximum(before, after + pull / own * (after - reference))
        return twin(medium, row, minutes, position, exchange, nearer, tries - 1)
    return after


@pytest.mark.kernel
@pytest.mark.parametrize("size", [FLAT, DEEP])
@pytest.mark.parametrize("held", [False, True])
def test_a_step_is_the_twins(size: tuple[float, ...], held: bool) -> None:
    box = Box(size, 10.0)
    fixed = np.full(box.shape, np.nan)
    fixed[..., 1:3, 2] = 4.0
    solutes = [
        Solute("a", 900.0, 0.1, 1.5, {"left": 3.0, "back": 0.5}, fixed if held else None),
        Solute("b", 3.0, 0.0, 2.0, {}, fixed if held else None),
    ]
    medium = Medium.of(box, solutes)
    position, exchange = some_cells(box, 25, 2, seed=3)
    for _ in range(2):
        expected = [twin(medium, row, 2.5, position, exchange) for row in range(2)]
        medium.advance(2.5, position, exchange)
        for row in range(2):
            np.testing.assert_allclose(medium.concentration[row].ravel(), expected[row], rtol=1e-6)


@pytest.mark.parametrize("size", [FLAT, DEEP])
@pytest.mark.parametrize("number", [0, 40])
def test_amounts_balance_to_1e_10(size: tuple[float, ...], number: int) -> None:
    box = Box(size, 10.0)
    solutes = [Solute("closed", 500.0, 0.05, 1.0), Solute("open", 2000.0, 0.01, 0.0, {"left": 2.0, "right": 1.0})]
    medium = Medium.of(box, solutes)
    position, exchange = some_cells(box, number, 2, seed=1)
    start, gained = medium.amounts(), np.zeros(2)
    for minutes in (0.01, 1.0, 30.0, 1000.0):
        gained += medium.advance(minutes, position, exchange).sum(axis=0)
    left = start + medium.entered - medium.decayed - gained
    np.testing.assert_allclose(left, medium.amounts(), rtol=1e-10)
    assert medium.entered[0] == 0.0


@pytest.mark.parametrize("minutes", [1e-3, 1.0, 1e5])
def test_nothing_drinks_a_voxel_below_zero(minutes: float) -> None:
    box = Box(FLAT, 10.0)
    medium = Medium.of(box, [Solute("a", 10.0, 0.0, 1.0)])
    position, exchange = some_cells(box, 30, 1, seed=5)
    uptake, export = 1e6 * exchange.uptake_per_min, -1e9 * np.ones((30, 1))
    thirsty = Exchange(np.zeros((30, 1)), np.zeros((30, 1)), uptake, export, exchange.volume_um3)
    start = medium.amounts()[0]
    gained = sum(medium.advance(minutes, position, thirsty).sum() for _ in range(3))
    assert medium.concentration.min() >= 0.0
    assert gained + medium.amounts()[0] == pytest.approx(start, rel=1e-10)


def test_cells_take_what_they_want_while_it_comes() -> None:
    """From an empty box that fills: never more than wanted, all of it once there is enough."""
    medium = Medium.of(Box((60.0,) * 3, 20.0), [Solute("a", 2000.0, border_um=dict.fromkeys(SIDES, 10.0))])
    cell, wanted, nothing = np.full((1, 3), 30.0), 20.0 * 8000.0, np.zeros((1, 1))
    taken = [
        medium.advance(0.01, cell, Exchange(nothing, nothing, nothing, nothing - wanted, np.ones(1)))[0, 0] for _ in range(300)
    ]
    assert max(taken) <= 0.01 * wanted * 1.01
    assert taken[-1] == pytest.approx(0.01 * wanted, rel=1e-6)


def test_order_of_cells_does_not_matter() -> None:
    box = Box(FLAT, 20.0)
    position, exchange = some_cells(box, 60, 1, seed=2)
    turned = np.random.default_rng(0).permutation(60)
    other = Exchange(*(getattr(exchange, name)[turned] for name in exchange.__dataclass_fields__))
    one, two = (Medium.of(box, [Solute("a", 100.0, 0.1, 1.0)]) for _ in range(2))
    first, second = one.advance(1.0, position, exchange), two.advance(1.0, position[turned], other)
    assert np.array_equal(one.concentration, two.concentration)
    assert np.array_equal(first[turned], second)


def test_a_linear_profile_is_read_exactly() -> None:
    box = Box(DEEP, 5.0)
    x, y, z = (box.centres(axis) for axis in range(3))
    start = 100.0 + 2.0 * x[None, None] - 0.5 * y[None, :, None] + 1.5 * z[:, None, None]
    medium = Medium.of(box, [Solute("a", 1.0, start_um=start)])
    place = np.array([[20.0, 13.0, 9.0], [7.5, 32.0, 21.0]])
    np.testing.assert_allclose(medium.concentrations(place)[:, 0], 100 + place @ [2.0, -0.5, 1.5], rtol=1e-12)
    np.testing.assert_allclose(medium.gradients(place)[:, 0], np.tile([2.0, -0.5, 1.5], (2, 1)), rtol=1e-9)


def test_gradients_at_sides_know_what_is_held_there() -> None:
    start = np.array([[4.5, 3.5, 2.5, 1.5, 0.5]])
    medium = Medium.of(Box((50.0, 10.0), 10.0), [Solute("a", 1.0, start_um=start, border_um={"left": 5.0})])
    at_left, at_right = medium.gradients(np.array([[1.0, 5.0, 0.0], [49.0, 5.0, 0.0]]))[:, 0, 0]
    assert at_left == pytest.approx(-0.1)
    assert at_right == pytest.approx(-0.05), "nothing passes the right side: its slope is 0"


def test_walls_and_inside() -> None:
    medium = Medium.of(Box(DEEP, 10.0), [])
    place = np.array([[1.0, 20.0, 15.0], [25.0, 39.0, 15.0], [25.0, 20.0, 29.5]])
    far, away = medium.walls(place)
    np.testing.assert_allclose(far, [1.0, 1.0, 0.5])
    np.testing.assert_array_equal(away, [[1, 0, 0], [0, -1, 0], [0, 0, -1]])
    np.testing.assert_array_equal(medium.inside(np.array([[-3.0, 50.0, 31.0]])), [[0.0, 40.0, 30.0]])
    flat = Medium.of(Box(FLAT, 10.0), [], has_walls=False)
    np.testing.assert_array_equal(flat.inside(np.array([[-3.0, 50.0, 31.0]])), [[0.0, 50.0, 31.0]])
    assert np.isinf(flat.walls(place)[0]).all()
    assert not flat.velocity(place).any()
    assert not flat.shear(place).any()
    assert flat.concentrations(place).shape == (3, 0)


def test_without_exchange_cells_gain_nothing() -> None:
    medium = Medium.of(Box(FLAT, 10.0), [Solute("a", 10.0, 0.5, 1.0)])
    assert not medium.advance(2.0, np.zeros((4, 3)), None).any()
    np.testing.assert_allclose(medium.concentration, 0.5)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Box((10.0,), 5.0), "2 or 3 lengths"),
        (lambda: Box((10.0, 12.0), 5.0), "no whole number of voxels"),
        (lambda: Box((10.0, 10.0), 0.0), "no size"),
        (lambda: Solute("a", -1.0), "diffusion_um2_per_min is -1"),
        (lambda: Solute("a", 1.0, np.nan), "decay_per_min is nan"),
        (lambda: Solute("a", 1.0, border_um={"west": 1.0}), "no side 'west'"),
        (lambda: Solute("a", 1.0, border_um={"left": -1.0}), "-1.0 µM at side left"),
        (lambda: Solute("a", 1.0, start_um=-1.0), "start_um has a concentration below 0"),
        (lambda: Solute("a", 1.0, fixed_um=np.array([[np.nan, -2.0]])), "fixed_um has a concentration below 0"),
        (lambda: Medium.of(Box((10.0, 10.0), 5.0), [], exchange_step_min=0.0), "a step of 0.0 min"),
        (lambda: Medium.of(Box((10.0, 10.0), 5.0), [Solute("a", 1.0, start_um=np.zeros((3, 3)))]), "in a box of"),
        (lambda: Medium.of(Box((10.0, 10.0), 5.0), [Solute("a", 1.0, border_um={"top": 1.0})]), "no bottom and top"),
    ],
)
def test_what_it_refuses(wrong: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        wrong()  # type: ignore[operator]


def test_the_snippet_of_the_page_runs() -> None:
    shown = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "snippets" / "medium.py"))
    assert shown["medium"].amounts()[0] == pytest.approx(50.0 * 1200 * 800 * 20)


def test_solutes_of_a_culture() -> None:
    text = """
        [solutes.a]
        diffusion_um2_per_min = 7
        start_um = 2
        [solutes.b]
        [[cell_type]]
        name = "tumour"
        like = "tumour"
    """
    model = parse_model(text, "culture.toml")
    with pytest.raises(InputError, match="diffusion of 'b' is not said"):
        solutes_of(model)
    with pytest.raises(InputError, match="no solute 'c'"):
        solutes_of(model, {"c": {}})
    one = solutes_of(parse_model(text.replace("[solutes.b]", ""), "culture.toml"), {"a": {"left": 3.0}})[0]
    assert (one.diffusion_um2_per_min, one.decay_per_min, one.start_um, one.border_um) == (7.0, 0.0, 2.0, {"left": 3.0})
