"""Squares of a field's pyramid as PNG: its channels as light added up, or the rims of its outlines."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from fastapi import HTTPException
from numpy.typing import NDArray
from PIL import Image

from coculture.movie.light import added_light, rims
from coculture.store.images.field import FieldFacts
from coculture.store.images.reading import Region, read_labels, read_pixels
from coculture.web.lights import Light

SIDE = 512
"""Pixels of a tile's side."""

RIM = (255, 202, 58, 255)


def light_tile(
    path: Path, well: str, site: int, time: int, level: int, place: tuple[int, int], lights: Sequence[Light], facts: FieldFacts
) -> bytes:
    """Return one tile as PNG.

    Parameters
    ----------
    path : the plate's images.
    well, site, time : which field.
    level : of the pyramid, 0 is full size.
    place : (column, row) of the tile.
    lights : the channels shown.
    facts : what is kept of the field.

    Raises
    ------
    HTTPException : 404 where there is no such tile.
    """
    pixels = read_pixels(path, well, site, level, t_index=time, region=_region(place))
    _need(pixels.shape[1:])
    return png(as_light(pixels, lights, facts.channels))


def as_light(pixels: NDArray[Any], lights: Sequence[Light], channels: Sequence[str]) -> NDArray[np.uint8]:
    """Return (C, Y, X) pixels as (Y, X, 3) light, the channels added up."""
    shown = ((pixels[channels.index(one.channel)].astype(np.float32), (one.low, one.high), one.rgb) for one in lights)
    return added_light(shown, pixels.shape[1:])


def outline_tile(path: Path, well: str, site: int, time: int, level: int, place: tuple[int, int], name: str) -> bytes:
    """Return the rims of a label image in one tile, on nothing, as PNG.

    Raises
    ------
    HTTPException : 404 where there is no such tile.
    """
    labels = read_labels(path, well, site, name, level, t_index=time, region=_region(place))
    _need(labels.shape)
    picture = np.zeros((*labels.shape, 4), np.uint8)
    picture[rims(labels)] = RIM
    return png(picture)


def png(picture: NDArray[np.uint8]) -> bytes:
    """Return (Y, X, 3 or 4) as PNG, quickly rather than small."""
    file = io.BytesIO()
    Image.fromarray(picture).save(file, format="png", compress_level=1)
    return file.getvalue()


def _region(place: tuple[int, int]) -> Region:
    column, row = place
    return slice(row * SIDE, (row + 1) * SIDE), slice(column * SIDE, (column + 1) * SIDE)


def _need(shape: Sequence[int]) -> None:
    if 0 in shape:
        raise HTTPException(404)
