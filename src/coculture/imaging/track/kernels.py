"""Search, assignment and choice for tracking: numbers only.

Detections lie frame after frame, sorted by x inside a frame; ``start[f]`` is the row of frame ``f``'s first detection and
``block[f]`` numbers the uninterrupted stretches of film a frame belongs to. A search runs along x from the place a binary
search finds, so that it touches only the strip a distance can reach.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@compiled
def first_not_below(values: Floats, low: int, high: int, bound: float) -> int:
    """Return the first place in ``values[low:high]`` (ascending) whose value is >= ``bound``, or ``high``."""
    while low < high:
        middle = (low + high) // 2
        if values[middle] < bound:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def near_pairs(
    at_x: Floats,
    at_y: Floats,
    x: Floats,
    y: Floats,
    start: Integers,
    block: Integers,
    lag: int,
    radius: Floats,
    source: Flags,
    target: Flags,
    first: Integers,
    second: Integers,
    distance: Floats,
) -> int:
    """Find the targets ``lag`` frames later within ``radius[f]`` of where each source is expected (``at_x``, ``at_y``).

    Fills rows and distances, sorted by source and then by target, when the arrays have room; returns how many there are.
    """
    room = first.size
    number = 0
    for f in range(start.size - 1 - lag):
        if block[f] != block[f + lag]:
            continue
        low, high = start[f + lag], start[f + lag + 1]
        reach = radius[f]
        for i in range(start[f], start[f + 1]):
            if not source[i]:
                continue
            j = first_not_below(x, low, high, at_x[i] - reach)
            while j < high and x[j] <= at_x[i] + reach:
                if target[j]:
                    squared = (x[j] - at_x[i]) ** 2 + (y[j] - at_y[i]) ** 2
                    if squared <= reach * reach:
                        if number < room:
                            first[number] = i
                            second[number] = j
                            distance[number] = np.sqrt(squared)
                        number += 1
                j += 1
    return number


@compiled
def nearest(
    at_x: Floats,
    at_y: Floats,
    x: Floats,
    y: Floats,
    start: Integers,
    block: Integers,
    lag: int,
    found: Integers,
    distance: Floats,
) -> None:
    """Find for every detection the nearest one ``lag`` frames away (0: in its own frame, itself left out).

    Fills ``found`` with rows (-1 where there is none) and ``distance`` (infinite there). Of equally near ones the smaller row
    wins.
    """
    frames = start.size - 1
    for f in range(frames):
        g = f + lag
        there = g >= 0 and g < frames and block[f] == block[min(max(g, 0), frames - 1)]
        for i in range(start[f], start[f + 1]):
            found[i] = -1
            distance[i] = np.inf
            if not there:
                continue
            low, high = start[g], start[g + 1]
            best = np.inf
            right = first_not_below(x, low, high, at_x[i])
            left = right - 1
            while left >= low or right < high:
                gap_left = (at_x[i] - x[left]) ** 2 if left >= low else np.inf
                gap_right = (x[right] - at_x[i]) ** 2 if right < high else np.inf
                if min(gap_left, gap_right) > best:
                    break
                if gap_left <= gap_right:
                    j = left
                    left -= 1
                else:
                    j = right
                    right += 1
                if lag == 0 and j == i:
                    continue
                squared = (x[j] - at_x[i]) ** 2 + (y[j] - at_y[i]) ** 2
                if squared < best or (squared == best and j < found[i]):
                    best = squared
                    found[i] = j
            distance[i] = np.sqrt(best)


@compiled
def cheapest_path(
    row: int,
    edge: Integers,
    column: Integers,
    gain: Floats,
    owner: Integers,
    u: Floats,
    v: Floats,
    far: Floats,
    before: Integers,
    scanned: Flags,
    touched: Integers,
    path_rows: Integers,
    path_far: Floats,
) -> tuple[int, int, float, int, int]:
    """Grow shortest paths from ``row`` until a free column or a row that had better stay alone is the nearest end.

    Returns (free column or -1, row to leave alone, length, rows on the paths, columns touched); fills the arrays from ``far``.
    """
    n_touched = 0
    n_rows = 0
    reached = 0.0
    idle_far = np.inf
    idle_row = row
    while True:
        path_rows[n_rows] = row
        path_far[n_rows] = reached
        n_rows += 1
        if reached - u[row] < idle_far:
            idle_far = reached - u[row]
            idle_row = row
        for e in range(edge[row], edge[row + 1]):
            j = column[e]
            length = reached - gain[e] - u[row] - v[j]
            if not scanned[j] and length < far[j]:
                if before[j] < 0:
                    touched[n_touched] = j
                    n_touched += 1
                far[j] = length
                before[j] = row
        closest = np.inf
        last = -1
        for k in range(n_touched):
            j = touched[k]
            if not scanned[j] and (far[j] < closest or (far[j] == closest and j < last)):
                closest = far[j]
                last = j
        if last < 0 or idle_far <= closest:
            return -1, idle_row, idle_far, n_rows, n_touched
        reached = closest
        if owner[last] < 0:
            return last, -1, reached, n_rows, n_touched
        scanned[last] = True
        row = owner[last]


@compiled
def assign(rows: int, edge: Integers, column: Integers, gain: Floats, partner: Integers, owner: Integers) -> None:
    """Match rows to columns so that the sum of gains is largest; a row or a column may stay alone for a gain of 0.

    Shortest augmenting paths with duals (Jonker & Volgenant 1987) on a sparse graph; a private idle column of cost 0 per row
    stands for staying alone. Row ``i`` has the edges ``edge[i]:edge[i + 1]`` with ``column`` and ``gain`` > 0. Fills
    ``partner`` (per row) and ``owner`` (per column) with -1 for alone.
    """
    columns = owner.size
    u, v = np.zeros(rows), np.zeros(columns)
    far, before = np.full(columns, np.inf), np.full(columns, -1, np.int64)
    scanned, touched = np.zeros(columns, np.bool_), np.empty(columns, np.int64)
    path_rows, path_far = np.empty(rows, np.int64), np.empty(rows)
    owner[:] = -1
    partner[:] = -1
    for i in range(rows):
        for e in range(edge[i], edge[i + 1]):
            u[i] = min(u[i], -gain[e])
    for s in range(rows):
        if edge[s] == edge[s + 1]:
            continue
        last, idle, reached, n_rows, n_touched = cheapest_path(
            s, edge, column, gain, owner, u, v, far, before, scanned, touched, path_rows, path_far
        )
        for k in range(n_rows):
            u[path_rows[k]] += reached - path_far[k]
        for k in range(n_touched):
            if scanned[touched[k]]:
                v[touched[k]] -= reached - far[touched[k]]
        if last < 0 and idle != s:
            last = partner[idle]
            partner[idle] = -1
        while last >= 0:
            r = before[last]
            owner[last] = r
            following = partner[r]
            partner[r] = last
            last = following if r != s else -1
        for k in range(n_touched):
            far[touched[k]] = np.inf
            before[touched[k]] = -1
            scanned[touched[k]] = False


@compiled
def assign_frames(start: Integers, edge: Integers, column: Integers, gain: Floats, later: Integers, earlier: Integers) -> None:
    """Assign every pair of consecutive frames; ``edge`` and ``column`` are rows of the whole film, sorted by source.

    Fills ``later`` (row of the next detection) and ``earlier`` (row of the one before), -1 for none.
    """
    later[:] = -1
    earlier[:] = -1
    for f in range(start.size - 2):
        a, b, c = start[f], start[f + 1], start[f + 2]
        if edge[a] == edge[b]:
            continue
        partner = np.empty(b - a, np.int64)
        owner = np.empty(c - b, np.int64)
        low, high = edge[a], edge[b]
        assign(b - a, edge[a : b + 1] - low, column[low:high] - b, gain[low:high], partner, owner)
        for i in range(b - a):
            if partner[i] >= 0:
                later[a + i] = b + partner[i]
                earlier[b + partner[i]] = a + i


@compiled
def choose(mother: Integers, child: Integers, other: Integers, taken_from: Flags, taken_to: Flags, chosen: Flags) -> None:
    """Go through explanations, best first, and choose each whose cells no better one has used.

    ``mother`` is the earlier cell, ``child`` the later one, ``other`` a second later cell or -1.
    """
    for k in range(mother.size):
        if taken_from[mother[k]] or taken_to[child[k]] or (other[k] >= 0 and taken_to[other[k]]):
            continue
        chosen[k] = True
        taken_from[mother[k]] = True
        taken_to[child[k]] = True
        if other[k] >= 0:
            taken_to[other[k]] = True
