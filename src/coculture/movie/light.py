"""From greys to coloured light: between which greys a channel is shown, channels added up, and the rims of outlines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.movie.colours import Colour
from coculture.store.images.field import FieldFacts
from coculture.store.images.reading import read_pixels

Window = tuple[float, float]
"""The grey that is black, and the grey that is full light."""


def windows_of(path: Path, well: str, site: int, facts: FieldFacts, percentiles: tuple[float, float]) -> tuple[Window, ...]:
    """Return the window of every channel of a field, the same for all times.

    Parameters
    ----------
    path : the plate's images.
    well, site : which field.
    facts : what is kept of it.
    percentiles : of the greys of its first, middle and last image at the smallest kept size.
    """
    times = sorted({0, len(facts.t_min) // 2, len(facts.t_min) - 1})
    greys = np.stack([read_pixels(path, well, site, facts.levels - 1, t_index=time) for time in times])
    found = []
    for number in range(len(facts.channels)):
        low, high = np.percentile(greys[:, number], percentiles)
        found.append((float(low), float(max(high, low + 1.0))))
    return tuple(found)


def added_light(shown: Iterable[tuple[NDArray[np.floating[Any]], Window, Colour]], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Return (Y, X, 3) the channels as light added up; each is (Y, X) greys, its window and its colour."""
    total = np.zeros((*shape, 3), np.float32)
    for grey, (low, high), colour in shown:
        share = np.clip((grey - low) / (high - low), 0.0, 1.0)
        total += share[:, :, None] * np.array(colour, np.float32)
    return np.clip(total, 0, 255).astype(np.uint8)


def rims(labels: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    """Return (Y, X) the pixels whose label differs from that of the pixel below or to the right."""
    rim = np.zeros(labels.shape, np.bool_)
    rim[:-1] |= labels[:-1] != labels[1:]
    rim[:, :-1] |= labels[:, :-1] != labels[:, 1:]
    return rim
