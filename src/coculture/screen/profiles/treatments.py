"""Which wells are replicates, and the mean profile of each treatment."""

from __future__ import annotations

from dataclasses import dataclass

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
    rows, values = [], []
    columns = [name for name in TREATMENT if name in profiles.wells]
    for code in range(int(codes.max(initial=-1)) + 1):
        own = np.flatnonzero(codes == code)
        first = profiles.wells.iloc[own[0]]
        row = {name: first[name] for name in columns} | {"n_wells": len(own)}
        row["mechanism"] = str(first[mechanism]) if mechanism else ""
        row["batches"] = frozenset(map(str, profiles.wells[batch].iloc[own])) if batch else frozenset()
        rows.append(row)
        values.append(profiles.values[own].mean(axis=0))
    matrix = np.stack(values) if values else np.empty((0, len(profiles.features)))
    return TreatmentProfiles(pd.DataFrame(rows, columns=[*columns, "n_wells", "mechanism", "batches"]), matrix)
