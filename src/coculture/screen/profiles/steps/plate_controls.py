"""The negative controls of each plate, as steps need them."""

from __future__ import annotations

import numpy as np

from coculture.errors import DataError
from coculture.screen.group_statistics import MAD_TO_SD, Floats, Integers
from coculture.screen.profiles.profiles import Profiles

FEWEST_CONTROLS = 2


def control_rows(profiles: Profiles, step: str) -> tuple[Integers, list[Integers]]:
    """Return the plate of each well, and the rows of every plate's negative controls.

    Raises
    ------
    DataError : a plate has fewer than two negative controls.
    """
    plates = profiles.codes("plate")
    rows = [np.flatnonzero((plates == plate) & profiles.negative) for plate in range(int(plates.max()) + 1)]
    poor = [plate for plate, own in enumerate(rows) if len(own) < FEWEST_CONTROLS]
    if poor:
        name = profiles.wells["plate"].iloc[int(np.flatnonzero(plates == poor[0])[0])]
        what = f"{len(poor)} plates have fewer than {FEWEST_CONTROLS} negative controls, first '{name}'"
        raise DataError(what, f"profiles, step {step}", "give the vehicle wells the role negative, or leave the step out")
    return plates, rows


def medians(profiles: Profiles, rows: list[Integers]) -> Floats:
    """Return (plates, p) medians of the controls."""
    return np.stack([np.median(profiles.values[own], axis=0) for own in rows])


def spreads(profiles: Profiles, rows: list[Integers], middle: Floats) -> Floats:
    """Return (plates, p) 1.4826 MAD of the controls."""
    away = [np.abs(profiles.values[own] - centre) for own, centre in zip(rows, middle, strict=True)]
    return np.stack([MAD_TO_SD * np.median(one, axis=0) for one in away])
