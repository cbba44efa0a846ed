"""Curves: parameters, intervals, flat curves, open ends, and what may be said of an EC50."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from coculture.compounds.dose_curve import logistic
from coculture.errors import DataError, InputError
from coculture.screen.dose_response.models import curve_model
from coculture.screen.dose_response.one_curve import fit_curve
from coculture.screen.dose_response.wording import ec50_statement
from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, Readout

DOSES = np.repeat([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0], 2)


def _response(
    ec50: float, slope: float = 1.2, *, span: float = 80.0, seed: int = 0, doses: np.ndarray = DOSES, unit: str = "uM"
) -> np.ndarray:
    return logistic(doses, 20.0, 20.0 + span, slope, ec50, unit) + np.random.default_rng(seed).normal(0, 2.0, doses.size)


def test_equal_to_a_general_least_squares() -> None:
    y = _response(0.7)
    curve, _ = fit_curve(DOSES, y)

    def model(d, bottom, top, slope, log_ec50):
        return logistic(d, bottom, top, slope, np.exp(log_ec50))

    found, covariance = optimize.curve_fit(model, DOSES, y, p0=(20, 100, 1, 0), xtol=1e-14, ftol=1e-14)
    assert curve[["bottom", "top", "slope"]].to_numpy(float) == pytest.approx(found[:3], rel=1e-5)
    assert curve["ec50"] == pytest.approx(np.exp(found[3]), rel=1e-5)
    assert curve["ec50_standard_error"] == pytest.approx(np.exp(found[3]) * np.sqrt(covariance[3, 3]), rel=0.05)
    assert curve["status"] == "fitted"


def test_falling_curves_have_a_negative_slope() -> None:
    curve, _ = fit_curve(DOSES, _response(0.7, -1.2))
    assert curve["slope"] == pytest.approx(-1.2, abs=0.3)
    assert curve["bottom"] < curve["top"]


def test_mirrored_data_give_the_mirrored_curve() -> None:
    y = _response(0.7)
    up, _ = fit_curve(DOSES, y)
    down, _ = fit_curve(DOSES, 100 - y)
    for name in ("ec50", "ec50_low", "ec50_high", "ec50_standard_error", "residual_sd"):
        assert down[name] == pytest.approx(up[name], rel=1e-6)
    assert (down["bottom"], down["top"], down["slope"]) == pytest.approx(
        (100 - up["top"], 100 - up["bottom"], -up["slope"]), rel=1e-5
    )


def test_band_holds_the_curve_and_narrows_with_data() -> None:
    curve, band = fit_curve(DOSES, _response(0.7))
    doubled, narrow = fit_curve(np.tile(DOSES, 4), np.concatenate([_response(0.7, seed=s) for s in range(4)]))
    assert ((band["low"] < band["fitted"]) & (band["fitted"] < band["high"])).all()
    assert (narrow["high"] - narrow["low"]).mean() < 0.7 * (band["high"] - band["low"]).mean()
    assert doubled["ec50_high"] - doubled["ec50_low"] < curve["ec50_high"] - curve["ec50_low"]
    assert (band["dose"].iloc[0], band["dose"].iloc[-1]) == pytest.approx((0.01, 30.0))


def test_band_is_the_delta_method() -> None:
    y = _response(0.7)
    curve, band = fit_curve(DOSES, y)
    at_middle = band.iloc[(band["dose"] - curve["ec50"]).abs().argmin()]
    assert at_middle["fitted"] == pytest.approx((curve["bottom"] + curve["top"]) / 2, abs=3)
    assert at_middle["high"] - at_middle["low"] < 4 * curve["residual_sd"]


def test_no_effect_is_a_flat_line_without_ec50() -> None:
    curve, band = fit_curve(DOSES, np.random.default_rng(1).normal(50, 5, DOSES.size))
    assert curve["status"] == curve["ec50_text"] == "no effect"
    assert np.isnan(curve[["ec50", "ec50_low", "ec50_high", "slope"]].to_numpy(float)).all()
    assert curve["bottom"] == curve["top"]
    assert band["fitted"].nunique() == 1
    assert "no better than a flat line" in curve["note"]


def test_constant_data_have_no_effect() -> None:
    curve, _ = fit_curve(DOSES, np.full(DOSES.size, 7.0))
    assert curve["status"] == "no effect"
    assert curve["residual_sd"] == 0.0


def test_an_ec50_beyond_the_doses_is_a_bound() -> None:
    above, _ = fit_curve(DOSES, _response(150.0, 1.5))
    assert above["status"] == "beyond range"
    assert np.isnan(above["ec50"])
    assert np.isnan(above["top"])
    assert above["ec50_high"] == np.inf
    assert above["ec50_text"].startswith("> ")
    assert "half of the effect lies above the highest tested dose (30 µM)" in above["note"]
    with_zero = np.concatenate((np.zeros(4), DOSES))
    below, _ = fit_curve(with_zero, _response(0.002, 1.5, doses=with_zero))
    assert below["status"] == "beyond range"
    assert below["ec50_low"] == 0.0
    assert below["ec50_text"].startswith("< ")
    assert below["bottom"] == pytest.approx(20, abs=3)  # dose 0 holds the plateau


def test_dose_zero_lies_on_the_starting_plateau() -> None:
    doses = np.concatenate((np.zeros(6), DOSES))
    y = _response(0.05, doses=doses)
    with_zero, _ = fit_curve(doses, y)
    without, _ = fit_curve(DOSES, y[6:])
    assert with_zero["bottom"] == pytest.approx(20, abs=2)
    assert with_zero["ec50_high"] / with_zero["ec50_low"] < without["ec50_high"] / without["ec50_low"]
    assert with_zero["n_doses"] == 8


def test_steps_say_between_which_steps() -> None:
    steps = np.repeat(np.arange(1.0, 10.0), 4)
    curve, _ = fit_curve(steps, _response(4.45, 1.5, doses=steps, unit="step"), "step")
    assert curve["ec50_text"].startswith("between step 4 and 5 (4.")
    assert 4.2 < curve["ec50_low"] < curve["ec50"] < curve["ec50_high"] < 4.7


def test_a_jump_between_two_doses_leaves_the_slope_on_its_bound() -> None:
    doses = np.repeat([0.1, 1.0, 10.0, 100.0], 3)
    curve, _ = fit_curve(doses, np.where(doses > 3, 90.0, 10.0) + np.tile([-1.0, 0.0, 1.0], 4))
    assert "the slope lies on its bound" in curve["note"]
    assert np.isnan(curve["ec50_standard_error"])
    assert curve["ec50"] == pytest.approx(np.sqrt(10))  # the middle of the gap, where all midpoints fit alike
    assert (curve["ec50_low"], curve["ec50_high"]) == pytest.approx((1.0, 10.0), rel=0.3)


@pytest.mark.parametrize(
    ("ec50", "low", "high", "unit", "status", "text"),
    [
        (0.5, 0.4, 0.7, "uM", "fitted", "0.5 µM (95 %: 0.4 to 0.7)"),
        (0.5, 0.4, np.inf, "uM", "open interval", "0.5 µM (95 %: > 0.4)"),
        (0.5, 0.0, 0.7, "ug/mL", "open interval", "0.5 µg/mL (95 %: < 0.7)"),
        (0.5, 0.0, np.inf, "uM", "open interval", "0.5 µM (95 %: open)"),
        (20.0, 4.0, np.inf, "uM", "beyond range", "> 4 µM (95 %)"),
        (20.0, 0.0, np.inf, "uM", "beyond range", "not bounded by the data"),
        (0.01, 0.0, 0.2, "uM", "beyond range", "< 0.2 µM (95 %)"),
        (0.01, 0.0, np.inf, "uM", "beyond range", "not bounded by the data"),
        (4.45, 4.0, 5.1, "step", "fitted", "between step 4 and 5 (4.45; 95 %: 4 to 5.1)"),
        (4.02, 3.5, np.inf, "step", "open interval", "at step 4 (95 %: > 3.5)"),
        (12.0, 8.0, np.inf, "step", "beyond range", "> step 8 (95 %)"),
        (4.45, -np.inf, 5.0, "step", "open interval", "between step 4 and 5 (4.45; 95 %: < 5)"),
    ],
)
def test_wording(ec50: float, low: float, high: float, unit: str, status: str, text: str) -> None:
    tested = np.array([1.0, 10.0]) if unit == "step" else np.array([0.1, 10.0])
    found = ec50_statement(ec50, low, high, tested, unit, 0.95)
    assert (found.status, found.text) == (status, text)
    assert np.isnan(found.ec50) == (status == "beyond range")


def test_faults_are_named() -> None:
    with pytest.raises(InputError, match="differ in shape"):
        fit_curve([1.0, 2.0], [1.0])
    with pytest.raises(InputError, match="not a finite number"):
        fit_curve([1.0, 2.0], [1.0, np.nan])
    with pytest.raises(InputError, match="'none' fits no curve"):
        fit_curve([1.0, 2.0], [1.0, 2.0], model="none")
    with pytest.raises(DataError, match="no dose is above 0"):
        fit_curve([0.0, 0.0], [1.0, 2.0])
    known = "logistic-3, logistic-4, logistic-5, weibull-1, weibull-2, brain-cousens, cedergreen, best, none"
    with pytest.raises(InputError, match=rf"dose-response model 'probit' is not known\n.*{known}"):
        curve_model("probit")


def _screen(make_plate, doses: np.ndarray, values: np.ndarray, controls: np.ndarray, **more: object) -> pd.DataFrame:
    roles = ["negative"] * controls.size + ["treatment"] * doses.size
    return make_plate(
        [*controls, *values],
        roles,
        compounds=[""] * controls.size + ["drug"] * doses.size,
        doses=[0.0] * controls.size + doses.tolist(),
        **more,
    )


def test_controls_hold_the_plateau_with_the_weight_of_one_level(make_plate) -> None:
    controls = np.random.default_rng(6).normal(20, 2, 30)
    wells = _screen(make_plate, DOSES, _response(0.05), controls)
    settings = AnalysisSettings((Readout("value", "value"),), normalise="as-given")
    row = analyse(wells, settings).curves.iloc[0]
    assert (row["n_wells"], row["n_controls"], row["n_doses"]) == (16, 30, 8)
    assert row["bottom"] == pytest.approx(20, abs=2)
    alone = analyse(wells, AnalysisSettings(settings.readouts, normalise="as-given", controls_in_curves=False)).curves.iloc[0]
    assert alone["n_controls"] == 0
    direct, _ = fit_curve(DOSES, _response(0.05))
    assert alone["ec50"] == pytest.approx(direct["ec50"], rel=1e-9)
    # two controls of the same mean and scatter as the thirty weigh the same
    pair = controls.mean() + np.array([-1, 1]) * np.sqrt(((controls - controls.mean()) ** 2).sum() / 30)
    two = analyse(_screen(make_plate, DOSES, _response(0.05), pair), settings).curves.iloc[0]
    assert two[["ec50", "ec50_low", "residual_sd"]].to_numpy(float) == pytest.approx(
        row[["ec50", "ec50_low", "residual_sd"]].to_numpy(float), rel=1e-6
    )


def test_curves_that_cannot_be_fitted_say_why(make_plate) -> None:
    three = np.repeat([0.1, 1.0, 10.0], 3)
    wells = _screen(make_plate, three, np.arange(9.0), np.array([1.0, 1.2, 0.9]))
    result = analyse(wells, AnalysisSettings((Readout("value", "value"),)))
    row = result.curves.iloc[0]
    assert row["status"] == "not fitted"
    assert row["note"] == "3 tested doses above zero: the model needs 4"
    assert len(result.bands) == 0
    four = np.array([0.1, 1.0, 10.0, 100.0])
    bare = AnalysisSettings((Readout("value", "value"),), controls_in_curves=False)
    row = analyse(_screen(make_plate, four, np.arange(4.0), np.array([1.0, 1.2, 0.9])), bare).curves.iloc[0]
    assert row["note"] == "4 wells leave no degree of freedom for 4 parameters"


def test_a_combination_says_whose_dose_the_axis_is(make_plate) -> None:
    wells = _screen(make_plate, DOSES, _response(0.5), np.full(4, 20.0), treatment="drug 1 uM + other 1 uM")
    row = analyse(wells, AnalysisSettings((Readout("value", "value"),), normalise="as-given")).curves.iloc[0]
    assert "the axis is the first one's dose" in row["note"]
