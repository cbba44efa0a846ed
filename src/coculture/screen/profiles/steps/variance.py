"""Variance: features that hold nearly one value."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step


def variance(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return the profiles without features whose commonest value fills more than ``commonest_fraction`` of the wells."""
    n = len(profiles.values)
    most = settings.commonest_fraction * n
    keep = np.array([_commonest(column, most) <= most for column in profiles.values.T], dtype=bool)
    return profiles.kept(keep, f"{(~keep).sum()} features of nearly one value were left out")


def _commonest(column: Floats, most: float) -> int:
    """Return how often the commonest value occurs; where ``most`` is at least half of all, a lower number may come back below it.

    A value that fills more than half of a column lies in the middle of the sorted column, so that no other need be counted.
    """
    if 2 * most >= len(column) and not np.isnan(column).any():
        middle = np.partition(column, len(column) // 2)[len(column) // 2]
        return int((column == middle).sum())
    return int(np.unique(column, return_counts=True)[1].max())


STEP = Step("variance", variance)
