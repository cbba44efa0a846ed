"""How far each donor can be relied on: weights of units that are the same for all compounds.

A donor whose cells die by themselves gives percentages of a small control, and all of its differences scatter. With
``D_uc = δ_c + e_uc``, ``Var e_uc = σ_c² φ_u``, the factors φ are found from all compounds at once (as array weights are:
Ritchie et al. 2006, BMC Bioinformatics 7:261): φ_u is the mean over compounds of e²/σ_c², shrunk by the same prior as moderated
variances (Smyth 2004), and δ, σ² and φ are updated in turn. The weights do not look at the sign of a difference, nor at one
compound alone, and so cannot make an effect.
"""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.moderated_t import FEWEST_GROUPS, variance_prior

ROUNDS = 10


def donor_factors(differences: Floats) -> Floats:
    """Return the variance factor φ of each unit, geometric mean 1.

    Parameters
    ----------
    differences : (units, compounds), NaN where a unit did not see a compound. With fewer than ten units or compounds nothing can
        be learnt and all are alike.
    """
    n_units = differences.shape[0]
    factors = np.ones(n_units)
    seen = np.isfinite(differences)
    count = seen.sum(axis=1)
    if n_units < FEWEST_GROUPS or (count >= FEWEST_GROUPS).sum() < FEWEST_GROUPS:
        return factors
    known = np.where(seen, differences, 0.0)
    for _ in range(ROUNDS):
        weight = seen / factors[:, None]
        total = weight.sum(axis=0)
        mean = (weight * known).sum(axis=0) / np.where(total > 0, total, np.nan)
        error = np.where(seen, differences - mean, 0.0)
        variance = (weight * error**2).sum(axis=0) / np.maximum(seen.sum(axis=0) - 1, 1)
        usable = seen & (variance > 0)
        relative = np.divide(error**2, variance, where=usable, out=np.zeros_like(error)).sum(axis=1) / np.maximum(count, 1)
        factors = _shrunk(np.maximum(relative, 1e-6), np.maximum(count - 1, 1).astype(np.float64))
    return factors


def _shrunk(variances: Floats, df: Floats) -> Floats:
    prior_df, prior = variance_prior(variances, df)
    shrunk = np.ones(variances.shape) if np.isinf(prior_df) else (prior_df * prior + df * variances) / (prior_df + df)
    return np.asarray(shrunk / np.exp(np.mean(np.log(shrunk))))
