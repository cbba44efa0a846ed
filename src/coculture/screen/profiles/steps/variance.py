"""Variance: features that hold nearly one value."""

from __future__ import annotations

import numpy as np

from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step


def variance(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return the profiles without features whose commonest value fills more than ``commonest_fraction`` of the wells."""
    n = len(profiles.values)
    commonest = np.array([np.unique(column, return_counts=True)[1].max() for column in profiles.values.T])
    keep = commonest <= settings.commonest_fraction * n
    return profiles.kept(keep, f"{(~keep).sum()} features of nearly one value were left out")


STEP = Step("variance", variance)
