"""Cells on a plane with a known affinity: hard discs of several types that attract or avoid one another within a short reach.

A Gibbs point process with fixed numbers of each type on a torus, drawn by Metropolis moves (a jump anywhere, a small step) and
swaps of the types of two cells: density ∝ exp(Σ energy[type_i, type_j] over pairs nearer than the reach), no pair nearer than
the hard core. Affinity is the energy between two types, in units of kT; above 0 they attract.
"""

from __future__ import annotations

import numpy as np

from coculture.compiled import compiled

MOST_IN_BIN = 16


@compiled
def around(x, y, at_x, at_y, codes, kind, energy, bins, filled, many, width, side, hard, reach, skip, other):
    """Return the energy of a cell of type ``kind`` at a place, -inf where it would overlap; two cells are left out."""
    column, row = int(at_x / width) % many, int(at_y / width) % many
    total = 0.0
    for down in range(-1, 2):
        for right in range(-1, 2):
            place = ((column + right) % many) * many + (row + down) % many
            for k in range(filled[place]):
                j = bins[place, k]
                if j in (skip, other):
                    continue
                dx, dy = abs(at_x - x[j]), abs(at_y - y[j])
                dx, dy = min(dx, side - dx), min(dy, side - dy)
                far = dx * dx + dy * dy
                if far < hard * hard:
                    return -np.inf
                if far < reach * reach:
                    total += energy[kind, codes[j]]
    return total


@compiled
def settle(codes, side, hard, reach, energy, sweeps, random):
    """Return x and y of the cells after ``sweeps`` moves a cell; ``codes`` are swapped in place."""
    n = codes.size
    many = int(side // reach)
    width = side / many
    bins, filled = np.full((many * many, MOST_IN_BIN), -1, np.int32), np.zeros(many * many, np.int32)
    x, y, home = np.full(n, -1e9), np.full(n, -1e9), np.zeros(n, np.int64)
    for i in range(n):
        while True:
            u, v = random.random() * side, random.random() * side
            if around(x, y, u, v, codes, codes[i], energy, bins, filled, many, width, side, hard, reach, i, -1) > -np.inf:
                break
        x[i], y[i], home[i] = u, v, (int(u / width) % many) * many + int(v / width) % many
        bins[home[i], filled[home[i]]] = i
        filled[home[i]] += 1
    for _ in range(sweeps * n):
        i = random.integers(0, n)
        if random.random() < 0.5:
            if random.random() < 0.5:
                u, v = random.random() * side, random.random() * side
            else:
                u, v = (x[i] + (random.random() - 0.5) * hard) % side, (y[i] + (random.random() - 0.5) * hard) % side
            there = around(x, y, u, v, codes, codes[i], energy, bins, filled, many, width, side, hard, reach, i, -1)
            if there == -np.inf:
                continue
            here = around(x, y, x[i], y[i], codes, codes[i], energy, bins, filled, many, width, side, hard, reach, i, -1)
            if random.random() < np.exp(there - here):
                old = home[i]
                for k in range(filled[old]):
                    if bins[old, k] == i:
                        filled[old] -= 1
                        bins[old, k] = bins[old, filled[old]]
                        break
                x[i], y[i], home[i] = u, v, (int(u / width) % many) * many + int(v / width) % many
                bins[home[i], filled[home[i]]] = i
                filled[home[i]] += 1
        else:
            j = random.integers(0, n)
            a, b = codes[i], codes[j]
            if a == b:
                continue
            gain = around(x, y, x[i], y[i], codes, b, energy, bins, filled, many, width, side, 0.0, reach, i, j)
            gain -= around(x, y, x[i], y[i], codes, a, energy, bins, filled, many, width, side, 0.0, reach, i, j)
            gain += around(x, y, x[j], y[j], codes, a, energy, bins, filled, many, width, side, 0.0, reach, i, j)
            gain -= around(x, y, x[j], y[j], codes, b, energy, bins, filled, many, width, side, 0.0, reach, i, j)
            if random.random() < np.exp(gain):
                codes[i], codes[j] = b, a
    return x, y
