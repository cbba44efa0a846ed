"""The wells of every curve, reduced to dose levels.

Least squares depends on the wells of one dose only through their number, mean and scatter, so every curve is reduced
to levels once. Negative controls of the strata a compound lies in enter as one level at dose zero that weighs as much
as a typical level of the compound: they hold the plateau, without letting a plate's many control wells decide what the
residual scatter is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.compounds.dose_curve import axis_position
from coculture.screen.group_statistics import Floats, Integers, group_means, group_sums
from coculture.screen.well_table import Readings, WellTable

KEYS = ["compound", "condition", "dose_unit"]


@dataclass(frozen=True)
class CurveSet:
    """Dose levels of many curves.

    Attributes
    ----------
    frame : one row a curve: compound, condition, dose_unit, n_wells, n_controls, n_doses, lowest, highest (tested dose
        above 0), combination (whether its wells hold more than this compound).
    offsets : (curves + 1,) the levels of curve c are ``offsets[c]:offsets[c + 1]``.
    position, weight, mean : (levels,) axis position, total weight of the wells, their weighted mean.
    within : (curves,) weighted sum of squares within levels.
    total_weight : (curves,) sum of weights: the number of observations the fit counts with.
    """

    frame: pd.DataFrame
    offsets: Integers
    position: Floats
    weight: Floats
    mean: Floats
    within: Floats
    total_weight: Floats

    def chosen(self, rows: NDArray[np.bool_]) -> CurveSet:
        """Return only the curves of the mask."""
        sizes = np.diff(self.offsets)
        levels = np.repeat(rows, sizes)
        offsets = np.concatenate(([0], np.cumsum(sizes[rows]))).astype(np.int64)
        frame = self.frame[rows].reset_index(drop=True)
        return CurveSet(
            frame,
            offsets,
            self.position[levels],
            self.weight[levels],
            self.mean[levels],
            self.within[rows],
            self.total_weight[rows],
        )


def curve_set(table: WellTable, readings: Readings, values: Floats, with_controls: bool, single_wells: bool = False) -> CurveSet:
    """Gather the judged wells of every compound, condition and dose unit.

    Parameters
    ----------
    table, readings : the wells and the read-out.
    values : (n,) the read-out on the scale of the analysis, NaN where missing.
    with_controls : whether negative controls enter at dose zero.
    single_wells : whether every well stays a level of its own, as robust fits need it.
    """
    judged = readings.judged & np.isfinite(values) & (table.frame["compound"] != "").to_numpy()
    wells = table.frame.loc[judged, [*KEYS, "dose", "treatment"]]
    curve = np.asarray(wells.groupby(KEYS, sort=True).ngroup(), dtype=np.int64)
    frame = _curve_frame(wells)
    position = _positions(wells)
    weight = np.ones(position.size)
    mean, within = values[judged], np.zeros(position.size)
    frame["n_controls"] = 0
    if with_controls and len(frame):
        stratum = readings.stratum[judged]
        n_controls, control_mean, control_within = _controls(readings, values, curve, stratum, len(frame))
        frame["n_controls"] = n_controls
        held = np.flatnonzero(n_controls > 0)
        level_weight = np.minimum(_typical_level(wells, curve, len(frame))[held], n_controls[held])
        curve = np.concatenate((curve, held))
        position = np.concatenate((position, np.full(held.size, -np.inf)))
        weight = np.concatenate((weight, level_weight))
        mean = np.concatenate((mean, control_mean[held]))
        within = np.concatenate((within, control_within[held] * level_weight / n_controls[held]))
    gather = single_levels if single_wells else merged_levels
    return gather(frame, curve, position, weight, mean, within)


def one_curve_set(dose: Floats, response: Floats, unit: str, single_wells: bool = False) -> CurveSet:
    """Return a set of one curve from doses >= 0 and responses, both (n,) and finite; dose 0 takes part with full weight."""
    wells = pd.DataFrame({"compound": "", "condition": "", "dose_unit": unit, "dose": dose, "treatment": ""})
    curve = np.zeros(len(wells), dtype=np.int64)
    frame = _curve_frame(wells).assign(n_controls=0)
    gather = single_levels if single_wells else merged_levels
    return gather(frame, curve, _positions(wells), np.ones(len(wells)), response, np.zeros(len(wells)))


def _curve_frame(wells: pd.DataFrame) -> pd.DataFrame:
    tested = wells[wells["dose"] > 0].groupby(KEYS, sort=True)["dose"].agg(["nunique", "min", "max"])
    grouped = wells.groupby(KEYS, sort=True)
    frame = grouped.size().rename("n_wells").to_frame().join(tested)
    frame["combination"] = wells["treatment"].str.contains(" + ", regex=False).groupby([wells[key] for key in KEYS]).any()
    frame = frame.rename(columns={"nunique": "n_doses", "min": "lowest", "max": "highest"}).reset_index()
    frame["n_doses"] = frame["n_doses"].fillna(0).astype("int64")
    return frame


def _positions(wells: pd.DataFrame) -> Floats:
    position = np.empty(len(wells))
    units = wells["dose_unit"].to_numpy()
    doses = wells["dose"].to_numpy(dtype=np.float64)
    for unit in np.unique(units):
        chosen = units == unit
        position[chosen] = axis_position(doses[chosen], str(unit))
    return position


def _typical_level(wells: pd.DataFrame, curve: Integers, n_curves: int) -> Floats:
    """Return the median number of wells at one dose of each curve."""
    counts = pd.DataFrame({"curve": curve, "dose": wells["dose"].to_numpy()}).groupby(["curve", "dose"]).size()
    return np.asarray(counts.groupby("curve").median().reindex(range(n_curves)), dtype=np.float64)


def _controls(
    readings: Readings, values: Floats, curve: Integers, stratum: Integers, n_curves: int
) -> tuple[Integers, Floats, Floats]:
    """Return number, mean and sum of squares about the mean of the negative controls of each curve's strata."""
    negative = readings.negative & np.isfinite(values)
    held, place = values[negative], readings.stratum[negative]
    count, mean = group_means(held, place, readings.n_strata)
    scatter = group_sums((held - mean[place]) ** 2, place, readings.n_strata)
    pairs = np.unique(curve * readings.n_strata + stratum)
    pair_curve, pair_stratum = pairs // readings.n_strata, pairs % readings.n_strata
    some = count[pair_stratum] > 0
    pair_curve, pair_stratum = pair_curve[some], pair_stratum[some]
    n = group_sums(count[pair_stratum], pair_curve, n_curves)
    with np.errstate(invalid="ignore"):
        middle = group_sums(count[pair_stratum] * mean[pair_stratum], pair_curve, n_curves) / n
    between = count[pair_stratum] * (mean[pair_stratum] - middle[pair_curve]) ** 2
    within = group_sums(scatter[pair_stratum] + between, pair_curve, n_curves)
    return n.astype(np.int64), middle, within


def single_levels(
    frame: pd.DataFrame, curve: Integers, position: Floats, weight: Floats, mean: Floats, within: Floats
) -> CurveSet:
    """Order the entries by curve and position and keep each of them as a level."""
    order = np.lexsort((position, curve))
    sizes = np.bincount(curve, minlength=len(frame))
    return CurveSet(
        frame=frame,
        offsets=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        position=position[order],
        weight=weight[order],
        mean=mean[order],
        within=group_sums(within, curve, len(frame)),
        total_weight=group_sums(weight, curve, len(frame)),
    )


def merged_levels(
    frame: pd.DataFrame, curve: Integers, position: Floats, weight: Floats, mean: Floats, within: Floats
) -> CurveSet:
    """Merge the entries of each curve and position into one level."""
    order = np.lexsort((position, curve))
    curve, position, weight, mean, within = curve[order], position[order], weight[order], mean[order], within[order]
    new = np.ones(curve.size, dtype=bool)
    new[1:] = (np.diff(curve) != 0) | (position[1:] != position[:-1])
    level = np.cumsum(new) - 1
    n_levels = int(level[-1]) + 1 if level.size else 0
    total = group_sums(weight, level, n_levels)
    middle = group_sums(weight * mean, level, n_levels) / total
    scatter = within + weight * (mean - middle[level]) ** 2
    sizes = np.bincount(curve[new], minlength=len(frame))
    return CurveSet(
        frame=frame,
        offsets=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
        position=position[new],
        weight=total,
        mean=middle,
        within=group_sums(scatter, curve, len(frame)),
        total_weight=group_sums(weight, curve, len(frame)),
    )
