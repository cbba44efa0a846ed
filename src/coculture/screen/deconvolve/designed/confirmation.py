"""Confirmation of candidates on fresh wells: alone, together, and beside nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import stats

from coculture import __version__
from coculture.errors import InputError
from coculture.screen.deconvolve.designed.run_noise import run_noise
from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.hits.false_discovery import benjamini_hochberg

METHOD = "contrasts on fresh wells, noise between wells of a run"


@dataclass(frozen=True)
class Confirmed:
    """What stands up on fresh wells.

    Attributes
    ----------
    table : one row a contrast: ``term``, ``kind`` (main: alone less nothing; pair: both less each alone plus nothing),
        ``effect``, ``low``, ``high``, ``p_value``, ``q_value``, ``confirmed``.
    degrees_of_freedom : within runs.
    settings, method, version : how.
    """

    table: pd.DataFrame
    degrees_of_freedom: int
    settings: Mapping[str, float]
    method: str = METHOD
    version: str = __version__


def confirm(wells: DesignedWells, fdr: float = 0.1, confidence: float = 0.95) -> Confirmed:
    """Test each ingredient against nothing, and each pair against the sum of its ingredients.

    The wells are fresh, so the search before does not flatter them: q-values (Benjamini & Hochberg) over these contrasts
    control the false discovery rate whatever the search did, if responses are about normal.

    Raises
    ------
    InputError : if the design lacks nothing, or an ingredient of a pair, or holds runs of three ingredients or more.
    DataError : if no run is repeated.
    """
    noise = run_noise(wells, pooled=True)
    names = wells.design.ingredients
    place = {tuple(np.flatnonzero(row).tolist()): number for number, row in enumerate(wells.design.levels)}
    if () not in place or any(len(members) > 2 for members in place):
        raise InputError("the design lacks nothing or has larger mixtures", "confirmation", "use confirmation_design")
    rows = []
    for members, number in place.items():
        if not members:
            continue
        used = [(number, 1.0), (place[()], -1.0 if len(members) == 1 else 1.0)]
        if len(members) == 2:
            if any((one,) not in place for one in members):
                raise InputError("an ingredient of a pair is not tested alone", "confirmation", "use confirmation_design")
            used += [(place[one,], -1.0) for one in members]
        rows.append((" × ".join(names[one] for one in members), "pair" if len(members) == 2 else "main", *noise.contrast(used)))
    table = pd.DataFrame(rows, columns=["term", "kind", "effect", "standard_error", "df"])
    half = stats.t.isf((1 - confidence) / 2, table["df"]) * table["standard_error"]
    table["low"], table["high"] = table["effect"] - half, table["effect"] + half
    table["p_value"] = 2 * stats.t.sf((table["effect"] / table["standard_error"]).abs(), table.pop("df"))
    table["q_value"] = benjamini_hochberg(table["p_value"].to_numpy())
    table["confirmed"] = table["q_value"] <= fdr
    degrees = int(np.maximum(noise.count - 1, 0).sum())
    return Confirmed(table, degrees, MappingProxyType({"fdr": fdr, "confidence": confidence}))
