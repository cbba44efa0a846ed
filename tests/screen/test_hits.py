"""Comparison with negative controls: against the library, by hand, and what a row says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from coculture.errors import InputError
from coculture.screen.engine import analyse
from coculture.screen.hits.base import Estimate, p_values
from coculture.screen.hits.contrasts.methods import contrast_method
from coculture.screen.hits.methods import hit_method
from coculture.screen.hits.moderated_t import variance_prior
from coculture.screen.hits.ranking import guaranteed_effect
from coculture.screen.settings import AnalysisSettings, Readout

RNG = np.random.default_rng(11)
NEGATIVE = RNG.normal(100, 5, 12)


def _screen(make_plate, treated: dict[str, list[float]], **more: object) -> pd.DataFrame:
    values = [*NEGATIVE, *(value for wells in treated.values() for value in wells)]
    names = [name for name, wells in treated.items() for _ in wells]
    roles = ["negative"] * len(NEGATIVE) + ["treatment"] * len(names)
    return make_plate(values, roles, compounds=[""] * len(NEGATIVE) + names, **more)


def _hits(wells: pd.DataFrame, direction: str = "both", **settings: object) -> pd.DataFrame:
    asked: dict[str, object] = {"normalise": "as-given", "dose_response": "none", **settings}
    readouts = (Readout("value", "value", direction),)  # type: ignore[arg-type]
    return analyse(wells, AnalysisSettings(readouts, **asked)).hits.set_index("compound")  # type: ignore[arg-type]


def test_welch_is_welch(make_plate) -> None:
    treated = RNG.normal(120, 9, 6)
    row = _hits(_screen(make_plate, {"a": treated.tolist()}), hit_method="welch-t").loc["a"]
    expected = stats.ttest_ind(treated, NEGATIVE, equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-10)
    assert (row["effect_low"], row["effect_high"]) == pytest.approx((interval.low, interval.high))
    assert row["effect"] == pytest.approx(treated.mean() - NEGATIVE.mean())
    assert (row["n_wells"], row["n_negative"], row["method"]) == (6, 12, "welch-t")


@pytest.mark.parametrize(("direction", "alternative"), [("up", "greater"), ("down", "less")])
def test_a_declared_direction_is_tested_one_sided(make_plate, direction: str, alternative: str) -> None:
    treated = [104.0, 109.0, 99.0, 107.0, 111.0, 102.0]
    row = _hits(_screen(make_plate, {"a": treated}), direction, hit_method="welch-t").loc["a"]
    expected = stats.ttest_ind(treated, NEGATIVE, equal_var=False, alternative=alternative)
    assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-10)


def test_variance_prior_recovers_what_was_drawn() -> None:
    rng = np.random.default_rng(5)
    prior_df, prior_variance = 8.0, 4.0
    sigma2 = prior_df * prior_variance / rng.chisquare(prior_df, 20_000)
    found = variance_prior(sigma2 * rng.chisquare(3, 20_000) / 3, np.full(20_000, 3.0))
    assert found == pytest.approx((prior_df, prior_variance), rel=0.08)


def test_variance_prior_is_infinite_where_all_vary_alike() -> None:
    df = np.full(30, 4.0)
    prior_df, prior_variance = variance_prior(np.full(30, 2.5), df)
    assert prior_df == np.inf
    assert prior_variance == pytest.approx(2.5)


def test_moderated_t_by_hand(make_plate) -> None:
    rng = np.random.default_rng(9)
    spread = np.exp(rng.normal(0, 0.8, 30))
    treated = {f"c{i:02d}": rng.normal(100, 5 * s, 3).tolist() for i, s in enumerate(spread)}
    wells = pd.concat([_screen(make_plate, treated, layout=384)])
    hits = _hits(wells).sort_index()
    variances = np.array([np.var(values, ddof=1) for values in treated.values()])
    d0, s0 = variance_prior(variances, np.full(30, 2.0))
    assert np.isfinite(d0)
    shrunk = (d0 * s0 + 2 * variances) / (d0 + 2)
    control = np.var(NEGATIVE, ddof=1) / 12
    df = (shrunk / 3 + control) ** 2 / ((shrunk / 3) ** 2 / (d0 + 2) + control**2 / 11)
    t = hits["effect"].to_numpy() / np.sqrt(shrunk / 3 + control)
    assert hits["p_value"].to_numpy() == pytest.approx(2 * stats.t.sf(np.abs(t), df))
    evidence = np.log(variances) - special.digamma(1.0) + np.log(1.0)  # the prior's own equation
    assert np.var(evidence, ddof=1) == pytest.approx(special.polygamma(1, d0 / 2) + special.polygamma(1, 1.0))


def test_few_treatments_keep_their_own_variance_and_cautious_df(make_plate) -> None:
    wells = _screen(make_plate, {"a": [120.0, 125.0, 130.0]})
    result = analyse(wells, AnalysisSettings((Readout("value", "value"),), normalise="as-given", dose_response="none"))
    error = np.sqrt(25.0 / 3 + np.var(NEGATIVE, ddof=1) / 12)
    assert result.hits["p_value"][0] == pytest.approx(2 * stats.t.sf((125 - NEGATIVE.mean()) / error, 2))
    assert any("fewer than 10 replicated treatments" in note for note in result.notes)


def test_one_well_is_judged_by_the_controls_and_says_so(make_plate) -> None:
    row = _hits(_screen(make_plate, {"a": [150.0]})).loc["a"]
    spread = stats.median_abs_deviation(NEGATIVE, scale="normal")
    t = (150 - NEGATIVE.mean()) / (spread * np.sqrt(1 + 1 / 12))
    assert row["p_value"] == pytest.approx(2 * stats.t.sf(t, 0.3675 * 11))
    assert row["note"] == "one well: judged by robust z against 12 negative controls, not by replicates"
    assert row["method"] == "robust z of one well"


def test_plates_are_compared_with_their_own_controls(make_plate) -> None:
    treated = {"a": [120.0, 121.0, 119.0], "b": [100.0, 101.0, 99.0]}
    one, two = _screen(make_plate, treated), _screen(make_plate, treated, name="p2")
    two["value"] += 500.0  # another plate, another level
    hits = _hits(pd.concat([one, two]))
    assert hits.loc["a", "effect"] == pytest.approx(120 - NEGATIVE.mean())
    assert (hits.loc["a", "n_wells"], hits.loc["a", "n_negative"]) == (6, 24)
    assert hits.loc["a", "hit"]
    assert not hits.loc["b", "hit"]


def test_minimum_effect_and_direction_withhold_a_hit(make_plate) -> None:
    wells = _screen(make_plate, {"a": [120.0, 121.0, 119.0, 120.5], "b": [60.0, 61.0, 59.0, 60.5]})
    hits = _hits(wells, minimum_effect=30.0)
    assert hits["hit"].to_dict() == {"b": True, "a": False}
    assert hits.loc["a", "note"] == "significant but below the minimum effect"
    up = _hits(wells, "up")
    assert up["hit"].to_dict() == {"a": True, "b": False}
    assert up.loc["b", "note"] == "acts against the asked direction 'up'"


def test_cells_are_counted_and_loss_is_named(make_plate) -> None:
    wells = _screen(make_plate, {"a": [150.0, 151.0, 149.0, 150.0]})
    wells["n_cells"] = [200] * 12 + [90, 110, 100, 100]
    row = _hits(wells).loc["a"]
    assert row["cell_count_percent"] == pytest.approx(50.0)
    assert row["note"] == "fewer cells: may be cytotoxic"


def test_a_treatment_without_values_is_not_judged(make_plate) -> None:
    wells = _screen(make_plate, {"a": [np.nan, np.nan], "b": [120.0, 121.0]})
    row = _hits(wells).loc["a"]
    assert row["note"].startswith("not judged: no well with the read-out")
    assert not row["hit"]
    assert row["n_wells"] == 0


def test_wells_without_spread(make_plate) -> None:
    t = Estimate(np.array([0.0, 0.0]), np.array([5.0, 5.0]))
    assert p_values(np.array([1.0, 0.0]), t, "both").tolist() == [0.0, 1.0]


def test_ranking_follows_the_guaranteed_effect(make_plate) -> None:
    wells = _screen(
        make_plate,
        {"sure": [130.0, 131.0, 129.0, 130.0], "vague": [105.0, 190.0, 110.0, 200.0], "none": [100.0, 101.0, 99.0, 98.0]},
    )
    hits = _hits(wells, hit_method="welch-t")
    assert hits.index.tolist()[0] == "sure"
    assert hits["rank"].tolist() == [1, 2, 3]
    assert guaranteed_effect(np.array([2.0, -5.0, -1.0, np.nan]), np.array([9.0, -3.0, 1.0, np.nan])).tolist() == [
        2.0,
        3.0,
        0.0,
        0.0,
    ]


def test_unknown_methods_name_the_known() -> None:
    with pytest.raises(InputError, match=r"analysis.hit_method: hit method 'u' is not known\n.*moderated-t, welch-t"):
        hit_method("u")
    with pytest.raises(InputError, match=r"analysis.contrast.method: contrast method 'u' is not known\n.*paired-t"):
        contrast_method("u")
