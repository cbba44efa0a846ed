"""Combination index and dose-reduction index by the median-effect equation (Chou & Talalay 1984, Adv. Enzyme Regul. 22:27)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from coculture import __version__
from coculture.screen.group_statistics import Floats
from coculture.screen.synergy.combination_data import Combination, DoseTable
from coculture.screen.synergy.single_agents import with_single_agents

EDGE = 0.01
"""Fractions affected nearer to 0 or 1 than this say little about a median effect and are moved to it."""


@dataclass(frozen=True)
class MedianEffect:
    """One drug's ``fa / (1 - fa) = (d / dm)**m``.

    Attributes
    ----------
    slope, dose : ``m`` and the median-effect dose ``dm``; NaN where the drug does not rise.
    correlation : of the logits with the logarithms of the doses.
    slope_error : standard error of ``m``, NaN below three doses.
    note : why there is none, or what was done, '' for nothing.
    """

    slope: float
    dose: float
    correlation: float
    slope_error: float
    note: str = ""

    def dose_for(self, fraction: Floats) -> Floats:
        """Return the dose that alone affects these fractions."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.dose * (fraction / (1.0 - fraction)) ** (1.0 / self.slope))


@dataclass(frozen=True)
class CombinationIndex:
    """Attributes: ``drugs``; ``lines`` (median effect of each drug); ``points`` one row a point with two or more drugs: dose_1..,
    fraction_affected, combination_index (below 1 synergy), reduction_1.. (how many times less of the drug is needed), status and
    reason; ``version`` of this package."""

    drugs: tuple[str, ...]
    lines: tuple[MedianEffect, ...]
    points: pd.DataFrame
    version: str = __version__


def combination_index(data: Combination) -> CombinationIndex:
    """Return combination and dose-reduction index of every point: ``CI = sum_i d_i / D_i(fa)``, ``DRI_i = D_i(fa) / d_i``.

    ``D_i`` comes from the line through logit(fa) over ln(dose) of the drug alone (mutually exclusive drugs). A drug without a
    rising line counts as doing nothing: its share is 0 and the point's status is ``estimated``. Where the fraction
    affected is not between ``EDGE`` and ``1 - EDGE`` it is moved there, status ``at edge``.
    """
    table, notes = with_single_agents(data.table)
    lines = tuple(_median_effect(table, drug) for drug in range(len(data.drugs)))
    shown = np.flatnonzero(table.order > 1)
    doses, affected = table.doses[shown], table.response[shown] / 100.0
    kept = np.clip(affected, EDGE, 1.0 - EDGE)
    needed = np.column_stack([line.dose_for(kept) for line in lines])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where((doses > 0) & np.isfinite(needed), doses / needed, 0.0)
        reduction = np.where(doses > 0, needed / doses, np.nan)
    estimated = bool(notes) or any(line.note for line in lines)
    reason = "; ".join([*notes, *(f"{name}: {line.note}" for name, line in zip(data.drugs, lines, strict=True) if line.note)])
    edge = "fraction affected outside the range a median effect is defined on"
    frame = pd.DataFrame({f"dose_{drug + 1}": doses[:, drug] for drug in range(doses.shape[1])})
    frame["fraction_affected"] = affected
    frame["combination_index"] = share.sum(axis=1)
    for drug in range(doses.shape[1]):
        frame[f"reduction_{drug + 1}"] = reduction[:, drug]
    frame["status"] = np.where(kept != affected, "at edge", "estimated" if estimated else "ok")
    frame["reason"] = ["; ".join(filter(None, (reason, edge if moved else ""))) for moved in kept != affected]
    return CombinationIndex(data.drugs, lines, frame)


def _median_effect(table: DoseTable, drug: int) -> MedianEffect:
    rows = table.alone(drug)
    rows = rows[table.doses[rows, drug] > 0]
    raw = table.response[rows] / 100.0
    fraction = np.clip(raw, EDGE, 1.0 - EDGE)
    moved = int((fraction != raw).sum())
    if rows.size < 2:
        return MedianEffect(np.nan, np.nan, np.nan, np.nan, "fewer than two doses alone: its share is taken as 0")
    fit = stats.linregress(np.log(table.doses[rows, drug]), np.log(fraction / (1.0 - fraction)))
    if not fit.slope > 0:
        return MedianEffect(np.nan, np.nan, float(fit.rvalue), np.nan, "no effect that rises with dose: its share is taken as 0")
    error = float(fit.stderr) if rows.size > 2 else np.nan
    note = f"{moved} of {rows.size} doses alone lie outside {EDGE:g} to {1 - EDGE:g}" if moved else ""
    return MedianEffect(float(fit.slope), float(np.exp(-fit.intercept / fit.slope)), float(fit.rvalue), error, note)
