"""Fitted curves of every model: truth found again, doses of effect and their errors, choice, robustness, areas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from coculture.errors import DataError, InputError
from coculture.screen.dose_response.area import area_of_curve, area_of_points
from coculture.screen.dose_response.effective_dose import dose_at_response, effective_dose
from coculture.screen.dose_response.fitted_curve import compared_models, fitted_curve
from coculture.screen.dose_response.information_criterion import aicc
from coculture.screen.dose_response.models import CURVE_MODELS, single_model
from coculture.screen.dose_response.one_curve import fit_curve
from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, Readout

DOSES = np.repeat([0.0, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0], 3)
TRUTH = {
    "logistic-3": (80.0, -1.3, np.log(0.8)),
    "logistic-4": (20.0, 90.0, -1.3, np.log(0.8)),
    "logistic-5": (20.0, 90.0, -1.3, np.log(0.8), 0.5),
    "weibull-1": (20.0, 90.0, -1.3, np.log(0.8)),
    "weibull-2": (20.0, 90.0, 1.3, np.log(0.8)),
    "brain-cousens": (80.0, 5.0, 2.2, 1.5, 40.0),
    "cedergreen": (80.0, 5.0, 2.2, 1.5, 60.0),
}


def _data(name: str, noise: float = 1.0, seed: int = 0) -> np.ndarray:
    model = single_model(name)
    with np.errstate(divide="ignore"):
        truth = model.curve(np.log(DOSES), np.array(TRUTH[name]))
    return truth + np.random.default_rng(seed).normal(0, noise, DOSES.size)


@pytest.mark.parametrize("name", TRUTH)
def test_noiseless_data_give_the_parameters_back(name: str) -> None:
    curve = fitted_curve(DOSES, _data(name, 1e-7), model=name)
    assert curve.values == pytest.approx(TRUTH[name], rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("name", TRUTH)
def test_relative_doses_lie_where_the_curve_says(name: str) -> None:
    curve = fitted_curve(DOSES, _data(name), model=name)
    start, end = curve.response(0.0), curve.response(1e9)
    for effect in (0.2, 0.5, 0.8):
        found = effective_dose(curve, effect)
        assert curve.response(found.dose) == pytest.approx(start + effect * (end - start), rel=1e-5)
        assert found.low < found.dose < found.high
        assert found.wald_high - found.dose == pytest.approx(stats.t.ppf(0.975, curve.df) * found.standard_error)
        absolute = dose_at_response(curve, float(curve.response(found.dose)))
        assert absolute.dose == pytest.approx(found.dose, rel=1e-5)
        assert absolute.standard_error != pytest.approx(found.standard_error, rel=1e-6)
    assert effective_dose(curve, 0.5).text.endswith(")")


@pytest.mark.parametrize("name", ["logistic-4", "weibull-1", "brain-cousens"])
def test_profile_and_wald_limits_meet_where_the_model_is_nearly_linear(name: str) -> None:
    curve = fitted_curve(DOSES, _data(name, 0.05), model=name)
    for found in (effective_dose(curve, 0.5), dose_at_response(curve, 45.0)):
        assert (found.low, found.high) == pytest.approx((found.wald_low, found.wald_high), rel=2e-3)


def test_profile_limits_cover_as_often_as_they_say() -> None:
    """Of 60 fits at 80 % between 38 and 57 hold the true ED20 (binomial, p > 0.002 each side)."""
    true = 0.8 * (0.2 / 0.8) ** (1 / 1.3)
    held = 0
    for seed in range(60):
        found = effective_dose(fitted_curve(DOSES, _data("logistic-4", 4.0, seed), confidence=0.8), 0.2)
        held += found.low < true < found.high
    assert 38 <= held <= 57


def test_standard_error_is_the_spread_of_estimates() -> None:
    doses = [effective_dose(fitted_curve(DOSES, _data("weibull-1", 2.0, s), model="weibull-1"), 0.5) for s in range(60)]
    spread = np.std([found.dose for found in doses], ddof=1)
    assert np.median([found.standard_error for found in doses]) == pytest.approx(spread, rel=0.3)


def test_a_level_that_is_not_crossed_has_no_dose() -> None:
    curve = fitted_curve(DOSES, _data("logistic-4"))
    found = dose_at_response(curve, 5.0)
    assert np.isnan([found.dose, found.standard_error, found.low, found.high]).all()
    assert found.text == "not reached"


def test_steps_have_positions_for_doses() -> None:
    steps = np.repeat(np.arange(1.0, 9.0), 3)
    y = 100 / (1 + np.exp(-1.2 * (steps - 4.3))) + np.random.default_rng(0).normal(0, 2, steps.size)
    found = effective_dose(fitted_curve(steps, y, "step", model="weibull-2"), 0.5)
    assert 4 < found.low < found.dose < found.high < 4.8
    assert found.text.startswith("between step 4 and 5")


def test_the_choice_finds_the_true_model() -> None:
    for name in ("logistic-4", "weibull-1", "weibull-2", "brain-cousens"):
        row, band = fit_curve(DOSES, _data(name, 0.3), model="best")
        assert row["model"] == name
        assert len(band) == 61


def test_a_choice_among_models_does_not_find_effects_in_noise() -> None:
    """5 % of flat data may be called: of 40, more than 6 has a chance below 0.01."""
    noise = [np.random.default_rng(seed).normal(50, 5, DOSES.size) for seed in range(40)]
    assert sum(fit_curve(DOSES, y, model="best")[0]["status"] != "no effect" for y in noise) <= 6


def test_models_compared_have_akaike_weights() -> None:
    table = compared_models([fitted_curve(DOSES, _data("weibull-2", 0.3), model=name) for name in TRUTH])
    assert table["model"][0] == "weibull-2"
    assert table["weight"].sum() == pytest.approx(1)
    assert aicc(10.0, 6, 4) == np.inf
    best = table.iloc[0]
    assert best["aicc"] == pytest.approx(best["aic"] + 2 * 5 * 6 / (DOSES.size - 6))


@pytest.mark.parametrize("robust", ["huber", "tukey", "student-t"])
def test_stray_wells_do_not_carry_the_curve_away(robust: str) -> None:
    y = _data("logistic-4")
    clean = fitted_curve(DOSES, y)
    y[[4, 13, 20]] += np.array([-60.0, 70.0, 60.0])
    plain, held = fitted_curve(DOSES, y), fitted_curve(DOSES, y, robust=robust)
    near, far = (abs(np.log(effective_dose(c, 0.5).dose / effective_dose(clean, 0.5).dose)) for c in (held, plain))
    assert near < 0.12
    assert near < 0.5 * far
    assert held.residual_sd < 0.5 * plain.residual_sd
    row, _ = fit_curve(DOSES, y, robust=robust)
    assert row["ec50"] == pytest.approx(effective_dose(held, 0.5).dose, rel=1e-6)


def test_robust_fits_of_clean_data_change_little() -> None:
    y = _data("logistic-4")
    plain = effective_dose(fitted_curve(DOSES, y), 0.5)
    for robust in ("huber", "tukey", "student-t"):
        assert effective_dose(fitted_curve(DOSES, y, robust=robust), 0.5).dose == pytest.approx(plain.dose, rel=0.05)


def test_robust_curves_in_an_analysis(make_plate) -> None:
    tested = DOSES[3:]
    y = _data("logistic-4")[3:]
    y[5] += 80
    controls = np.random.default_rng(1).normal(90, 1, 12)
    wells = make_plate(
        [*controls, *y],
        ["negative"] * 12 + ["treatment"] * y.size,
        compounds=[""] * 12 + ["drug"] * y.size,
        doses=[0.0] * 12 + tested.tolist(),
    )
    read = (Readout("value", "value"),)
    plain = analyse(wells, AnalysisSettings(read, normalise="as-given")).curves.iloc[0]
    held = analyse(wells, AnalysisSettings(read, normalise="as-given", robust="tukey", dose_response="best")).curves.iloc[0]
    assert held["residual_sd"] < 0.2 * plain["residual_sd"]
    assert held["ec50"] == pytest.approx(0.8, rel=0.15)
    assert held["auc"] == pytest.approx(area_of_points(tested, _data("logistic-4")[3:]), rel=0.05)


def test_areas_by_hand() -> None:
    assert area_of_points([0.0, 1.0, 1.0, np.e, np.e**3], [999.0, 2.0, 4.0, 1.0, 0.0]) == pytest.approx((2 + 1) / 3)
    level = area_of_curve(single_model("logistic-4"), np.array([0.0, 1.0, 1.0, 0.0]), -3.0, 3.0)
    assert level == pytest.approx(0.5)
    curve = fitted_curve(DOSES, _data("logistic-4"))
    row, _ = fit_curve(DOSES, _data("logistic-4"))
    assert row["auc"] == pytest.approx(curve.auc, rel=1e-3)
    with pytest.raises(InputError, match="is empty"):
        area_of_curve(single_model("logistic-4"), np.array([0.0, 1.0, 1.0, 0.0]), 1.0, 1.0)
    with pytest.raises(InputError, match="two doses above zero"):
        area_of_points([0.0, 1.0], [1.0, 1.0])


def test_hormesis_refuses_steps() -> None:
    steps = np.repeat(np.arange(1.0, 9.0), 3)
    row, _ = fit_curve(steps, np.linspace(0, 9, steps.size), "step", model="brain-cousens")
    assert (row["status"], row["note"]) == ("not fitted", "the model brain-cousens needs concentrations, not dose steps")
    with pytest.raises(DataError, match="cannot carry the model brain-cousens"):
        fitted_curve(steps, np.linspace(0, 9, steps.size), "step", model="brain-cousens")


def test_faults_are_named() -> None:
    y = _data("logistic-4")
    with pytest.raises(InputError, match="'best' is not one curve model"):
        fitted_curve(DOSES, y, model="best")
    with pytest.raises(InputError, match=r"robust method 'lts' is not known\n.*none, huber, tukey, student-t"):
        fitted_curve(DOSES, y, robust="lts")
    with pytest.raises(DataError, match=r"3 doses above zero and 4 wells.*\n.*needs 4 doses"):
        fitted_curve([0.0, 1, 2, 3], [1.0, 2, 3, 4])
    curve = fitted_curve(DOSES, y)
    with pytest.raises(InputError, match=r"an effect of 1\.2 is no fraction"):
        effective_dose(curve, 1.2)
    with pytest.raises(InputError, match="a response of nan cannot be crossed"):
        dose_at_response(curve, np.nan)


def test_a_model_knows_its_name() -> None:
    assert [CURVE_MODELS[name].name for name in CURVE_MODELS] == list(CURVE_MODELS)
    curve = fitted_curve(DOSES, _data("logistic-4"))
    assert (curve.version, curve.robust, curve.confidence) == ("0.1.0", "none", 0.95)
    assert curve.parameter("top") == curve.values[1]
    assert np.isfinite(curve.standard_errors).all()
