"""The interaction model in its paired form: donors' differences, weighed, with variances shared over compounds.

For donor u, compound c, dose d the difference tested − reference on the scale of the analysis (against the controls of plate and
condition, without edge and without the loss of other cells) is

    D_ucd = δ_cd + g_uc + e_ucd

What the donor and the compound's toxicity in the reference condition are takes itself off. With U_uc the mean of D over doses,

    effect_c = Σ w_u U_uc,    w_u = (1/φ_u) / Σ (1/φ_u)
    V_c = Σ w_u² (U_uc − effect_c)² / (1 − w_u),    n_e = 1 / Σ w_u²

φ are the donors' variance factors (``donor_weights``). V is the variance of the weighted mean that holds also where the weights
are wrong (HC2, MacKinnon & White 1985, J Econom 29:305); with equal weights it is that of the paired t-test. s² = n_e V, the
variance of one donor, is moderated over compounds (Smyth 2004) and the effect is tested with SE² = s̃²/n_e on d₀ + n_e − 1
degrees of freedom.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.contrasts.base import FEWEST_UNITS, ContrastEstimate, ContrastWells, over_units
from coculture.screen.hits.contrasts.interaction_data import InteractionData, interaction_data, moderated_variance


def paired_moderated_t(wells: ContrastWells) -> ContrastEstimate:
    """Return the weighted mean difference of every compound and tested condition."""
    data, remarks = interaction_data(wells)
    parts = [weighed_differences(one.contrasts, one.factors) for one in data]
    return assembled(wells, data, parts, remarks)


def weighed_differences(contrasts: Floats, factors: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return effect, its variance, effective and real number of units, (compounds,) each.

    ``contrasts`` (units, compounds), NaN where a unit is missing; ``factors`` (units,).
    """
    seen = np.isfinite(contrasts)
    weight, effective, n = unit_weights(seen, factors)
    value = np.where(seen, contrasts, 0.0)
    effect = np.where(n > 0, (weight * value).sum(axis=0), np.nan)
    error = np.where(seen, value - effect, 0.0)
    variance = (weight**2 * error**2 / np.maximum(1.0 - weight, 1e-9)).sum(axis=0)
    return effect, variance, effective, n


def unit_weights(seen: NDArray[np.bool_], factors: Floats) -> tuple[Floats, Floats, Floats]:
    """Return weights that sum to 1 over the units that saw a compound, (units, compounds), effective and real number of units."""
    raw = seen / factors[:, None]
    weight = raw / np.maximum(raw.sum(axis=0), 1e-300)
    n = seen.sum(axis=0).astype(np.float64)
    return weight, 1.0 / np.maximum((weight**2).sum(axis=0), 1e-300) * (n > 0), n


def assembled(
    wells: ContrastWells,
    data: list[InteractionData],
    parts: list[tuple[Floats, Floats, Floats, Floats]],
    remarks: list[str],
) -> ContrastEstimate:
    """Return the estimate over all rows from each tested condition's effect, variance, effective and real number of units."""
    shape = (len(wells.compounds), len(wells.arms))
    effect, error, df, sd, number = (np.full(shape, np.nan) for _ in range(5))
    for arm, (one, (found, variance, effective, n)) in enumerate(zip(data, parts, strict=True)):
        shared = moderated_variance(variance * effective, np.where(n >= FEWEST_UNITS, effective, 0.0))
        with np.errstate(invalid="ignore", divide="ignore"):
            squared = shared.variance / effective + (one.lost * one.term.standard_error) ** 2
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
