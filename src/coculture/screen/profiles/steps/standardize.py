"""Standardize: features come to one unit, the spread of all negative controls."""

from __future__ import annotations

import numpy as np

from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step
from coculture.screen.profiles.steps.plate_controls import control_rows


def standardize(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return ``(x - mean) / SD`` over the negative controls of the whole screen; features in which they do not vary go.

    To be had after ``centre``: otherwise the differences between plates are part of the SD.
    """
    control_rows(profiles, "standardize")
    controls = profiles.values[profiles.negative]
    mean, spread = controls.mean(axis=0), controls.std(axis=0, ddof=1)
    keep = spread > 1e-12 * np.abs(profiles.values).max(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = (profiles.values - mean) / spread
    note = f"features were divided by the SD of all negative controls; {(~keep).sum()} in which they do not vary were left out"
    return profiles.changed(values, "").kept(keep, note)


STEP = Step("standardize", standardize)
