"""Linear equations on a grid of voxels: conjugate gradients with a multigrid cycle. Numbers only.

Levels lie behind each other in flat arrays; each is a grid with one ghost voxel around it (none along z where that has one
voxel), whose values are 0. A level's matrix has a diagonal, −``paces`` (levels, 3) beside it along z, y and x, and a ``mask``
that is 0 in ghosts and held voxels. Level l has ``sizes[l]`` voxels along z, y and x and begins at ``start[l]``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAMPING = 0.8
"""Share of Jacobi's correction that is taken: damps what the next level cannot see."""


@compiled
def times_row(
    paces: Floats,
    diagonal: Floats,
    mask: Floats,
    here: Floats,
    left: Floats,
    right: Floats,
    front: Floats,
    back: Floats,
    out: Floats,
) -> None:
    """Write one layer of the product with the matrix, but for its neighbours along z."""
    along_y, along_x = paces[1], paces[2]
    for i in range(len(out)):
        out[i] = mask[i] * (diagonal[i] * here[i] - along_x * (left[i] + right[i]) - along_y * (front[i] + back[i]))


@compiled
def times_matrix(size: Integers, paces: Floats, diagonal: Floats, mask: Floats, x: Floats, out: Floats) -> None:
    """Write ``A x`` of one level to ``out``, 0 where the mask is."""
    wide, high = size[2] + 2, size[1] + 2
    layer = wide * high
    first = 1 if size[0] > 1 else 0
    length = size[1] * wide - 2
    for k in range(first, first + size[0]):
        a = k * layer + wide + 1
        b = a + length
        times_row(
            paces, diagonal[a:b], mask[a:b],
            x[a:b], x[a - 1 : b - 1], x[a + 1 : b + 1], x[a - wide : b - wide], x[a + wide : b + wide], out[a:b],
        )  # fmt: skip
        if size[0] > 1:
            _minus_two(paces[0], mask[a:b], x[a - layer : b - layer], x[a + layer : b + layer], out[a:b])


@compiled
def _minus_two(pace: float, mask: Floats, below: Floats, above: Floats, out: Floats) -> None:
    for i in range(len(out)):
        out[i] -= pace * mask[i] * (below[i] + above[i])


@compiled
def dot(x: Floats, y: Floats) -> float:
    """Return the sum of products, in eight strands that the processor adds side by side."""
    strands = np.zeros(8)
    whole = len(x) // 8
    for i in range(whole):
        for strand in range(8):
            strands[strand] += x[8 * i + strand] * y[8 * i + strand]
    for i in range(8 * whole, len(x)):
        strands[0] += x[i] * y[i]
    return float(strands.sum())


@compiled
def correct(share: float, inverse: Floats, right: Floats, product: Floats, x: Floats) -> None:
    """Take a share of Jacobi's correction."""
    for i in range(len(x)):
        x[i] += share * inverse[i] * (right[i] - product[i])


@compiled
def minus(x: Floats, y: Floats, out: Floats) -> None:
    """Write ``x − y``."""
    for i in range(len(x)):
        out[i] = x[i] - y[i]


@compiled
def gather(fine: Integers, coarse: Integers, values: Floats, out: Floats) -> None:
    """Write to the voxels of a coarse level the sums over the voxels of the fine level inside them."""
    out[:] = 0.0
    step_k, step_j, step_i = int(coarse[0] < fine[0]), int(coarse[1] < fine[1]), int(coarse[2] < fine[2])
    fine_ghost, coarse_ghost = int(fine[0] > 1), int(coarse[0] > 1)
    for k in range(fine[0]):
        for j in range(fine[1]):
            of = ((k + fine_ghost) * (fine[1] + 2) + j + 1) * (fine[2] + 2) + 1
            to = (((k >> step_k) + coarse_ghost) * (coarse[1] + 2) + (j >> step_j) + 1) * (coarse[2] + 2) + 1
            for i in range(fine[2]):
                out[to + (i >> step_i)] += values[of + i]


@compiled
def scatter(fine: Integers, coarse: Integers, values: Floats, mask: Floats, out: Floats) -> None:
    """Add to every voxel of a fine level the value of the coarse voxel around it."""
    step_k, step_j, step_i = int(coarse[0] < fine[0]), int(coarse[1] < fine[1]), int(coarse[2] < fine[2])
    fine_ghost, coarse_ghost = int(fine[0] > 1), int(coarse[0] > 1)
    for k in range(fine[0]):
        for j in range(fine[1]):
            to = ((k + fine_ghost) * (fine[1] + 2) + j + 1) * (fine[2] + 2) + 1
            of = (((k >> step_k) + coarse_ghost) * (coarse[1] + 2) + (j >> step_j) + 1) * (coarse[2] + 2) + 1
            for i in range(fine[2]):
                out[to + i] += mask[to + i] * values[of + (i >> step_i)]


@compiled
def cycle(
    sizes: Integers, start: Integers, paces: Floats, diagonal: Floats, inverse: Floats, mask: Floats,
    right: Floats, product: Floats, x: Floats,
) -> None:  # fmt: skip
    """Approach ``A x = right`` of the first level from 0 by one V-cycle; a symmetric operator of ``right``."""
    last = len(sizes) - 1
    for level in range(last):
        a, b, c = start[level], start[level + 1], start[level + 2]
        for i in range(a, b):
            x[i] = DAMPING * inverse[i] * right[i]
        times_matrix(sizes[level], paces[level], diagonal[a:b], mask[a:b], x[a:b], product[a:b])
        minus(right[a:b], product[a:b], product[a:b])
        gather(sizes[level], sizes[level + 1], product[a:b], right[b:c])
    a, b = start[last], start[last + 1]
    x[a:b] = 0.0
    for _ in range(8):
        times_matrix(sizes[last], paces[last], diagonal[a:b], mask[a:b], x[a:b], product[a:b])
        correct(DAMPING, inverse[a:b], right[a:b], product[a:b], x[a:b])
    for level in range(last - 1, -1, -1):
        a, b, c = start[level], start[level + 1], start[level + 2]
        scatter(sizes[level], sizes[level + 1], x[b:c], mask[a:b], x[a:b])
        times_matrix(sizes[level], paces[level], diagonal[a:b], mask[a:b], x[a:b], product[a:b])
        correct(DAMPING, inverse[a:b], right[a:b], product[a:b], x[a:b])


@compiled
def lay_out(
    minutes: float, decay: float, pace: float, inner: Integers, now: Floats, sink: Floats, source: Floats,
    from_sides: Floats, to_held: Floats, mask: Floats, own: Floats, right: Floats, columns: Floats, x: Floats,
) -> None:  # fmt: skip
    """Write the equations of a step of ``minutes`` to the first level; everything else of them is 0.

    ``now`` and the sinks, sources and ties (voxels,) go to the places ``inner``; ``own`` takes what a voxel's equation has
    beside diffusion, ``right`` what is known, ``columns`` the sums of the free rows, ``x`` the present concentrations.
    """
    for voxel in range(len(inner)):
        place = inner[voxel]
        own[place] = 1.0 + minutes * (decay + sink[voxel])
        right[place] = now[voxel] + minutes * source[voxel] + pace * from_sides[voxel]
        columns[place] = (own[place] if mask[place] > 0.0 else 0.0) + pace * to_held[voxel]
        x[place] = now[voxel]


@compiled
def prepare(
    sizes: Integers, start: Integers, pace: float, own: Floats, stiffness: Floats, mask: Floats, diagonal: Floats, inverse: Floats
) -> None:
    """Write ``diagonal`` and ``inverse`` of all levels from ``own`` of the first, which takes that of the others."""
    for level in range(len(sizes)):
        a, b = start[level], start[level + 1]
        if level > 0:
            gather(sizes[level - 1], sizes[level], own[start[level - 1] : a], own[a:b])
        for i in range(a, b):
            diagonal[i] = own[i] + pace * stiffness[i]
            inverse[i] = mask[i] / diagonal[i] if diagonal[i] > 0.0 else 0.0


@compiled
def solve(
    sizes: Integers, start: Integers, paces: Floats, diagonal: Floats, inverse: Floats, mask: Floats, right: Floats,
    tolerance: float, most: int, x: Floats,
) -> int:  # fmt: skip
    """Solve ``A x = right`` on the first level from the present ``x``, which keeps its values where the mask is 0.

    Ends when the residual's norm, weighted by the inverse diagonal, is below ``tolerance`` of the right side's. Returns the
    number of rounds, ``most`` where it did not end.
    """
    n, total = start[1], start[len(sizes)]
    product, work, correction, remains = np.zeros(n), np.zeros(total), np.zeros(total), np.zeros(total)
    residual, way = np.zeros(n), np.zeros(n)
    times_matrix(sizes[0], paces[0], diagonal[:n], mask[:n], x, product)
    goal, size = 0.0, 0.0
    for i in range(n):
        residual[i] = mask[i] * (right[i] - product[i])
        goal += right[i] * right[i] * inverse[i]
        size += residual[i] * residual[i] * inverse[i]
    goal *= tolerance * tolerance
    before = 1.0
    for number in range(most):
        if size <= goal:
            return number
        remains[:n] = residual
        cycle(sizes, start, paces, diagonal, inverse, mask, remains, work, correction)
        now = dot(residual, correction[:n])
        bend = now / before if number > 0 else 0.0
        before = now
        for i in range(n):
            way[i] = correction[i] + bend * way[i]
        times_matrix(sizes[0], paces[0], diagonal[:n], mask[:n], way, product)
        length = now / dot(way, product)
        for i in range(n):
            x[i] += length * way[i]
            residual[i] -= length * product[i]
        for i in range(n):
            product[i] = residual[i] * inverse[i]
        size = dot(residual, product)
    return most


@compiled
def finish(
    size: Integers,
    paces: Floats,
    diagonal: Floats,
    right: Floats,
    mask: Floats,
    columns: Floats,
    old: Floats,
    product: Floats,
    x: Floats,
) -> None:
    """Make a nearly solved ``x`` positive and its amounts exact, in place.

    One round of Jacobi's rule on max(x, 0), which adds and divides positive numbers alone; then all free voxels are scaled so
    that the sum of their equations holds. ``columns`` are the sums of the matrix's free rows, ``right`` is what is
    known of each row.
    """
    for i in range(len(x)):
        old[i] = max(x[i], 0.0)
    times_matrix(size, paces, np.zeros(len(x)), mask, old, product)
    wanted, had = 0.0, 0.0
    for i in range(len(x)):
        if mask[i] > 0.0:
            x[i] = (right[i] - product[i]) / diagonal[i]
            wanted += right[i]
            had += columns[i] * x[i]
        else:
            wanted -= columns[i] * x[i]
    if had > 0.0:
        factor = wanted / had
        for i in range(len(x)):
            if mask[i] > 0.0:
                x[i] *= factor
