"""A small mono- and co-culture screen of known content."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.screen.hits.contrasts.base import ContrastWells, contrast_wells
from coculture.screen.hits.contrasts.rows import contrast_rows
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout
from coculture.screen.well_table import check_wells

DOSES = (0.1, 1.0, 10.0)


def screen(
    n_donors: int,
    effects: dict[str, float],
    *,
    noise: float = 3.0,
    between: float = 4.0,
    edge: float = 0.0,
    sensitivity: float = 0.0,
) -> pd.DataFrame:
    """Return wells: each donor two 96-well plates, controls at 100, each compound 20 lower and moved in co-culture.

    ``sensitivity`` is how far donors differ in a compound's effect, the same in both conditions. ``edge`` is what wells of the
    first column read more (as a part of their value) in monoculture; compounds whose name begins with ``edge`` lie there, and
    half of the controls.
    """
    rng = np.random.default_rng(1)
    rows = []
    own_level = {(donor, name): rng.normal(0, sensitivity) for donor in range(n_donors) for name in effects}
    for donor in range(n_donors):
        for arm in ("mono", "co"):
            places = ["edge"] * 4 + ["inner"] * 4
            rows += [(donor, arm, "negative", "", 0.0, 100.0, place) for place in places]
            for name, moved in effects.items():
                own = rng.normal(0, between)
                value = 80.0 + own_level[donor, name] + (moved + own if arm == "co" else 0.0)
                place = "edge" if name.startswith("edge") else "inner"
                rows += [(donor, arm, "treatment", name, dose, value, place) for dose in DOSES]
    frame = pd.DataFrame(rows, columns=["donor", "condition", "role", "compound", "dose", "value", "place"])
    at_edge = (frame["place"] == "edge") & (frame["condition"] == "mono")
    frame["value"] = frame["value"] * np.where(at_edge, 1 + edge, 1.0) + rng.normal(0, noise, len(frame))
    frame["plate"] = "plate" + frame["donor"].astype(str) + frame["condition"]
    number = frame.groupby(["plate", "place"]).cumcount()
    column = np.where(frame["place"] == "edge", 1, 2 + number % 10)
    row = np.where(frame["place"] == "edge", 1 + number, 1 + number // 10)
    frame["well"] = [f"{chr(65 + r)}{c:02d}" for r, c in zip(row, column, strict=True)]
    return frame.assign(donor="d" + frame["donor"].astype(str), dose_unit="uM", treatment="")


def settings(method: str, *, normalise: str = "as-given", **more: object) -> AnalysisSettings:
    """Return the settings of a contrast of the made screen."""
    return AnalysisSettings(
        (Readout("value", "value", about="viability", normalise=normalise),),
        control_wells="inner",
        contrast=ConditionContrast("mono", "co", method=method, **more),  # type: ignore[arg-type]
        dose_response="none",
    )


def prepared(wells: pd.DataFrame, asked: AnalysisSettings) -> ContrastWells:
    """Return the wells as a method sees them, on the scale as given."""
    table = check_wells(wells, asked)
    readings = table.readings(asked.readouts[0])
    return contrast_wells(table, readings, readings.values, asked)


def rows(wells: pd.DataFrame, asked: AnalysisSettings) -> pd.DataFrame:
    """Return the rows of the contrast, on the scale as given."""
    table = check_wells(wells, asked)
    readings = table.readings(asked.readouts[0])
    nothing = np.full(len(wells), np.nan)
    return contrast_rows(table, readings, readings.values, nothing, nothing, asked)[0].set_index("compound")
