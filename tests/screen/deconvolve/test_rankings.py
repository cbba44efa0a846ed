"""Rankings of features: exact answers, peers, and every refusal."""

from __future__ import annotations

from itertools import permutations as orders

import numpy as np
import pytest
from scipy import stats
from sklearn.cross_decomposition import PLSRegression

from coculture.errors import DataError, InputError
from coculture.screen.deconvolve import partial_least_squares as pls
from coculture.screen.deconvolve.consensus import consensus
from coculture.screen.deconvolve.correlation import correlation
from coculture.screen.deconvolve.fingerprint_scores import fingerprint_scores
from coculture.screen.deconvolve.fractions import Fractions
from coculture.screen.deconvolve.grey_relation import grey_relation
from coculture.screen.deconvolve.influence import influence
from coculture.screen.deconvolve.kernels.permutation import count_exceedances
from coculture.screen.deconvolve.stability_selection import stability_selection


def extract(seed: int = 1, fractions: int = 16, features: int = 30) -> Fractions:
    """Features f0 and f1 carry the activity, the others are noise; the last is constant."""
    rng = np.random.default_rng(seed)
    x = rng.lognormal(0, 0.5, (fractions, features))
    x[:, -1] = 1.0
    y = 3 * x[:, 0] + 3 * x[:, 1] + rng.normal(0, 0.2, fractions)
    names = tuple(f"F{one}" for one in range(fractions))
    return Fractions(names, tuple(f"f{one}" for one in range(features)), x, ("kill", "calm"), np.column_stack((y, -y)))


@pytest.mark.kernel
def test_permutation_kernel_equals_plain_numpy() -> None:
    rng = np.random.default_rng(2)
    x = rng.normal(size=(5, 7))
    x -= x.mean(axis=1, keepdims=True)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    y = x[2].copy()
    perm = np.array([rng.permutation(7) for _ in range(40)])
    own, largest = count_exceedances(x, y, perm)
    drawn = np.abs(x @ y[perm].T)
    seen = np.abs(x @ y)[:, None] - 1e-12
    assert own.tolist() == (drawn >= seen).sum(axis=1).tolist()
    assert largest.tolist() == (drawn.max(axis=0) >= seen).sum(axis=1).tolist()
    assert own[0] > 0


@pytest.mark.kernel
def test_all_orders_give_the_exact_permutation_p() -> None:
    """Five fractions in strict order: of 120 orders only the order itself and its reverse correlate as well."""
    x = np.arange(5.0) - 2
    x /= np.linalg.norm(x)
    own, largest = count_exceedances(x[None], x, np.array(list(orders(range(5)))))
    assert own.tolist() == largest.tolist() == [2]


def test_correlation_equals_scipy_and_bounds_the_family() -> None:
    one = extract()
    table = correlation(one, "kill", permutations=2000).table
    for feature in (0, 1, 7):
        r, p = stats.pearsonr(one.contents[:, feature], one.activities[:, 0])
        assert table.loc[feature, ["correlation", "p_value"]].tolist() == pytest.approx([r, p])
    assert table.loc[table["rank"] == 1, "feature"].item() in {"f0", "f1"}
    assert (table["p_family"] >= table["p_permutation"]).all()
    assert table["p_family"][0] < 0.01
    assert table["p_value"].iloc[-1] == 1.0
    rank = correlation(one, "kill", "spearman", permutations=10).table
    assert rank["correlation"][3] == pytest.approx(stats.spearmanr(one.contents[:, 3], one.activities[:, 0])[0])
    assert "1 features are the same" in correlation(one, "kill", permutations=1).notes[0]
    assert correlation(one, "calm", permutations=10).table["correlation"][0] == pytest.approx(-table["correlation"][0])


def test_family_p_is_honest_under_no_association() -> None:
    rng = np.random.default_rng(5)
    false = 0
    for seed in range(200):
        one = Fractions(tuple("abcdefgh"), tuple("uvwxyz"), rng.normal(size=(8, 6)), ("a",), rng.normal(size=(8, 1)))
        false += correlation(one, "a", permutations=99, seed=seed).table["p_family"].min() <= 0.1
    assert stats.binomtest(false, 200, 0.1).pvalue > 0.001


def test_grey_relation_by_hand() -> None:
    """Scaled: y = 0, ½, ½, 1; x the same: grade 1; its mirror image: Δ = 1, 0, 0, 1 and ξ = ⅓, 1, 1, ⅓."""
    y = np.array([0.0, 1.0, 1.0, 2.0])
    one = Fractions(tuple("abcd"), ("same", "mirror"), np.column_stack((5 * y, 4 - y)), ("a",), y[:, None])
    result = grey_relation(one, "a")
    assert result.table["score"].tolist() == pytest.approx([1.0, 2 / 3])
    assert result.best(1)["feature"].item() == "same"
    with pytest.raises(InputError, match="resolution is 0"):
        grey_relation(one, "a", 0.0)


def test_partial_least_squares_equals_scikit_learn() -> None:
    one = extract()
    x, y = one.contents, one.activities[:, 0]
    model, peer = pls.fit(x, y, 3), PLSRegression(3).fit(x[:, :-1], y)
    assert model.coefficients[:-1] * y.std(ddof=1) == pytest.approx(peer.coef_[0] * x[:, :-1].std(axis=0, ddof=1))
    assert model.coefficients[-1] == 0
    assert np.mean(pls.importance(model) ** 2) == pytest.approx(1.0)
    assert pls.selectivity_ratio(model)[0] > 10 * np.median(pls.selectivity_ratio(model))
    result = pls.partial_least_squares(extract(fractions=40), "kill")
    assert set(result.best(2)["feature"]) == {"f0", "f1"}
    assert result.settings["q_squared"] > 0.5
    assert not result.notes


def test_selectivity_ratio_of_the_activity_itself_has_no_residual() -> None:
    y = np.array([1.0, 2.0, 4.0, 8.0, 9.0])
    ratio = pls.selectivity_ratio(pls.fit(np.column_stack((y, [1, -1, 1, -1, 0])), y, 2))
    assert ratio[0] > 1e6
    assert ratio[1] < 0.2


def test_partial_least_squares_says_when_it_predicts_nothing() -> None:
    rng = np.random.default_rng(0)
    one = Fractions(tuple("abcdefgh"), tuple("uvwxyz"), rng.normal(size=(8, 6)), ("a",), rng.normal(size=(8, 1)))
    assert "does not predict left-out fractions" in pls.partial_least_squares(one, "a").notes[0]
    with pytest.raises(InputError, match="components is 7"):
        pls.partial_least_squares(one, "a", components=7)


def test_stability_selection_finds_what_enters_first() -> None:
    result = stability_selection(extract(fractions=40), "kill", halves=20)
    table = result.table
    assert table["frequency"][0] > 0.9
    assert table["frequency"][0] > 3 * table["frequency"][2:].mean()
    assert (table["frequency_low"] <= table["frequency"] + 1e-12).all()
    assert table["frequency"].iloc[-1] == 0
    q = result.settings["enter"]
    assert table["expected_false"][0] == pytest.approx(q**2 / ((2 * table["frequency"][0] - 1) * 30))
    with pytest.raises(InputError, match="enter 0"):
        stability_selection(extract(), "kill", enter=0)


def test_consensus_agrees_and_carries_intervals() -> None:
    result = consensus(extract(fractions=40), "kill", samples=40)
    assert set(result.best(2)["feature"]) == {"f0", "f1"}
    table = result.table
    assert (table["rank_low"] <= table["rank_high"]).all()
    assert table["rank_high"][0] < table["rank_high"][2:].median()
    assert result.influence.driver == ""
    assert "no single fraction drives" in result.influence.verdict
    assert result.version
    again = consensus(extract(fractions=40), "kill", samples=40)
    assert again.table.equals(table)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"methods": ("vip", "tarot")}, "the ranking 'tarot' is not known"),
        ({"methods": ("vip", "vip")}, "methods vip, vip"),
        ({"samples": 5}, "samples is 5"),
    ],
)
def test_consensus_refuses(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        consensus(extract(), "kill", **changes)


def test_one_driving_fraction_is_named() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 1, (10, 40)), rng.uniform(0, 1, 10)
    x[4, :20] += 50
    y[4] = 30
    one = Fractions(tuple("ABCDEFGHIJ"), tuple(f"f{i}" for i in range(40)), x, ("a",), y[:, None])
    result = influence(one, "a")
    assert result.driver == "E"
    assert len(result.called) == 20
    assert "without it 0 of 20 called features stay called" in result.verdict
    assert result.table.loc[result.table["fraction"] == "E", "kept"].item() == 0
    with pytest.raises(InputError, match="level is 1"):
        influence(one, "a", 1.0)


def test_fingerprint_scores_by_hand() -> None:
    """Fingerprints (1,0,1), (1,0,0), (0,0,0): mean ⅔, 0, ⅓ → 5/9; one correlated pair of three, r = ½ → 1/6."""
    activities = np.array([[1, 0, 1], [1, 0, 0], [0, 0, 0]])
    result = fingerprint_scores(["all", "one"], [np.array([0, 1, 2]), np.array([1])], activities)
    table = result.table.set_index("feature")
    assert table.loc["all", ["activity_score", "cluster_score"]].tolist() == pytest.approx([5 / 9, 1 / 6])
    assert table.loc["all", ["activity_low", "activity_high"]].tolist() == pytest.approx([0.25, 1.25])
    assert table.loc["all", "driver_share"] == pytest.approx(2 / 3)
    assert table.loc["one", ["activity_score", "cluster_score"]].tolist() == [1.0, 0.0]
    assert result.chosen(0.5, 0.1)["feature"].tolist() == ["all"]


@pytest.mark.parametrize(
    ("present", "error", "message"),
    [
        ([[0], [1]], InputError, "1 features, 2 lists"),
        ([[]], DataError, "is in no fraction"),
        ([[0, 0]], InputError, "one twice"),
        ([[5]], InputError, "unknown fraction"),
    ],
)
def test_fingerprint_scores_refuse(present: list[list[int]], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        fingerprint_scores(["f"], [np.array(one, dtype=np.int64) for one in present], np.eye(3))
    with pytest.raises(InputError, match="activity is missing"):
        fingerprint_scores(["f"], [np.array([0])], np.array([[np.nan]]))


def test_fractions_refuse() -> None:
    good = extract()
    fields = {"names": good.names, "features": good.features, "contents": good.contents}
    fields |= {"assays": good.assays, "activities": good.activities}
    hole = good.contents.copy()
    hole[2, 3] = np.nan
    for changes, message in (
        ({"contents": hole}, "contents of 'F2' has no number for 'f3'"),
        ({"contents": good.contents.T}, "the names ask for"),
        ({"names": ("F0", *good.names[:-1])}, "the fraction 'F0' is there twice"),
        ({"assays": (), "activities": np.zeros((16, 0))}, "there is no assay"),
    ):
        with pytest.raises(InputError, match=message):
            Fractions(**{**fields, **changes})
    with pytest.raises(DataError, match="there are 3 fractions"):
        Fractions(tuple("abc"), ("f",), np.ones((3, 1)), ("a",), np.ones((3, 1)))
    flat = Fractions(tuple("abcd"), ("f",), np.zeros((4, 1)), ("a",), np.ones((4, 1)))
    with pytest.raises(DataError, match="equally active in 'a'"):
        flat.activity("a")
    with pytest.raises(InputError, match="no assay 'b'"):
        flat.activity("b")
    with pytest.raises(DataError, match="add up to 0"):
        flat.per_total()
    assert good.per_total().contents.sum(axis=1) == pytest.approx(np.ones(16))
    with pytest.raises(InputError, match="unknown kind of correlation"):
        correlation(good, "kill", "kendall")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="permutations is 0"):
        correlation(good, "kill", permutations=0)
