"""Small plates of known content."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from coculture.plate.layout import Layout
from coculture.screen.settings import AnalysisSettings, Readout
from coculture.screen.well_table import Readings, check_wells

MakePlate = Callable[..., pd.DataFrame]


def _plate(
    values: Sequence[float] | np.ndarray,
    roles: Sequence[str],
    *,
    name: str = "p1",
    layout: int = 96,
    compounds: Sequence[str] | None = None,
    doses: Sequence[float] | None = None,
    unit: str = "uM",
    **more: object,
) -> pd.DataFrame:
    """Fill the first wells of a plate, row by row, with values and roles."""
    n = len(roles)
    judged = [role in ("treatment", "reference") for role in roles]
    frame = pd.DataFrame(
        {
            "plate": name,
            "well": Layout.of(layout).wells()[:n],
            "role": list(roles),
            "compound": list(compounds) if compounds is not None else [f"c{i:03d}" if j else "" for i, j in enumerate(judged)],
            "dose": list(doses) if doses is not None else [1.0 if j else 0.0 for j in judged],
            "dose_unit": unit,
            "value": np.asarray(values, dtype=np.float64),
        }
    )
    return frame.assign(**more)


@pytest.fixture
def make_plate() -> MakePlate:
    return _plate


@pytest.fixture
def read() -> Callable[..., Readings]:
    """Return the readings of the column ``value`` of wells."""

    def of(wells: pd.DataFrame, **settings: object) -> Readings:
        asked = AnalysisSettings((Readout("value", "value"),), **settings)  # type: ignore[arg-type]
        return check_wells(wells, asked).readings(asked.readouts[0])

    return of
