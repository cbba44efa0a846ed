"""Levels inside cells that touch: contact signalling and exchange through junctions. Numbers only."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Short = NDArray[np.int32]
Flags = NDArray[np.bool_]


@compiled
def mean_of_touched(start: Integers, neighbour: Short, partner: Flags, level: Floats, out: Floats) -> None:
    """Write to ``out`` (n,) the mean level of the partners each cell touches, 0 where it touches none."""
    for i in range(len(level)):
        total, number = 0.0, 0
        for place in range(start[i], start[i + 1]):
            j = neighbour[place]
            if partner[j]:
                total += level[j]
                number += 1
        out[i] = total / number if number > 0 else 0.0


@compiled
def inhibit(partner: Flags, notch: Floats, delta: Floats, touched: Floats, ratio: float, a: float, b: float, k: float, h: float,
            d_notch: Floats, d_delta: Floats) -> None:  # fmt: skip
    """Write the rates of change of Notch and Delta (Collier et al. 1996), in units of Notch's decay."""
    for i in range(len(notch)):
        d_notch[i], d_delta[i] = 0.0, 0.0
        if partner[i]:
            seen = max(touched[i], 0.0) ** k
            d_notch[i] = seen / (a + seen) - notch[i]
            d_delta[i] = ratio * (1.0 / (1.0 + b * max(notch[i], 0.0) ** h) - delta[i])


@compiled
def contact_areas(
    position: Floats, radius: Floats, gap: float, start: Integers, neighbour: Short, partner: Flags, out: Floats
) -> None:
    """Write to ``out`` (contacts,) the area in which spheres, half the gap larger than the cells, cut each other, µm².

    It is 0 where one of the two is no partner. Both sides of a pair get the same number, bit for bit.
    """
    for i in range(len(radius)):
        for place in range(start[i], start[i + 1]):
            j = neighbour[place]
            out[place] = 0.0
            if not (partner[i] and partner[j]):
                continue
            square = 0.0
            for axis in range(3):
                square += (position[i, axis] - position[j, axis]) ** 2
            one, other = radius[i] + 0.5 * gap, radius[j] + 0.5 * gap
            small, large = min(one, other), max(one, other)
            if square <= (large - small) ** 2:
                out[place] = math.pi * small * small
                continue
            product = (square - (large - small) ** 2) * ((large + small) ** 2 - square)
            out[place] = max(0.25 * math.pi * product / square, 0.0)


@compiled
def junction_flow(start: Integers, neighbour: Short, conductance: Floats, level: Floats, out: Floats) -> None:
    """Write to ``out`` (n,) what flows into each cell, the sum of ``g_ij (c_j − c_i)``."""
    for i in range(len(level)):
        total = 0.0
        for place in range(start[i], start[i + 1]):
            total += conductance[place] * (level[neighbour[place]] - level[i])
        out[i] = total


@compiled
def fastest(start: Integers, conductance: Floats, volume: Floats) -> float:
    """Return the largest sum of a cell's conductances over its volume, 1/min."""
    most = 0.0
    for i in range(len(volume)):
        total = 0.0
        for place in range(start[i], start[i + 1]):
            total += conductance[place]
        most = max(most, total / volume[i])
    return most
