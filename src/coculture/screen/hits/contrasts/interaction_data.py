"""What both forms of the interaction model start from: wells without the influence of their place, differences, donor weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture.screen.group_statistics import Floats
from coculture.screen.hits.contrasts.base import FEWEST_UNITS, ContrastWells
from coculture.screen.hits.contrasts.donor_weights import control_variances, donor_factors
from coculture.screen.hits.contrasts.edge_term import without_edge
from coculture.screen.hits.contrasts.toxicity_term import ToxicityTerm, toxicity_slope
from coculture.screen.hits.moderated_t import FEWEST_GROUPS, variance_prior


@dataclass(frozen=True)
class InteractionData:
    """The wells of one tested condition and its reference.

    Attributes
    ----------
    means : one row a compound, unit, dose and arm (0 or 1): ``value``, mean of its wells, without edge and without the loss of
        other cells; only doses that some wells of both conditions saw.
    contrasts : (units, compounds) mean over doses of the difference; where a unit lacks a dose its difference there is taken as
        what it lacks to the others' at the doses it has. NaN where it saw no dose in both conditions.
    factors : (units,) variance factor of each.
    units, compounds : names.
    lost : (compounds,) mean loss of other cells in the tested condition, per cent.
    term : how the loss of other cells enters.
    """

    means: pd.DataFrame
    contrasts: Floats
    factors: Floats
    units: pd.Index
    compounds: pd.Index
    lost: Floats
    term: ToxicityTerm


def interaction_data(wells: ContrastWells) -> tuple[list[InteractionData], list[str]]:
    """Return the data of every tested condition, and what was done in words."""
    edge = without_edge(wells)
    treated = wells.treated.assign(value=edge.values)
    treated = treated[~treated["toxic"]]
    asked = bool(wells.contrast.toxicity)
    data, remarks = [], list(edge.remarks)
    for arm, name in enumerate(wells.arms, start=1):
        controls = wells.controls[wells.controls["counts"] & wells.controls["arm"].isin((0, arm))]
        found = _of_arm(treated[treated["arm"].isin((0, arm))], controls, asked, wells.compounds)
        data.append(found)
        if asked:
            told = found.term.reason or f"{found.term.slope:+.3g} ± {found.term.standard_error:.2g} per % of other cells lost"
            remarks.append(f"{name}: loss of the other cells ({wells.contrast.toxicity}): {told}.")
    return data, remarks


def _of_arm(wells: pd.DataFrame, controls: pd.DataFrame, asked: bool, compounds: tuple[str, ...]) -> InteractionData:
    wells = wells.assign(arm=(wells["arm"] > 0).astype("int64"))
    if asked:
        wells = wells[(wells["arm"] == 0) | wells["other"].notna()]
    keys = ["compound", "unit", "dose"]
    means = wells.groupby([*keys, "arm"])[["value", "other"]].mean()
    term = ToxicityTerm(0.0, 0.0)
    if asked:
        term = toxicity_slope(_differences(means))
        tested = means.index.get_level_values("arm") == 1
        means["value"] -= np.where(tested, term.slope * means["other"].fillna(0.0), 0.0)
    differences = _differences(means)
    by_dose = differences.groupby(["compound", "dose"])["difference"].transform("mean")
    own = (differences["difference"] - by_dose).groupby([differences["compound"], differences["unit"]]).mean()
    middle = differences.groupby(["compound", "dose"])[["difference", "other"]].mean().groupby("compound").mean()
    index = pd.Index(compounds)
    table = own.unstack("compound").reindex(columns=index) + middle["difference"].reindex(index)
    contrasts = table.to_numpy(dtype=np.float64)
    both = differences[["compound", "dose"]].drop_duplicates()
    kept = means.reset_index().merge(both, on=["compound", "dose"])
    lost = middle["other"].reindex(index).fillna(0.0).to_numpy(dtype=np.float64)
    factors = donor_factors(contrasts, control_variances(controls, table.index))
    return InteractionData(kept, contrasts, factors, table.index, index, lost, term)


def _differences(means: pd.DataFrame) -> pd.DataFrame:
    """Return compound, unit, dose, ``difference`` and the ``other`` cells lost in the tested condition."""
    wide = means["value"].unstack("arm").reindex(columns=[0, 1]).dropna()
    other = means["other"].unstack("arm").reindex(columns=[0, 1])[1].reindex(wide.index)
    return pd.DataFrame({"difference": wide[1] - wide[0], "other": other}).reset_index()


@dataclass(frozen=True)
class Moderated:
    """Variances of one unit's contrast, shared over compounds: ``variance, df`` (compounds,), ``remark``."""

    variance: Floats
    df: Floats
    remark: str


def moderated_variance(variance: Floats, n_units: Floats) -> Moderated:
    """Shrink each compound's variance of one unit's contrast (Smyth 2004) on n − 1 degrees of freedom; NaN below three units.

    ``n_units`` may be an effective number and no whole one.
    """
    df = np.where(n_units >= FEWEST_UNITS, n_units - 1.0, np.nan)
    variance = np.where(n_units >= FEWEST_UNITS, variance, np.nan)
    usable = np.isfinite(variance) & (variance > 0)
    if usable.sum() < FEWEST_GROUPS:
        return Moderated(variance, df, f"fewer than {FEWEST_GROUPS} compounds: variances are not shared.")
    prior_df, prior = variance_prior(variance[usable], df[usable])
    remark = f"prior standard deviation between units {prior**0.5:.3g} with {prior_df:.3g} degrees of freedom."
    if np.isinf(prior_df):
        return Moderated(np.where(np.isfinite(variance), prior, np.nan), np.where(np.isfinite(df), np.inf, np.nan), remark)
    return Moderated((prior_df * prior + df * variance) / (prior_df + df), prior_df + df, remark)
