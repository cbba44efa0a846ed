"""What a normalisation is: a function from the readings of a screen to one number per well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coculture.screen.group_statistics import Floats
from coculture.screen.well_table import Readings


@dataclass(frozen=True)
class Normalised:
    """Values on a scale.

    Attributes
    ----------
    values : (n,) one number per well, NaN where the scale cannot be had.
    lacking : number of the strata for which it cannot be had, and why in one clause each: ``{3: "no positive control"}``.
    remarks : sentences a reader of the whole result must know.
    """

    values: Floats
    lacking: dict[int, str]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Normalisation:
    """One scale.

    Attributes
    ----------
    name : as settings name it, ``percent-of-control``.
    column : as the table of normalised wells names it.
    label : unit of the scale as a person reads it.
    apply : from readings to values; never raises for want of controls but says so in ``lacking``.
    on_request : whether it is computed only for read-outs that are judged on it, because it takes long.
    noted : whether a reader is told where it cannot be had although nothing is judged on it.
    """

    name: str
    column: str
    label: str
    apply: Callable[[Readings], Normalised]
    on_request: bool = False
    noted: bool = True
