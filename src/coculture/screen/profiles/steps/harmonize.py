"""Harmonize: batches brought together by Harmony, from the library harmonypy."""

from __future__ import annotations

import numpy as np

from coculture.errors import DataError, MissingExtraError
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step


def harmonize(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return profiles without the differences between batches that Harmony finds (Korsunsky et al. 2019, Nat Methods 16:1289).

    It moves wells of all roles together and rests on every batch holding similar treatments: on a screen whose batches hold
    different compounds it removes what is looked for.

    Raises
    ------
    MissingExtraError : harmonypy is not installed.
    DataError : no such batch column, or there is one batch.
    """
    if settings.batch not in profiles.wells or profiles.wells[settings.batch].nunique() < 2:
        what = f"the column '{settings.batch}' does not name two batches"
        raise DataError(what, "profiles, step harmonize", "name the column of batches, or leave the step out")
    try:
        from harmonypy import run_harmony
    except ImportError as error:
        raise MissingExtraError.for_extra("harmonypy", "batch", "the step 'harmonize' of profiles") from error
    batches = profiles.wells[[settings.batch]].astype(str)
    found = run_harmony(profiles.values, batches, settings.batch, random_state=settings.seed, verbose=False)
    values = np.asarray(found.Z_corr, dtype=np.float64)
    values = values if values.shape == profiles.values.shape else values.T
    return profiles.changed(values, f"batches ({settings.batch}) were brought together by Harmony")


STEP = Step("harmonize", harmonize)
