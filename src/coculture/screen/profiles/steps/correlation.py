"""Correlation: of two features that say the same, one."""

from __future__ import annotations

import numpy as np

from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step


def correlation(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return the profiles without the more redundant one of each pair correlated above ``correlation_maximum``.

    Of the pairs, from the strongest down, the feature with the larger mean absolute correlation with all others goes, unless one
    of the pair has gone before. Pearson correlation over all wells.
    """
    strength = np.abs(np.corrcoef(profiles.values, rowvar=False)) if len(profiles.features) > 1 else np.ones((1, 1))
    mean = strength.mean(axis=0)
    first, second = np.triu_indices(len(mean), 1)
    found = strength[first, second]
    keep = np.ones(len(mean), dtype=bool)
    strong = np.flatnonzero(found > settings.correlation_maximum)
    for pair in strong[np.argsort(-found[strong], kind="stable")]:
        i, j = first[pair], second[pair]
        if keep[i] and keep[j]:
            keep[i if mean[i] > mean[j] else j] = False
    note = f"{(~keep).sum()} features correlated above {settings.correlation_maximum:g} with another were left out"
    return profiles.kept(keep, note)


STEP = Step("correlation", correlation)
