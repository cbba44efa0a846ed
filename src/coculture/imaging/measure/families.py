"""Every family of features by name; a family is one module with ``measure(objects)`` and ``names(channels)``."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from coculture.errors import InputError

FAMILIES = (
    *("shape", "moments", "intensity", "translocation", "colocalisation", "correlation"),
    *("radial", "texture", "granularity", "zernike", "neighbours"),
)
"""What a recipe may ask for, in the order of the columns."""


def family(name: str) -> ModuleType:
    """Return the module of a family.

    Raises
    ------
    InputError : if there is no such family.
    """
    if name not in FAMILIES:
        raise InputError(f"unknown family of features '{name}'", "measure.families", "use some of: " + ", ".join(FAMILIES))
    return import_module(f"coculture.imaging.measure.{name}")


def feature_names(families: Sequence[str], channels: tuple[str, ...]) -> list[str]:
    """Return the names of all features that will be measured, in order.

    Raises
    ------
    InputError : if a family is not known.
    """
    return [feature for name in families for feature in family(name).names(channels)]
