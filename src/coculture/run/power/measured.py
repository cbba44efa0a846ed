"""Pools from wells that were measured: negative controls of a results folder, and the same wells shifted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.errors import DataError, FileError, InputError
from coculture.run.power.effect import Effect, ShiftEffect
from coculture.run.power.pools import ORIGIN, Pools
from coculture.screen.settings import AnalysisSettings, Readout
from coculture.store.tables import read_table

FEWEST_CONTROLS = 6


def measured_wells(results: Path) -> pd.DataFrame:
    """Return the wells of a results folder.

    Raises
    ------
    FileError : if there are none; says what is needed.
    DataError : if no plate has enough negative controls.
    """
    path = results / "wells.parquet"
    if not path.exists():
        raise FileError(
            "power for wells that are measured rests on how negative controls differ, and there are no results yet",
            str(path),
            f"run the recipe first (one plate with {FEWEST_CONTROLS} negative controls will do), or name a folder with --results",
        )
    wells = read_table(path)
    counts = wells.loc[wells["role"] == "negative", "plate"].value_counts()
    if counts.empty or int(counts.max()) < FEWEST_CONTROLS:
        most = 0 if counts.empty else int(counts.max())
        raise DataError(
            f"no plate has more than {most} negative controls", str(path), f"at least {FEWEST_CONTROLS} on a plate are needed"
        )
    return wells


def usual_shift(wells: pd.DataFrame, readout: Readout) -> ShiftEffect:
    """Return the shift of a read-out from the negative to the positive controls.

    Raises
    ------
    InputError : if there are no positive controls.
    """
    means = [wells.loc[wells["role"] == role, readout.column].mean() for role in ("negative", "positive")]
    shift = float(means[1] - means[0])
    if not np.isfinite(shift):
        raise InputError(
            f"'{readout.name}' has no positive controls to take the effect from",
            "--effect",
            f'name a shift, such as "{readout.name} -0.5"',
        )
    return ShiftEffect(readout.name, shift)


def measured_pools(wells: pd.DataFrame, effect: Effect, sizes: Sequence[float], settings: AnalysisSettings) -> Pools:
    """Return pools of the negative controls, as they are and with a read-out shifted.

    The read-out's twin on outlines that follow no stain, by which it may be guarded, is shifted with it.

    Raises
    ------
    InputError : if the effect is no shift of a read-out that the wells have.
    """
    if not isinstance(effect, ShiftEffect):
        raise InputError(
            f"'{effect.text}' is nothing that can be done to wells that were measured",
            "--effect",
            'give the shift of a read-out, such as "mixing -0.5"',
        )
    known = {one.name: one for one in settings.readouts}
    if effect.readout not in known:
        raise InputError(f"there is no read-out '{effect.readout}'", "--effect", "the recipe has: " + ", ".join(known))
    readout = known[effect.readout]
    columns = [name for name in dict.fromkeys((readout.column, readout.measured, *_twins(readout))) if name in wells]
    if readout.column not in columns:
        raise InputError(f"the results have no '{readout.column}'", "--effect", "run the recipe again")
    kept = wells.rename(columns={"plate": ORIGIN})
    numbers = [
        ORIGIN,
        *(name for name in kept.columns if pd.api.types.is_numeric_dtype(kept[name]) and name not in ("dose", "replicate")),
    ]
    enough = kept[kept["role"] == "negative"].groupby(ORIGIN)[ORIGIN].transform("size") >= FEWEST_CONTROLS
    control = kept.loc[enough[enough].index, numbers].reset_index(drop=True)
    positive = kept.loc[(kept["role"] == "positive") & kept[ORIGIN].isin(control[ORIGIN]), numbers].reset_index(drop=True)
    shifted = {size: control.assign(**{name: control[name] + size * effect.shift for name in columns}) for size in sizes}
    return Pools(1.0, control, positive, shifted, shifted=True)


def _twins(readout: Readout) -> tuple[str, ...]:
    number = readout.number
    turned = number.replace("well_", "well_territory_", 1) if number.startswith("well_") else ""
    return tuple(name for name in (readout.guard, turned) if name)
