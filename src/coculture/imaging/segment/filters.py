"""Leave out labels by size or place. What stays keeps its number."""

from __future__ import annotations

import numpy as np

from coculture.imaging.segment.base import Labels, Mask


def drop_touching_border(labels: Labels) -> Labels:
    """Leave out labels that reach the first or last row or column."""
    rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    dropped = np.zeros(int(labels.max(initial=0)) + 1, dtype=np.bool_)
    dropped[rim] = True
    return without(labels, dropped)


def drop_by_area(labels: Labels, minimum_um2: float | None, maximum_um2: float | None, pixel_size_um: float) -> Labels:
    """Leave out labels whose area lies outside the limits; None sets no limit."""
    if minimum_um2 is None and maximum_um2 is None:
        return labels
    areas = np.bincount(labels.ravel()) * pixel_size_um**2
    low = 0.0 if minimum_um2 is None else minimum_um2
    high = np.inf if maximum_um2 is None else maximum_um2
    return without(labels, (areas < low) | (areas > high))


def without(labels: Labels, dropped: Mask) -> Labels:
    """Turn every label for which ``dropped[label]`` holds into background."""
    numbers = np.arange(dropped.size, dtype=np.int32)
    numbers[dropped] = 0
    kept: Labels = numbers[labels]
    return kept
