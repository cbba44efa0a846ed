"""Average precision: against its definition, drawn cases, and the meaning of the p-value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.screen.profiles.average_precision import Question, average_precision, mean_average_precision, random_rankings
from coculture.screen.profiles.kernels.average_precision import average_precisions, precision_of, random_precisions
from coculture.screen.profiles.similarity import cosine_similarity, unit_rows


def _plain(values: np.ndarray, group: np.ndarray, comparison: np.ndarray, differ: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Return average precision by sorting, as its definition says."""
    similarity = unit_rows(values) @ unit_rows(values).T
    found = np.full(len(values), np.nan)
    for i in range(len(values)):
        here = (within == within[i]) & (np.arange(len(values)) != i)
        like = here & (group == group[i]) & (differ != differ[i])
        if group[i] < 0 or not like.any():
            continue
        compared = np.flatnonzero(like | (here & comparison & (group != group[i])))
        ordered = compared[np.lexsort((~like[compared], -similarity[i, compared]))]
        ranks = np.flatnonzero(like[ordered]) + 1
        found[i] = np.mean(np.arange(1, ranks.size + 1) / ranks)
    return found


@pytest.mark.kernel
def test_equal_to_the_definition() -> None:
    draws = np.random.default_rng(1)
    values = draws.normal(size=(40, 6)).round(1)
    group = draws.integers(-1, 6, 40)
    comparison, differ, within = draws.random(40) < 0.7, draws.integers(0, 9, 40), draws.integers(0, 2, 40)
    unit = unit_rows(values)
    found, positive, total = average_precisions(unit @ unit.T, np.arange(40), group, differ, within, comparison)
    assert found == pytest.approx(_plain(values, group, comparison, differ, within), nan_ok=True)
    assert (total >= positive).all()
    blocks = average_precision(values, Question(group, comparison, differ, within))
    assert blocks["average_precision"].to_numpy() == pytest.approx(found, nan_ok=True)


def test_blocks_of_queries_give_what_all_at_once_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups longer than a block, negatives of the same group, and profiles that ask nothing."""
    draws = np.random.default_rng(4)
    values = draws.normal(size=(70, 7))
    group = np.where(draws.random(70) < 0.4, 2, draws.integers(-1, 5, 70))
    comparison, differ, within = draws.random(70) < 0.5, draws.integers(0, 9, 70), draws.integers(0, 2, 70)
    for size in (3, 64, 512):
        monkeypatch.setattr("coculture.screen.profiles.average_precision.BLOCK", size)
        found = average_precision(values, Question(group, comparison, differ, within))["average_precision"]
        assert found.to_numpy() == pytest.approx(_plain(values, group, comparison, differ, within), abs=1e-12, nan_ok=True)


def test_scores_of_groups_are_those_of_one_group_at_a_time() -> None:
    draws = np.random.default_rng(5)
    group = draws.integers(-1, 9, 50)
    found = pd.DataFrame({"average_precision": draws.random(50), "n_positive": draws.integers(1, 4, 50), "n_total": 20})
    found.loc[draws.random(50) < 0.2, "average_precision"] = np.nan
    table = mean_average_precision(found, group, 199, 3)
    asked = found["average_precision"].notna() & (group >= 0)
    assert list(table.index) == sorted(set(group[asked]))
    for name, row in table.iterrows():
        own = found[asked & (group == name)]
        score = own["average_precision"].mean()
        chance = np.mean([random_rankings(count, 20, 199, 3) for count in own["n_positive"]], axis=0)
        assert row["n_profiles"] == len(own)
        assert row["mean_average_precision"] == pytest.approx(score, abs=1e-12)
        assert row["p_value"] == (1 + (chance >= score - 1e-12).sum()) / 200


def test_no_group_that_can_be_ranked_gives_no_row() -> None:
    found = average_precision(np.eye(3), Question(np.array([0, 1, -1]), np.array([False, False, True])))
    assert found["average_precision"].isna().all()
    assert mean_average_precision(found, np.array([0, 1, -1]), 99, 1).empty


@pytest.mark.kernel
def test_a_drawn_case() -> None:
    assert precision_of(np.array([1, 3])) == pytest.approx((1 + 2 / 3) / 2)
    assert random_precisions(np.array([[0.0, 0.0], [0.99, 0.99]]), 4) == pytest.approx([(1 + 2 / 4) / 2, (1 / 3 + 2 / 4) / 2])


@pytest.mark.kernel
def test_places_are_drawn_evenly() -> None:
    found = random_precisions(np.random.default_rng(0).random((600, 1)), 5)
    counts = pd.Series(np.round(1 / found).astype(int)).value_counts()
    assert sorted(counts.index) == [1, 2, 3, 4, 5]
    assert counts.min() > 85


def test_perfect_and_random_groups() -> None:
    draws = np.random.default_rng(2)
    values = draws.normal(size=(60, 30))
    group = np.full(60, -1)
    group[:4], group[4:8] = 0, 1
    values[:4] += 5 * draws.normal(size=30)
    controls = group < 0
    found = average_precision(values, Question(group, controls))
    table = mean_average_precision(found, group, 999, 1)
    assert table.loc[0, "mean_average_precision"] == 1.0
    assert table.loc[0, "p_value"] < 0.01 < table.loc[1, "p_value"]
    assert table.loc[0, "q_value"] == pytest.approx(min(2 * table.loc[0, "p_value"], 1))
    assert (table["n_profiles"] == 4).all()


def test_p_values_of_random_groups_are_not_too_small() -> None:
    """200 groups of three without any effect: at the level 5 % at most 5 % (and noise) are called."""
    draws = np.random.default_rng(3)
    values = draws.normal(size=(650, 20))
    group = np.concatenate((np.repeat(np.arange(200), 3), np.full(50, -1)))
    table = mean_average_precision(average_precision(values, Question(group, group < 0)), group, 999, 1)
    assert (table["p_value"] <= 0.05).mean() < 0.07


def test_random_rankings_depend_on_their_numbers_alone() -> None:
    assert random_rankings(3, 20, 50, 7) == pytest.approx(random_rankings(3, 20, 50, 7))
    exact = np.mean([1 / rank for rank in range(1, 11)])
    assert random_rankings(1, 10, 20_000, 1).mean() == pytest.approx(exact, rel=0.02)


def test_cosine() -> None:
    found = cosine_similarity(np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 3.0], [0.0, 0.0]]))
    assert found == pytest.approx(np.array([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]))
