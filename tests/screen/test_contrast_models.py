"""The interaction model of two conditions: exact where it can be, and true to what was planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from tests.screen.made_contrast import DOSES, prepared, rows, screen, settings

from coculture.screen.hits.contrasts.donor_weights import donor_factors
from coculture.screen.hits.contrasts.linear_model import linear_model
from coculture.screen.hits.contrasts.mixed_fit import mixed_fit
from coculture.screen.hits.contrasts.mixed_model import mixed_model
from coculture.screen.hits.contrasts.paired_moderated_t import paired_moderated_t, weighed_differences
from coculture.screen.hits.contrasts.paired_t import paired_t

FEW = {"a": 0.0, "b": 10.0, "c": -6.0}


@pytest.mark.parametrize("method", [paired_moderated_t, mixed_model])
def test_both_forms_are_the_paired_t_test_of_a_complete_design(method: object) -> None:
    """With few compounds nothing is shared, with few donors none is weighed: effect, error, freedom are the t-test's."""
    wells = prepared(screen(8, FEW, sensitivity=10.0, between=8.0), settings("paired-t"))
    plain, found = paired_t(wells), method(wells)  # type: ignore[operator]
    assert found.effect == pytest.approx(plain.effect, abs=1e-9)
    assert found.standard_error == pytest.approx(plain.standard_error, rel=5e-4)
    assert found.df == pytest.approx(plain.df)
    assert found.n_units.tolist() == [8, 8, 8]
    assert found.notes == plain.notes


def test_restricted_likelihood_is_that_of_the_dense_matrix() -> None:
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(6), [4, 3, 5, 4, 2, 4])
    slope = rng.integers(0, 2, unit.size).astype(float)
    x, factors = np.column_stack([np.ones(unit.size), slope]), rng.uniform(0.5, 2, 6)
    y = rng.normal(0, 1, unit.size) + rng.normal(0, 2, 6)[unit] + slope * (3 + rng.normal(0, 2, 6)[unit])
    fit = mixed_fit(y, x, slope, unit, factors)
    assert fit is not None

    def dense(random: np.ndarray) -> tuple[float, np.ndarray]:
        z = np.column_stack([np.ones(unit.size), slope])
        v = np.diag(factors[unit]) + (z @ random @ random.T @ z.T) * (unit[:, None] == unit) * factors[unit][:, None]
        inverse = np.linalg.inv(v)
        information = x.T @ inverse @ x
        beta = np.linalg.solve(information, x.T @ inverse @ y)
        rest = (y - x @ beta) @ inverse @ (y - x @ beta)
        units = np.log(factors[unit]).sum()
        return float((y.size - 2) * np.log(rest) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1] - units), beta

    criterion, beta = dense(fit.random)
    assert fit.criterion == pytest.approx(criterion, rel=1e-10)
    assert fit.coefficients == pytest.approx(beta, rel=1e-9)
    for step in ((1e-2, 0, 0), (0, 1e-2, 0), (0, 0, 1e-2)):
        moved = fit.random + np.array([[step[0], 0], [step[1], step[2]]])
        assert dense(moved)[0] >= criterion - 1e-9


def test_nothing_is_fitted_where_nothing_is_left_over() -> None:
    assert mixed_fit(np.ones(2), np.eye(2), np.array([0.0, 1.0]), np.zeros(2, dtype=np.int64), np.ones(1)) is None


def test_the_mixed_form_uses_donors_that_lack_a_condition() -> None:
    """A donor without co-culture tells of the toxicity alone; the effect changes and its error does not grow."""
    wells = screen(9, FEW)
    lost = wells[~((wells["donor"] == "d8") & (wells["condition"] == "co"))]
    found = mixed_model(prepared(lost, settings("mixed-model")))
    paired = paired_moderated_t(prepared(lost, settings("paired-moderated-t")))
    assert found.n_units.tolist() == paired.n_units.tolist() == [8, 8, 8]
    assert (np.abs(found.effect - paired.effect) > 1e-6).any()
    assert found.effect == pytest.approx([0.0, 10.0, -6.0], abs=4.0)


def test_exchanging_the_conditions_of_a_donor_changes_no_weight() -> None:
    rng = np.random.default_rng(5)
    noise = np.exp(rng.normal(0, 0.6, 40))
    differences = rng.normal(8, 1, (1, 20)) + rng.normal(0, 4, (40, 20)) * np.sqrt(noise)[:, None]
    factors = donor_factors(differences, noise)
    turned = donor_factors(differences * rng.choice([-1, 1], (40, 1)), noise)
    assert factors == pytest.approx(turned)
    assert stats.spearmanr(factors, noise).statistic == pytest.approx(1.0)
    assert np.exp(np.log(factors).mean()) == pytest.approx(1.0)
    assert (donor_factors(differences[:8], noise[:8]) == 1.0).all()
    assert (donor_factors(differences, np.full(40, np.nan)) == 1.0).all()


def test_the_error_of_a_weighted_mean_holds_where_weights_are_wrong() -> None:
    rng = np.random.default_rng(7)
    factors = rng.uniform(0.3, 3, 30)
    draws = [weighed_differences(rng.normal(0, 1, (30, 50)), factors) for _ in range(40)]
    effects, variances = np.concatenate([d[0] for d in draws]), np.concatenate([d[1] for d in draws])
    assert variances.mean() == pytest.approx(effects.var(), rel=0.08)


@pytest.mark.parametrize("normalise", ["percent-of-control", "as-given"])
def test_the_edge_is_taken_off(normalise: str) -> None:
    """Wells of one compound lie at the edge in both conditions, and in monoculture the edge reads 20 % less."""
    effects = {"edge one": 0.0, **{f"c{i:02d}": 0.0 for i in range(11)}}
    wells = screen(12, effects, edge=-0.2, between=1.0)
    plain = rows(wells, settings("paired-t", normalise=normalise))
    model = rows(wells, settings("paired-moderated-t", normalise=normalise))
    assert plain.loc["edge one", "effect"] == pytest.approx(16.0, abs=1.5)
    assert plain.loc["edge one", "hit"]
    assert abs(model.loc["edge one", "effect"]) < (2.5 if normalise == "percent-of-control" else 6.0)
    assert not model.loc["c03", "hit"]
    assert model.loc["c03", "effect"] == pytest.approx(plain.loc["c03", "effect"], abs=0.8)


def test_loss_of_the_other_cells_is_taken_into_account() -> None:
    """Each per cent of stroma lost takes 0.3 points of help away; without that loss the compound does nothing."""
    wells = screen(12, {f"c{i:02d}": 0.0 for i in range(11)}, between=1.0, noise=1.0)
    rng = np.random.default_rng(9)
    treated = (wells["role"] == "treatment") & (wells["condition"] == "co")
    loss = np.where(treated & (wells["compound"] == "c00"), rng.uniform(20, 80, len(wells)), 0.0)
    wells = wells.assign(n_stroma=100.0 - loss, value=wells["value"] - 0.3 * loss)
    plain = rows(wells, settings("paired-moderated-t"))
    known = rows(wells, settings("paired-moderated-t", toxicity="n_stroma"))
    assert plain.loc["c00", "effect"] < -10
    assert plain.loc["c00", "hit"]
    assert abs(known.loc["c00", "effect"]) < 2.0
    assert not known.loc["c00", "hit"]
    assert (known["effect_high"] - known["effect_low"])["c00"] > (known["effect_high"] - known["effect_low"])["c01"]


def test_toxic_doses_are_left_out() -> None:
    wells = screen(6, FEW)
    hurt = (wells["compound"] == "a") & (wells["dose"] == DOSES[2]) & (wells["condition"] == "co")
    wells.loc[hurt, "value"] = 0.0
    found = rows(wells, settings("paired-t", toxic_doses={"a": (10,)}))
    assert abs(found.loc["a", "effect"]) < 6
    assert found.loc["a", "note"] == "mean over doses 0.1, 1 uM, 6 units (donor)"
    assert rows(wells, settings("paired-t")).loc["a", "effect"] < -20


def test_linear_model_is_least_squares_on_dummies() -> None:
    """One dose: the coefficient drug:condition, its error and p of ordinary least squares with treatment contrasts."""
    wells = screen(5, FEW)
    wells = wells[(wells["role"] == "negative") | (wells["dose"] == 10.0)]
    found = linear_model(prepared(wells, settings("linear-model", doses="highest")))
    counting = wells[(wells["role"] == "treatment") | (wells["place"] == "inner")]
    names = ["", "a", "b", "c"]
    drug = np.column_stack([(counting["compound"] == name).astype(float) for name in names])
    tested = (counting["condition"] == "co").to_numpy(float)[:, None]
    x = np.column_stack([np.ones(len(counting)), drug[:, 1:], tested, drug[:, 1:] * tested])
    beta, squares, *_ = np.linalg.lstsq(x, counting["value"].to_numpy(), rcond=None)
    df = len(counting) - 8
    errors = np.sqrt(np.diag(np.linalg.inv(x.T @ x))[5:] * squares[0] / df)
    assert found.effect == pytest.approx(beta[5:], rel=1e-9)
    assert found.standard_error == pytest.approx(errors, rel=1e-9)
    assert found.df == pytest.approx([df] * 3)


def test_several_conditions_against_one() -> None:
    wells = screen(6, FEW)
    third = wells[wells["condition"] == "co"].assign(condition="serum", plate=lambda frame: frame["plate"] + "s")
    found = rows(pd.concat([wells, third], ignore_index=True), settings("linear-model"))
    assert set(found["condition"]) == {"co − mono"}
    asked = settings("linear-model")
    every = settings("linear-model")
    object.__setattr__(every.contrast, "tested", "*")
    found = rows(pd.concat([wells, third], ignore_index=True), every).reset_index()
    assert asked.contrast is not None
    assert sorted(set(found["condition"])) == ["co − mono", "serum − mono"]
    assert len(found) == 6
    pair = found.pivot(index="compound", columns="condition", values="effect")
    assert pair["co − mono"].to_numpy() == pytest.approx(pair["serum − mono"].to_numpy())


def test_classes_of_contrasts() -> None:
    """Alone 20 % lower is not toxic at a limit of 70 %; 60 % lower is."""
    wells = screen(8, {"specific": 15.0, "both": 15.0, "toxic": 0.0, "nothing": 0.0}, between=1.0)
    kills = wells["compound"].isin(["both", "toxic"]) & (wells["dose"] == 10.0)
    wells.loc[kills, "value"] -= 45.0
    found = rows(wells, settings("paired-moderated-t"))
    assert found["interaction_class"].to_dict() == {
        "both": "both",
        "nothing": "inactive",
        "specific": "interaction-specific",
        "toxic": "cytotoxic",
    }
    assert found.loc["toxic", "viability_effect"] == pytest.approx(-65, abs=4)
    assert found.loc["toxic", "viability_low"] < found.loc["toxic", "viability_effect"] < found.loc["toxic", "viability_high"]


def test_rows_carry_error_and_freedom() -> None:
    """The interval is the effect ± t · standard error."""
    found = rows(screen(8, FEW), settings("paired-moderated-t"))
    half = stats.t.isf(0.025, found["degrees_of_freedom"]) * found["standard_error"]
    assert (found["effect_high"] - found["effect"]).to_numpy() == pytest.approx(half.to_numpy())
    assert found["degrees_of_freedom"].tolist() == pytest.approx([7.0] * 3)


def test_too_few_donors_are_not_judged() -> None:
    for method in ("paired-t", "paired-moderated-t", "mixed-model"):
        found = rows(screen(2, FEW), settings(method))
        assert found["p_value"].isna().all()
        assert (found["note"] == "not judged: 2 of at least 3 units (donor) saw both conditions").all()
        assert (found["interaction_class"] == "not judged").all()


def test_the_rule_says_why_it_cannot_judge() -> None:
    found = rows(screen(2, FEW), settings("most-variable-dose"))
    # each donor has one plate a condition here: no plate holds both
    assert found["p_value"].isna().all()
    assert (found["note"] == "not judged: no plate holds a dose in both conditions that is not toxic to the other cells").all()
