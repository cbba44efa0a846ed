"""How far each donor can be relied on: variance factors of units that are the same for all compounds.

A donor whose cells die by themselves is judged against a small and scattered control, and all of its differences scatter. How
much the control wells of a unit scatter, v_u (variance of a well, mean over its plates and conditions, shrunk as moderated
variances are), tells so without looking at any compound. The variance of a unit's difference is taken as

    φ_u ∝ a + b v_u,    a, b ≥ 0

a what donors differ by themselves, b what the wells' errors add; both from all compounds at once, by least squares of the mean
over compounds of D²_uc / mean_u D²_uc on v_u. Squares are taken about zero: which way a unit moves does not enter, so that
exchanging the conditions of a unit changes no weight, and weights cannot follow an effect. (Squares about the mean did: where
half of the donors were exchanged the weights chose one half, and found effects where there were none.)
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import optimize

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.moderated_t import FEWEST_GROUPS, variance_prior

FEWEST_CONTROLS = 3
"""Degrees of freedom among a unit's control wells below which its scatter is not known."""


def donor_factors(differences: Floats, control_variance: Floats) -> Floats:
    """Return the variance factor φ of each unit, geometric mean 1.

    Parameters
    ----------
    differences : (units, compounds), NaN where a unit did not see a compound. With fewer than ten units or compounds nothing can
        be learnt and all are alike.
    control_variance : (units,) variance of a unit's control wells, NaN where not known: then all are alike.
    """
    n_units = differences.shape[0]
    alike = np.ones(n_units)
    seen = np.isfinite(differences)
    squares = np.where(seen, differences, 0.0) ** 2
    usual = squares.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    enough = (seen.sum(axis=0) >= FEWEST_GROUPS) & (usual > 0)
    if n_units < FEWEST_GROUPS or enough.sum() < FEWEST_GROUPS or not np.isfinite(control_variance).all():
        return alike
    count = seen[:, enough].sum(axis=1)
    relative = (squares[:, enough] / usual[enough]).sum(axis=1) / np.maximum(count, 1)
    noise = control_variance / np.exp(np.mean(np.log(control_variance)))
    scale = np.maximum(noise, 0.3)  # units of large scatter are known worst
    design = np.column_stack([np.ones(n_units), noise]) / scale[:, None]
    own, added = optimize.nnls(design[count > 0], (relative / scale)[count > 0])[0]
    factors = own + added * noise
    return np.asarray(factors / np.exp(np.mean(np.log(factors)))) if (factors > 0).all() else alike


def control_variances(controls: pd.DataFrame, units: pd.Index) -> Floats:
    """Return the variance of a control well of each unit, (units,), shrunk over units; NaN where too few tell.

    ``controls`` has the columns ``unit, stratum, value`` of the control wells that count.
    """
    by_stratum = controls.groupby(["unit", "stratum"])["value"].agg(["var", "size"])
    df = (by_stratum["size"] - 1).clip(lower=0)
    squares = (by_stratum["var"].fillna(0.0) * df).groupby("unit").sum()
    total = df.groupby("unit").sum()
    found = (squares / total.where(total >= FEWEST_CONTROLS)).reindex(units).to_numpy(dtype=np.float64)
    freedom = total.reindex(units).to_numpy(dtype=np.float64)
    if len(units) < FEWEST_GROUPS or not (found > 0).all():
        return np.full(len(units), np.nan)
    prior_df, prior = variance_prior(found, freedom)
    return np.full(len(units), prior) if np.isinf(prior_df) else (prior_df * prior + freedom * found) / (prior_df + freedom)
