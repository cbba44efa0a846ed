"""What living cells give off and take up, given from outside as fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Saturable:
    """Uptake ``highest c / (half_um + c)`` in every cell of the grid (Michaelis and Menten).

    Attributes
    ----------
    highest : (Y, X) rate at saturation, µM·µm³/min.
    half_um : concentration of half the rate, µM, above 0.
    """

    highest: Floats
    half_um: float


@dataclass(frozen=True, eq=False)
class Sources:
    """Sources and sinks by name of the solute; what is not named is 0.

    Attributes
    ----------
    secretion : (Y, X) µM·µm³/min given off into each cell of the grid.
    uptake_per_min : (Y, X) first-order rate at which each cell's reachable volume is cleared, 1/min.
    saturable : saturable uptake.
    """

    secretion: Mapping[str, Floats] = field(default_factory=dict)
    uptake_per_min: Mapping[str, Floats] = field(default_factory=dict)
    saturable: Mapping[str, Saturable] = field(default_factory=dict)


def check_sources(sources: Sources, names: list[str], is_open: NDArray[np.bool_]) -> None:
    """Refuse what cannot be used.

    Raises
    ------
    InputError : for an unknown solute, a wrong shape, a number that is negative or not finite, or one inside a wall.
    """
    for kind, fields in (("secretion", sources.secretion), ("uptake_per_min", sources.uptake_per_min)):
        for name, values in fields.items():
            _check_field(values, f"sources.{kind}['{name}']", name, names, is_open)
    for name, law in sources.saturable.items():
        where = f"sources.saturable['{name}']"
        _check_field(law.highest, where, name, names, is_open)
        if not np.isfinite(law.half_um) or law.half_um <= 0:
            raise InputError(f"half_um is {law.half_um}", where, "give a concentration above 0, in µM")


def _check_field(values: Floats, where: str, name: str, names: list[str], is_open: NDArray[np.bool_]) -> None:
    if name not in names:
        raise InputError(f"there is no solute '{name}'", where, "solutes are: " + ", ".join(names))
    if np.shape(values) != is_open.shape:
        raise InputError(f"the shape is {np.shape(values)}", where, f"give one value a cell of the grid: {is_open.shape}")
    wrong = ~np.isfinite(values) | (np.asarray(values) < 0)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise InputError(
            f"{np.asarray(values)[row, column]} in cell (row {row}, column {column})",
            where,
            "give finite numbers >= 0; a constant sink would turn concentrations negative: use uptake_per_min or saturable",
        )
    inside = (np.asarray(values) > 0) & ~is_open
    if inside.any():
        row, column = np.argwhere(inside)[0]
        raise InputError(f"cell (row {row}, column {column}) is a wall", where, "give off and take up in open cells only")
