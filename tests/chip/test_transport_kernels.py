"""Kernels of transport against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cases.plain_chips import oblique_flow, open_box

from coculture.chip.transport.cell_map import CellMap, side_flows
from coculture.chip.transport.kernels.aggregation import blocks_of, coarse_matrix, four_strongest, join_blocks
from coculture.chip.transport.kernels.antidiffusion import add_antidiffusion, relax_never_negative
from coculture.chip.transport.kernels.cross_dispersion import add_cross_dispersion
from coculture.chip.transport.kernels.deficits import pass_deficits
from coculture.chip.transport.kernels.fitted import bernoulli
from coculture.chip.transport.kernels.fixed_steps import alternating_step, explicit_step, factor_rows
from coculture.chip.transport.kernels.ordering import flow_order
from coculture.chip.transport.kernels.relaxation import gather_sum, relax, residual, spread_add
from coculture.chip.transport.rows import Operator, assemble
from coculture.chip.transport.solute import Solute
from coculture.randomness import stream

pytestmark = pytest.mark.kernel
STARTS = np.arange(0, 4 * 49 + 1, 4, dtype=np.int32)


def case(angle: float = 0.6, size: int = 7, speed: float = 400.0) -> tuple[CellMap, Operator]:
    flow = oblique_flow(size, 10.0, speed, angle)
    cells = CellMap.build(flow.grid, flow)
    return cells, assemble(cells, flow, Solute("a", 600.0), taylor_dispersion=True)


def dense(operator: Operator) -> np.ndarray:
    matrix = np.diag(operator.outward)
    for row in range(operator.outward.size):
        for j in range(4 * row, 4 * row + 4):
            matrix[row, operator.column[j]] -= operator.inward[j]
    return matrix


def test_bernoulli_is_z_over_expm1():
    for z in (-900.0, -3.0, -1e-3, 1e-3, 0.5, 40.0):
        with np.errstate(over="ignore"):
            assert bernoulli(z) == pytest.approx(z / np.expm1(z), rel=1e-12)
    assert bernoulli(0.0) == 1.0
    assert bernoulli(900.0) == 0.0


def test_fluxes_are_exponentially_fitted_and_conserve():
    cells, operator = case()
    flow = oblique_flow(7, 10.0, 400.0, 0.6)
    flows = side_flows(flow, cells.order)
    matrix = dense(operator)
    np.testing.assert_allclose(matrix.sum(axis=0), 0, atol=1e-9 * matrix.max())
    assert (matrix[~np.eye(len(matrix), dtype=bool)] <= 0).all()
    for i in range(cells.count):
        for side in range(4):
            other = cells.neighbours[i, side]
            if other != i:
                through = flows[i, side]
                conductance = 600.0 * 100.0 + 100.0 / (210 * 600.0 * 100.0) * through**2
                z = through / conductance
                assert operator.inward[4 * i + side] == pytest.approx(conductance * z / np.expm1(z), rel=1e-9)


def test_every_cell_stands_after_those_that_feed_it():
    cells, _ = case()
    flows = side_flows(oblique_flow(7, 10.0, 400.0, 0.6), cells.order)
    for i in range(cells.count):
        for side in range(4):
            if cells.neighbours[i, side] != i and flows[i, side] < 0:
                assert cells.neighbours[i, side] < i


def test_a_flow_in_a_circle_still_has_an_order():
    neighbours = np.array([[0, 1, 0, 2], [0, 1, 1, 3], [2, 3, 0, 2], [2, 3, 1, 3]], np.int32)
    outflow = np.array([[0, 1.0, 0, -1], [-1, 0, 0, 1], [0, -1, 1, 0], [1, 0, -1, 0]])
    assert sorted(flow_order(neighbours, outflow)) == [0, 1, 2, 3]


def test_residual_and_relaxation_are_those_of_the_matrix():
    _, operator = case()
    matrix = dense(operator) + np.diag(operator.capacity)
    rng = stream(1, "rows")
    x, right = rng.uniform(0, 1, (2, len(matrix)))
    left = np.empty(len(matrix))
    diagonal = operator.outward + operator.capacity
    residual(operator.column, operator.inward, diagonal, x, right, left)
    np.testing.assert_allclose(left, right - matrix @ x, atol=1e-9 * matrix.max())
    expected = np.linalg.solve(np.tril(matrix), right - np.triu(matrix, 1) @ x)
    swept = x.copy()
    relax(operator.column, operator.inward, diagonal, right, swept)
    np.testing.assert_allclose(swept, expected, rtol=1e-9)
    moved = np.where(np.arange(x.size) % 2, 0.3, -0.3) * right
    swept = x.copy()
    relax_never_negative(operator.column, operator.inward, diagonal, right, moved, swept)
    taken = np.minimum(moved, 0) / x
    expected = np.linalg.solve(np.tril(matrix) - np.diag(taken), right + np.maximum(moved, 0) - np.triu(matrix, 1) @ x)
    np.testing.assert_allclose(swept, expected, rtol=1e-9)
    assert (swept >= 0).all()


def test_aggregates_are_blocks_and_their_matrix_is_the_sum():
    cells, operator = case()
    aggregate = np.empty(operator.outward.size, np.int32)
    count = join_blocks(STARTS, operator.column, operator.inward, *cells.rows_and_columns(), aggregate)
    members = np.bincount(aggregate, minlength=count)
    assert members.min() >= 1
    assert count == 16  # 7 × 7 cells in blocks of two by two
    places = cells.order[np.argsort(aggregate, kind="stable")]
    assert len({(place // 7 // 2, place % 7 // 2) for place in places}) == 16
    np.testing.assert_array_equal(
        blocks_of(aggregate, cells.rows_and_columns()[0], count)[aggregate], cells.rows_and_columns()[0] // 2
    )
    start, column, inward, diagonal = coarse_matrix(STARTS, operator.column, operator.inward, operator.outward, aggregate, count)
    together = np.zeros((count, aggregate.size))
    together[aggregate, np.arange(aggregate.size)] = 1
    expected = together @ dense(operator) @ together.T
    found = np.diag(diagonal)
    for row in range(count):
        for j in range(start[row], start[row + 1]):
            found[row, column[j]] -= inward[j]
    np.testing.assert_allclose(found, expected, atol=1e-9 * expected.max())
    values = stream(2, "sums").uniform(0, 1, aggregate.size)
    coarse = np.empty(count)
    gather_sum(aggregate, values, coarse)
    np.testing.assert_allclose(coarse, together @ values)
    spread = values.copy()
    spread_add(aggregate, coarse, spread)
    np.testing.assert_allclose(spread, values + together.T @ coarse)


def test_rows_keep_their_four_strongest_entries_and_their_sum():
    start, column = np.array([0, 6, 8], np.int32), np.array([1, 2, 3, 4, 5, 6, 0, 9], np.int32)
    inward, diagonal = np.array([3.0, 1.0, 5.0, 2.0, 4.0, 6.0, 7.0, 8.0]), np.array([30.0, 20.0])
    columns, entries = four_strongest(start, column, inward, diagonal)
    assert sorted(zip(columns[:4], entries[:4], strict=True)) == [(1, 3), (3, 5), (5, 4), (6, 6)]
    assert sorted(zip(columns[4:], entries[4:], strict=True)) == [(0, 7), (1, 0), (1, 0), (9, 8)]
    np.testing.assert_array_equal(diagonal, [30 - 1 - 2, 20])


def test_sharpening_is_van_leers_beyond_the_fitted_flux():
    cells, operator = case()
    x = stream(3, "profile").uniform(0, 1, cells.count)
    found = np.zeros(cells.count)
    add_antidiffusion(operator.column, operator.inward, operator.lack, x, found)
    flows = side_flows(oblique_flow(7, 10.0, 400.0, 0.6), cells.order)
    expected = np.zeros(cells.count)
    for i in range(cells.count):
        for side in (1, 3):
            other, upstream = cells.neighbours[i, side], cells.neighbours[i, side - 1]
            before, rise = x[i] - x[upstream], x[other] - x[i]
            if other != i and before * rise > 0:
                moved = max(flows[i, side] * before / (before + rise) - operator.lack[i, side // 2], 0) * rise
                expected[i] -= moved
                expected[other] += moved
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert found.sum() == pytest.approx(0, abs=1e-6)


def test_cross_dispersion_of_a_plane_is_the_tensor_times_its_slope():
    """In the middle of the square, a plane's fluxes balance; through one face they are -K_xy times the slope along it."""
    cells, operator = case(size=9)
    assert operator.mixed is not None
    rows, columns = np.divmod(cells.order, 9)
    x = 100.0 + 2.0 * rows + 3.0 * columns
    out = np.zeros(cells.count)
    add_cross_dispersion(operator.column, operator.mixed, x, out)
    field = cells.unpack(out)
    np.testing.assert_allclose(field[3:6, 3:6], 0, atol=1e-6)
    assert out.sum() == pytest.approx(0, abs=1e-6)
    u, v = 400.0 * np.cos(0.6), 400.0 * np.sin(0.6)
    mixed = 100.0**2 * u * v / (210 * 600.0)
    lowest = field[:, 0][4]  # what passes from the first column to the second, -K_xy × slope × depth × pitch
    assert lowest == pytest.approx(mixed * 0.2 * 100.0 * 10.0 * 0.75, rel=0.35)


def test_cross_dispersion_is_that_of_plain_loops():
    """K_xy from h² u v/(210 D) held at 0.9 of the mean of K_xx and K_yy; slopes held at what empties the lower cell."""
    cells, operator = case(speed=4000.0)
    assert operator.mixed is not None
    still, straight = 600.0 * 100.0, 100.0 / (210 * 600.0 * 10.0**2)
    flows, near = side_flows(oblique_flow(7, 10.0, 4000.0, 0.6), cells.order), cells.neighbours
    x = stream(6, "profile").uniform(0, 1, cells.count) ** 4
    expected = np.zeros(cells.count)
    for i in range(cells.count):
        for k, side in enumerate((1, 3)):
            other, along = near[i, side], 2 - 2 * k
            rises = []
            for cell in (i, other):
                before, after = near[cell, along], near[cell, along + 1]
                rises.append((x[after] - x[before]) * (0.5 if before != cell and after != cell else 1.0))
            beside = sum(flows[cell, along + 1] - flows[cell, along] for cell in (i, other)) / 4
            through = flows[i, side] if other != i else 0.0
            most = 0.9 * np.sqrt((still + straight * through**2) * (still + straight * beside**2))
            mixed = np.clip(straight * through * beside, -most, most)
            assert operator.mixed[i, k] == pytest.approx(mixed, rel=1e-9, abs=1e-6)
            steepest = 2 * min(x[i], x[other])
            moved = mixed * np.clip(np.mean(rises), -steepest, steepest)
            expected[i] += moved
            expected[other] -= moved
    out = np.zeros(cells.count)
    add_cross_dispersion(operator.column, operator.mixed, x, out)
    np.testing.assert_allclose(out, expected, rtol=1e-9, atol=1e-6)


def test_deficits_go_where_the_amounts_went():
    _, operator = case()
    held = stream(4, "held").uniform(0, 1, operator.outward.size)
    later = [j for j in range(40, 44) if operator.column[j] > 10]
    held[10], held[operator.column[later]] = -0.7, 1.0
    before = held.copy()
    left = pass_deficits(operator.column, operator.inward, held, True)
    assert left == 0
    assert held.sum() == pytest.approx(before.sum(), rel=1e-12)
    assert (held >= 0).all()
    touched = set(np.flatnonzero(held != before)) - {10}
    assert touched <= set(operator.column[later])


def test_fixed_steps_are_those_of_the_matrices():
    grid = open_box(9, 6, 10.0)
    rng = stream(5, "steps")
    capacity = rng.uniform(1, 2, grid.shape)
    right, down = rng.uniform(0, 3, (2, *grid.shape))
    right[:, -1], down[-1] = 0, 0
    c = rng.uniform(0, 1, grid.shape)
    out = np.empty_like(c)
    explicit_step(c, right, down, 1 / capacity, out)
    change = np.zeros_like(c)
    flux_x, flux_y = right[:, :-1] * (c[:, :-1] - c[:, 1:]), down[:-1] * (c[:-1] - c[1:])
    change[:, :-1] -= flux_x
    change[:, 1:] += flux_x
    change[:-1] -= flux_y
    change[1:] += flux_y
    np.testing.assert_allclose(out, c + change / capacity, rtol=1e-12)
    expected = c.copy()
    for y in range(9):
        expected[y] = np.linalg.solve(np.diag(capacity[y]) + laplacian(right[y, :-1]), capacity[y] * c[y])
    for x in range(6):
        expected[:, x] = np.linalg.solve(np.diag(capacity[:, x]) + laplacian(down[:-1, x]), capacity[:, x] * expected[:, x])
    inverse, share = np.empty_like(c), np.empty_like(c)
    factor_rows(capacity, right, inverse, share)
    down_inverse, down_share = np.empty((6, 9)), np.empty((6, 9))
    factor_rows(np.ascontiguousarray(capacity.T), np.ascontiguousarray(down.T), down_inverse, down_share)
    found = c.copy()
    turned = (np.ascontiguousarray(down_inverse.T), np.ascontiguousarray(down_share.T))
    alternating_step(capacity, inverse, share, *turned, found)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert (found * capacity).sum() == pytest.approx((c * capacity).sum(), rel=1e-12)


def laplacian(weights: np.ndarray) -> np.ndarray:
    matrix = np.zeros((len(weights) + 1, len(weights) + 1))
    for i, weight in enumerate(weights):
        matrix[i : i + 2, i : i + 2] += weight * np.array([[1, -1], [-1, 1]])
    return matrix
