"""Kaplan-Meier, Cox and rates against published numbers, closed forms and brute force."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from coculture.errors import DataError, InputError
from coculture.interactions.dynamics.cox import cox_regression
from coculture.interactions.dynamics.estimate import Estimate, poisson_rate, rate_ratio, two_sided_z
from coculture.interactions.dynamics.kaplan_meier import kaplan_meier
from coculture.interactions.dynamics.risk_sets import RiskSets
from coculture.randomness import stream

# Freireich et al. 1963, Blood 21:699: weeks in remission of acute leukaemia; a minus marks censoring.
MERCAPTOPURINE = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
WEEKS = np.abs(np.array(MERCAPTOPURINE + PLACEBO, float))
ENDED = np.array(MERCAPTOPURINE + PLACEBO) > 0
ON_PLACEBO = np.r_[np.zeros(21), np.ones(21)]


def drug():
    return kaplan_meier(WEEKS[:21], ENDED[:21])


def test_remission_curve_is_the_published_one():
    """Kalbfleisch & Prentice; Kleinbaum & Klein, Survival Analysis, chapter 2."""
    curve = drug()
    np.testing.assert_array_equal(curve.time, [6, 7, 10, 13, 16, 22, 23])
    np.testing.assert_array_equal(curve.at_risk, [21, 17, 15, 12, 11, 7, 6])
    np.testing.assert_allclose(curve.survival, [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], atol=5e-5)
    np.testing.assert_allclose(curve.se, [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], atol=5e-5)
    assert list(curve.table.columns) == ["time", "at_risk", "events", "survival", "se", "low", "high"]


def test_log_log_band_is_the_formula():
    curve, z = drug(), two_sided_z(0.95)
    log = np.log(curve.survival[0])
    width = z * np.sqrt(3 / (21 * 18)) / abs(log)
    assert curve.low[0] == pytest.approx(np.exp(log * np.exp(width)))
    assert curve.high[0] == pytest.approx(np.exp(log * np.exp(-width)))
    np.testing.assert_allclose([curve.low[0], curve.high[0]], [0.6197, 0.9516], atol=5e-5)


def test_median_remission():
    median = drug().median()
    assert (median.value, median.low, median.high) == (23, 13, np.inf)
    placebo = kaplan_meier(WEEKS[21:], ENDED[21:])
    assert (placebo.median().value, placebo.median().low, placebo.median().high) == (8, 4, 11)


def test_restricted_mean_is_the_area():
    mean = drug().restricted_mean(35)
    assert mean.value == pytest.approx(23.29, abs=5e-3)
    assert mean.se == pytest.approx(2.83, abs=5e-3)
    placebo = kaplan_meier(WEEKS[21:], ENDED[21:]).restricted_mean(35)
    assert placebo.value == pytest.approx(WEEKS[21:].mean())
    assert placebo.se == pytest.approx(WEEKS[21:].std() / np.sqrt(21))


def test_survival_at_a_time():
    curve = drug()
    assert curve.at(5).value == 1
    assert curve.at(6).value == pytest.approx(18 / 21)
    assert curve.at(36).reason == "nothing was observed for as long as 36"
    assert kaplan_meier(WEEKS[21:], ENDED[21:]).at(100).value == 0


def test_median_on_a_flat_half_is_its_middle():
    assert kaplan_meier([1, 2, 3, 4], [True] * 4).median().value == 2.5
    assert kaplan_meier([1, 2, 3, 4], [True, True, False, False]).median().value == 2


def test_delayed_entry_counts_only_those_who_entered():
    curve = kaplan_meier([2, 3, 5], [True, True, True], entry=[0, 2, 1])
    np.testing.assert_array_equal(curve.at_risk, [2, 2, 1])


def test_what_a_curve_cannot_say():
    never = kaplan_meier([3.0, 4.0], [False, False])
    assert never.median().reason == "fewer than half had ended when observation stopped"
    assert not never.median().defined
    assert never.restricted_mean(9).reason == "nothing was observed for as long as the horizon of 9"
    nobody = kaplan_meier([], [])
    for answer in (nobody.median(), nobody.at(1), nobody.restricted_mean(1)):
        assert answer.reason == "no duration"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([1.0], [True, False]), "1 durations, 2 ends, 1 entries"),
        (([-1.0], [True]), "a duration is negative or no number"),
        (([np.nan], [True]), "a duration is negative or no number"),
    ],
)
def test_bad_durations_are_refused(arguments, words):
    with pytest.raises(InputError, match=words):
        kaplan_meier(*arguments)


def test_bad_entries_horizons_and_levels_are_refused():
    with pytest.raises(InputError, match="an entry lies after its duration"):
        kaplan_meier([1.0], [True], entry=[2.0])
    with pytest.raises(InputError, match="a horizon of 0"):
        drug().restricted_mean(0)
    with pytest.raises(InputError, match=r"a level of confidence of 95"):
        kaplan_meier([1.0], [True], level=95)


@pytest.mark.parametrize(("ties", "beta", "se"), [("breslow", 1.509191, 0.409557), ("efron", 1.572125, 0.412397)])
def test_leukaemia_hazard_ratio_is_the_published_one(ties, beta, se):
    """Values of R's survival::coxph and of SAS PROC PHREG."""
    fit = cox_regression(np.zeros(42), WEEKS, ENDED, ON_PLACEBO, names=("placebo",), ties=ties)
    assert fit.coefficients[0] == pytest.approx(beta, abs=1e-5)
    assert np.sqrt(fit.covariance[0, 0]) == pytest.approx(se, abs=1e-5)
    ratio = fit.hazard_ratio("placebo")
    assert ratio.value == pytest.approx(np.exp(beta), rel=1e-5)
    assert ratio.low == pytest.approx(np.exp(beta - 1.959964 * se), rel=1e-4)
    assert ratio.reason == ""


def test_score_test_is_the_log_rank():
    """Log-rank chi-square of these data: 16.79 (Kleinbaum & Klein); with Breslow's sums and tied variance 15.93."""
    fit = cox_regression(np.zeros(42), WEEKS, ENDED, ON_PLACEBO, names=("placebo",), ties="breslow")
    assert fit.score_test[0] == pytest.approx(15.93, abs=5e-3)


def brute(beta, start, stop, event, x, stratum, ties):
    """Log partial likelihood, term by term."""
    total = 0.0
    for name, time in {(s, t) for s, t, e in zip(stratum, stop, event, strict=True) if e}:
        risk = (stratum == name) & (start < time) & (time <= stop)
        ends = risk & event & (stop == time)
        hazard, tied = np.exp(x[risk] @ beta).sum(), np.exp(x[ends] @ beta).sum()
        total += (x[ends] @ beta).sum()
        for place in range(int(ends.sum())):
            total -= np.log(hazard - (place / ends.sum() if ties == "efron" else 0) * tied)
    return total


def random_intervals(seed, n=60):
    rng = stream(seed, "intervals")
    start = rng.integers(0, 6, n).astype(float)
    stop = start + rng.integers(1, 5, n)
    return start, stop, rng.random(n) < 0.5, rng.normal(size=(n, 2)), rng.integers(0, 3, n)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_likelihood_score_and_information_equal_brute_force(ties, seed):
    start, stop, event, x, stratum = random_intervals(seed)
    centred = x - x.mean(axis=0)
    data = RiskSets.of(start, stop, event, x, ("a", "b"), stratum)
    beta, step = np.array([0.3, -0.7]), 1e-5
    value, score, information = data.likelihood(beta, ties)

    def at(point):
        return brute(point, start, stop, event, centred, stratum, ties)

    assert value == pytest.approx(at(beta), rel=1e-12)
    for axis in range(2):
        ahead, behind = (beta + sign * step * np.eye(2)[axis] for sign in (1, -1))
        assert score[axis] == pytest.approx((at(ahead) - at(behind)) / (2 * step), abs=1e-6)
        change = (data.likelihood(ahead, ties)[1] - data.likelihood(behind, ties)[1]) / (2 * step)
        np.testing.assert_allclose(-change, information[axis], atol=1e-6)


def test_fit_is_the_maximum():
    start, stop, event, x, stratum = random_intervals(4)
    fit = cox_regression(start, stop, event, x[:, 0], strata=stratum)
    best = minimize_scalar(lambda b: -brute(np.array([b]), start, stop, event, x[:, :1], stratum, "efron"), bracket=(-1, 1))
    assert fit.coefficients[0] == pytest.approx(best.x, abs=1e-6)
    assert fit.log_likelihood[1] >= fit.log_likelihood[0]


def test_splitting_an_interval_changes_nothing():
    whole = cox_regression(np.zeros(42), WEEKS, ENDED, ON_PLACEBO)
    begin, end = np.r_[np.zeros(42), WEEKS / 2], np.r_[WEEKS / 2, WEEKS]
    split = cox_regression(begin, end, np.r_[np.zeros(42, bool), ENDED], np.tile(ON_PLACEBO, 2))
    assert split.coefficients[0] == pytest.approx(whole.coefficients[0], abs=1e-10)
    robust = [
        cox_regression(np.zeros(42), WEEKS, ENDED, ON_PLACEBO, clusters=np.arange(42)).covariance,
        cox_regression(
            begin, end, np.r_[np.zeros(42, bool), ENDED], np.tile(ON_PLACEBO, 2), clusters=np.tile(np.arange(42), 2)
        ).covariance,
    ]
    np.testing.assert_allclose(robust[0], robust[1], rtol=1e-10)


def test_residuals_sum_to_the_score_and_robust_is_their_sandwich():
    start, stop, event, x, stratum = random_intervals(5)
    data = RiskSets.of(start, stop, event, x, ("a", "b"), stratum)
    beta = np.array([0.2, 0.4])
    np.testing.assert_allclose(data.score_residuals(beta).sum(axis=0), data.likelihood(beta, "breslow")[1], atol=1e-12)
    plain = cox_regression(start, stop, event, x, names=("a", "b"), strata=stratum, ties="breslow")
    robust = cox_regression(start, stop, event, x, names=("a", "b"), strata=stratum, ties="breslow", clusters=np.arange(60) % 9)
    residual = data.score_residuals(plain.coefficients)
    groups = np.stack([residual[np.arange(60) % 9 == group].sum(axis=0) for group in range(9)])
    np.testing.assert_allclose(robust.covariance, plain.covariance @ groups.T @ groups @ plain.covariance * 9 / 8, rtol=1e-10)
    assert robust.method.endswith("cluster-robust")


def test_why_there_is_no_hazard_ratio():
    times, nobody = np.ones(4), np.zeros(4, bool)
    assert cox_regression(np.zeros(4), times, nobody, [0, 0, 1, 1]).hazard_ratio("x").reason == "no event"
    some = np.array([True, False, True, False])
    assert cox_regression(np.zeros(4), times, some, np.ones(4)).reason == "x has the same value everywhere"
    one_sided = cox_regression(np.zeros(6), [1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0])
    assert one_sided.reason == "the likelihood has no maximum: all events on one side of a covariate"
    apart = cox_regression(np.zeros(4), [1, 2, 1, 2], [1, 0, 1, 0], [0, 0, 1, 1], strata=[0, 0, 1, 1])
    assert apart.reason == "a covariate does not vary among those at risk at the events"


def test_bad_intervals_are_refused():
    good = dict(start=[0, 0], stop=[1, 2], event=[True, False], covariates=[0.0, 1.0])
    for change, words in [
        ({"stop": [1, 0]}, "an interval is empty or ends before it starts"),
        ({"stop": [1]}, "differ in length"),
        ({"covariates": [0.0, np.nan]}, "a time or covariate is not a finite number"),
        ({"names": ("a", "b")}, "2 names for 1 covariates"),
        ({"ties": "exact"}, "ties 'exact'"),
    ]:
        with pytest.raises(InputError, match=words):
            cox_regression(**(good | change))
    with pytest.raises(InputError, match="no covariate 'dose'"):
        cox_regression(**good).hazard_ratio("dose")
    many = dict(start=np.zeros(42), stop=WEEKS, event=ENDED, covariates=ON_PLACEBO)
    with pytest.raises(DataError, match="one cluster only"):
        cox_regression(**many, clusters=np.zeros(42))
    with pytest.raises(InputError, match="2 clusters for 42 intervals"):
        cox_regression(**many, clusters=[0, 1])


def test_rate_and_its_exact_interval():
    """Garwood's interval of 10 events: 4.7954 to 18.3904."""
    rate = poisson_rate(10, 1.0)
    np.testing.assert_allclose([rate.value, rate.low, rate.high], [10, 4.7954, 18.3904], atol=5e-5)
    assert poisson_rate(0, 2.0).high == pytest.approx(-np.log(0.025) / 2)
    assert poisson_rate(0, 0.0).reason == "no time at risk"
    with pytest.raises(InputError, match="-1 events in an exposure of 1"):
        poisson_rate(-1, 1.0)


def test_rate_ratio_is_exact():
    ratio = rate_ratio((9, 3), (10.0, 30.0))
    assert ratio.value == pytest.approx(9.0)
    tail = sum(len(list(combinations(range(12), k))) * 0.25**k * 0.75 ** (12 - k) for k in range(9, 13))
    assert ratio.p_value == pytest.approx(2 * tail)
    for bound, side in ((ratio.low, range(9, 13)), (ratio.high, range(10))):
        share = bound * 10 / (bound * 10 + 30)
        chance = sum(len(list(combinations(range(12), k))) * share**k * (1 - share) ** (12 - k) for k in side)
        assert chance == pytest.approx(0.025, rel=1e-6)
    turned = rate_ratio((3, 9), (30.0, 10.0))
    assert turned.low == pytest.approx(1 / ratio.high)
    assert turned.p_value == pytest.approx(ratio.p_value)


def test_rate_ratio_at_its_edges():
    assert rate_ratio((3, 0), (1.0, 1.0)).value == np.inf
    assert rate_ratio((3, 0), (1.0, 1.0)).high == np.inf
    assert rate_ratio((0, 3), (1.0, 1.0)).low == 0
    assert rate_ratio((0, 0), (1.0, 1.0)).reason == "no event in either group"
    assert rate_ratio((0, 1), (0.0, 1.0)).reason == "no time at risk in the first group"
    assert rate_ratio((1, 0), (1.0, 0.0)).reason == "no time at risk in the second group"
    with pytest.raises(InputError, match="events"):
        rate_ratio((-1, 0), (1.0, 1.0))


def test_undefined_says_why():
    nothing = Estimate.undefined("no cell", n=3)
    assert np.isnan(nothing.value)
    assert (nothing.reason, nothing.n, nothing.defined) == ("no cell", 3, False)
