"""From features of wells to activity, consistency and mechanisms of treatments."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage

from coculture.errors import InputError
from coculture.screen.group_statistics import Integers
from coculture.screen.profiles.activity import activity, consistency
from coculture.screen.profiles.mechanisms import mechanism_matches, prediction_accuracy
from coculture.screen.profiles.profiles import KEYS, Profiles
from coculture.screen.profiles.results import ACTIVITY_COLUMNS, MATCH_COLUMNS, SIMILARITY_COLUMNS, ProfileResult
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.similarity import cosine_similarity
from coculture.screen.profiles.steps.registry import prepared
from coculture.screen.profiles.treatments import TreatmentProfiles, treatment_profiles
from coculture.screen.results import typed

MOST_DRAWN = 80
"""Treatments in the table of similarities, the most active ones."""


def analyse_profiles(wells: pd.DataFrame, features: list[str], settings: ProfileSettings) -> ProfileResult:
    """Compare the profiles of all wells.

    Parameters
    ----------
    wells : one row a well: plate, well, role, compound, dose, dose_unit, the features, and where there are such condition,
        batch and the column of mechanisms. Blanks are left out.
    features : columns of the profile.
    settings : what is asked.

    Raises
    ------
    InputError : a column is missing or holds no numbers, or a step is not known.
    DataError : a step cannot be done with these wells.
    """
    lacking = [name for name in (*KEYS[:3], "compound", "dose", "dose_unit", *features) if name not in wells]
    if settings.mechanism and settings.mechanism not in wells:
        lacking.append(settings.mechanism)
    if lacking or not features:
        what = f"column '{lacking[0]}' is missing" if lacking else "no feature is chosen"
        raise InputError(what, "profiles", "name columns that the table of wells has")
    frame = _filled(wells[wells["role"] != "blank"].reset_index(drop=True), settings)
    kept = [name for name in (*KEYS, settings.mechanism) if name in frame]
    matrix = frame[features].to_numpy(dtype=np.float64, na_value=np.nan)
    ready = prepared(Profiles(frame[list(dict.fromkeys(kept))], matrix, tuple(features)), settings)
    batch = settings.batch if settings.batch in frame else ""
    treatments = treatment_profiles(ready, settings.mechanism, batch)
    found, notes = _activity(ready, treatments, settings)
    matches = mechanism_matches(treatments) if settings.mechanism else pd.DataFrame()
    notes += _accuracy_notes(matches)
    table = pd.concat([ready.wells, pd.DataFrame(ready.values, columns=list(ready.features))], axis=1)
    return ProfileResult(
        profiles=table,
        activity=typed(found, ACTIVITY_COLUMNS),
        matches=typed(matches, MATCH_COLUMNS),
        similarities=typed(_similarities(treatments, found), SIMILARITY_COLUMNS),
        notes=(*(f"Profiles: {note}." for note in ready.notes), *notes),
    )


def _filled(wells: pd.DataFrame, settings: ProfileSettings) -> pd.DataFrame:
    frame = wells.copy() if "condition" in wells else wells.copy().assign(condition="")
    texts = [name for name in ("condition", "compound", "dose_unit", "batch", settings.mechanism) if name and name in frame]
    return frame.assign(**{name: frame[name].astype("object").where(frame[name].notna(), "").astype("str") for name in texts})


def _activity(ready: Profiles, treatments: TreatmentProfiles, settings: ProfileSettings) -> tuple[pd.DataFrame, list[str]]:
    active = activity(ready, settings)
    single = int((treatments.table["n_wells"] < 2).sum())
    notes = [f"Profiles: {single} treatments have one well; whether they are active cannot be judged."] if single else []
    least = 1 / (1 + settings.draws)
    if len(active) and least * len(active) > settings.fdr:
        what = f"{settings.draws} draws give no p-value below {least:.1g}"
        notes.append(f"Profiles: {what}; with {len(active)} treatments take more.")
    alike = consistency(treatments, settings).assign(compound="", dose=np.nan, dose_unit="", condition="")
    frames = [frame for frame in (active, alike) if len(frame)]
    return (pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()), notes


def _accuracy_notes(matches: pd.DataFrame) -> list[str]:
    rows = prediction_accuracy(matches) if len(matches) else pd.DataFrame()
    asked = rows[rows["n_treatments"] > 0] if len(rows) else rows
    return [
        f"Profiles: the nearest treatment ({row['rule']}) has the right mechanism for {row['accuracy']:.0%} of "
        f"{row['n_treatments']} treatments."
        for row in asked.to_dict("records")
    ]


def _similarities(treatments: TreatmentProfiles, found: pd.DataFrame) -> pd.DataFrame:
    """Return the similarities of the most active treatments, alike ones beside one another."""
    if len(treatments.table) == 0 or len(found) == 0:
        return pd.DataFrame()
    keys = ["compound", "dose", "dose_unit", "condition"]
    scores = found[found["question"] == "activity"].drop_duplicates(keys).set_index(keys)["mean_average_precision"]
    own = scores.reindex(pd.MultiIndex.from_frame(treatments.table[keys])).fillna(0.0).to_numpy()
    chosen = np.sort(np.argsort(-own, kind="stable")[:MOST_DRAWN])
    similarity = cosine_similarity(treatments.values[chosen])
    order = _side_by_side(similarity)
    names = [_name(row) for row in treatments.table.iloc[chosen[order]].to_dict("records")]
    first, second = np.meshgrid(np.arange(len(names)), np.arange(len(names)), indexing="ij")
    values = similarity[np.ix_(order, order)]
    return pd.DataFrame(
        {
            "first": [names[i] for i in first.ravel()],
            "second": [names[j] for j in second.ravel()],
            "similarity": values.ravel(),
        }
    )


def _side_by_side(similarity: np.ndarray) -> Integers:
    if len(similarity) < 3:
        return np.arange(len(similarity))
    condensed = np.maximum(1 - similarity[np.triu_indices(len(similarity), 1)], 0.0)
    return np.asarray(leaves_list(linkage(condensed, method="average", optimal_ordering=True)), dtype=np.int64)


def _name(row: Mapping[Hashable, Any]) -> str:
    unit = {"uM": "µM", "ug/mL": "µg/mL"}.get(str(row["dose_unit"]), str(row["dose_unit"]))
    condition = f" ({row['condition']})" if row["condition"] else ""
    return f"{row['compound']} {row['dose']:g} {unit}{condition}"
