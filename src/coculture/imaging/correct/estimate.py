"""Estimate the illumination field of one channel from the images of a plate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.imaging.correct import basic, median_smooth
from coculture.imaging.correct.field import IlluminationField, flat_field
from coculture.imaging.correct.sample import ReducedStack, gather
from coculture.imaging.correct.settings import IlluminationSettings, Method

_METHODS = {"median-smooth": median_smooth.estimate, "basic": basic.estimate}
_UNCERTAIN = 0.05
_DARKEST_SHARE = 0.7


def estimate_illumination(
    fields: Iterable[NDArray[Any]], method: Method, settings: IlluminationSettings | None = None
) -> IlluminationField:
    """Estimate how light falls off over the image.

    Parameters
    ----------
    fields : (Y, X) images of one channel, all of one size; read one after the other, never held at full size.
    method : 'median-smooth' (:mod:`~coculture.imaging.correct.median_smooth`), 'basic'
        (:mod:`~coculture.imaging.correct.basic`), or 'none', which looks at the first image's size only.
    settings : see :class:`IlluminationSettings`.

    Raises
    ------
    InputError : if the method is unknown or the images differ in size.
    DataError : if there are too few images, all are black, or the estimate is implausible.
    """
    settings = settings or IlluminationSettings()
    if method == "none":
        first = next(iter(fields), None)
        if first is None:
            raise DataError("there is no image of this channel", remedy="check the images of this channel")
        return flat_field((first.shape[0], first.shape[1]), 0, settings.offset)
    if method not in _METHODS:
        raise InputError(f"there is no illumination method {method!r}", remedy=f"use {', '.join([*_METHODS, 'none'])}")
    stack = gather(fields, settings)
    _check_number(stack, method, settings)
    found = _METHODS[method](stack)
    values = (found.values / found.values.mean()).astype(np.float32)
    field = IlluminationField(values, method, len(stack.images), settings.offset, found.uncertainty, found.statistic)
    _check_range(field, settings)
    return replace(field, notes=tuple(_notes(field, stack)))


def _check_number(stack: ReducedStack, method: str, settings: IlluminationSettings) -> None:
    needed = max(settings.minimum_images, 2)
    if len(stack.images) >= needed:
        return
    raise DataError(
        f"method {method!r} has {len(stack.images)} images, too few to tell the light's pattern from the cells'",
        where="illumination",
        remedy=f"use {needed} or more images of the channel, or method 'none'",
    )


def _check_range(field: IlluminationField, settings: IlluminationSettings) -> None:
    lowest, highest = float(field.values.min()), float(field.values.max())
    if settings.lowest <= lowest and highest <= 1 / settings.lowest and np.isfinite(lowest + highest):
        return
    raise DataError(
        f"the estimated light runs from {lowest:.2f} to {highest:.2f} of its mean, which no microscope does",
        where="illumination",
        remedy="look at the channel's images: too few cells, one bright object, or a wrong offset; or choose method 'none'",
    )


def _notes(field: IlluminationField, stack: ReducedStack) -> list[str]:
    notes = []
    if field.uncertainty > _UNCERTAIN:
        notes.append(
            f"the illumination field is uncertain by {field.uncertainty:.0%} (two halves of the images disagree); "
            "more images would help, and method 'none' may serve better"
        )
    darkest = float(stack.images.min())
    if field.offset == 0.0 and darkest > _DARKEST_SHARE * float(np.median(stack.images)):
        notes.append(
            f"the darkest place of any image reads {darkest:.0f}: if the camera adds an offset, state it, "
            "or the field looks flatter than it is"
        )
    return notes
