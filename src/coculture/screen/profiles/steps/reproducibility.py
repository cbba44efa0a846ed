"""Reproducibility: features in which replicates of a treatment agree."""

from __future__ import annotations

import numpy as np

from coculture.errors import DataError
from coculture.screen.group_statistics import Floats, Integers
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step
from coculture.screen.profiles.treatments import treatment_codes

FEWEST_TREATMENTS = 3


def reproducibility(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return the profiles without features whose replicate correlation lies below ``reproducibility_minimum``.

    It is the intraclass correlation of replicates over the replicated treatments (Shrout & Fleiss 1979, Psychol Bull
    86:420, case 1).

    Raises
    ------
    DataError : fewer than three treatments have replicates.
    """
    codes = treatment_codes(profiles)
    size = np.bincount(codes[codes >= 0]) if (codes >= 0).any() else np.zeros(1, dtype=int)
    chosen = (codes >= 0) & (size[np.maximum(codes, 0)] > 1)
    if np.unique(codes[chosen]).size < FEWEST_TREATMENTS:
        what = f"fewer than {FEWEST_TREATMENTS} treatments have replicates"
        raise DataError(what, "profiles, step reproducibility", "leave the step out")
    agreement = intraclass_correlation(profiles.values[chosen], np.unique(codes[chosen], return_inverse=True)[1])
    keep = agreement >= settings.reproducibility_minimum
    note = f"{(~keep).sum()} features with replicate correlation below {settings.reproducibility_minimum:g} were left out"
    return profiles.kept(keep, note)


def intraclass_correlation(values: Floats, group: Integers) -> Floats:
    """Return ICC(1) of each column; values (n, p), group (n,) numbered from 0, some with more than one row."""
    n, count = len(values), np.bincount(group)
    mean = np.stack([np.bincount(group, weights=column) / count for column in values.T], axis=1)
    between = (count[:, None] * (mean - values.mean(axis=0)) ** 2).sum(axis=0) / (len(count) - 1)
    within = ((values - mean[group]) ** 2).sum(axis=0) / (n - len(count))
    typical = (n - (count**2).sum() / n) / (len(count) - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nan_to_num((between - within) / (between + (typical - 1) * within)))


STEP = Step("reproducibility", reproducibility)
