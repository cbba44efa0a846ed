"""The interaction model in its mixed-effects form: every well counts, also of donors that lack one condition or some doses.

For each compound, on values against the controls of plate and condition, without edge and without the loss of other cells,

    y_ud,reference = toxicity_d + b_u + e        y_ud,tested = toxicity_d + δ_d + b_u + g_u + e

with a random intercept b (the donor's sensitivity to the compound) and slope g (how the condition changes it), correlated, and
donors' variance factors φ. effect = mean over doses of δ, by REML (``mixed_fit``); its variance, for one donor, is moderated
over compounds as in the paired form, on n_e − 1 degrees of freedom, from the donors that saw both conditions (containment: δ
varies between donors). In a complete design it is the paired form, or more cautious where the residuals leave nothing to the
slope's variance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.contrasts.base import ContrastEstimate, ContrastWells
from coculture.screen.hits.contrasts.interaction_data import InteractionData, interaction_data
from coculture.screen.hits.contrasts.mixed_fit import MixedFit, mixed_fit
from coculture.screen.hits.contrasts.paired_moderated_t import assembled, unit_weights


def mixed_model(wells: ContrastWells) -> ContrastEstimate:
    """Return the drug × condition term of every compound and tested condition."""
    data, remarks = interaction_data(wells)
    return assembled(wells, data, [_fitted(one) for one in data], remarks)


def _fitted(data: InteractionData) -> tuple[Floats, Floats, Floats, Floats]:
    """Return effect, its variance, effective and real number of units that saw both conditions, (compounds,) each."""
    size = len(data.compounds)
    effect, variance = np.full(size, np.nan), np.full(size, np.nan)
    _, effective, n = unit_weights(np.isfinite(data.contrasts), data.factors)
    place = {name: number for number, name in enumerate(data.compounds)}
    for compound, rows in data.means.groupby("compound"):
        index = place[str(compound)]
        found = fit_compound(rows, data)
        if found is not None:
            effect[index], variance[index] = interaction_of(*found)
    return effect, variance, effective, n


def fit_compound(rows: pd.DataFrame, data: InteractionData) -> tuple[MixedFit, int] | None:
    """Fit one compound's wells (``InteractionData.means``); return the fit and the number of its doses."""
    doses, dose = np.unique(rows["dose"], return_inverse=True)
    arm = rows["arm"].to_numpy(dtype=np.float64)
    x = np.zeros((len(rows), 2 * doses.size))
    x[np.arange(len(rows)), dose] = 1.0
    x[np.arange(len(rows)), doses.size + dose] = arm
    known = rows["unit"].isin(data.units).to_numpy()
    unit = data.units.get_indexer(pd.Index(rows["unit"]))
    factors = data.factors
    if not known.all():  # units that never saw both conditions have no factor of their own
        strangers, number = np.unique(rows["unit"].to_numpy()[~known], return_inverse=True)
        unit[~known] = len(data.units) + number
        factors = np.concatenate([factors, np.ones(strangers.size)])
    used, unit = np.unique(unit, return_inverse=True)
    fit = mixed_fit(rows["value"].to_numpy(dtype=np.float64), x, arm, unit.astype(np.int64), factors[used])
    return None if fit is None else (fit, doses.size)


def interaction_of(fit: MixedFit, n_doses: int) -> tuple[float, float]:
    """Return the mean over doses of the interaction, and its variance."""
    mean = np.concatenate([np.zeros(n_doses), np.full(n_doses, 1.0 / n_doses)])
    return float(mean @ fit.coefficients), float(mean @ fit.covariance @ mean)
