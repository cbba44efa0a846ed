"""Taking a formula apart: which ingredients are needed, which suffice alone, and which only act together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import stats

from coculture import __version__
from coculture.errors import DataError, InputError
from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.group_statistics import Floats
from coculture.screen.hits.false_discovery import benjamini_hochberg

METHOD = "contrast with the whole and with nothing, pooled variance"
READINGS = {
    (True, True): "needed and sufficient",
    (True, False): "needed, does nothing alone: acts with another",
    (False, True): "sufficient, not needed: another does the same",
    (False, False): "no effect seen",
}


@dataclass(frozen=True)
class LeaveOneOut:
    """What is lost without, and gained by, each ingredient.

    Attributes
    ----------
    table : one row an ingredient: ``ingredient``; ``lost`` (response of the whole less that without it), with ``lost_low``,
        ``lost_high``, ``lost_p``, ``lost_q``, NaN where no run lacks it
        alone; ``alone`` (response of it alone less that of nothing) and the same columns, where
        the design has them; ``reading``.
    degrees_of_freedom : of the pooled variance within runs.
    settings, method, version : how.
    """

    table: pd.DataFrame
    degrees_of_freedom: int
    settings: Mapping[str, str | float]
    method: str = METHOD
    version: str = __version__


def leave_one_out_effects(wells: DesignedWells, confidence: float = 0.95, fdr: float = 0.1) -> LeaveOneOut:
    """Compare the whole with the whole less each ingredient, and each ingredient alone with nothing.

    Two-sided t-tests with the variance pooled within all runs; q-values over all contrasts of the table.

    Raises
    ------
    InputError : if the design holds neither comparison, or has more than two levels.
    DataError : if no run is repeated.
    """
    if wells.design.level_count != 2:
        raise InputError(f"the design has {wells.design.level_count} levels", "leave one out", "use effects for more levels")
    mean, count, variance, df = run_statistics(wells)
    names = wells.design.ingredients
    parts = {}
    for label, base, changed in (("lost", 1, 0), ("alone", 0, 1)):
        if (found := _contrasts(wells, mean, count, base, changed)) is not None:
            parts[label] = (found[0] * (1 if base else -1), np.sqrt(found[1] * variance))
    if not parts:
        what = "the design has neither the whole with ingredients left out nor ingredients alone with nothing"
        raise InputError(what, "leave one out", "use plate.designs_of_mixtures.leave_one_out")
    table = pd.DataFrame({"ingredient": names})
    p = {label: 2 * stats.t.sf(np.abs(value / error), df) for label, (value, error) in parts.items()}
    q = benjamini_hochberg(np.concatenate(list(p.values())))
    for place, (label, (value, error)) in enumerate(parts.items()):
        half = stats.t.isf((1 - confidence) / 2, df) * error
        table[label], table[f"{label}_low"], table[f"{label}_high"] = value, value - half, value + half
        table[f"{label}_p"], table[f"{label}_q"] = p[label], q[place * len(names) : (place + 1) * len(names)]
    table["reading"] = _readings(table, fdr)
    return LeaveOneOut(table, df, MappingProxyType({"confidence": confidence, "fdr": fdr}))


def run_statistics(wells: DesignedWells) -> tuple[Floats, Floats, float, int]:
    """Return mean and count of each run, and the variance within runs with its degrees of freedom.

    Raises
    ------
    DataError : if no run is repeated.
    """
    runs = wells.design.runs
    count = np.bincount(wells.run, minlength=runs).astype(np.float64)
    total = np.bincount(wells.run, wells.response, minlength=runs)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    df = int(np.maximum(count - 1, 0).sum())
    if df == 0:
        raise DataError("no run is repeated: nothing tells the noise", wells.design.kind, "give at least two wells to some runs")
    return mean, count, float(((wells.response - mean[wells.run]) ** 2).sum() / df), df


def _contrasts(wells: DesignedWells, mean: Floats, count: Floats, base: int, changed: int) -> tuple[Floats, Floats] | None:
    """Return for each ingredient base run less changed run, and the factor of its variance.

    NaN for one whose run is not there; None if none is, or the base run is not.
    """
    place = {tuple(row): number for number, row in enumerate(wells.design.levels) if count[number] > 0}
    whole = np.full(len(wells.design.ingredients), base)
    found = [place.get(tuple(np.where(np.arange(whole.size) == one, changed, whole)), -1) for one in range(whole.size)]
    start, rows = place.get(tuple(whole)), np.array(found, dtype=np.int64)
    if start is None or (rows < 0).all():
        return None
    tested = rows >= 0
    with np.errstate(divide="ignore"):
        factor = 1 / count[start] + 1 / count[rows]
    return np.where(tested, mean[start] - mean[rows], np.nan), np.where(tested, factor, np.nan)


def _readings(table: pd.DataFrame, fdr: float) -> list[str]:
    nothing = np.full(len(table), np.nan)
    lost, alone = (table[name].to_numpy() if name in table else nothing for name in ("lost_q", "alone_q"))
    return [_reading(*both, fdr) for both in zip(lost, alone, strict=True)]


def _reading(lost: float, alone: float, fdr: float) -> str:
    if np.isfinite(lost) and np.isfinite(alone):
        return READINGS[lost <= fdr, alone <= fdr]
    if np.isfinite(lost):
        return "needed" if lost <= fdr else "loss not seen"
    if np.isfinite(alone):
        return "acts alone" if alone <= fdr else "does nothing alone"
    return "not tested"
