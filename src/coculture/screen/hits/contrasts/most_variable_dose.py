"""A published rule for mono- against co-culture: the dose at which a compound's response varies most decides.

Herbst, Kim et al. 2023, Blood Adv 7:5925. For each compound

- the paired t-test, mono- against co-culture, is made at the dose whose values vary most (variance over all pairs of both
  conditions), doses toxic to the other cells left out; Benjamini-Hochberg over the compounds;
- the effect is the relative change of the area under the median dose-response curve, in per cent:
  ``100 (A_co − A_mono) / A_mono``, with straight lines between the medians of all doses on ln(dose), toxic ones included.

A pair is a plate, compound and dose that holds both conditions; a donor on two plates counts twice, as published.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.contrasts.base import FEWEST_UNITS, ContrastEstimate, ContrastWells

NO_INTERVAL = "the rule gives no interval"


def most_variable_dose(wells: ContrastWells) -> ContrastEstimate:
    """Return the relative change of area, per cent, with the p-value of the paired t-test at the most variable dose."""
    n_rows = len(wells.rows)
    effect, p, sd = np.full(n_rows, np.nan), np.full(n_rows, np.nan), np.full(n_rows, np.nan)
    n, notes = np.zeros(n_rows, dtype=np.int64), [""] * n_rows
    everything, tested = dict(list(wells.treated.groupby("compound"))), dict(list(wells.tested.groupby("compound")))
    for index, (compound, arm) in enumerate(wells.rows):
        effect[index] = area_change(everything[compound], arm)
        pairs = _pairs(tested.get(compound, wells.treated.iloc[:0]), arm)
        if pairs.empty:
            notes[index] = "not judged: no plate holds a dose in both conditions that is not toxic to the other cells"
            continue
        dose = _most_variable(pairs)
        chosen = pairs.loc[dose]
        difference = (chosen[arm] - chosen[0]).to_numpy(dtype=np.float64)
        n[index] = difference.size
        unit = everything[compound]["dose_unit"].iloc[0]
        if n[index] < FEWEST_UNITS:
            notes[index] = f"not judged: {n[index]} of at least {FEWEST_UNITS} pairs at {dose:g} {unit}"
            continue
        sd[index] = difference.std(ddof=1)
        t = difference.mean() / (sd[index] / np.sqrt(difference.size))
        p[index] = 2.0 * stats.t.sf(abs(t), difference.size - 1)
        notes[index] = f"change of area in %; tested at {dose:g} {unit}, {n[index]} pairs; {NO_INTERVAL}"
    nothing = np.full(n_rows, np.nan)
    return ContrastEstimate(effect, nothing, nothing, sd, n, notes, p_value=p)


def area_change(wells: pd.DataFrame, arm: int) -> float:
    """Return 100 (A_tested − A_reference) / A_reference of one compound's median curves; NaN below two doses above 0."""
    chosen = wells[wells["arm"].isin((0, arm)) & (wells["dose"] > 0)]
    medians = chosen.groupby(["dose", "arm"])["value"].median().unstack("arm").reindex(columns=[0, arm]).dropna()
    if len(medians) < 2:
        return float("nan")
    x = np.log(medians.index.to_numpy(dtype=np.float64))
    reference, tested = _area(x, medians[0].to_numpy()), _area(x, medians[arm].to_numpy())
    return 100.0 * (tested - reference) / reference if reference != 0 else float("nan")


def _area(x: Floats, y: Floats) -> float:
    return float(((y[1:] + y[:-1]) / 2 * np.diff(x)).sum())


def _pairs(wells: pd.DataFrame, arm: int) -> pd.DataFrame:
    """Return the two conditions' values, index dose and plate, of every dose and plate that has both."""
    chosen = wells[wells["arm"].isin((0, arm))]
    means = chosen.groupby(["dose", "plate", "arm"])["value"].mean().unstack("arm")
    return means.reindex(columns=[0, arm]).dropna()


def _most_variable(pairs: pd.DataFrame) -> float:
    """Return the dose whose values, both conditions together, have the largest variance."""
    doses = pairs.index.get_level_values("dose").to_numpy(dtype=np.float64)
    variances = {float(dose): float(pairs[doses == dose].to_numpy().var(ddof=1)) for dose in np.unique(doses)}
    return max(variances, key=lambda dose: variances[dose])
