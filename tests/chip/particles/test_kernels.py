"""The marching kernel against plain NumPy: dense matrices, and the same two-stage scheme."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from coculture.chip.particles.floor import Floor
from coculture.chip.particles.kernels import GAMMA, march_line
from coculture.chip.particles.line_fluxes import bernoulli, face_weights, floor_numbers

pytestmark = pytest.mark.kernel

FACES = np.array([0.0, 3.0, 5.0, 6.0, 6.5])
DIFFUSION, SETTLING = 2.0, 0.4


def rates(state: np.ndarray, floor: np.ndarray) -> np.ndarray:
    """Return what enters each cell and the floor, written out."""
    down, up = face_weights(FACES, DIFFUSION, SETTLING)
    a, b, k, r, most = floor
    flux = down * state[:-2] - up * state[1:-1]
    sticking = k * (1 if most < 0 else 1 - state[-1] / most)
    last = a * state[-2] if k < 0 else (sticking * a * state[-2] - b * r * state[-1]) / (b + sticking)
    return np.concatenate([[0.0], flux, [last]]) - np.concatenate([flux, [last], [0.0]])


def two_stages(state: np.ndarray, held: np.ndarray, step: float, floor: np.ndarray) -> np.ndarray:
    """Return one TR-BDF2 step by Newton's method with a numerical Jacobian."""

    def solve(right: np.ndarray, guess: np.ndarray) -> np.ndarray:
        for _ in range(12):
            jacobian = np.empty((len(guess), len(guess)))
            for i in range(len(guess)):
                bump = np.zeros(len(guess))
                bump[i] = 1e-6
                jacobian[:, i] = (rates(guess + bump, floor) - rates(guess - bump, floor)) / 2e-6
            gap = held * guess - weight * rates(guess, floor) - right
            guess = guess - np.linalg.solve(np.diag(held) - weight * jacobian, gap)
        return guess

    weight = 0.5 * GAMMA * step
    middle = solve(held * state + weight * rates(state, floor), state.copy())
    mixed = (middle - (1 - GAMMA) ** 2 * state) / (GAMMA * (2 - GAMMA))
    return solve(held * mixed, middle)


@pytest.mark.parametrize(
    "floor", [Floor(), Floor(0.7), Floor(0.7, 0.05), Floor(0.7, 0.05, 1.5), Floor(3.0, 0.0, 0.8), Floor(0.0)]
)
def test_march_against_the_scheme_written_out(floor: Floor) -> None:
    numbers = floor_numbers(FACES, DIFFUSION, SETTLING, floor)
    held = np.append(np.diff(FACES), 1.0)
    steps = np.array([0.1, 0.5, 2.0, 0.3])
    expected, loads = np.append(np.linspace(0.5, 1.5, 4), 0.0), np.empty(4)
    state = expected.copy()
    down, up = face_weights(FACES, DIFFUSION, SETTLING)
    lowest = march_line(np.diff(FACES), down, up, numbers, steps, state, loads)
    passed = []
    for step in steps:
        expected = two_stages(expected, held, float(step), numbers)
        passed.append(expected[-1])
    assert state == pytest.approx(expected, rel=1e-7)
    assert loads == pytest.approx(np.array(passed), rel=1e-7)
    assert lowest <= state.min()
    assert held @ state == pytest.approx(held @ np.append(np.linspace(0.5, 1.5, 4), 0.0), rel=1e-13)


def test_march_is_second_order() -> None:
    numbers = floor_numbers(FACES, DIFFUSION, SETTLING, Floor(0.7, 0.05))
    held = np.append(np.diff(FACES), 1.0)
    matrix = np.array([rates(row, numbers) for row in np.eye(5)]).T / held[:, None]
    start = np.array([1.0, 1, 1, 1, 0])
    exact = expm(4.0 * matrix) @ start
    down, up = face_weights(FACES, DIFFUSION, SETTLING)
    errors = []
    for count in (16, 32, 64):
        state = start.copy()
        march_line(np.diff(FACES), down, up, numbers, np.full(count, 4.0 / count), state, np.empty(count))
        errors.append(np.abs(state - exact).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.2)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(2.0, abs=0.2)


def test_bernoulli_function() -> None:
    assert bernoulli(0.0) == 1.0
    assert bernoulli(1e-9) == pytest.approx(1 - 5e-10, abs=1e-12)
    assert bernoulli(2.0) == pytest.approx(2 / (np.e**2 - 1))
    assert bernoulli(800.0) == 0.0
    assert bernoulli(-800.0) == pytest.approx(800.0)
