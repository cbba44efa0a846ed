"""Mechanisms and mean profiles against twins that take one treatment at a time, in numbers and blocks that do not fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.screen.profiles import mechanisms
from coculture.screen.profiles.mechanisms import RULES, mechanism_matches
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.similarity import cosine_similarity
from coculture.screen.profiles.steps.variance import _commonest
from coculture.screen.profiles.treatments import TreatmentProfiles, treatment_codes, treatment_profiles


def _profiles() -> Profiles:
    draws = np.random.default_rng(6)
    compound = draws.integers(0, 20, 90)
    wells = pd.DataFrame(
        {
            "role": np.where(draws.random(90) < 0.2, "negative", "treatment"),
            "compound": [f"c{one}" for one in compound],
            "dose": draws.choice([1.0, 10.0], 90),
            "dose_unit": "uM",
            "batch": [f"b{one}" for one in draws.integers(0, 6, 90)],
            "mechanism": [f"m{one % 4}" if one % 5 else "" for one in compound],
        }
    )
    wells.loc[:5, ["role", "compound", "dose", "mechanism"]] = ["treatment", "c1", 1.0, "m1"]
    wells.loc[:5, "batch"] = [f"b{one}" for one in range(6)]  # in every batch: nothing may answer
    values = draws.normal(size=(90, 6))
    return Profiles(wells, values, tuple("abcdef"))


def _answer(treatments: TreatmentProfiles, i: int, rule: str) -> tuple[object, ...]:
    """Return compound, dose, mechanism, similarity, runner-up and answerable of one treatment, as the rules say."""
    table, similarity = treatments.table, cosine_similarity(treatments.values)
    rows = [j for j in range(len(table)) if table["mechanism"][j] and table["compound"][j] != table["compound"][i]]
    if rule == RULES[1]:
        rows = [j for j in rows if not table["batches"][i] & table["batches"][j]]
    if not rows:
        return "", np.nan, "", np.nan, np.nan, False
    best = max(rows, key=lambda j: similarity[i, j])
    others = [similarity[i, j] for j in rows if table["mechanism"][j] != table["mechanism"][best]]
    answerable = any(table["mechanism"][j] == table["mechanism"][i] for j in rows)
    found = table.iloc[best]
    runner_up = max(others, default=np.nan)
    return found["compound"], found["dose"], found["mechanism"], similarity[i, best], runner_up, answerable


@pytest.mark.parametrize("block", [4, 512])
@pytest.mark.parametrize("batch", ["", "batch"])
def test_matches_are_those_of_one_treatment_at_a_time(block: int, batch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mechanisms, "BLOCK", block)
    treatments = treatment_profiles(_profiles(), "mechanism", batch)
    matches = mechanism_matches(treatments)
    rules = RULES if batch else RULES[:1]
    assert len(matches) == len(treatments.table) * len(rules)
    for number, row in enumerate(matches.to_dict("records")):
        i, rule = divmod(number, len(rules))
        own = treatments.table.iloc[i]
        assert (row["compound"], row["dose"], row["mechanism"]) == (own["compound"], own["dose"], own["mechanism"])
        compound, dose, predicted, similarity, runner_up, answerable = _answer(treatments, i, rules[rule])
        assert (row["rule"], row["matched_compound"], row["predicted"]) == (rules[rule], compound, predicted)
        assert row["answerable"] is answerable
        assert row["correct"] is (row["mechanism"] != "" and row["mechanism"] == predicted)
        numbers = [row["matched_dose"], row["similarity"], row["runner_up"]]
        assert numbers == pytest.approx([dose, similarity, runner_up], abs=1e-12, nan_ok=True)
    assert not batch or (matches["matched_compound"] == "").any()


def test_without_known_mechanisms_nothing_is_matched() -> None:
    treatments = treatment_profiles(_profiles())
    matches = mechanism_matches(treatments)
    assert (matches["matched_compound"] == "").all()
    assert matches[["matched_dose", "similarity", "runner_up"]].isna().all(axis=None)
    assert not matches["answerable"].any()
    assert mechanism_matches(TreatmentProfiles(treatments.table.iloc[:0], treatments.values[:0])).empty


def test_mean_profiles_are_those_of_one_treatment_at_a_time() -> None:
    profiles = _profiles()
    codes = treatment_codes(profiles)
    found = treatment_profiles(profiles, "mechanism", "batch")
    for code, row in enumerate(found.table.to_dict("records")):
        own = profiles.wells[codes == code]
        expected = {name: own[name].iloc[0] for name in ("compound", "dose", "dose_unit", "mechanism")}
        assert row == expected | {"n_wells": len(own), "batches": frozenset(own["batch"])}
        assert (found.values[code] == profiles.values[codes == code].mean(axis=0)).all()


@pytest.mark.parametrize("most", [0.2, 0.5, 0.8, 0.95])
def test_the_commonest_value_is_told_from_the_middle_of_a_column(most: float) -> None:
    draws = np.random.default_rng(7)
    for share in (0.0, 0.3, 0.5, 0.79, 0.8, 0.81, 0.96, 1.0):
        column = np.where(np.arange(100) < round(100 * share), 0.5, draws.normal(size=100))
        for values in (draws.permutation(column), np.where(column == 0.5, np.nan, column)):
            commonest = np.unique(values, return_counts=True)[1].max()
            assert (_commonest(values, 100 * most) <= 100 * most) == (commonest <= 100 * most)
