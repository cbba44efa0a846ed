"""Receptors and their ligands in single cells. Numbers only; see :mod:`coculture.cells.processes.receptors`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]

_TERMS = 14
"""Terms of the series: exact to rounding where the sum of a row is no more than 1/2."""


@compiled
def multiply(first: Floats, second: Floats, out: Floats) -> None:
    """Write the product of two small square matrices to ``out``."""
    size = len(first)
    for i in range(size):
        for j in range(size):
            total = 0.0
            for k in range(size):
                total += first[i, k] * second[k, j]
            out[i, j] = total


@compiled
def exponential(matrix: Floats, term: Floats, spare: Floats, out: Floats) -> None:
    """Write ``exp(matrix)`` to ``out`` by scaling, series and squaring; ``matrix``, ``term`` and ``spare`` are overwritten."""
    size, largest = len(matrix), 0.0
    for i in range(size):
        total = 0.0
        for j in range(size):
            total += abs(matrix[i, j])
        largest = max(largest, total)
    squarings, scale = 0, 1.0
    while largest * scale > 0.5:
        squarings, scale = squarings + 1, 0.5 * scale
    for i in range(size):
        for j in range(size):
            matrix[i, j] *= scale
            term[i, j] = 1.0 if i == j else 0.0
            out[i, j] = term[i, j]
    for number in range(1, _TERMS):
        multiply(term, matrix, spare)
        for i in range(size):
            for j in range(size):
                term[i, j] = spare[i, j] / number
                out[i, j] += term[i, j]
    for _ in range(squarings):
        multiply(out, out, spare)
        for i in range(size):
            for j in range(size):
                out[i, j] = spare[i, j]


@compiled
def bind(
    minutes: float, made: Floats, lost: float, on: Floats, off: Floats, taken_in: Floats, counts: Floats, mean: Floats
) -> None:
    """Let receptors bind for ``minutes`` at constant concentrations, exactly.

    Parameters: ``made`` (n,) new receptors and ``lost`` loss of free ones, 1/min; ``on`` (n, k) binding of each ligand, kon
    times concentration, ``off`` and ``taken_in`` (k,), 1/min; ``counts`` (n, 1 + k) free and bound receptors, changed; ``mean``
    (n, 1 + k) takes their means over the time.
    """
    states = counts.shape[1]
    size = 2 * states + 1
    matrix, term, spare, result = np.empty((size, size)), np.empty((size, size)), np.empty((size, size)), np.empty((size, size))
    begin = np.zeros(size)
    for i in range(len(counts)):
        for row in range(size):
            for column in range(size):
                matrix[row, column] = 0.0
        matrix[0, 0] = -lost * minutes
        matrix[0, size - 1] = made[i] * minutes
        for k in range(states - 1):
            matrix[0, 0] -= on[i, k] * minutes
            matrix[1 + k, 0] = on[i, k] * minutes
            matrix[0, 1 + k] = off[k] * minutes
            matrix[1 + k, 1 + k] = -(off[k] + taken_in[k]) * minutes
        for k in range(states):
            matrix[states + k, k] = 1.0  # the integrals, in units of the whole time
        exponential(matrix, term, spare, result)
        for k in range(states):
            begin[k] = counts[i, k]
        begin[size - 1] = 1.0
        for k in range(states):
            now, whole = 0.0, 0.0
            for j in range(size):
                now += result[k, j] * begin[j]
                whole += result[states + k, j] * begin[j]
            counts[i, k], mean[i, k] = now, whole
