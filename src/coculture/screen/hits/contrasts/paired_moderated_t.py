"""The interaction model in its paired form: donors' differences, weighed, with variances shared over compounds.

For donor u, compound c, dose d the difference tested − reference on the scale of the analysis (against the controls of plate and
condition, without edge and without the loss of other cells) is

    D_ucd = δ_cd + g_uc + e_ucd

What the donor and the compound's toxicity in the reference condition are takes itself off. With U_uc the mean of D over doses,

    effect_c = Σ w_u U_uc / Σ w_u,    w = 1/φ,    s_c² = Σ w_u (U_uc − effect_c)² / (n_c − 1),    SE² = s̃_c² / Σ w_u

φ are the donors' variance factors (``donor_weights``) and s̃² the moderated variance (Smyth 2004) on d₀ + n − 1 degrees of
freedom.
"""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.contrasts.base import FEWEST_UNITS, ContrastEstimate, ContrastWells, over_units
from coculture.screen.hits.contrasts.interaction_data import InteractionData, interaction_data, moderated_variance


def paired_moderated_t(wells: ContrastWells) -> ContrastEstimate:
    """Return the weighted mean difference of every compound and tested condition."""
    data, remarks = interaction_data(wells)
    parts = [weighed_differences(one.contrasts, one.factors) for one in data]
    return assembled(wells, data, parts, remarks)


def weighed_differences(contrasts: Floats, factors: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return effect, variance of a unit of weight 1, total weight and number of units, (compounds,) each.

    ``contrasts`` (units, compounds), NaN where a unit is missing; ``factors`` (units,).
    """
    seen = np.isfinite(contrasts)
    weight = seen / factors[:, None]
    total, n = weight.sum(axis=0), seen.sum(axis=0).astype(np.float64)
    value = np.where(seen, contrasts, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        effect = (weight * value).sum(axis=0) / total
        variance = (weight * np.where(seen, value - effect, 0.0) ** 2).sum(axis=0) / np.maximum(n - 1, 1)
    return effect, variance, total, n


def assembled(
    wells: ContrastWells,
    data: list[InteractionData],
    parts: list[tuple[Floats, Floats, Floats, Floats]],
    remarks: list[str],
) -> ContrastEstimate:
    """Return the estimate over all rows from each tested condition's effect, unit variance, total weight and number of units."""
    shape = (len(wells.compounds), len(wells.arms))
    effect, error, df, sd, number = (np.full(shape, np.nan) for _ in range(5))
    for arm, (one, (found, variance, total, n)) in enumerate(zip(data, parts, strict=True)):
        shared = moderated_variance(variance, n)
        with np.errstate(invalid="ignore", divide="ignore"):
            squared = shared.variance / total + (one.lost * one.term.standard_error) ** 2
        effect[:, arm], error[:, arm], df[:, arm] = found, np.sqrt(squared), shared.df
        sd[:, arm], number[:, arm] = np.sqrt(shared.variance), n
        remarks.append(f"{wells.contrast.method}, {wells.arms[arm]}: {shared.remark}")
        if one.factors.size and np.ptp(one.factors) > 0:
            low, high = one.factors.min() ** 0.5, one.factors.max() ** 0.5
            remarks.append(
                f"{wells.arms[arm]}: {wells.contrast.pair_by}s were weighed; they scatter {low:.2g} to {high:.2g} times as usual."
            )
    n_units = np.nan_to_num(number.ravel()).astype(np.int64)
    effect_found = np.where(n_units >= FEWEST_UNITS, effect.ravel(), np.nan)
    return ContrastEstimate(effect_found, error.ravel(), df.ravel(), sd.ravel(), n_units, over_units(wells, n_units), remarks)
