"""Outlines of labelled objects as one path: sharp at any size, and a reader can turn them off."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Vertex = tuple[int, int]


def outline_path(labels: NDArray[np.int32]) -> str:
    """Return the ``d`` of a path around every object, in half pixels (x right, y down, from the top-left corner).

    The path joins the middles of the pixel edges between an object and anything else, as marching squares at one half
    do; runs in one direction are written once. Objects cut by the image's border are closed along it.

    Parameters
    ----------
    labels : int32 (Y, X), 0 is background.
    """
    return "".join(_written(loop) for loop in _loops(labels))


def _loops(labels: NDArray[np.int32]) -> list[list[Vertex]]:
    """Return each border as a ring of edge middles in half pixels, clockwise around the object."""
    rings = []
    following = _edges(labels)
    for start in sorted(following):
        while following.get(start):
            rings.append(_ring(start, following))
    return [ring for ring in rings if len(ring) > 2]


def _ring(start: tuple[int, int, int], following: dict[tuple[int, int, int], list[Vertex]]) -> list[Vertex]:
    label, x, y = start
    middles: list[Vertex] = []
    while True:
        ways = following.get((label, x, y))
        if not ways:
            return middles
        x_next, y_next = ways.pop()
        middles.append((x + x_next, y + y_next))
        x, y = x_next, y_next


def _edges(labels: NDArray[np.int32]) -> dict[tuple[int, int, int], list[Vertex]]:
    """Return (label, corner) → the corners that follow it on the border of the label, the object on the right."""
    padded = np.pad(labels, 1)
    inner = padded[1:-1, 1:-1]
    sides = (
        (padded[:-2, 1:-1], (0, 0), (1, 0)),
        (padded[1:-1, 2:], (1, 0), (1, 1)),
        (padded[2:, 1:-1], (1, 1), (0, 1)),
        (padded[1:-1, :-2], (0, 1), (0, 0)),
    )
    following: dict[tuple[int, int, int], list[Vertex]] = {}
    for beyond, (ax, ay), (bx, by) in sides:
        rows, columns = np.nonzero((inner != 0) & (inner != beyond))
        for y, x, label in zip(rows.tolist(), columns.tolist(), inner[rows, columns].tolist(), strict=True):
            following.setdefault((label, x + ax, y + ay), []).append((x + bx, y + by))
    return following


def _written(ring: list[Vertex]) -> str:
    steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(ring)]
    merged: list[list[int]] = []
    last = (0, 0)
    for step in steps:
        if step == last:
            merged[-1][0] += step[0]
            merged[-1][1] += step[1]
        else:
            merged.append(list(step))
        last = step
    text = " ".join(f"{x} {y}" for x, y in merged).replace(" -", "-")
    return f"M{ring[0][0]} {ring[0][1]}l{text}z"
