"""Blocklist: features that tell where a cell lies or how it is numbered, not what it is like."""

from __future__ import annotations

from fnmatch import fnmatchcase

import numpy as np

from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step

PATTERNS = (
    *("*_Center_?", "*_Location_*", "*Orientation*", "*Number_Object*", "*ObjectNumber*", "*ImageNumber*", "*EulerNumber*"),
    *("*_Parent_*", "*_Children_*", "*BoundingBox*", "*_Manders_*", "*_RWC_*", "*_Costes_*", "Image_*", "Metadata_*"),
    *("x_um", "y_um", "z_um", "*orientation*", "*_x_um", "*_y_um", "*_id"),
)
"""Patterns of names, of CellProfiler's features and of ours; the colocalisation measures divide by what may be zero."""


def blocklist(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return the profiles without features whose name fits a pattern of the usual ones or of the settings."""
    patterns = (*PATTERNS, *settings.blocklist)
    keep = np.array([not any(fnmatchcase(name, pattern) for pattern in patterns) for name in profiles.features], dtype=bool)
    return profiles.kept(keep, f"{(~keep).sum()} features on the blocklist were left out")


STEP = Step("blocklist", blocklist)
