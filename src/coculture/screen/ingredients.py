"""Which features of fractions carry the activity: fractions found in the wells, ranked in every read-out and over all."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from coculture.compounds.expansion import expand_all
from coculture.compounds.naming import folded
from coculture.errors import CocultureError, DataError
from coculture.plate.treatment import Treatment
from coculture.screen.deconvolve.composition import Composition
from coculture.screen.deconvolve.fractions import Fractions
from coculture.screen.group_statistics import Floats
from coculture.screen.settings import AnalysisSettings

ALL_READOUTS = "all read-outs"
FRACTION_ROLES = ("treatment", "reference")


def ingredient_tables(
    wells: Mapping[str, pd.DataFrame],
    responses: Mapping[str, Floats],
    settings: AnalysisSettings,
    condition: str,
    notes: list[str],
) -> pd.DataFrame:
    """Return one row a read-out and feature, and one a feature over all read-outs where there are several.

    Parameters
    ----------
    wells : by read-out, the rows of the normalised table of one condition.
    responses : by read-out, each well's response, NaN where it has none.
    settings : of the whole analysis.
    condition : name of the arm.
    notes : what a reader must know is added.

    Raises
    ------
    DataError : if fewer than four fractions have contents and activity, or they do not differ.
    """
    from coculture.screen.deconvolve.across_assays import across_assays  # brings scikit-learn, needed only here

    asked = settings.mixture
    assert asked is not None
    assert asked.composition is not None
    names, features, contents = _contents(next(iter(wells.values())), asked.composition, notes)
    activity = np.column_stack([_activity(rows, responses[readout], names, readout, settings) for readout, rows in wells.items()])
    whole = np.asarray(np.isfinite(activity).all(axis=1))
    if lost := [name for name, yes in zip(names, whole, strict=True) if not yes]:
        notes.append(f"{asked.composition.source}: {len(lost)} fractions without activity were left out: {', '.join(lost[:5])}.")
    kept = tuple(name for name, yes in zip(names, whole, strict=True) if yes)
    varied = np.ptp(contents[whole], axis=0) > 0 if whole.any() else np.zeros(len(features), dtype=bool)
    fractions = Fractions(
        kept, tuple(np.array(features, dtype=object)[varied]), contents[whole][:, varied], tuple(wells), activity[whole]
    )
    if asked.composition.per_total:
        fractions = fractions.per_total()
    if not varied.all():
        notes.append(f"{asked.composition.source}: {int((~varied).sum())} features are the same in all fractions: not ranked.")
    found = across_assays(fractions, asked.methods, asked.bootstraps, asked.confidence, asked.top, asked.seed)
    tables = [_of_readout(fractions, readout, found.by_assay[readout], settings, notes) for readout in found.by_assay]
    if len(found.by_assay) > 1:
        tables.append(_over_readouts(fractions, found.table))
    notes.extend(f"{readout}: all fractions are equally active: no feature was ranked." for readout in found.left_out)
    ranked = pd.concat(tables, ignore_index=True)
    return ranked.assign(composition=asked.composition.source, condition=condition, n_fractions=len(kept))


def _contents(wells: pd.DataFrame, composition: Composition, notes: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    """Return names of fractions, of features, and the contents (fractions, features)."""
    if composition.contents is not None:
        return composition.fractions, composition.features, composition.contents
    rows: dict[str, dict[str, float]] = {}
    unknown = []
    for text in dict.fromkeys(wells.loc[wells["role"].isin(FRACTION_ROLES), "treatment"]):
        try:
            rows[text] = expand_all(Treatment.parse(text).parts)
        except CocultureError:
            unknown.append(text)
    if unknown:
        notes.append(f"The library does not know what is in {len(unknown)} treatments, first '{unknown[0]}': not ranked.")
    features = tuple(sorted({name for row in rows.values() for name in row}))
    if not features:
        raise DataError("the library knows nothing of what was dosed", "mixture.composition", "give a table of contents")
    contents = np.array([[row.get(name, 0.0) for name in features] for row in rows.values()], dtype=np.float64)
    return tuple(rows), features, contents


def _activity(wells: pd.DataFrame, response: Floats, names: tuple[str, ...], readout: str, settings: AnalysisSettings) -> Floats:
    """Return the mean activity of each fraction, larger is more active; NaN where no well holds it.

    A fraction's wells are those that hold it alone; of several doses the one at which most fractions were tested counts.
    """
    negative = (wells["role"] == "negative").to_numpy()
    shifted = response - np.nanmean(response[negative])
    frame = pd.DataFrame({"dose": wells["dose"].to_numpy(), "value": _active(shifted, readout, settings)})
    frame["name"] = wells["treatment"].to_numpy()
    wanted = {name: name for name in names}
    if settings.mixture and settings.mixture.composition and not settings.mixture.composition.from_library:
        frame["name"] = wells["compound"].map(folded).to_numpy()
        wanted = {name: folded(name) for name in names}
    frame = frame[
        wells["role"].isin(FRACTION_ROLES).to_numpy() & frame["name"].isin(list(wanted.values())) & frame["value"].notna()
    ]
    if frame["name"].nunique() and settings.mixture and settings.mixture.composition and settings.mixture.composition.fractions:
        tested = frame.groupby("dose")["name"].nunique()
        frame = frame[frame["dose"] == tested.index[tested == tested.max()].max()]
    mean = frame.groupby("name")["value"].mean()
    return np.array([mean.get(wanted[name], np.nan) for name in names], dtype=np.float64)


def _active(shifted: Floats, readout: str, settings: AnalysisSettings) -> Floats:
    """Return the difference from the negative controls in the direction that counts as active."""
    assert settings.mixture is not None
    direction: str = settings.mixture.direction
    if direction == "readout":
        direction = next(one.direction for one in settings.readouts if one.name == readout)
    return {"up": shifted, "down": -shifted}.get(direction, np.abs(shifted))


def _of_readout(fractions: Fractions, readout: str, found: object, settings: AnalysisSettings, notes: list[str]) -> pd.DataFrame:
    """Return the ranking in one read-out with its correlations, and what one fraction does to it."""
    from coculture.screen.deconvolve.consensus import Consensus
    from coculture.screen.deconvolve.correlation import correlation

    asked = settings.mixture
    assert asked is not None
    assert isinstance(found, Consensus)
    correlated = correlation(fractions, readout, permutations=asked.permutations, seed=asked.seed).table
    table = found.table[["feature", "rank", "rank_low", "rank_high", "jackknife_low", "jackknife_high", "top_share"]].assign(
        readout=readout,
        correlation=correlated["correlation"],
        p_value=correlated["p_permutation"],
        family_p_value=correlated["p_family"],
        q_value=correlated["q_value"],
        called=(correlated["q_value"] <= asked.fdr) & (found.influence.driver == ""),
        activity_score=np.nan,
        cluster_score=np.nan,
        best_readout="",
        driver=found.influence.driver,
        method=found.method,
        note=found.influence.verdict,
    )
    if found.influence.driver:
        notes.append(f"{readout}: {found.influence.verdict}.")
    return table.sort_values("rank", kind="stable")


def _over_readouts(fractions: Fractions, table: pd.DataFrame) -> pd.DataFrame:
    """Return the ranking over all read-outs, with NP Analyst's scores of the fractions that hold each feature."""
    from coculture.screen.deconvolve.across_assays import METHOD
    from coculture.screen.deconvolve.fingerprint_scores import fingerprint_scores

    present = [np.flatnonzero(column > 0) for column in fractions.contents.T]
    scores = fingerprint_scores(fractions.features, present, fractions.activities).table
    nothing = dict.fromkeys(
        ("jackknife_low", "jackknife_high", "top_share", "correlation", "p_value", "family_p_value", "q_value"), np.nan
    )
    return table.assign(
        readout=ALL_READOUTS,
        rank_low=table["best_rank"],
        rank_high=table["worst_rank"],
        **nothing,
        called=False,
        activity_score=scores["activity_score"],
        cluster_score=scores["cluster_score"],
        best_readout=table["best_assay"],
        driver="",
        method=METHOD,
        note="",
    ).sort_values("rank", kind="stable")
