"""Points sorted into the bins of a grid, and who lies near whom. Coordinates are three arrays; in two dimensions z is 0.

Bins are numbered with x fastest, so that the bins left, own and right are one stretch of the sorted arrays.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Whole32 = NDArray[np.int32]


@compiled
def bin_along(value: float, origin: float, size: float, bins: int) -> int:
    """Return the bin of a coordinate; one outside the grid goes to the nearest bin."""
    return int(min(max(np.floor((value - origin) / size), 0.0), bins - 1.0))


@compiled
def sort_into_bins(x: Reals, y: Reals, z: Reals, origin: Reals, size: float, shape: Whole) -> tuple[Whole, Whole]:
    """Return the order that sorts points by bin (stable) and each bin's first place, with the total at the end."""
    bins = np.empty(x.size, np.int64)
    start = np.zeros(shape[0] * shape[1] * shape[2] + 1, np.int64)
    for point in range(x.size):
        column = bin_along(x[point], origin[0], size, shape[0])
        row = bin_along(y[point], origin[1], size, shape[1])
        layer = bin_along(z[point], origin[2], size, shape[2])
        bins[point] = (layer * shape[1] + row) * shape[0] + column
        start[bins[point] + 1] += 1
    for number in range(1, start.size):
        start[number] += start[number - 1]
    place = start.copy()
    order = np.empty(x.size, np.int64)
    for point in range(x.size):
        order[place[bins[point]]] = point
        place[bins[point]] += 1
    return order, start


@compiled
def _scan(
    x: Reals,
    y: Reals,
    z: Reals,
    here: int,
    first: int,
    last: int,
    squared: float,
    found: Whole,
    far: Reals,
    filled: int,
    write: bool,
) -> int:
    """Count the sorted points ``first`` to ``last`` near point ``here``, and note them from place ``filled`` on if asked."""
    count = 0
    for other in range(first, last):
        dx, dy, dz = x[other] - x[here], y[other] - y[here], z[other] - z[here]
        distance = dx * dx + dy * dy + dz * dz
        if distance <= squared:
            if write:
                found[filled + count] = other
                far[filled + count] = np.sqrt(distance)
            count += 1
    return count


@compiled
def half_pairs(
    x: Reals, y: Reals, z: Reals, start: Whole, shape: Whole, reach: int, cutoff: float, first: Whole, second: Whole, far: Reals
) -> int:
    """Note every pair of sorted points no further apart than ``cutoff`` once, as places in the sorted arrays.

    ``reach`` is how many bins the cutoff spans. Where ``first`` is empty the pairs are only counted. Returns their number.
    """
    write, pairs, squared = first.size > 0, 0, cutoff * cutoff
    for bin_number in range(start.size - 1):
        column, rest = bin_number % shape[0], bin_number // shape[0]
        row, layer = rest % shape[1], rest // shape[1]
        low, high = max(column - reach, 0), min(column + reach, shape[0] - 1)
        for here in range(start[bin_number], start[bin_number + 1]):
            for up in range(min(reach, shape[2] - 1 - layer) + 1):
                lowest_row = row if up == 0 else max(row - reach, 0)
                for other_row in range(lowest_row, min(row + reach, shape[1] - 1) + 1):
                    line = ((layer + up) * shape[1] + other_row) * shape[0]
                    begin = here + 1 if up == 0 and other_row == row else start[line + low]
                    new = _scan(x, y, z, here, begin, start[line + high + 1], squared, second, far, pairs, write)
                    if write:
                        first[pairs : pairs + new] = here
                    pairs += new
    return pairs


@compiled
def _with_room(found: Whole32, filled: int, more: int) -> Whole32:
    """Return ``found`` with room for ``more`` numbers from place ``filled`` on."""
    if filled + more <= found.size:
        return found
    longer = np.empty(2 * (filled + more), np.int32)
    longer[:filled] = found[:filled]
    return longer


@compiled
def _found_near(
    x: Reals, y: Reals, z: Reals, order: Whole, start: Whole, shape: Whole, size: float, extent: Reals, gap: float, ends: Whole
) -> Whole32:
    """Return the rows of each sorted point's neighbours, one point after the other; ``ends`` (n + 1,) takes where each begins."""
    found, filled, widest = np.empty(10 * x.size + 64, np.int32), 0, extent.max() + gap
    for bin_number in range(start.size - 1):
        column, rest = bin_number % shape[0], bin_number // shape[0]
        row, layer = rest % shape[1], rest // shape[1]
        for here in range(start[bin_number], start[bin_number + 1]):
            reach = int(np.ceil((extent[here] + widest) / size))  # a point that reaches far is not everybody's cost
            low, high = max(column - reach, 0), min(column + reach, shape[0] - 1)
            for other_layer in range(max(layer - reach, 0), min(layer + reach, shape[2] - 1) + 1):
                for other_row in range(max(row - reach, 0), min(row + reach, shape[1] - 1) + 1):
                    line = (other_layer * shape[1] + other_row) * shape[0]
                    begin, end = start[line + low], start[line + high + 1]
                    found = _with_room(found, filled, end - begin)
                    for other in range(begin, end):
                        dx, dy, dz = x[other] - x[here], y[other] - y[here], z[other] - z[here]
                        furthest = extent[here] + extent[other] + gap
                        found[filled] = order[other]
                        filled += dx * dx + dy * dy + dz * dz <= furthest * furthest and other != here
            ends[here + 1] = filled
    return found


@compiled
def lists_within(
    x: Reals, y: Reals, z: Reals, order: Whole, start: Whole, shape: Whole, size: float, extent: Reals, gap: float
) -> tuple[Whole, Whole32]:
    """Return neighbour lists: row i's are the rows j with ``d <= extent_i + extent_j + gap``, in the order of the bins.

    ``extent`` (n,) belongs to the sorted points; ``size`` is the side of a bin.
    """
    ends = np.zeros(x.size + 1, np.int64)
    found = _found_near(x, y, z, order, start, shape, size, extent, gap, ends)
    begin = np.zeros(x.size + 1, np.int64)
    for here in range(x.size):
        begin[order[here] + 1] = ends[here + 1] - ends[here]
    for row in range(x.size):
        begin[row + 1] += begin[row]
    neighbour = np.empty(ends[x.size], np.int32)
    for here in range(x.size):
        place = begin[order[here]]
        for number in range(ends[here + 1] - ends[here]):
            neighbour[place + number] = found[ends[here] + number]
    return begin, neighbour


@compiled
def near_points(
    x: Reals, y: Reals, z: Reals, start: Whole, shape: Whole, origin: Reals, size: float, cutoff: float,
    query: Reals, counts: Whole, found: Whole, far: Reals,
) -> None:  # fmt: skip
    """For each row of ``query`` (n, 3), count the sorted points within ``cutoff``; note them too where ``found`` is not empty."""
    reach, squared, filled, write = int(np.ceil(cutoff / size)), cutoff * cutoff, 0, found.size > 0
    for point in range(query.shape[0]):
        total = 0
        column = int(np.floor((query[point, 0] - origin[0]) / size))
        row = int(np.floor((query[point, 1] - origin[1]) / size))
        layer = int(np.floor((query[point, 2] - origin[2]) / size))
        low, high = max(column - reach, 0), min(column + reach, shape[0] - 1)
        for other_layer in range(max(layer - reach, 0), min(layer + reach, shape[2] - 1) + 1):
            for other_row in range(max(row - reach, 0), min(row + reach, shape[1] - 1) + 1):
                line = (other_layer * shape[1] + other_row) * shape[0]
                for other in range(start[line + low] if low <= high else 0, start[line + high + 1] if low <= high else 0):
                    dx, dy, dz = x[other] - query[point, 0], y[other] - query[point, 1], z[other] - query[point, 2]
                    distance = dx * dx + dy * dy + dz * dz
                    if distance <= squared:
                        if write:
                            found[filled], far[filled] = other, np.sqrt(distance)
                        filled += 1
                        total += 1
        counts[point] = total


@compiled
def _insert(found: Whole, far: Reals, held: int, name: int, distance: float) -> int:
    """Put a point into a sorted list of the nearest, by distance and then by name; return how many it holds."""
    place = held if held < found.size else found.size - 1
    if held == found.size and (distance > far[place] or (distance == far[place] and name > found[place])):
        return held
    while place > 0 and (far[place - 1] > distance or (far[place - 1] == distance and found[place - 1] > name)):
        far[place], found[place] = far[place - 1], found[place - 1]
        place -= 1
    far[place], found[place] = distance, name
    return min(held + 1, found.size)


@compiled
def _sure_within(value: float, origin: float, size: float, bins: int, centre: int, ring: int) -> float:
    """How far along one axis every point is known once bins up to ``ring`` from ``centre`` are searched (inf: all)."""
    below = value - (origin + (centre - ring) * size) if centre - ring > 0 else np.inf
    above = origin + (centre + ring + 1) * size - value if centre + ring < bins - 1 else np.inf
    return float(min(below, above))


@compiled
def nearest_points(
    x: Reals, y: Reals, z: Reals, order: Whole, start: Whole, shape: Whole, origin: Reals, size: float,
    query: Reals, own: Whole, found: Whole, far: Reals,
) -> None:  # fmt: skip
    """For each row of ``query`` (n, 3), note the nearest points' names (``order``) and squared distances, nearest first.

    ``found`` and ``far`` are (n, k), filled with -1 and inf where fewer than k exist. ``own`` names the point to leave out
    of each row (-1: none). Rings of bins are searched outwards until no closer point can be left.
    """
    for point in range(query.shape[0]):
        px, py, pz = query[point, 0], query[point, 1], query[point, 2]
        column = bin_along(px, origin[0], size, shape[0])
        row = bin_along(py, origin[1], size, shape[1])
        layer = bin_along(pz, origin[2], size, shape[2])
        held, ring, sure = 0, 0, 0.0
        while True:
            for other_layer in range(max(layer - ring, 0), min(layer + ring, shape[2] - 1) + 1):
                for other_row in range(max(row - ring, 0), min(row + ring, shape[1] - 1) + 1):
                    shell = abs(other_layer - layer) == ring or abs(other_row - row) == ring
                    step = 1 if shell or ring == 0 else 2 * ring
                    for other_column in range(column - ring, column + ring + 1, step):
                        if other_column < 0 or other_column >= shape[0]:
                            continue
                        number = (other_layer * shape[1] + other_row) * shape[0] + other_column
                        for other in range(start[number], start[number + 1]):
                            if order[other] != own[point]:
                                dx, dy, dz = x[other] - px, y[other] - py, z[other] - pz
                                distance = dx * dx + dy * dy + dz * dz
                                held = _insert(found[point], far[point], held, order[other], distance)
            sure = min(
                _sure_within(px, origin[0], size, shape[0], column, ring),
                _sure_within(py, origin[1], size, shape[1], row, ring),
                _sure_within(pz, origin[2], size, shape[2], layer, ring),
            )
            if sure == np.inf or (held == found.shape[1] and sure >= 0 and far[point, held - 1] < sure * sure):
                break
            ring += 1
