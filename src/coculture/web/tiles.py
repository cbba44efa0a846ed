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

from coculture.store.images import FieldFacts, Region, read_labels, read_pixels
from coculture.web.lights import Light

SIDE = 512
"""Pixels of a tile's side."""

RIM = (255, 202, 58, 255)


def field_size(path: Path, well: str, site: int) -> tuple[int, int]:
    """Return (width, height) of a field at full size."""
    height, width = read_pixels(path, well, site, 0, region=(slice(None), slice(None))).shape[1:]
    return int(width), int(height)


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
    total = np.zeros((*pixels.shape[1:], 3), np.float32)
    for light in lights:
        grey = pixels[channels.index(light.channel)].astype(np.float32)
        share = np.clip((grey - light.low) / (light.high - light.low), 0.0, 1.0)
        total += share[:, :, None] * np.array(light.rgb, np.float32)
    return np.clip(total, 0, 255).astype(np.uint8)


def outline_tile(path: Path, well: str, site: int, time: int, level: int, place: tuple[int, int], name: str) -> bytes:
    """Return the rims of a label image in one tile, on nothing, as PNG.

    Raises
    ------
    HTTPException : 404 where there is no such tile.
    """
    labels = read_labels(path, well, site, name, level, t_index=time, region=_region(place))
    _need(labels.shape)
    rim = np.zeros(labels.shape, np.bool_)
    rim[:-1] |= labels[:-1] != labels[1:]
    rim[:, :-1] |= labels[:, :-1] != labels[:, 1:]
    picture = np.zeros((*labels.shape, 4), np.uint8)
    picture[rim] = RIM
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
