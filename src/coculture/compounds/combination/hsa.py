"""Highest single agent: a combination is as good as the better drug of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.errors import InputError


def highest_single_agent(effects: Sequence[ArrayLike]) -> NDArray[np.float64]:
    """Return the largest effect among the drugs alone, ``max_i e_i`` (Berenbaum 1989, Pharmacol. Rev. 41:93).

    Parameters
    ----------
    effects : one array a drug, broadcast against each other; effects rise with what the drug does.

    Raises
    ------
    InputError : for no drug.
    """
    if not effects:
        raise InputError("the highest single agent needs at least one drug", remedy="give the drugs' effects")
    return np.asarray(np.maximum.reduce(np.broadcast_arrays(*(np.asarray(effect, dtype=np.float64) for effect in effects))))
