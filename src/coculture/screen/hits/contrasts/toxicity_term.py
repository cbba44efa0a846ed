"""Toxicity to the other cells: what of a difference their loss explains.

A compound that kills the stroma takes its help away, and the leukaemia cells beside it fare as if alone: a difference between
conditions that is not the compound's own. Where wells count the other cells, their loss x (per cent of the negative controls of
plate and condition) enters the tested condition with one slope β, learnt within compound and dose over donors:

    D_ucd = δ_cd + β (x_ucd − 0) + e,        δ is the difference where no other cell is lost
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FEWEST_DF = 10
"""Degrees of freedom within compound and dose below which the slope is not learnt."""


@dataclass(frozen=True)
class ToxicityTerm:
    """``slope`` per per cent of other cells lost, its ``standard_error``; ``reason`` why there is none."""

    slope: float
    standard_error: float
    reason: str = ""


def toxicity_slope(differences: pd.DataFrame) -> ToxicityTerm:
    """Return the slope of ``difference`` on ``other`` (per cent lost) within compound and dose; rows are units."""
    groups = differences.groupby(["compound", "dose"])
    y = (differences["difference"] - groups["difference"].transform("mean")).to_numpy(dtype=np.float64)
    x = (differences["other"] - groups["other"].transform("mean")).to_numpy(dtype=np.float64)
    df, spread = len(y) - groups.ngroups - 1, float((x**2).sum())
    if df < FEWEST_DF or spread <= 1e-12:
        return ToxicityTerm(0.0, 0.0, "the other cells vary too little, or in too few donors, to learn from")
    slope = float((x * y).sum() / spread)
    return ToxicityTerm(slope, float(np.sqrt(((y - slope * x) ** 2).sum() / df / spread)))
