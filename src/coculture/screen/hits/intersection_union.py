"""Several tests that must all agree: the intersection-union test (Berger 1982, Technometrics 24:295).

A claim that holds only if *every one* of several effects is there is tested at level α by testing each of them at level α: the
p-value is the largest. No correction is needed, and it is cautious where several effects are absent at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.base import Estimate, p_values
from coculture.screen.hits.sense import Sense
from coculture.screen.settings import Direction


@dataclass(frozen=True)
class OneSided:
    """p-values that the raw read-out rose, and that it fell: (treatments,) each, NaN where it could not be tested."""

    up: Floats
    down: Floats


def one_sided(effect: Floats, estimate: Estimate, sense: Sense = 1, fall_beyond: Floats | float = 0.0) -> OneSided:
    """Return the test of an effect to either side; ``sense`` is -1 where the scale falls as the raw read-out rises.

    ``fall_beyond``: a fall on the scale up to this size counts as none (a test against a margin, not against 0).
    """
    up, down = p_values(effect, estimate, "up"), p_values(effect + fall_beyond, estimate, "down")
    return OneSided(up, down) if sense == 1 else OneSided(down, up)


def intersection_union(tests: Sequence[OneSided], direction: Direction) -> Floats:
    """Return the p-value that all effects are there in one direction; NaN where one of them could not be tested.

    ``both`` asks for either direction, the same for all: twice the smaller of the two, at most 1.
    """
    up: Floats = np.max([test.up for test in tests], axis=0)
    down: Floats = np.max([test.down for test in tests], axis=0)
    if direction == "both":
        return np.minimum(2.0 * np.minimum(up, down), 1.0)
    return up if direction == "up" else down
