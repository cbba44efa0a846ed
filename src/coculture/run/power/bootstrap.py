"""The pilot drawn again: what another pilot of as many wells might have been."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.run.power.pools import ORIGIN, Pools


def drawn_again(origins: NDArray[np.object_], random: np.random.Generator) -> NDArray[np.intp]:
    """Return rows drawn with replacement, as many from each origin as it has (Efron 1979, Ann Stat 7:1, by strata).

    Parameters
    ----------
    origins : of each well, shape (n,).
    random : draws.
    """
    drawn = np.empty(len(origins), dtype=np.intp)
    for origin in np.unique(origins):
        own = np.flatnonzero(origins == origin)
        drawn[own] = own[random.integers(0, len(own), len(own))]
    return drawn


def drawn_pilot(pools: Pools, random: np.random.Generator) -> Pools:
    """Return a pilot drawn from the wells of the pilot, with replacement within each pool and origin.

    Where the wells with the effect are the wells without it, shifted, they stay so: the same rows are drawn for both.
    """
    rows = drawn_again(_origins(pools.control), random)
    control = pools.control.iloc[rows]
    positive = pools.positive.iloc[drawn_again(_origins(pools.positive), random)]
    effects = {}
    for size in pools.sizes:
        own = pools.effects[size]
        effects[size] = own.iloc[rows if pools.shifted else drawn_again(_origins(own), random)]
    return replace(pools, control=control, positive=positive, effects=effects)


def _origins(wells: pd.DataFrame) -> NDArray[np.object_]:
    return wells[ORIGIN].astype(str).to_numpy(object)
