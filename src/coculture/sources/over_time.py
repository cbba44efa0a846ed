"""From the tracked tables of one well to its numbers over time: motion, contact dynamics, communication.

The numbers and their definitions are those of :mod:`coculture.interactions.motion.wells`,
:mod:`coculture.interactions.dynamics.wells` and :mod:`coculture.interactions.communication.wells`; here they are asked for
with one well's settings, and what was left out of them is gathered in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from coculture.interactions.communication.wells import well_communication_numbers
from coculture.interactions.dynamics.timeline import Timeline
from coculture.interactions.dynamics.wells import well_dynamics_numbers
from coculture.interactions.motion.cell_features import motion_features
from coculture.interactions.motion.settings import MotionSettings
from coculture.interactions.motion.wells import well_motion_numbers
from coculture.sources.well_numbers import WellNumbers


@dataclass(frozen=True)
class DynamicsSettings:
    """When contacts begin, end and are long.

    Attributes
    ----------
    bridge_frames : an absence of so many time points does not end a contact.
    long_min : contacts that last at least as long count as long; None: no such number.
    horizon_min : mean dwell times are taken up to here; None: no such number.
    """

    bridge_frames: int = 0
    long_min: float | None = None
    horizon_min: float | None = None


@dataclass(frozen=True)
class CommunicationSettings:
    """What cells are asked to tell one another.

    Attributes
    ----------
    signals : features whose slope on neighbours is asked for.
    transfers : (signal, donor type, receiver type) of each transfer asked for.
    """

    signals: tuple[str, ...] = ()
    transfers: tuple[tuple[str, str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.signals or self.transfers)


@dataclass(frozen=True)
class TimeSettings:
    """How tracks become numbers."""

    motion: MotionSettings = field(default_factory=MotionSettings)
    dynamics: DynamicsSettings = field(default_factory=DynamicsSettings)


def with_motion(cells: pd.DataFrame, settings: MotionSettings) -> pd.DataFrame:
    """Return a tracked cell table with the feature columns ``cell_motion_…`` (see :func:`motion_features`)."""
    return pd.concat([cells, motion_features(cells, settings)], axis=1)


def numbers_over_time(
    cells: pd.DataFrame, contacts: pd.DataFrame, cell_types: Sequence[str], settings: TimeSettings
) -> WellNumbers:
    """Return the numbers of motion and of contact dynamics of one tracked well, all its sites and times together.

    Parameters
    ----------
    cells, contacts : the well's tables, tracked.
    cell_types : the types the screen tells apart.
    settings : how.
    """
    motion = well_motion_numbers(cells, settings.motion, contacts=contacts, cell_types=cell_types)
    asked = settings.dynamics
    dynamics = well_dynamics_numbers(
        cells, contacts, bridge_frames=asked.bridge_frames, horizon_min=asked.horizon_min, long_min=asked.long_min
    )
    left_out = Timeline.of(cells, contacts, unknown="drop").notes
    return WellNumbers(motion.numbers | dynamics, (*(f"motion: {note}" for note in motion.notes), *left_out))


def communication_numbers(cells: pd.DataFrame, contacts: pd.DataFrame, asked: CommunicationSettings) -> WellNumbers:
    """Return the communication slopes of one well.

    Parameters
    ----------
    cells, contacts : the well's tables. Give one time point where cells are not tracked: rows are joined by ``track_id``.
    asked : signals and transfers. Slopes of division, death and speed come with tracks, asked for or not.
    """
    numbers = well_communication_numbers(cells, contacts, signals=asked.signals, transfers=asked.transfers)
    present = set(cells["cell_type"])
    absent = sorted({kind for _, *pair in asked.transfers for kind in pair if kind not in present})
    return WellNumbers(numbers, tuple(f"no transfer from or to '{kind}': the well has none" for kind in absent))
