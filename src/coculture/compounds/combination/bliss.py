"""Bliss independence: drugs that hit independently."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.errors import InputError

Floats = NDArray[np.float64]


def bliss(effects: Sequence[ArrayLike], full: float = 1.0) -> Floats:
    """Return the effect of independent drugs, ``full * (1 - prod(1 - e_i / full))`` (Bliss 1939, Ann. Appl. Biol. 26:585).

    Parameters
    ----------
    effects : one array a drug, effects of the drugs alone, broadcast against each other. Negative effects (growth above the
        control) enter as they are.
    full : the effect that leaves nothing over: 1 for fractions, 100 for percent inhibition.

    Raises
    ------
    InputError : for no drug, or a ``full`` that is not above 0.
    """
    if not effects or not full > 0:
        raise InputError("Bliss independence needs at least one drug and a full effect above 0", remedy="give the drugs' effects")
    remaining: Floats = np.asarray(1.0, dtype=np.float64)
    for effect in effects:
        remaining = remaining * (1.0 - np.asarray(effect, dtype=np.float64) / full)
    return np.asarray(full * (1.0 - remaining))
