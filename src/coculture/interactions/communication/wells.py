"""The communication of one well as numbers for its row in the well table.

====================================================  ================================================================
``well_signal_slope_per_neighbour_<type>_<of>_<signal>``  slope of a signal of cells ``of`` per neighbour of the type
``well_death_slope_per_neighbour_<type>_<of>``        log odds of death per step and neighbour
``well_division_slope_per_neighbour_<type>_<of>``     log odds of division per step and neighbour
``well_speed_slope_per_neighbour_<type>_<of>``        change of speed per neighbour, µm/min
``well_transfer_slope_<donor>_<receiver>_<signal>``   level of a signal in receivers per µm · signal of donors touched
====================================================  ================================================================

Slopes only: how sure a slope is, is judged between wells. What is not defined in the well is left out, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from coculture.interactions.communication.slopes import neighbour_slopes
from coculture.interactions.communication.transfer import signal_transfer
from coculture.interactions.dynamics.timeline import Timeline

_EVENTS = {"dies": "death", "divides": "division", "speed": "speed"}


def well_communication_numbers(
    cells: pd.DataFrame,
    contacts: pd.DataFrame,
    *,
    signals: Sequence[str] = (),
    transfers: Sequence[tuple[str, str, str]] = (),
    least_length_um: float = 0.0,
) -> dict[str, float]:
    """Return the communication slopes of one well, all its sites and times together.

    Parameters
    ----------
    cells, contacts : the well's tables. Contacts of cells that are not in the cell table are left out. Death, division and speed
        need tracks and are left out without.
    signals : columns of the cell table whose slope on neighbours is asked for.
    transfers : (signal, donor type, receiver type) of each transfer asked for; one whose types are not in the well is left out.
    least_length_um : contacts with a shorter border are left out.

    Raises
    ------
    InputError, DataError : as :meth:`Timeline.of`, or if a signal is no numeric column.
    """
    timeline = Timeline.of(cells, contacts, least_length_um=least_length_um, unknown="drop")
    numbers: dict[str, float] = {}
    for of in timeline.types:
        for name in signals:
            numbers |= _slopes(timeline, cells, of, name, "signal", f"_{_short(name)}")
        if bool(timeline.next_in_run.any()):
            for name, word in _EVENTS.items():
                numbers |= _slopes(timeline, cells, of, name, word, "")
    for signal, donor, receiver in transfers:
        if donor in timeline.types and receiver in timeline.types:
            effect = signal_transfer(timeline, cells, signal, donor, receiver, cluster="track").effect
            numbers[f"well_transfer_slope_{donor}_{receiver}_{_short(signal)}"] = effect.value
    return {name: value for name, value in numbers.items() if math.isfinite(value)}


def _slopes(timeline: Timeline, cells: pd.DataFrame, of: str, response: str, word: str, end: str) -> dict[str, float]:
    table = neighbour_slopes(timeline, cells, of, response, cluster="track", covariance="CR1").table
    kinds = table["term"].str.removeprefix("neighbours_")
    known = np.isfinite(table["effect"])
    return {
        f"well_{word}_slope_per_neighbour_{kind}_{of}{end}": float(value)
        for kind, value in zip(kinds[known], table.loc[known, "effect"], strict=True)
    }


def _short(signal: str) -> str:
    """Return a feature's name without the object it is of, which the grammar puts first."""
    head, _, rest = signal.partition("_")
    return rest if rest and head in ("cell", "nucleus", "cytoplasm", "ring") else signal
