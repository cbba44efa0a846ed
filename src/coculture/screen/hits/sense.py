"""Which way a rise of the raw read-out points on the scale it is judged on.

Every scale keeps the sense of the read-out but one: on the normalised percent effect the positive controls stand at 100
whichever way they moved, so where they lie below the negative controls a fall of the read-out is a rise on the scale. A
read-out's ``direction`` always speaks of the raw read-out.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from coculture.errors import DataError
from coculture.screen.group_statistics import Floats
from coculture.screen.settings import Direction
from coculture.screen.well_table import Readings

Sense = Literal[1, -1]

_TURNED: dict[Direction, Direction] = {"up": "down", "down": "up", "both": "both"}


def sense_of(readings: Readings, scale: Floats) -> Sense:
    """Return 1 where the scale rises with the raw read-out, -1 where it falls.

    Parameters
    ----------
    readings : the read-out, (n,) raw values.
    scale : (n,) the same wells on the scale; NaN where it cannot be had.

    Raises
    ------
    DataError : if it rises on some plates and falls on others.
    """
    senses = set()
    for code in np.unique(readings.stratum):
        chosen = (readings.stratum == code) & np.isfinite(scale) & np.isfinite(readings.values)
        raw, scaled = readings.values[chosen], scale[chosen]
        if raw.size > 1 and np.ptp(raw) > 0:
            senses.add(bool(np.dot(raw - raw.mean(), scaled - scaled.mean()) >= 0))
    if len(senses) > 1:
        raise DataError(
            "the positive controls lie above the negative controls on some plates and below them on others",
            f"readout '{readings.readout.name}'",
            "look at the controls of each plate, or judge it on a scale without positive controls, such as 'robust-z'",
        )
    return -1 if senses == {False} else 1


def on_scale(direction: Direction, sense: Sense) -> Direction:
    """Return the direction on the scale in which the raw read-out's ``direction`` shows."""
    return direction if sense == 1 else _TURNED[direction]
