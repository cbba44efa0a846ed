"""Dye or signal handed from cell to cell: does a receiver have more of it, the more border it shares with donors?

    level:   S_i = a + b x_i + e_i,      x_i = Σ_donors L_ij S_j      (weight "signal")   or   Σ_donors L_ij   (weight "border")
    rate:    (S_i(t') − S_i(t)) / (t' − t) = a + κ Σ_donors L_ij (S_j − S_i) + e_i

L_ij is the border shared, µm. The rate form is Fick's law across a leaky border: κ is a permeability per µm of border and min,
divided by the volume in which the dye spreads; with S as concentration it is zero where donor and receiver are alike. The level
form is for one image: a receiver's own content against what its donors could have given it, in S per µm · S (or per µm).
Bleaching and loss go into the intercept a. A donor's light that bleeds into its neighbour's outline looks like transfer; compare
with cells that touch donors and cannot couple (another type, or gap-junction blocker).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from coculture.errors import InputError
from coculture.interactions.communication.clusters import Cluster, Within, cluster_codes
from coculture.interactions.communication.neighbourhood import Neighbourhood
from coculture.interactions.communication.regression.cluster import Kind
from coculture.interactions.communication.regression.fit import RegressionFit
from coculture.interactions.communication.regression.linear import linear_regression
from coculture.interactions.communication.responses import column
from coculture.interactions.dynamics.at_risk import steps_at_risk
from coculture.interactions.dynamics.estimate import Estimate
from coculture.interactions.dynamics.timeline import Timeline, type_code

Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Transfer:
    """Transfer of a signal from donors to receivers.

    Attributes
    ----------
    effect : slope b or κ.
    n_receivers, n_touching : receivers (sightings or steps) used, and those among them that touch a donor.
    mean_touching, mean_apart : mean response of those that touch a donor and those that do not; NaN where there are none.
    fit : the regression.
    form : which of the module's equations, in words.
    """

    effect: Estimate
    n_receivers: int
    n_touching: int
    mean_touching: float
    mean_apart: float
    fit: RegressionFit
    form: str


def signal_transfer(
    timeline: Timeline,
    cells: pd.DataFrame,
    signal: str,
    donor: str,
    receiver: str,
    *,
    form: Literal["level", "rate"] = "level",
    weight: Literal["signal", "border"] = "signal",
    cluster: Cluster = "well",
    within: Within | None = None,
    covariance: Kind = "CR2",
    level: float = 0.95,
) -> Transfer:
    """Regress a receiver's signal, or its change, on its border with donors.

    Parameters
    ----------
    timeline : cells and contacts, made of ``cells``.
    signal : numeric column of the dye or signal; a receiver without a value, or that touches a donor without one, is left out.
    donor, receiver : types, different.
    form : ``"level"`` (within an image) or ``"rate"`` (from one sighting to the next; needs tracks).
    weight : for ``"level"``, whether the donor's signal counts or the border alone.
    cluster, within, covariance, level : as in :func:`~coculture.interactions.communication.slopes.neighbour_slopes`.

    Raises
    ------
    InputError : if a type, column or setting is unknown, donor and receiver are the same type, or ``weight="border"`` is asked
        for with ``form="rate"``.
    """
    if form not in ("level", "rate") or weight not in ("signal", "border") or (form == "rate" and weight == "border"):
        raise InputError(f"form '{form}' with weight '{weight}'", "form", "use level with signal or border, or rate with signal")
    give, take = type_code(timeline.types, donor, "donor"), type_code(timeline.types, receiver, "receiver")
    if give == take:
        raise InputError(f"'{donor}' is both donor and receiver", "receiver", "name two types; mark the loaded cells as a type")
    amount = column(timeline, cells, signal)
    kind = timeline.track_type[timeline.track]
    border = Neighbourhood.of(timeline).border
    touched = np.asarray(border @ (kind == give).astype(np.float64))
    loaded = _loaded(border, amount, kind == give)
    if form == "level":
        rows, value = np.arange(len(kind)), amount
        driver = touched if weight == "border" else loaded
    else:
        rows, value = _change(timeline, amount)
        driver = loaded - touched * amount
    use = (kind[rows] == take) & np.isfinite(value) & np.isfinite(driver[rows])
    rows, value = rows[use], value[use]
    absorb = None if within is None else cluster_codes(timeline, rows, within)
    groups = cluster_codes(timeline, rows, cluster)
    fit = linear_regression(value, driver[rows], ("transfer",), groups, within=absorb, covariance=covariance)
    meets = touched[rows] > 0
    means = [float(value[part].mean()) if part.any() else float("nan") for part in (meets, ~meets)]
    words = f"{form}, donors weighted by {'signal and border' if weight == 'signal' else 'border'}"
    return Transfer(fit.effect("transfer", level=level), len(rows), int(meets.sum()), means[0], means[1], fit, words)


def _loaded(border: sparse.csr_array, amount: Reals, gives: NDArray[np.bool_]) -> Reals:
    """Return Σ L_ij S_j over donors, NaN where one that touches has no value."""
    known = np.isfinite(amount)
    total = np.asarray(border @ np.where(gives & known, amount, 0.0))
    blind = np.asarray(border @ (gives & ~known).astype(np.float64))
    return np.where(blind > 0, np.nan, total)


def _change(timeline: Timeline, amount: Reals) -> tuple[NDArray[np.int64], Reals]:
    """Return the sightings that are followed by another, and the change of the signal per min until then."""
    steps = steps_at_risk(timeline)
    seen = steps.next >= 0
    here, there = steps.sighting[seen], steps.next[seen]
    return here, (amount[there] - amount[here]) / (steps.stop_min - steps.start_min)[seen]
