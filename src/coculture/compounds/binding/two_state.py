r"""A receptor that is active without ligand: the two-state model.

The receptor switches between an inactive state R and an active one R*, ``[R*]/[R] = L`` without ligand. A ligand A binds R with
K and R* with ``K/α``, so that it favours the active state (α > 1, an agonist), the inactive one (α < 1, an inverse agonist) or
neither (α = 1, a neutral antagonist). Of ligands that compete for one site the active share of all receptors is

``R*/R_all = L (1 + Σ αᵢ xᵢ) / (1 + Σ xᵢ + L (1 + Σ αᵢ xᵢ))``, ``xᵢ = [Aᵢ]/Kᵢ``

(Leff 1995, Trends Pharmacol Sci 16:89, doi:10.1016/S0165-6147(00)88989-0). Each ligand alone gives a hyperbola from the
constitutive activity ``b = L/(1 + L)`` to its own activity ``e = αL/(1 + αL)`` with the midpoint ``EC50 = K (1 + L)/(1 + αL)``.
Counted by these, with ``y = [A]/EC50``, the same equation reads ``(b + Σ eᵢ yᵢ)/(1 + Σ yᵢ)``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


def active_share(constitutive: float, doses_over_ec50: Sequence[ArrayLike], activities: Sequence[float]) -> Floats:
    """Return the active share of the receptors beside competing ligands, 0 to 1.

    Parameters
    ----------
    constitutive : b, the share that is active without ligand, 0 to 1.
    doses_over_ec50 : y of each ligand, arrays that broadcast.
    activities : e of each ligand, the share that is active when it occupies all: 1 a full agonist, b a neutral
        antagonist, less an inverse agonist.

    Raises
    ------
    InputError : if a share leaves 0 to 1, a dose is negative, or the two lists differ in length.
    """
    base = require_number(constitutive, "constitutive", least=0, most=1)
    if len(doses_over_ec50) != len(activities):
        raise InputError(f"{len(doses_over_ec50)} doses and {len(activities)} activities", "activities", "give one a ligand")
    above, below = np.asarray(base, np.float64), np.asarray(1.0)
    for dose, activity in zip(doses_over_ec50, activities, strict=True):
        y = np.asarray(dose, np.float64)
        if not bool((y >= 0).all()):
            raise InputError("a dose is negative or not a number", "doses_over_ec50", "give doses of 0 or more")
        above, below = above + require_number(activity, "activity", least=0, most=1) * y, below + y
    return np.asarray(above / below)


def activity_of(alpha: float, constitutive: float) -> float:
    """Return e, the activity a ligand has alone at saturation, from the ratio α of its affinities and b; b below 1."""
    base = require_number(constitutive, "constitutive", least=0, most=1)
    require_number(1 - base, "1 - constitutive", above=0)
    pull = require_number(alpha, "alpha", least=0) * base / (1 - base)
    return pull / (1 + pull)


def ec50_of(dissociation_um: float, alpha: float, constitutive: float) -> float:
    """Return the midpoint of a ligand's own curve from its K to the inactive state, α and b."""
    require_number(dissociation_um, "dissociation_um", above=0)
    return dissociation_um * (1 - activity_of(alpha, constitutive)) / (1 - constitutive)
