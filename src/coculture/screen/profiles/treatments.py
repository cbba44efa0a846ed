"""Which wells are replicates, and the mean profile of each treatment."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from coculture.screen.group_statistics import Floats, Integers
from coculture.screen.profiles.profiles import Profiles

TREATMENT = ("compound", "dose", "dose_unit", "condition")


def treatment_codes(profiles: Profiles) -> Integers:
    """Return one number a treatment, dose and condition for treated wells, -1 for others; shape (n,)."""
    columns = [name for name in TREATMENT if name in profiles.wells]
    codes = np.full(len(profiles.wells), -1, dtype=np.int64)
    treated = profiles.wells[profiles.treated]
    codes[profiles.treated] = treated.groupby(columns, sort=True, dropna=False).ngroup().to_numpy()
    return codes


@dataclass(frozen=True)
class TreatmentProfiles:
    """Mean profiles.

    Attributes
    ----------
    table : (t) rows: compound, dose, dose_unit, condition, n_wells, and mechanism and batches (a set) where known.
    values : (t, p) mean over the treatment's wells.
    """

    table: pd.DataFrame
    values: Floats


def treatment_profiles(profiles: Profiles, mechanism: str = "", batch: str = "") -> TreatmentProfiles:
    """Return the mean profile of every treatment, in order of name, dose and condition."""
    codes = treatment_codes(profiles)
    order = np.argsort(codes, kind="stable")
    start = np.searchsorted(codes[order], np.arange(int(codes.max(initial=-1)) + 2))
    groups = [order[begin:end] for begin, end in pairwise(start)]
    columns = [name for name in TREATMENT if name in profiles.wells]
    first = profiles.wells.iloc[order[start[:-1]]]
    names = np.array([str(name) for name in profiles.wells[batch]], dtype=object) if batch else None
    table = (
        first[columns]
        .reset_index(drop=True)
        .assign(
            n_wells=np.diff(start),
            mechanism=[str(name) for name in first[mechanism]] if mechanism else "",
            batches=pd.Series([frozenset(() if names is None else names[own]) for own in groups], dtype="object"),
        )
    )
    matrix = np.stack([profiles.values[own].mean(axis=0) for own in groups]) if groups else np.empty((0, len(profiles.features)))
    return TreatmentProfiles(table, matrix)
