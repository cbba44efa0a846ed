"""Robustize: distance from the plate's negative controls in their MAD."""

from __future__ import annotations

import numpy as np

from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step
from coculture.screen.profiles.steps.plate_controls import control_rows, medians, spreads


def robustize(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return ``(x - median₋) / (1.4826 MAD₋)`` within each plate; features whose MAD is zero on a plate are left out.

    No small number is added to the MAD, which would make features that hardly vary the loudest of all.
    """
    plates, rows = control_rows(profiles, "robustize")
    middle = medians(profiles, rows)
    spread = spreads(profiles, rows, middle)
    keep = np.asarray((spread > 0).all(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        values = (profiles.values - middle[plates]) / spread[plates]
    note = f"each plate was robustized on its negative controls; {(~keep).sum()} features without spread on a plate were left out"
    return profiles.changed(values, "").kept(keep, note)


STEP = Step("robustize", robustize)
