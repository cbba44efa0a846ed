"""The treatments of a screen: wells that got the same thing in the same condition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture.screen.group_statistics import Integers
from coculture.screen.well_table import JUDGED_ROLES, WellTable

KEYS = ["treatment", "compound", "dose", "dose_unit", "condition"]


@dataclass(frozen=True)
class Treatments:
    """Attributes: ``frame`` one row a treatment with the columns ``KEYS``; ``code`` (n,) treatment of each well, -1 for none."""

    frame: pd.DataFrame
    code: Integers

    @classmethod
    def of(cls, table: WellTable) -> Treatments:
        """Group the judged wells (roles treatment and reference)."""
        judged = table.frame["role"].isin(JUDGED_ROLES).to_numpy()
        wells = table.frame.loc[judged, KEYS]
        code = np.full(len(table.frame), -1, dtype=np.int64)
        code[judged] = wells.groupby(KEYS, sort=True, dropna=False).ngroup().to_numpy()
        frame = wells.drop_duplicates().sort_values(KEYS).reset_index(drop=True)
        return cls(frame, code)
