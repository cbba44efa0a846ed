"""How what a cell does depends on its neighbours: a slope for each type of neighbour and each local field.

    y_i = a + Σ_T b_T n_iT + Σ_S c_S f_iS + (covariates) + e_i          (a signal, speed)
    log odds y_i = the same without e_i                                  (death, division, from one sighting to the next)

with n_iT the number of neighbours of type T (or the border shared with them, µm) and f_iS the field of sources S at the cell.
The slopes are partial: each at fixed values of the others. Standard errors allow for cells of one cluster being alike
(:mod:`~coculture.interactions.communication.regression.cluster`). A slope is an association: density, position in the
chip and cell size may lie behind it; ``within="frame"`` compares cells of one image only, and covariates take out what is
measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.communication.clusters import Cluster, Within, cluster_codes
from coculture.interactions.communication.local_field import Kernel, local_field
from coculture.interactions.communication.neighbourhood import Neighbourhood
from coculture.interactions.communication.regression.cluster import Kind
from coculture.interactions.communication.regression.fit import RegressionFit
from coculture.interactions.communication.regression.linear import linear_regression
from coculture.interactions.communication.regression.logistic import logistic_regression
from coculture.interactions.communication.responses import Response, column, response
from coculture.interactions.dynamics.timeline import Timeline, type_code

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Field:
    """A local field to put among the terms: the cells of type ``source`` with decay length ``decay_um``."""

    source: str
    decay_um: float
    kernel: Kernel = "exponential"


@dataclass(frozen=True, eq=False)
class NeighbourSlopes:
    """Slopes of one response of one type.

    Attributes
    ----------
    table : one row a term: ``term`` (``neighbours_T``, ``border_um_T``, ``field_S`` or the covariate), ``effect`` (the slope),
        ``se, low, high, p_value, degrees, n, n_clusters, reason``.
    fit : the regression behind it; terms that do not vary are not in it.
    unit : what a slope is per unit of its term.
    notes : what was left out, in words.
    """

    table: pd.DataFrame
    fit: RegressionFit
    unit: str
    notes: tuple[str, ...]

    def slope(self, term: str) -> float:
        """Return the slope of a term, NaN where the table says why.

        Raises
        ------
        InputError : if there is no such term.
        """
        found = self.table.loc[self.table["term"] == term, "effect"]
        if found.empty:
            raise InputError(f"no term '{term}'", "term", "use one of: " + ", ".join(self.table["term"]))
        return float(found.iloc[0])


def neighbour_slopes(
    timeline: Timeline,
    cells: pd.DataFrame,
    of: str,
    response_name: str,
    *,
    by: Literal["count", "border"] = "count",
    neighbours: Sequence[str] | None = None,
    fields: Sequence[Field] = (),
    covariates: Sequence[str] = (),
    cluster: Cluster = "well",
    within: Within | None = None,
    covariance: Kind = "CR2",
    level: float = 0.95,
) -> NeighbourSlopes:
    """Regress what cells of one type do on their neighbours.

    Parameters
    ----------
    timeline : cells and contacts, made of ``cells``.
    of : type of the cells looked at.
    response_name : a numeric column, or ``"speed"``, ``"dies"``, ``"divides"``.
    by : neighbours counted, or measured by the border shared, µm.
    neighbours : types of neighbours among the terms. None: all.
    fields : local fields among the terms.
    covariates : numeric columns among the terms; a cell without a value is left out.
    cluster : what may be alike: wells, sites, tracks (one cell over time), or nothing (``"cell"``: every row its own).
    within : compare cells of the same well, site or frame only (linear responses).
    covariance : ``"CR2"`` or ``"CR1"``.
    level : of the intervals.

    Raises
    ------
    InputError : if a type, column or setting is unknown, or ``within`` is asked for with a yes-or-no response.
    """
    mine = type_code(timeline.types, of, "of")
    answer = response(timeline, cells, response_name)
    if within is not None and answer.event:
        raise InputError(f"within='{within}' with '{response_name}'", "within", "leave it out: it is for numbers, not for events")
    if by not in ("count", "border"):
        raise InputError(f"by '{by}'", "by", "use count or border")
    names, values = _terms(timeline, cells, by, neighbours, fields, covariates)
    use = (timeline.track_type[timeline.track[answer.sighting]] == mine) & np.isfinite(values[answer.sighting]).all(axis=1)
    kept = answer.sighting[use]
    fit, constant = _fit(timeline, answer.value[use], values[kept], names, kept, answer.event, cluster, within, covariance)
    notes = _notes(timeline, answer, cells, covariates, mine)
    return NeighbourSlopes(_table(fit, names, constant, level), fit, f"{answer.unit} per unit of the term", notes)


def _terms(
    timeline: Timeline,
    cells: pd.DataFrame,
    by: str,
    neighbours: Sequence[str] | None,
    fields: Sequence[Field],
    covariates: Sequence[str],
) -> tuple[list[str], Reals]:
    """Return names and values, (n, p), of all terms at every sighting."""
    around = Neighbourhood.of(timeline)
    kinds = timeline.types if neighbours is None else tuple(neighbours)
    codes = [type_code(timeline.types, kind, "neighbours") for kind in kinds]
    table = (around.counts() if by == "count" else around.lengths())[:, codes]
    names = [f"{'neighbours' if by == 'count' else 'border_um'}_{kind}" for kind in kinds]
    parts = [table]
    for field in fields:
        names.append(f"field_{field.source}")
        parts.append(local_field(timeline, cells, field.source, field.decay_um, kernel=field.kernel)[:, None])
    for name in covariates:
        names.append(name)
        parts.append(column(timeline, cells, name)[:, None])
    return names, np.hstack(parts)


def _fit(
    timeline: Timeline,
    value: Reals,
    terms: Reals,
    names: list[str],
    kept: NDArray[np.int64],
    event: bool,
    cluster: Cluster,
    within: Within | None,
    covariance: Kind,
) -> tuple[RegressionFit, set[str]]:
    """Fit with the terms that vary; return also those that do not."""
    varies = np.ptp(terms, axis=0) > 0 if len(terms) else np.zeros(len(names), bool)
    used = [name for name, free in zip(names, varies, strict=True) if free]
    groups = cluster_codes(timeline, kept, cluster)
    if event:
        fit = logistic_regression(value, terms[:, varies], used, groups, covariance=covariance)
    else:
        absorb = None if within is None else cluster_codes(timeline, kept, within)
        fit = linear_regression(value, terms[:, varies], used, groups, within=absorb, covariance=covariance)
    return fit, set(names) - set(used)


def _table(fit: RegressionFit, names: list[str], constant: set[str], level: float) -> pd.DataFrame:
    table = fit.table(level=level).set_index("term").reindex(names).rename_axis("term").reset_index()
    flat = table["term"].isin(constant)
    table.loc[flat, "reason"] = "no cells" if not fit.n else "the term has the same value for all cells"
    return table.assign(n=fit.n, n_clusters=fit.n_clusters)


def _notes(timeline: Timeline, answer: Response, cells: pd.DataFrame, covariates: Sequence[str], mine: int) -> tuple[str, ...]:
    found = list(timeline.notes)
    if answer.n_missing:
        found.append(f"{answer.n_missing} cells were left out: {answer.unit} was not measured")
    own = timeline.track_type[timeline.track] == mine
    for name in covariates:
        absent = int((~np.isfinite(column(timeline, cells, name))[own]).sum())
        found += [f"{absent} cells were left out: {name} was not measured"] if absent else []
    return tuple(found)
