"""Taking a formula apart: which ingredients are needed, which suffice alone, and which only act together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import stats

from coculture import __version__
from coculture.errors import InputError
from coculture.screen.deconvolve.designed.run_noise import RunNoise, run_noise
from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.group_statistics import Floats
from coculture.screen.hits.false_discovery import benjamini_hochberg

METHOD = "contrast with the whole and with nothing, noise between wells of a run"
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
    degrees_of_freedom : within runs.
    settings, method, version : how.
    """

    table: pd.DataFrame
    degrees_of_freedom: int
    settings: Mapping[str, str | float]
    method: str = METHOD
    version: str = __version__


def leave_one_out_effects(
    wells: DesignedWells, confidence: float = 0.95, fdr: float = 0.1, minimum_effect: float = 0.0
) -> LeaveOneOut:
    """Compare the whole with the whole less each ingredient, and each ingredient alone with nothing.

    A reading counts an effect whose q is at most ``fdr`` and whose size is at least ``minimum_effect``.

    Two-sided t-tests with the noise between wells of a run (:mod:`.run_noise`); q-values over all contrasts of the table.

    Raises
    ------
    InputError : if the design holds neither comparison, or has more than two levels.
    DataError : if no run is repeated.
    """
    if wells.design.level_count != 2:
        raise InputError(f"the design has {wells.design.level_count} levels", "leave one out", "use effects for more levels")
    noise = run_noise(wells)
    names = wells.design.ingredients
    parts = {}
    for label, base, changed in (("lost", 1, 0), ("alone", 0, 1)):
        if (found := _contrasts(wells, noise, base, changed)) is not None:
            parts[label] = (found[0] * (1 if base else -1), found[1], found[2])
    if not parts:
        what = "the design has neither the whole with ingredients left out nor ingredients alone with nothing"
        raise InputError(what, "leave one out", "use plate.designs_of_mixtures.leave_one_out")
    table = pd.DataFrame({"ingredient": names})
    with np.errstate(divide="ignore", invalid="ignore"):
        p = {label: 2 * stats.t.sf(np.abs(value / error), df) for label, (value, error, df) in parts.items()}
    q = benjamini_hochberg(np.concatenate(list(p.values())))
    for place, (label, (value, error, df)) in enumerate(parts.items()):
        half = stats.t.isf((1 - confidence) / 2, df) * error
        table[label], table[f"{label}_low"], table[f"{label}_high"] = value, value - half, value + half
        table[f"{label}_p"], table[f"{label}_q"] = p[label], q[place * len(names) : (place + 1) * len(names)]
    table["reading"] = _readings(table, fdr, minimum_effect)
    degrees = int(np.maximum(noise.count - 1, 0).sum())
    return LeaveOneOut(table, degrees, MappingProxyType({"confidence": confidence, "fdr": fdr}))


def _contrasts(wells: DesignedWells, noise: RunNoise, base: int, changed: int) -> Floats | None:
    """Return (3, ingredients) base run less changed run, its standard error and degrees of freedom.

    NaN for an ingredient whose run is not there; None if none is, or the base run is not.
    """
    place = {tuple(row): number for number, row in enumerate(wells.design.levels) if noise.count[number] > 0}
    whole = np.full(len(wells.design.ingredients), base)
    rows = [place.get(tuple(np.where(np.arange(whole.size) == one, changed, whole)), -1) for one in range(whole.size)]
    start = place.get(tuple(whole))
    if start is None or max(rows) < 0:
        return None
    found = [noise.contrast([(start, 1.0), (row, -1.0)]) if row >= 0 else (np.nan, np.nan, np.nan) for row in rows]
    return np.array(found, dtype=np.float64).T


def _readings(table: pd.DataFrame, fdr: float, minimum_effect: float) -> list[str]:
    """Return what loss and lone effect mean together; an effect counts where its q passes and it is large enough."""
    nothing = np.full(len(table), np.nan)
    sizes, passed = [], []
    for label in ("lost", "alone"):
        size, q = (table[name].to_numpy() if name in table else nothing for name in (label, f"{label}_q"))
        sizes.append(np.isfinite(size))
        passed.append((q <= fdr) & (np.abs(size) >= minimum_effect))
    return [_reading(*each) for each in zip(*sizes, *passed, strict=True)]


def _reading(lost_tested: bool, alone_tested: bool, lost: bool, alone: bool) -> str:
    if lost_tested and alone_tested:
        return READINGS[bool(lost), bool(alone)]
    if lost_tested:
        return "needed" if lost else "loss not seen"
    if alone_tested:
        return "acts alone" if alone else "does nothing alone"
    return "not tested"
