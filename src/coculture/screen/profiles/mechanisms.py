"""The mechanism of the treatment that looks most alike, of another compound, and of another batch too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from coculture.screen.group_statistics import Floats, Integers
from coculture.screen.profiles.similarity import unit_rows
from coculture.screen.profiles.treatments import TREATMENT, TreatmentProfiles

RULES = ("not same compound", "not same compound or batch")
"""Which treatments may answer: of any other compound; of any other compound in no batch of the treatment asked about."""


BLOCK = 512
"""Treatments whose similarities are held at one time."""


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
    if not len(table):
        return pd.DataFrame()
    candidates = np.flatnonzero((table["mechanism"] != "").to_numpy())
    rules = RULES if any(table["batches"]) else RULES[:1]
    own = table[[name for name in TREATMENT if name in table] + ["mechanism"]]
    frames = [own.assign(rule=rule, **_answers(treatments, candidates, rule)) for rule in rules]
    frame = pd.concat(frames).sort_index(kind="stable").reset_index(drop=True)
    return frame.assign(correct=(frame["mechanism"] != "") & (frame["mechanism"] == frame["predicted"]))


def _answers(treatments: TreatmentProfiles, candidates: Integers, rule: str) -> dict[str, NDArray[Any]]:
    """Return columns of (t,) answers by one rule; similarities are held for a block of treatments at a time."""
    table = treatments.table
    compound, mechanism = (pd.factorize(table[name])[0] for name in ("compound", "mechanism"))
    unit = unit_rows(treatments.values)
    batches = _batches(table["batches"]) if rule == RULES[1] else None
    best, similarity, runner_up, answerable = [], [], [], []
    for first in range(0, len(table), BLOCK):
        rows = np.arange(first, min(first + BLOCK, len(table)))
        allowed = compound[rows, None] != compound[candidates]
        if batches is not None:
            allowed &= (batches[rows] @ batches[candidates].T).toarray() == 0
        cosine = np.where(allowed, np.clip(unit[rows] @ unit[candidates].T, -1.0, 1.0), -np.inf)
        nearest = candidates[cosine.argmax(axis=1)] if len(candidates) else np.zeros(len(rows), dtype=np.int64)
        best.append(np.where(allowed.any(axis=1), nearest, -1))
        similarity.append(cosine.max(axis=1, initial=-np.inf))
        others = mechanism[nearest, None] != mechanism[candidates]
        runner_up.append(cosine.max(axis=1, initial=-np.inf, where=others))
        answerable.append((allowed & (mechanism[rows, None] == mechanism[candidates])).any(axis=1))
    found = np.concatenate(best)
    matched = table.iloc[np.maximum(found, 0)]
    return {
        "matched_compound": np.where(found >= 0, matched["compound"].to_numpy(dtype=object), ""),
        "matched_dose": np.where(found >= 0, matched["dose"].to_numpy(dtype=np.float64), np.nan),
        "predicted": np.where(found >= 0, matched["mechanism"].to_numpy(dtype=object), ""),
        "similarity": _finite(similarity),
        "runner_up": _finite(runner_up),
        "answerable": np.concatenate(answerable),
    }


def _finite(parts: list[Floats]) -> Floats:
    values = np.concatenate(parts)
    return np.where(np.isfinite(values), values, np.nan)


def _batches(sets: pd.Series) -> csr_array:
    """Return (t, batches) ones where a treatment is in a batch."""
    names = {name: number for number, name in enumerate(sorted(set().union(*sets)))}
    rows = np.repeat(np.arange(len(sets)), [len(one) for one in sets])
    columns = np.array([names[name] for one in sets for name in one], dtype=np.int64)
    return csr_array((np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(len(sets), len(names)))


def prediction_accuracy(matches: pd.DataFrame) -> pd.DataFrame:
    """Return, for each rule, how many treatments of known mechanism could be answered, and the fraction answered right.

    A treatment whose mechanism no allowed treatment has cannot be answered right and is left out, as in Ando et al. 2017.
    """
    rows = []
    for rule in dict.fromkeys(matches["rule"]) if len(matches) else ():
        asked = matches[(matches["rule"] == rule) & matches["answerable"]]
        rows.append((rule, len(asked), float(asked["correct"].mean()) if len(asked) else np.nan))
    return pd.DataFrame(rows, columns=["rule", "n_treatments", "accuracy"])
