"""Marks of about the same height, side by side instead of on top of each other."""

from __future__ import annotations

from collections.abc import Sequence


def swarm(heights: Sequence[float], half_width: float, size: float) -> list[float]:
    """Return a sideways offset for each mark so that marks of about the same height do not hide each other.

    Marks are taken in order of height; each goes to the free place nearest the middle. Where a row is full, marks
    overlap. The result depends on the heights alone.
    """
    offsets = [0.0] * len(heights)
    placed: list[tuple[float, float]] = []
    places = [0.0]
    while places[-1] + size <= half_width:
        step = places[-1] + size if places[-1] >= 0 else places[-1]
        places += [-step, step]
    for index in sorted(range(len(heights)), key=lambda i: (heights[i], i)):
        near = [(y, x) for y, x in placed[-80:] if heights[index] - y < size]
        free = [x for x in places if all(abs(x - other) > size * 0.9 for _, other in near)]
        offsets[index] = min(free, key=abs) if free else places[index % len(places)]
        placed.append((heights[index], offsets[index]))
    return offsets
