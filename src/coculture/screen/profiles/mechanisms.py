"""The mechanism of the treatment that looks most alike, of another compound, and of another batch too."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.screen.profiles.similarity import cosine_similarity
from coculture.screen.profiles.treatments import TREATMENT, TreatmentProfiles

RULES = ("not same compound", "not same compound or batch")
"""Which treatments may answer: of any other compound; of any other compound in no batch of the treatment asked about."""


def mechanism_matches(treatments: TreatmentProfiles) -> pd.DataFrame:
    """Return the nearest treatment of known mechanism for every treatment, by each rule.

    Returns
    -------
    One row a treatment and rule: what it is, ``mechanism`` where known, ``matched_compound``, ``matched_dose``, ``predicted``
    mechanism, ``similarity`` (cosine), ``runner_up`` similarity of the nearest treatment of any other mechanism, ``correct``, and
    ``answerable``: an allowed treatment has the right answer. Rows without any allowed treatment have '' and NaN. The second
    rule is asked only where batches are known.
    """
    table = treatments.table
    similarity = cosine_similarity(treatments.values)
    known = (table["mechanism"] != "").to_numpy()
    batches = list(table["batches"])
    rules = RULES if any(batches) else RULES[:1]
    columns = [name for name in TREATMENT if name in table]
    rows = []
    for i in range(len(table)):
        other = known & (table["compound"] != table["compound"].iloc[i]).to_numpy()
        for rule in rules:
            allowed = other if rule == RULES[0] else other & np.array([not (batches[i] & batches[j]) for j in range(len(table))])
            own = table["mechanism"].iloc[i]
            asked = {name: table[name].iloc[i] for name in columns} | {"mechanism": own, "rule": rule}
            answerable = bool((allowed & (table["mechanism"] == own).to_numpy()).any())
            rows.append(asked | _nearest(table, similarity[i], allowed) | {"answerable": answerable})
    frame = pd.DataFrame(rows)
    return frame.assign(correct=(frame["mechanism"] != "") & (frame["mechanism"] == frame["predicted"])) if len(frame) else frame


def _nearest(table: pd.DataFrame, similarity: np.ndarray, allowed: np.ndarray) -> dict[str, object]:
    if not allowed.any():
        nothing = {"matched_compound": "", "matched_dose": np.nan, "predicted": "", "similarity": np.nan}
        return nothing | {"runner_up": np.nan}
    best = int(np.flatnonzero(allowed)[np.argmax(similarity[allowed])])
    found = table.iloc[best]
    others = allowed & (table["mechanism"] != found["mechanism"]).to_numpy()
    return {
        "matched_compound": found["compound"],
        "matched_dose": float(found["dose"]),
        "predicted": found["mechanism"],
        "similarity": float(similarity[best]),
        "runner_up": float(similarity[others].max()) if others.any() else np.nan,
        "matched": True,
    }


def prediction_accuracy(matches: pd.DataFrame) -> pd.DataFrame:
    """Return, for each rule, how many treatments of known mechanism could be answered, and the fraction answered right.

    A treatment whose mechanism no allowed treatment has cannot be answered right and is left out, as in Ando et al. 2017.
    """
    rows = []
    for rule in dict.fromkeys(matches["rule"]) if len(matches) else ():
        asked = matches[(matches["rule"] == rule) & matches["answerable"]]
        rows.append((rule, len(asked), float(asked["correct"].mean()) if len(asked) else np.nan))
    return pd.DataFrame(rows, columns=["rule", "n_treatments", "accuracy"])
