"""Profiles of wells: what each well is, and its features as one matrix."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.screen.group_statistics import Floats

KEYS = ("plate", "well", "role", "treatment", "compound", "dose", "dose_unit", "condition", "batch")


@dataclass(frozen=True)
class Profiles:
    """One row a well.

    Attributes
    ----------
    wells : (n) rows: plate, well, role, compound, dose, dose_unit, and condition, batch, mechanism where there are such.
    values : (n, p) features, NaN where missing.
    features : (p) names.
    notes : what was done to them, one sentence a step.
    """

    wells: pd.DataFrame
    values: Floats
    features: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.wells), len(self.features)):
            what = f"{self.values.shape} values for {len(self.wells)} wells and {len(self.features)} features"
            raise InputError(what, "profiles", "give one row a well and one column a feature")

    @property
    def negative(self) -> NDArray[np.bool_]:
        """Return which wells are negative controls, shape (n,)."""
        return np.asarray(self.wells["role"] == "negative", dtype=bool)

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Return which wells are treated, shape (n,)."""
        return np.asarray(self.wells["role"].isin(("treatment", "reference")), dtype=bool)

    def codes(self, *columns: str) -> NDArray[np.int64]:
        """Return the same number for wells that agree in the columns, shape (n,)."""
        return np.asarray(self.wells.groupby(list(columns), sort=True, dropna=False).ngroup(), dtype=np.int64)

    def kept(self, keep: NDArray[np.bool_], note: str) -> Profiles:
        """Return the profiles with the kept features."""
        names = tuple(name for name, stays in zip(self.features, keep, strict=True) if stays)
        return replace(self, values=self.values[:, keep], features=names, notes=(*self.notes, note))

    def changed(self, values: Floats, note: str) -> Profiles:
        """Return the profiles with other values of the same features."""
        return replace(self, values=values, notes=(*self.notes, *([note] if note else [])))
