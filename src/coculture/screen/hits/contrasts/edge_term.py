"""The place of a well on its plate: how much less (or more) wells in outer rows and columns read.

Learnt where nothing else changes, from the negative controls of each stratum (plate and condition), relative to those inside:

    control = inside · (1 + r · [outer row] + c · [outer column]) + noise          (on a scale without zero: inside + r + c)

``(r, c)`` differ from plate to plate (evaporation does): they are random over the strata of a condition, with the median as
their mean and a covariance T found by moments, and each stratum's own estimate b is shrunk, ``m + T (T + s² G)⁻¹ (b − m)`` with
s² G its sampling covariance (empirical Bayes). A condition whose controls show no difference between edge and inside
(Mann-Whitney p < 0.001 and half a robust standard deviation, as the engine's warning) is left alone. Treated wells are divided
by one plus their term, or it is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.contrasts.base import ContrastWells
from coculture.screen.quality.edge_controls import edge_shift

SMALLEST_FACTOR = 0.2
"""No well is multiplied by more than five: what is left of so spoilt a well is noise."""


@dataclass(frozen=True)
class EdgeTerm:
    """``values`` of the treated wells with the edge taken off; ``remarks`` in words."""

    values: Floats
    remarks: list[str]


def without_edge(wells: ContrastWells) -> EdgeTerm:
    """Return the treated wells' values as they would be inside the plate."""
    values = wells.treated["value"].to_numpy(dtype=np.float64).copy()
    remarks = []
    for arm, name in enumerate((wells.contrast.reference, *wells.arms)):
        chosen = (wells.treated["arm"] == arm).to_numpy()
        treated, controls = wells.treated[chosen], wells.controls[wells.controls["arm"] == arm]
        if not treated["edge"].any() or not _differs(controls):
            continue
        middle, terms = _edge_terms(_relative(controls, wells.ratio), _outer(controls), controls["stratum"].to_numpy())
        shift = _term(treated, terms, middle)
        values[chosen] = values[chosen] / np.maximum(1.0 + shift, SMALLEST_FACTOR) if wells.ratio else values[chosen] - shift
        amount = "{:+.0%}" if wells.ratio else "{:+.3g}"
        remarks.append(
            f"{name}: wells at the edge were corrected by what negative controls there read, plate by plate (outer rows "
            f"{amount.format(middle[0])}, outer columns {amount.format(middle[1])} in the middle)."
        )
    return EdgeTerm(values, remarks)


def _outer(wells: pd.DataFrame) -> Floats:
    """Return (n, 2): whether each well lies in an outer row, and in an outer column."""
    return wells[["outer_row", "outer_column"]].to_numpy(dtype=np.float64)


def _relative(controls: pd.DataFrame, ratio: bool) -> Floats:
    """Return controls relative to the mean of those inside in their stratum, NaN where fewer than two lie inside."""
    inside = controls[~controls["edge"]].groupby("stratum")["value"].agg(["mean", "size"])
    mean = controls["stratum"].map(inside["mean"].where(inside["size"] > 1)).to_numpy(dtype=np.float64)
    value = controls["value"].to_numpy(dtype=np.float64)
    return value / np.where(mean > 0, mean, np.nan) - 1.0 if ratio else value - mean


def _differs(controls: pd.DataFrame) -> bool:
    relative = _relative(controls, False)
    known, edge = np.isfinite(relative), controls["edge"].to_numpy(dtype=bool)
    return edge_shift(relative[known & edge], relative[known & ~edge]) is not None


def _edge_terms(relative: Floats, outer: Floats, stratum: np.ndarray) -> tuple[Floats, dict[int, Floats]]:
    """Return the median (row, column) terms and each stratum's shrunk ones."""
    own: dict[int, tuple[Floats, Floats]] = {}
    squares, df = 0.0, 0
    used = np.isfinite(relative) & (outer.sum(axis=1) > 0)
    for code in np.unique(stratum[used]):
        x, y = outer[used & (stratum == code)], relative[used & (stratum == code)]
        unscaled = np.linalg.pinv(x.T @ x)
        b = unscaled @ x.T @ y
        own[int(code)] = b, unscaled
        squares, df = squares + float(((y - x @ b) ** 2).sum()), df + len(y) - np.linalg.matrix_rank(x)
    estimates = np.array([b for b, _ in own.values()])
    middle = np.median(estimates, axis=0)
    noise = squares / df if df > 0 else 0.0
    if len(own) < 3:
        return middle, {code: b for code, (b, _) in own.items()}
    excess = np.cov(estimates.T) - noise * np.mean([unscaled for _, unscaled in own.values()], axis=0)
    size, axes = np.linalg.eigh(excess)
    between = axes @ np.diag(np.maximum(size, 0.0)) @ axes.T
    return middle, {
        code: middle + between @ np.linalg.pinv(between + noise * unscaled) @ (b - middle) for code, (b, unscaled) in own.items()
    }


def _term(treated: pd.DataFrame, terms: dict[int, Floats], middle: Floats) -> Floats:
    rows = np.array([terms.get(int(code), middle) for code in treated["stratum"]])
    return np.asarray((rows * _outer(treated)).sum(axis=1), dtype=np.float64)
