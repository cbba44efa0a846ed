"""Regressions and their cluster-robust errors against closed forms, brute force and published definitions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import fractional_matrix_power
from scipy.optimize import minimize
from scipy.stats import t

from coculture.errors import InputError
from coculture.interactions.communication.regression.cluster import cluster_covariance
from coculture.interactions.communication.regression.linear import linear_regression
from coculture.interactions.communication.regression.logistic import logistic_regression
from coculture.randomness import stream


def sample(seed, n=40, clusters=6):
    rng = stream(seed, "regression")
    cluster = rng.integers(0, clusters, n)
    x = rng.normal(size=(n, 2))
    y = x @ [1.0, 2.0] + rng.normal(size=clusters)[cluster] + rng.normal(size=n)
    return y, x, cluster


def test_a_line_by_hand():
    fit = linear_regression([1.0, 2.0, 4.0], [0.0, 1.0, 2.0], ["x"], [0, 1, 2], covariance="CR1")
    assert fit.names == ("intercept", "x")
    np.testing.assert_allclose(fit.coefficients, [5 / 6, 1.5])
    residual, x = np.array([1 / 6, -1 / 3, 1 / 6]), np.array([-1.0, 0.0, 1.0])
    by_hand = ((x * residual) ** 2).sum() / 2**2 * (3 / 2) * (2 / 1)
    assert fit.covariance[1, 1] == pytest.approx(by_hand)
    effect = fit.effect("x")
    assert effect.se == pytest.approx(np.sqrt(by_hand))
    assert effect.high == pytest.approx(1.5 + t.ppf(0.975, 2) * effect.se)
    assert effect.p_value == pytest.approx(2 * t.sf(1.5 / effect.se, 2))


@pytest.mark.parametrize("seed", [1, 2])
def test_small_matrices_give_what_large_ones_do(seed):
    """CR1, CR2 and the degrees of freedom from their definitions with n_g × n_g matrices."""
    y, x, cluster = sample(seed)
    n, design = len(y), np.column_stack((np.ones(len(y)), x))
    bread = np.linalg.inv(design.T @ design)
    hat = design @ bread @ design.T
    residual = y - hat @ y
    meat, plain, linear = np.zeros((3, 3)), np.zeros((3, 3)), []
    for group in range(6):
        rows = np.flatnonzero(cluster == group)
        adjust = np.real(fractional_matrix_power(np.eye(len(rows)) - hat[np.ix_(rows, rows)], -0.5))
        score = design[rows].T @ adjust @ residual[rows]
        meat += np.outer(score, score)
        plain += np.outer(design[rows].T @ residual[rows], design[rows].T @ residual[rows])
        linear.append((np.eye(n) - hat)[rows].T @ adjust @ design[rows] @ bread)
    fit = linear_regression(y, x, ["a", "b"], cluster)
    np.testing.assert_allclose(fit.covariance, bread @ meat @ bread, rtol=1e-9)
    for place in range(3):
        gram = np.stack([one[:, place] for one in linear])
        gram = gram @ gram.T
        assert fit.degrees[place] == pytest.approx(np.trace(gram) ** 2 / np.trace(gram @ gram))
    first = linear_regression(y, x, ["a", "b"], cluster, covariance="CR1")
    np.testing.assert_allclose(first.covariance, bread @ plain @ bread * 6 / 5 * (n - 1) / (n - 3), rtol=1e-9)
    assert first.degrees.tolist() == [5, 5, 5]


def test_the_mean_of_equal_clusters_is_the_mean_of_their_means():
    """With an intercept alone and equal clusters CR2 is the variance of the cluster means, with G − 1 degrees of freedom."""
    values = stream(4, "means").normal(size=(7, 5))
    covariance, degrees = cluster_covariance(
        np.ones((35, 1)), (values - values.mean()).ravel(), np.repeat(np.arange(7), 5), "CR2"
    )
    assert covariance[0, 0] == pytest.approx(values.mean(axis=1).var(ddof=1) / 7)
    assert degrees[0] == pytest.approx(6)


def test_cr2_with_every_row_its_own_cluster_is_hc2():
    y, x, _ = sample(3)
    design = np.column_stack((np.ones(len(y)), x))
    bread = np.linalg.inv(design.T @ design)
    leverage = np.einsum("ij,jk,ik->i", design, bread, design)
    residual = y - design @ bread @ design.T @ y
    hc2 = bread @ (design.T * (residual**2 / (1 - leverage))) @ design @ bread
    np.testing.assert_allclose(linear_regression(y, x, ["a", "b"], np.arange(len(y))).covariance, hc2, rtol=1e-9)


def test_two_groups_of_single_cells_are_welch():
    """HC2 for a difference of two means is Welch's variance, and the degrees of freedom are Bell & McCaffrey's."""
    rng = stream(5, "welch")
    one, other = rng.normal(size=5), rng.normal(size=9)
    fit = linear_regression(np.r_[one, other], np.r_[np.zeros(5), np.ones(9)], ["group"], np.arange(14))
    assert fit.effect("group").se == pytest.approx(np.sqrt(one.var(ddof=1) / 5 + other.var(ddof=1) / 9))
    assert fit.degrees[1] == pytest.approx((1 / 5 + 1 / 9) ** 2 / (1 / (5**2 * 4) + 1 / (9**2 * 8)))


def test_absorbed_groups_are_dummies():
    y, x, cluster = sample(6)
    dummies = (cluster[:, None] == np.arange(1, 6)).astype(float)
    full = linear_regression(y, np.hstack((x, dummies)), ["a", "b", *"cdefg"], cluster)
    absorbed = linear_regression(y, x, ["a", "b"], cluster, within=cluster)
    assert absorbed.names == ("a", "b")
    np.testing.assert_allclose(absorbed.coefficients, full.coefficients[1:3], rtol=1e-9)
    np.testing.assert_allclose(absorbed.covariance, full.covariance[1:3, 1:3], rtol=1e-6)
    crossing = linear_regression(y, x, ["a", "b"], np.arange(40), within=cluster, covariance="CR1")
    by_dummies = linear_regression(y, np.hstack((x, dummies)), ["a", "b", *"cdefg"], np.arange(40), covariance="CR1")
    np.testing.assert_allclose(crossing.covariance, by_dummies.covariance[1:3, 1:3], rtol=1e-9)
    with pytest.raises(InputError, match="a group to absorb has rows in several clusters"):
        linear_regression(y, x, ["a", "b"], np.arange(40), within=cluster)
    with pytest.raises(InputError, match="2 groups for 40 rows"):
        linear_regression(y, x, ["a", "b"], cluster, within=[0, 1])


def test_a_two_by_two_table_is_its_log_odds_ratio():
    y = np.repeat([1, 0, 1, 0], [12, 8, 5, 15])
    x = np.repeat([1.0, 1.0, 0.0, 0.0], [12, 8, 5, 15])
    fit = logistic_regression(y, x, ["x"], np.arange(40), covariance="CR1")
    assert fit.coefficients[1] == pytest.approx(np.log(12 * 15 / (8 * 5)))
    # with every row its own cluster the sandwich of a saturated model is Woolf's variance, but for CR1's factor
    assert fit.covariance[1, 1] == pytest.approx((1 / 12 + 1 / 8 + 1 / 5 + 1 / 15) * 40 / 39 * 39 / 38)
    assert (fit.events, fit.n) == (17, 40)


def test_logistic_is_the_maximum_of_the_likelihood():
    y, x, cluster = sample(7, n=200)
    yes = y > 0.5
    fit = logistic_regression(yes, x * [1.0, 1e4], ["a", "b"], cluster)

    def loss(beta):
        eta = beta[0] + x @ beta[1:]
        return -(yes * eta - np.logaddexp(0, eta)).sum()

    best = minimize(loss, np.zeros(3), method="BFGS", options={"gtol": 1e-8}).x
    np.testing.assert_allclose(fit.coefficients * [1, 1, 1e4], best, rtol=1e-5)
    assert fit.effect("b").low < fit.coefficients[2] < fit.effect("b").high


def test_logistic_cr2_is_that_of_the_weighted_line():
    y, x, cluster = sample(8, n=80)
    fit = logistic_regression(y > 0, x, ["a", "b"], cluster)
    design = np.column_stack((np.ones(80), x))
    chance = 1 / (1 + np.exp(-design @ fit.coefficients))
    root = np.sqrt(chance * (1 - chance))
    again, degrees = cluster_covariance(design * root[:, None], ((y > 0) - chance) / root, cluster, "CR2")
    np.testing.assert_allclose(fit.covariance, again, rtol=1e-6)
    np.testing.assert_allclose(fit.degrees, degrees, rtol=1e-6)


@pytest.mark.parametrize(
    ("terms", "names", "reason"),
    [
        (np.ones((6, 1)), ["a"], "a is a combination of other terms (or does not vary)"),
        (
            np.column_stack((np.arange(6.0), 2 * np.arange(6.0))),
            ["a", "b"],
            "b is a combination of other terms (or does not vary)",
        ),
        (np.zeros((6, 1)), ["a"], "a does not vary"),
    ],
)
def test_why_there_is_no_line(terms, names, reason):
    fit = linear_regression(np.arange(6.0), terms, names, np.arange(6))
    assert fit.reason == reason
    assert fit.effect(names[0]).reason == reason
    assert fit.table()["reason"].tolist() == [reason] * (len(names) + 1)


def test_why_there_are_no_log_odds():
    x = np.arange(6.0)
    assert logistic_regression(np.zeros(6), x, ["x"], np.arange(6)).reason == "no row has the event"
    assert logistic_regression(np.ones(6), x, ["x"], np.arange(6)).reason == "every row has the event"
    split = logistic_regression(x > 2, x, ["x"], np.arange(6))
    assert split.reason == "the terms tell the events from the rest without fault (separation)"
    assert linear_regression([1.0], [1.0], ["x"], [0]).reason == "1 rows for 2 coefficients"
    with pytest.raises(InputError, match="a response is neither 0 nor 1"):
        logistic_regression(x, x, ["x"], np.arange(6))


def test_one_cluster_has_a_slope_but_no_error():
    y, x, _ = sample(9)
    for fit in (linear_regression(y, x, ["a", "b"], np.zeros(40)), logistic_regression(y > 0, x, ["a", "b"], np.zeros(40))):
        effect = fit.effect("a")
        assert np.isfinite(effect.value)
        assert np.isnan(effect.se)
        assert effect.reason == "one cluster only: no standard error"
    exact = linear_regression([0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 2.0, 0.0], ["x"], [0, 1, 2, 3])
    assert exact.effect("x").reason == "the residuals are all zero"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"terms": [1.0, 2.0]}, "3 responses, 2 rows of terms, 3 clusters"),
        ({"names": ["a", "b"]}, "names a, b for 1 terms"),
        ({"names": ["intercept"]}, "names intercept for 1 terms"),
        ({"response": [1.0, np.nan, 2.0]}, "a response or term is not a finite number"),
        ({"covariance": "HC3"}, "covariance 'HC3'"),
    ],
)
def test_regressions_that_cannot_be_made(change, words):
    good = {"response": [1.0, 2.0, 4.0], "terms": [0.0, 1.0, 2.0], "names": ["x"], "clusters": [0, 1, 2]}
    with pytest.raises(InputError, match=words):
        linear_regression(**(good | change))
    with pytest.raises(InputError, match="no term 'y'"):
        linear_regression(**good).effect("y")
