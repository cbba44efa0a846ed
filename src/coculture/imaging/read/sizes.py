"""How large an image may say it is; a header can claim anything, and memory is taken on its word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from coculture.errors import FileError

LARGEST_SIDE = 65_535
LARGEST_PLANE_BYTES = 2**28
"""268 MB: 16-bit images of 11 585 x 11 585 pixels. Cameras make a tenth of it."""

MOST_PLANES = 100_000
"""Channels times focal planes times time points of one file."""


def require_size(shape: tuple[int, int], bytes_a_pixel: int, path: Path) -> None:
    """Refuse a plane (Y, X) that no camera makes; FileError."""
    height, width = shape
    if not (0 < height <= LARGEST_SIDE and 0 < width <= LARGEST_SIDE):
        raise FileError(f"an image of {width} x {height} pixels cannot be used", str(path), "export single fields of view")
    if height * width * bytes_a_pixel > LARGEST_PLANE_BYTES:
        size, most = height * width * bytes_a_pixel / 1e6, LARGEST_PLANE_BYTES // 10**6
        raise FileError(
            f"an image of {width} x {height} pixels ({size:.0f} MB) is larger than the {most} MB that are read",
            str(path),
            "export single fields of view, not stitched wells",
        )


def require_count(lead: Sequence[int], where: str) -> int:
    """Return how many planes leading axes make; FileError where they are none or more than any file holds."""
    count = math.prod(lead)
    if not (all(0 < size <= MOST_PLANES for size in lead) and count <= MOST_PLANES):
        told = " x ".join(f"{size:.6g}" if abs(size) > 10**9 else str(size) for size in lead)
        raise FileError(
            f"the metadata describe {told} channels, focal planes and time points; 1 to {MOST_PLANES} planes can be used",
            where,
            "export the image again",
        )
    return count
