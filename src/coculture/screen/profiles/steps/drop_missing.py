"""Drop-missing: features that some well lacks."""

from __future__ import annotations

import numpy as np

from coculture.errors import DataError
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step


def drop_missing(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return the profiles without features that are missing or infinite in any well.

    Raises
    ------
    DataError : nothing is left.
    """
    keep = np.asarray(np.isfinite(profiles.values).all(axis=0))
    if not keep.any():
        raise DataError("every feature is missing in some well", "profiles, step drop-missing", "leave out wells without cells")
    return profiles.kept(keep, f"{(~keep).sum()} features with missing values were left out")


STEP = Step("drop-missing", drop_missing)
