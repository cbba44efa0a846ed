"""Kernels of segmentation: distances, basins and growth on label images. Numbers only; lengths in pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]


@compiled
def _row_envelope(height: F64, out_distance: F64, out_column: I64, corners: I64, borders: F64) -> None:
    """Lower envelope of the parabolas (x - q)^2 + height[q]: for each x its value and the q that gives it."""
    n = height.size
    last = -1
    for q in range(n):
        if height[q] == np.inf:
            continue
        cut = -np.inf
        while last >= 0:
            p = corners[last]
            cut = ((height[q] + q * q) - (height[p] + p * p)) / (2.0 * (q - p))
            if cut > borders[last]:
                break
            last -= 1
        last += 1
        corners[last] = q
        borders[last] = cut if last > 0 else -np.inf
    if last < 0:
        for x in range(n):
            out_distance[x] = np.inf
            out_column[x] = -1
        return
    at = 0
    for x in range(n):
        while at < last and borders[at + 1] < x:
            at += 1
        q = corners[at]
        out_distance[x] = (x - q) * (x - q) + height[q]
        out_column[x] = q


@compiled
def nearest_label(labels: I32) -> tuple[F32, I32]:
    """Exact squared Euclidean distance to the nearest labelled pixel, and that pixel's label.

    Felzenszwalb & Huttenlocher (2012), Theory of Computing 8:415: columns first, then the lower envelope of parabolas
    along rows. Where no pixel is labelled the distance is infinite and the label 0.
    """
    height, width = labels.shape
    down = np.empty((height, width), dtype=np.int32)
    source = np.empty((height, width), dtype=np.int32)
    far = height + width
    for x in range(width):
        down[0, x] = 0 if labels[0, x] > 0 else far
        source[0, x] = labels[0, x]
    for y in range(1, height):
        for x in range(width):
            if labels[y, x] > 0:
                down[y, x] = 0
                source[y, x] = labels[y, x]
            else:
                down[y, x] = min(down[y - 1, x] + 1, far)
                source[y, x] = source[y - 1, x]
    for y in range(height - 2, -1, -1):
        for x in range(width):
            if down[y + 1, x] + 1 < down[y, x]:
                down[y, x] = down[y + 1, x] + 1
                source[y, x] = source[y + 1, x]
    distance = np.empty((height, width), dtype=np.float32)
    nearest = np.empty((height, width), dtype=np.int32)
    column_height = np.empty(width, dtype=np.float64)
    row_distance = np.empty(width, dtype=np.float64)
    row_column = np.empty(width, dtype=np.int64)
    corners = np.empty(width, dtype=np.int64)
    borders = np.empty(width, dtype=np.float64)
    for y in range(height):
        for x in range(width):
            column_height[x] = np.inf if down[y, x] >= far else float(down[y, x]) * down[y, x]
        _row_envelope(column_height, row_distance, row_column, corners, borders)
        for x in range(width):
            distance[y, x] = row_distance[x]
            nearest[y, x] = source[y, row_column[x]] if row_column[x] >= 0 else 0
    return distance, nearest


@compiled
def depth_inside(mask: Mask) -> F32:
    """Euclidean distance of every foreground pixel to the nearest background pixel; the image's edge is no background."""
    height, width = mask.shape
    outside = np.empty((height, width), dtype=np.int32)
    for y in range(height):
        for x in range(width):
            outside[y, x] = 0 if mask[y, x] else 1
    squared, _ = nearest_label(outside)
    longest = np.float32(height + width)
    for y in range(height):
        for x in range(width):
            squared[y, x] = longest if squared[y, x] == np.inf else np.sqrt(squared[y, x])
    return squared


@compiled
def find_root(parent: I32, node: int) -> int:
    """Root of ``node`` in a union-find forest, halving the path on the way."""
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@compiled
def descending_order(steps: NDArray[np.uint16], mask: Mask) -> I64:
    """Flat numbers of the pixels in ``mask``, highest step first (counting sort; equal steps in reading order)."""
    height, width = steps.shape
    starts = np.zeros(65537, dtype=np.int64)
    for y in range(height):
        for x in range(width):
            if mask[y, x]:
                starts[65535 - np.int64(steps[y, x]) + 1] += 1
    for step in range(65536):
        starts[step + 1] += starts[step]
    order = np.empty(starts[65536], dtype=np.int64)
    for y in range(height):
        for x in range(width):
            if mask[y, x]:
                place = 65535 - np.int64(steps[y, x])
                order[starts[place]] = y * width + x
                starts[place] += 1
    return order


@compiled
def _visited_neighbours(labels: I32, y: int, x: int, around: I64) -> int:
    """Write the flat numbers of the labelled pixels among the 8 neighbours into ``around``; return how many there are."""
    height, width = labels.shape
    n_around = 0
    for v in range(max(y - 1, 0), min(y + 2, height)):
        for u in range(max(x - 1, 0), min(x + 2, width)):
            if labels[v, u] != 0:
                around[n_around] = v * width + u
                n_around += 1
    return n_around


@compiled
def persistent_basins(relief: F32, mask: Mask, order: I64, least_drop: float, least_share: float, least_area: int) -> I32:
    """Split ``mask`` into the hills of ``relief``, one label a hill that stands clear of its neighbours.

    Pixels are visited from the highest down. A pixel without visited neighbours starts a hill; one that touches several
    hills is a pass between them. The lower hill of a pass is taken over by the higher one unless its summit rises above
    the pass by at least ``least_drop + least_share * summit`` and it holds ``least_area`` pixels (topological
    persistence, Edelsbrunner 2002; in images known as the h-maxima watershed by dynamics, Grimaud 1992). A pass belongs to
    the hill of its steepest ascent.

    Returns
    -------
    labels : (Y, X) int32, hills numbered from 1 in the order of their summits.
    """
    height, width = relief.shape
    heights = relief.ravel()
    labels = np.zeros((height, width), dtype=np.int32)
    hill_of = labels.ravel()
    parent = np.empty(order.size + 1, dtype=np.int32)
    summit = np.empty(order.size + 1, dtype=np.float32)
    area = np.zeros(order.size + 1, dtype=np.int64)
    around = np.empty(8, dtype=np.int64)
    n_hills = 0
    for pixel in order:
        n_around = _visited_neighbours(labels, pixel // width, pixel % width, around)
        if n_around == 0:
            n_hills += 1
            parent[n_hills] = n_hills
            summit[n_hills] = heights[pixel]
            area[n_hills] = 1
            hill_of[pixel] = n_hills
            continue
        steepest = around[0]
        for k in range(1, n_around):
            if heights[around[k]] > heights[steepest]:
                steepest = around[k]
            for j in range(k):
                one, other = find_root(parent, hill_of[around[j]]), find_root(parent, hill_of[around[k]])
                if one == other:
                    continue
                high, low = (one, other) if summit[one] >= summit[other] else (other, one)
                drop = summit[low] - heights[pixel]
                if drop < least_drop + least_share * summit[low] or area[low] < least_area:
                    parent[low] = high
                    area[high] += area[low]
        home = find_root(parent, hill_of[steepest])
        hill_of[pixel] = home
        area[home] += 1
    number = np.zeros(n_hills + 1, dtype=np.int32)
    n_kept = 0
    for pixel in order:
        root = find_root(parent, hill_of[pixel])
        if number[root] == 0:
            n_kept += 1
            number[root] = n_kept
        hill_of[pixel] = number[root]
    return labels


@compiled
def connected_pieces(labels: I32) -> tuple[I32, int]:
    """Number the 4-connected pieces of equal label from 1, in reading order; 0 stays background.

    Two passes with union-find over provisional numbers (Rosenfeld & Pfaltz 1966, J. ACM 13:471).

    Returns
    -------
    pieces : (Y, X) int32.
    n_pieces : how many.
    """
    height, width = labels.shape
    pieces = np.zeros((height, width), dtype=np.int32)
    parent = np.empty(height * width + 1, dtype=np.int32)
    n_provisional = 0
    for y in range(height):
        for x in range(width):
            label = labels[y, x]
            if label == 0:
                continue
            above = pieces[y - 1, x] if y > 0 and labels[y - 1, x] == label else 0
            left = pieces[y, x - 1] if x > 0 and labels[y, x - 1] == label else 0
            if above == 0 and left == 0:
                n_provisional += 1
                parent[n_provisional] = n_provisional
                pieces[y, x] = n_provisional
            elif above == 0 or left == 0:
                pieces[y, x] = above + left
            else:
                one, other = find_root(parent, above), find_root(parent, left)
                parent[max(one, other)] = min(one, other)
                pieces[y, x] = min(one, other)
    number = np.zeros(n_provisional + 1, dtype=np.int32)
    n_pieces = 0
    for provisional in range(1, n_provisional + 1):
        root = find_root(parent, provisional)
        if root == provisional:
            n_pieces += 1
            number[provisional] = n_pieces
        else:
            number[provisional] = number[root]
    for y in range(height):
        for x in range(width):
            pieces[y, x] = number[pieces[y, x]]
    return pieces, n_pieces


@compiled
def label_moments(labels: I32, image: F32, highest: int) -> F64:
    """Sums per label 0..highest: 1, y, x, y², x², yx, image, image² (pixel numbers, not centres)."""
    sums = np.zeros((highest + 1, 8), dtype=np.float64)
    for y in range(labels.shape[0]):
        for x in range(labels.shape[1]):
            label = labels[y, x]
            if label == 0:
                continue
            value = np.float64(image[y, x])
            sums[label, 0] += 1.0
            sums[label, 1] += y
            sums[label, 2] += x
            sums[label, 3] += y * y
            sums[label, 4] += x * x
            sums[label, 5] += y * x
            sums[label, 6] += value
            sums[label, 7] += value * value
    return sums


@compiled
def _push(costs: F64, pixels: I64, size: int, cost: float, pixel: int) -> None:
    """Put one entry into a binary heap that holds ``size`` entries."""
    at = size
    while at > 0 and costs[(at - 1) // 2] > cost:
        costs[at] = costs[(at - 1) // 2]
        pixels[at] = pixels[(at - 1) // 2]
        at = (at - 1) // 2
    costs[at] = cost
    pixels[at] = pixel


@compiled
def _pop(costs: F64, pixels: I64, size: int) -> None:
    """Take the first entry out of a binary heap that holds ``size`` entries."""
    cost, pixel = costs[size - 1], pixels[size - 1]
    at = 0
    while 2 * at + 1 < size - 1:
        child = 2 * at + 1
        if child + 1 < size - 1 and costs[child + 1] < costs[child]:
            child += 1
        if costs[child] >= cost:
            break
        costs[at] = costs[child]
        pixels[at] = pixels[child]
        at = child
    costs[at] = cost
    pixels[at] = pixel


@compiled
def propagate(seeds: I32, image: F32, mask: Mask, regularisation: float, furthest: float) -> I32:
    """Grow seeds over ``mask`` along cheapest paths; a step costs sqrt(Δimage² + regularisation · Δx²).

    Δimage is the difference of the 3 × 3 means at both ends, Δx the step's length in pixels (Jones, Carpenter & Golland
    2005, eq. 4, with both terms multiplied by 1 + λ). Paths longer than ``furthest`` pixels end. Dijkstra, 8 neighbours.
    """
    height, width = seeds.shape
    mean = np.empty((height, width), dtype=np.float32)
    for y in range(height):
        for x in range(width):
            total = np.float32(0.0)
            for v in range(y - 1, y + 2):
                for u in range(x - 1, x + 2):
                    total += image[min(max(v, 0), height - 1), min(max(u, 0), width - 1)]
            mean[y, x] = total / np.float32(9.0)
    labels = seeds.copy()
    cost_of = np.full((height, width), np.inf)
    path = np.zeros((height, width), dtype=np.float32)
    done = np.zeros((height, width), dtype=np.bool_)
    costs = np.empty(9 * height * width, dtype=np.float64)
    pixels = np.empty(9 * height * width, dtype=np.int64)
    size = 0
    for y in range(height):
        for x in range(width):
            if seeds[y, x] > 0:
                cost_of[y, x] = 0.0
                _push(costs, pixels, size, 0.0, y * width + x)
                size += 1
    while size > 0:
        y = pixels[0] // width
        x = pixels[0] % width
        _pop(costs, pixels, size)
        size -= 1
        if done[y, x]:
            continue
        done[y, x] = True
        for v in range(max(y - 1, 0), min(y + 2, height)):
            for u in range(max(x - 1, 0), min(x + 2, width)):
                if done[v, u] or seeds[v, u] > 0 or not mask[v, u]:
                    continue
                square = float((v - y) * (v - y) + (u - x) * (u - x))
                length = path[y, x] + np.float32(np.sqrt(square))
                change = np.float64(mean[v, u]) - np.float64(mean[y, x])
                cost = cost_of[y, x] + np.sqrt(change * change + regularisation * square)
                if length <= furthest and cost < cost_of[v, u]:
                    cost_of[v, u] = cost
                    path[v, u] = length
                    labels[v, u] = labels[y, x]
                    _push(costs, pixels, size, cost, v * width + u)
                    size += 1
    return labels
