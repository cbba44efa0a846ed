"""Uneven light: estimate each channel's illumination field over the plate, and divide it out.

>>> from coculture.imaging.correct import correct, estimate_illumination
>>> field = estimate_illumination(index.images_of("dna", at_most=96), "median-smooth")
>>> even = correct(image, field)

The door is lazy, as that of :mod:`coculture.imaging.read`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coculture.imaging.correct.estimate import estimate_illumination as estimate_illumination
    from coculture.imaging.correct.field import IlluminationField as IlluminationField
    from coculture.imaging.correct.field import correct as correct
    from coculture.imaging.correct.settings import IlluminationSettings as IlluminationSettings

_DOOR = {
    "IlluminationField": "field",
    "IlluminationSettings": "settings",
    "correct": "field",
    "estimate_illumination": "estimate",
}


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
