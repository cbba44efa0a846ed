"""Laws of the medium: solutions known on paper."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.solute import Solute
from coculture.cells.surroundings import Exchange

NOBODY = np.zeros((0, 3))


def exporting(amount: float) -> Exchange:
    nothing = np.zeros((1, 1))
    return Exchange(nothing, nothing, nothing, np.full((1, 1), amount), np.ones(1))


def test_a_clouds_variance_grows_by_2_d_t_a_step() -> None:
    """Exact on the grid for any step, as long as nothing has reached the sides."""
    box = Box((1010.0, 810.0), 10.0)
    start = np.zeros(box.shape[1:])
    start[40, 50] = 1.0
    medium = Medium.of(box, [Solute("a", 10.0, start_um=start)])
    for _ in range(20):
        medium.advance(5.0, NOBODY, None)
    density = medium.concentration[0, 0] / medium.concentration.sum()
    for axis in range(2):
        along = density.sum(axis=axis)
        centres = box.centres(axis)
        mean = along @ centres
        assert along @ (centres - mean) ** 2 == pytest.approx(2 * 10.0 * 100.0, rel=1e-6)


def test_spreading_is_gaussian() -> None:
    box = Box((600.0, 600.0), 10.0)
    x = box.centres(0) - 300.0
    radius2 = x[:, None] ** 2 + x[None, :] ** 2
    first, more, diffusion = 2000.0, 4000.0, 100.0
    medium = Medium.of(box, [Solute("a", diffusion, start_um=np.exp(-radius2 / (2 * first)) / first)])
    for _ in range(200):
        medium.advance(more / (2 * diffusion) / 200, NOBODY, None)
    last = first + more
    expected = np.exp(-radius2 / (2 * last)) / last
    assert np.abs(medium.concentration[0, 0] - expected).max() < 6e-3 * expected.max()


def slab_error(voxel: float) -> float:
    box, decay, diffusion = Box((400.0, voxel), voxel), 0.1, 1000.0
    medium = Medium.of(box, [Solute("a", diffusion, decay, 0.0, {"left": 2.0})])
    medium.advance(1e9, NOBODY, None)
    length = np.sqrt(diffusion / decay)
    expected = 2.0 * np.cosh((400.0 - box.centres(0)) / length) / np.cosh(400.0 / length)
    return float(np.abs(medium.concentration[0, 0, 0] - expected).max())


def test_a_slab_decays_as_cosh_to_second_order() -> None:
    errors = [slab_error(voxel) for voxel in (20.0, 10.0, 5.0)]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all(np.abs(orders - 2.0) < 0.12), orders
    assert errors[-1] < 1e-3


def test_a_point_source_in_space() -> None:
    """c = Q exp(−r/λ) / (4π D r); one long step gives the steady state."""
    box, diffusion, decay, amount = Box((410.0, 410.0, 410.0), 10.0), 1000.0, 0.5, 1e6
    medium = Medium.of(box, [Solute("a", diffusion, decay)])
    centre = np.full((1, 3), 205.0)
    for _ in range(3):
        medium.advance(1e4, centre, exporting(amount))
    for far, within in ((40.0, 0.05), (80.0, 0.04), (120.0, 0.04)):
        expected = amount * np.exp(-far / np.sqrt(diffusion / decay)) / (4 * np.pi * diffusion * far)
        got = medium.concentrations(centre + np.array([far, 0.0, 0.0]))[0, 0]
        assert got == pytest.approx(expected, rel=within)


def test_steady_state_does_not_depend_on_the_step() -> None:
    ends = []
    for minutes, number in ((0.5, 800), (5.0, 80), (1e6, 30)):
        medium = Medium.of(Box((200.0, 160.0), 20.0), [Solute("a", 1000.0, 0.05, 0.0, {"left": 1.0})])
        for _ in range(number):
            medium.advance(minutes, np.array([[110.0, 70.0, 0.0]]), exporting(-200.0))
        ends.append(medium.concentration)
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-5)
    np.testing.assert_allclose(ends[1], ends[2], rtol=1e-5)


def test_steps_converge_to_the_exact_decay_of_a_mode() -> None:
    """A cosine between closed sides decays at D λ + k; the error of the implicit step falls with its length."""
    box, diffusion, decay = Box((200.0, 20.0), 10.0), 300.0, 0.02
    x = box.centres(0)
    exact_rate = decay + diffusion * (2 - 2 * np.cos(np.pi * 10.0 / 200.0)) / 100.0
    errors = []
    for number in (10, 20, 40):
        medium = Medium.of(box, [Solute("a", diffusion, decay, np.tile(1 + np.cos(np.pi * x / 200.0), (2, 1)))])
        for _ in range(number):
            medium.advance(10.0 / number, NOBODY, None)
        amplitude = np.ptp(medium.concentration[0, 0, 0]) / np.ptp(np.cos(np.pi * x / 200.0))
        errors.append(amplitude - np.exp(-exact_rate * 10.0))
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.all(np.abs(orders - 1.0) < 0.1), orders
