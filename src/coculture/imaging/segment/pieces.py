"""Mend label images: fill holes, keep one piece a label."""

from __future__ import annotations

import numpy as np

from coculture.imaging.kernels import label_counts
from coculture.imaging.segment.base import Labels, Mask
from coculture.imaging.segment.kernels import connected_pieces, nearest_label


def fill_holes(mask: Mask, most_pixels: float = np.inf) -> Mask:
    """Fill background that the foreground encloses, where a hole has at most ``most_pixels``.

    Background is 4-connected. What reaches the edge of the image is no hole.
    """
    holes, n_holes = connected_pieces((~mask).astype(np.int32))
    filled: Mask = mask | _is_small_hole(holes, n_holes, most_pixels)[holes]
    return filled


def fill_label_holes(labels: Labels, most_pixels: float = np.inf) -> Labels:
    """Fill enclosed background of at most ``most_pixels`` with the nearest label."""
    holes, n_holes = connected_pieces((labels == 0).astype(np.int32))
    small = _is_small_hole(holes, n_holes, most_pixels)
    if not small.any():
        return labels
    _, nearest = nearest_label(labels)
    return np.where(small[holes], nearest, labels)


def largest_piece(labels: Labels) -> Labels:
    """Keep the largest 4-connected piece of every label (the first in reading order of equals)."""
    pieces, n_pieces = connected_pieces(labels)
    areas = label_counts(pieces, n_pieces)
    owners = np.zeros(areas.size, dtype=np.int32)
    owners[pieces.ravel()] = labels.ravel()
    by_owner = np.lexsort((np.arange(areas.size), -areas, owners))
    first = np.ones(areas.size, dtype=np.bool_)
    first[1:] = owners[by_owner][1:] != owners[by_owner][:-1]
    kept = np.zeros(areas.size, dtype=np.int32)
    kept[by_owner[first]] = owners[by_owner[first]]
    largest: Labels = kept[pieces]
    return largest


def _is_small_hole(holes: Labels, n_holes: int, most_pixels: float) -> Mask:
    areas = label_counts(holes, n_holes)
    small = areas <= most_pixels
    small[np.concatenate([holes[0], holes[-1], holes[:, 0], holes[:, -1]])] = False
    small[0] = False
    return small
