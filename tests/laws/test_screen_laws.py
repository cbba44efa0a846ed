"""Laws the screening engine must obey, whatever the plate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coculture.compounds.dose_curve import logistic
from coculture.plate.layout import Layout
from coculture.screen.dose_response.one_curve import fit_curve
from coculture.screen.engine import analyse
from coculture.screen.group_statistics import Floats
from coculture.screen.hits.base import compare, interval, p_values
from coculture.screen.hits.false_discovery import benjamini_hochberg
from coculture.screen.hits.moderated_t import moderated_t
from coculture.screen.hits.single_well import single_well
from coculture.screen.settings import AnalysisSettings, Readout

DOSES = np.array([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0])


def _wells(values: np.ndarray, roles: np.ndarray, layout: int, **more: object) -> pd.DataFrame:
    judged = roles == "treatment"
    frame = pd.DataFrame({"plate": "p1", "well": Layout.of(layout).wells()[: roles.size], "role": roles, "value": values})
    frame["compound"] = np.where(judged, [f"c{i}" for i in range(roles.size)], "")
    return frame.assign(**{"dose": judged.astype(float), "dose_unit": "uM", **more})


def _controls_plate(rng: np.random.Generator) -> pd.DataFrame:
    roles = np.array(["negative"] * 12 + ["positive"] * 12 + ["treatment"] * 72)
    return _wells(rng.normal(50, 3, 96) + 60 * (roles == "positive"), roles, 96)


def _analysed(wells: pd.DataFrame, **changes: object):
    return analyse(wells, AnalysisSettings((Readout("value", "value"),), **{"dose_response": "none", **changes}))  # type: ignore[arg-type]


@settings(max_examples=8, deadline=None)
@given(gain=st.floats(0.01, 1e4), offset=st.floats(-1e3, 1e3), sign=st.sampled_from([-1, 1]))
def test_z_prime_and_ssmd_do_not_depend_on_gain_and_offset(gain: float, offset: float, sign: int) -> None:
    wells = _controls_plate(np.random.default_rng(0))
    before = _analysed(wells, normalise="robust-z").quality.iloc[0]
    after = _analysed(wells.assign(value=sign * gain * wells["value"] + offset), normalise="robust-z").quality.iloc[0]
    assert after["z_prime"] == pytest.approx(before["z_prime"], abs=1e-6)
    assert after["robust_z_prime"] == pytest.approx(before["robust_z_prime"], abs=1e-6)
    assert after["ssmd"] == pytest.approx(sign * before["ssmd"], rel=1e-6)


@settings(max_examples=8, deadline=None)
@given(gain=st.floats(0.01, 1e4), offset=st.floats(-1e3, 1e3))
def test_scales_undo_what_they_should(gain: float, offset: float) -> None:
    wells = _controls_plate(np.random.default_rng(1))
    before = _analysed(wells).normalised
    scaled = _analysed(wells.assign(value=gain * wells["value"])).normalised
    assert scaled["percent_of_control"].to_numpy() == pytest.approx(before["percent_of_control"].to_numpy())
    moved = _analysed(wells.assign(value=gain * wells["value"] + offset), normalise="robust-z").normalised
    for column in ("normalised_percent_effect", "robust_z", "b_score"):
        assert moved[column].to_numpy() == pytest.approx(before[column].to_numpy(), rel=1e-6, abs=1e-6)


def test_controls_map_to_their_marks() -> None:
    normalised = _analysed(_controls_plate(np.random.default_rng(2))).normalised.groupby("role")
    assert normalised["percent_of_control"].mean()["negative"] == pytest.approx(100)
    assert normalised["normalised_percent_effect"].mean()["negative"] == pytest.approx(0)
    assert normalised["normalised_percent_effect"].mean()["positive"] == pytest.approx(100)
    assert normalised["robust_z"].median()["negative"] == pytest.approx(0)


@pytest.fixture
def planted() -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return a 384-well plate of noise with ten strong wells, its row-and-column effects, and where the strong wells are."""
    rng = np.random.default_rng(3)
    roles = np.where(rng.random(384) < 0.06, "negative", "treatment")
    strong = rng.permutation(np.flatnonzero(roles == "treatment"))[:10]
    values = rng.normal(100, 5, 384)
    values[strong] += 60
    surface = (rng.normal(0, 15, 16)[:, None] + rng.normal(0, 15, 24)).ravel()
    return _wells(values, roles, 384), surface, strong


def test_b_score_removes_row_and_column_effects(planted) -> None:
    wells, surface, strong = planted
    clean = _analysed(wells, normalise="b-score").normalised["b_score"].to_numpy()
    uneven = _analysed(wells.assign(value=wells["value"] + surface), normalise="b-score").normalised["b_score"].to_numpy()
    assert np.corrcoef(clean, uneven)[0, 1] > 0.99
    assert set(np.argsort(-np.abs(uneven))[:10]) == set(strong)
    raw = (wells["value"] + surface).to_numpy()
    assert set(np.argsort(-np.abs(raw - np.median(raw)))[:10]) != set(strong)  # without it they are not found


def test_b_score_does_not_see_row_effects_at_all(planted) -> None:
    wells, _, _ = planted
    rows = np.repeat(np.linspace(-50, 50, 16), 24)
    clean = _analysed(wells, normalise="b-score").normalised["b_score"].to_numpy()
    uneven = _analysed(wells.assign(value=wells["value"] + rows), normalise="b-score").normalised["b_score"].to_numpy()
    assert uneven == pytest.approx(clean, abs=1e-9)  # rows are swept first, so that this is exact


def _judged(rng: np.random.Generator, n_active: int, effect: float, replicates: int) -> tuple[Floats, Floats, Floats]:
    """Return q-values and the intervals' limits of 80 treatments on a plate with 16 controls; the first ones act."""
    treatment = np.concatenate((np.full(16, -1), np.repeat(np.arange(80), replicates)))
    negative = treatment < 0
    values = rng.normal(100, 10, treatment.size) + effect * (~negative & (treatment < n_active))
    comparison = compare(values, treatment, 80, np.zeros(treatment.size, dtype=np.int64), negative)
    estimate = single_well(comparison) if replicates == 1 else moderated_t(comparison)
    q = benjamini_hochberg(p_values(comparison.effect, estimate, "both"))
    return q, *interval(comparison.effect, estimate, 0.95)


@pytest.mark.parametrize("replicates", [1, 2, 3])
def test_a_plate_without_effects_gives_hits_at_the_rate_asked_for(replicates: int) -> None:
    """Under the global null the false discovery rate is the chance of any hit; two standard errors are allowed."""
    rng = np.random.default_rng(replicates)
    with_hits = [(_judged(rng, 0, 0.0, replicates)[0] <= 0.1).any() for _ in range(400)]
    assert np.mean(with_hits) <= 0.1 + 2 * np.sqrt(0.1 * 0.9 / 400)


def test_false_discoveries_among_true_ones_stay_at_the_rate_asked_for() -> None:
    rng = np.random.default_rng(4)
    hits = np.array([_judged(rng, 20, 30.0, 3)[0] <= 0.1 for _ in range(300)])
    false = hits[:, 20:].sum(axis=1) / np.maximum(hits.sum(axis=1), 1)
    assert false.mean() <= 0.1
    assert hits[:, :20].mean() > 0.95


@pytest.mark.parametrize("replicates", [1, 2, 3])
def test_effects_are_covered_by_their_intervals(replicates: int) -> None:
    rng = np.random.default_rng(5)
    truth = np.where(np.arange(80) < 20, 30.0, 0.0)
    inside = [(low <= truth) & (truth <= high) for _, low, high in (_judged(rng, 20, 30.0, replicates) for _ in range(200))]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.015)


def _curves(n: int, replicates: int, slope: float, unit: str, doses: np.ndarray, ec50: np.ndarray, seed: int) -> pd.DataFrame:
    """Return one plate of ``n`` compounds with noisy curves, in one table (well names tell no place)."""
    rng = np.random.default_rng(seed)
    dose = np.tile(np.repeat(doses, replicates), n)
    name = np.repeat(np.arange(n), doses.size * replicates)
    mean = np.concatenate([logistic(doses.repeat(replicates), 20.0, 100.0, slope, e, unit) for e in ec50])
    treated = pd.DataFrame({"role": "treatment", "compound": [f"c{i}" for i in name], "dose": dose, "value": mean})
    start = 20.0 if slope > 0 else 100.0
    controls = pd.DataFrame({"role": "negative", "compound": "", "dose": 0.0, "value": np.full(24, start)})
    wells = pd.concat([treated, controls], ignore_index=True)
    wells["value"] += rng.normal(0, 6, len(wells))
    return wells.assign(plate="p1", well=[f"w{i}" for i in range(len(wells))], dose_unit=unit)


@pytest.mark.parametrize(
    ("replicates", "slope", "unit", "controls", "allowed"),
    [(1, 1.5, "uM", False, (0.93, 0.97)), (3, -1.2, "ug/mL", False, (0.93, 0.97)), (2, 1.3, "step", True, (0.94, 0.98))],
)
def test_ec50_intervals_cover_the_truth(
    replicates: int, slope: float, unit: str, controls: bool, allowed: tuple[float, float]
) -> None:
    """At 95 %; controls in the curve, which count for less than they know, make the intervals a little too wide."""
    n = 800
    rng = np.random.default_rng(6)
    doses = np.arange(1.0, 10.0) if unit == "step" else DOSES
    ec50 = rng.uniform(2.5, 7.5, n) if unit == "step" else 10 ** rng.uniform(-1.2, 0.7, n)
    wells = _curves(n, replicates, slope, unit, doses, ec50, seed=7)
    asked = AnalysisSettings((Readout("value", "value"),), normalise="as-given", controls_in_curves=controls)
    curves = analyse(wells, asked).curves
    truth = ec50[curves["compound"].str[1:].astype(int)]
    inside = (curves["ec50_low"] <= truth) & (truth <= curves["ec50_high"])
    assert allowed[0] <= inside.mean() <= allowed[1]
    error = np.log(curves["ec50"] / truth) if unit != "step" else curves["ec50"] - truth
    assert abs(error.median()) < 0.03  # no bias to speak of


def test_flat_compounds_rarely_get_a_curve() -> None:
    wells = _curves(400, 2, 1.0, "uM", DOSES, np.full(400, 1e9), seed=8)
    curves = analyse(wells, AnalysisSettings((Readout("value", "value"),), normalise="as-given")).curves
    assert (curves["status"] != "no effect").mean() <= 0.05


@settings(max_examples=10, deadline=None)
@given(factor=st.floats(1e-3, 1e3), gain=st.floats(0.01, 100), offset=st.floats(-100, 100))
def test_ec50_scales_with_the_dose_and_not_with_the_response(factor: float, gain: float, offset: float) -> None:
    rng = np.random.default_rng(9)
    dose = DOSES.repeat(2)
    response = logistic(dose, 20.0, 100.0, 1.3, 0.6) + rng.normal(0, 4, dose.size)
    one, _ = fit_curve(dose, response)
    other, _ = fit_curve(dose * factor, gain * response + offset)
    for name in ("ec50", "ec50_low", "ec50_high"):
        assert other[name] == pytest.approx(factor * one[name], rel=1e-4)
    assert other["slope"] == pytest.approx(one["slope"], rel=1e-4)
    assert other["residual_sd"] == pytest.approx(gain * one["residual_sd"], rel=1e-4)
