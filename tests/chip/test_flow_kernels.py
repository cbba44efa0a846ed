"""Each compiled loop of the flow beside a plain twin."""

import numpy as np
import pytest
from scipy import ndimage

from coculture.chip.flow.kernels.age import sweep_age
from coculture.chip.flow.kernels.balance import breadth_first, push_to_seeds
from coculture.chip.flow.kernels.five_point import add_prolonged, apply, coarsen, relax, restrict_residual

pytestmark = pytest.mark.kernel


@pytest.fixture
def system():
    rng = np.random.default_rng(3)
    rows, columns = 7, 10
    inside = rng.random((rows, columns)) < 0.8
    across, down = np.zeros((rows, columns + 1)), np.zeros((rows + 1, columns))
    across[:, 1:-1] = rng.random((rows, columns - 1)) * inside[:, :-1] * inside[:, 1:]
    down[1:-1] = rng.random((rows - 1, columns)) * inside[:-1] * inside[1:]
    diag = inside * (0.3 + across[:, :-1] + across[:, 1:] + down[:-1] + down[1:])
    right, u = rng.normal(size=(2, rows, columns)) * inside
    return inside, across, down, diag, right, u


def applied(diag, across, down, u):
    padded = np.pad(u, 1)
    neighbours = across[:, :-1] * padded[1:-1, :-2] + across[:, 1:] * padded[1:-1, 2:]
    return diag * u - neighbours - down[:-1] * padded[:-2, 1:-1] - down[1:] * padded[2:, 1:-1]


def blocks(values):
    rows, columns = (values.shape[0] + 1) // 2, (values.shape[1] + 1) // 2
    padded = np.zeros((2 * rows, 2 * columns))
    padded[: values.shape[0], : values.shape[1]] = values
    return padded.reshape(rows, 2, columns, 2).sum(axis=(1, 3))


def test_apply(system):
    _, across, down, diag, _, u = system
    result = np.empty_like(u)
    apply(diag, across, down, u, result)
    assert np.allclose(result, applied(diag, across, down, u), atol=1e-15)


@pytest.mark.parametrize("colour", [0, 1])
def test_relax_solves_the_equations_of_its_colour_and_leaves_the_other(system, colour):
    inside, across, down, diag, right, u = system
    before = u.copy()
    relax(diag, across, down, right, u, colour)
    mine = (np.indices(u.shape).sum(axis=0) % 2 == colour) & inside
    assert np.allclose((right - applied(diag, across, down, u))[mine], 0, atol=1e-14)
    assert (u[~mine] == before[~mine]).all()


def test_restrict_sums_the_residual_over_blocks(system):
    inside, across, down, diag, right, u = system
    coarse = np.empty((4, 5))
    restrict_residual(diag, across, down, right, u, coarse)
    assert np.allclose(coarse, blocks((right - applied(diag, across, down, u)) * inside), atol=1e-14)


def test_prolong_gives_every_cell_what_its_block_holds(system):
    inside, _, _, diag, _, u = system
    coarse = np.random.default_rng(1).normal(size=(4, 5))
    expected = u + inside * np.kron(coarse, np.ones((2, 2)))[:7, :10]
    add_prolonged(diag, coarse, u)
    assert np.allclose(u, expected)


def test_coarsen_sums_excess_and_halves_couplings(system):
    inside, across, down, *_ = system
    excess = 0.3 * inside
    coarse, to_across, to_down = np.zeros((4, 5)), np.zeros((4, 6)), np.zeros((5, 5))
    coarsen(excess, across, down, coarse, to_across, to_down)
    assert np.allclose(coarse, blocks(excess))
    assert np.allclose(to_across[:, :5], 0.5 * np.add.reduceat(across[:, :10:2], [0, 2, 4, 6], axis=0))
    assert np.allclose(to_down[:4], 0.5 * np.add.reduceat(down[:7:2], [0, 2, 4, 6, 8], axis=1))


def test_breadth_first_reaches_what_is_joined_and_parents_lead_home(system):
    inside, across, down, *_ = system
    seed = int(np.flatnonzero(inside)[0])
    order, parent = np.empty(inside.size, dtype=np.int64), np.empty(inside.shape, dtype=np.int8)
    count = breadth_first(across > 0, down > 0, np.array([seed]), order, parent)
    parts, _ = ndimage.label(inside)
    joined = parts == parts.flat[seed]
    assert sorted(order[:count]) == list(np.flatnonzero(joined))
    assert ((parent >= 0) == joined).all()
    assert parent.flat[seed] == 4


def test_push_to_seeds_leaves_balance_everywhere_else(system):
    inside, across, down, *_ = system
    seed = int(np.flatnonzero(inside)[0])
    order, parent = np.empty(inside.size, dtype=np.int64), np.empty(inside.shape, dtype=np.int8)
    count = breadth_first(across > 0, down > 0, np.array([seed]), order, parent)
    rng = np.random.default_rng(2)
    flow_x, flow_y = rng.normal(size=across.shape) * (across > 0), rng.normal(size=down.shape) * (down > 0)
    excess = flow_x[:, 1:] - flow_x[:, :-1] + flow_y[1:] - flow_y[:-1]
    push_to_seeds(excess, flow_x, flow_y, order, count, parent)
    net = flow_x[:, 1:] - flow_x[:, :-1] + flow_y[1:] - flow_y[:-1]
    reached = order[1:count]
    assert np.abs(net.flat[reached]).max() < 1e-13
    assert (flow_x[across == 0] == 0).all()


def test_sweep_age_against_a_linear_solve():
    rng = np.random.default_rng(5)
    flow_x, flow_y = np.zeros((3, 5)), np.zeros((4, 4))
    flow_x[:, 1:-1] = rng.normal(size=(3, 3))
    flow_y[1:-1] = rng.normal(size=(2, 4))
    port = flow_x[:, 1:] - flow_x[:, :-1] + flow_y[1:] - flow_y[:-1]
    volume, count = np.full((3, 4), 2.0), 12
    matrix, right = np.zeros((count, count)), volume.ravel().copy()
    for y in range(3):
        for x in range(4):
            here = 4 * y + x
            for flow, there in (
                (flow_x[y, x], here - 1),
                (-flow_x[y, x + 1], here + 1),
                (flow_y[y, x], here - 4),
                (-flow_y[y + 1, x], here + 4),
            ):
                if flow > 0:
                    matrix[here, here] += flow
                    matrix[here, there] -= flow
            matrix[here, here] += max(port[y, x], 0.0)
    age = np.zeros((3, 4))
    for _ in range(400):
        change = sweep_age(np.arange(count), flow_x, flow_y, port, volume, age)
    assert change < 1e-12
    assert np.allclose(age.ravel(), np.linalg.solve(matrix, right), rtol=1e-9)
