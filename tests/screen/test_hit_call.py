"""The continuous hit call: its parts by hand, its kernels against plain code, its faults."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from coculture.compounds.dose_curve.exponential_2 import exponential_2
from coculture.compounds.dose_curve.exponential_3 import exponential_3
from coculture.compounds.dose_curve.exponential_4 import exponential_4
from coculture.compounds.dose_curve.exponential_5 import exponential_5
from coculture.compounds.dose_curve.gain_loss import gain_loss
from coculture.compounds.dose_curve.hill import hill
from coculture.compounds.dose_curve.polynomial_1 import polynomial_1
from coculture.compounds.dose_curve.polynomial_2 import polynomial_2
from coculture.compounds.dose_curve.power import power
from coculture.errors import DataError, InputError
from coculture.screen.dose_response.hit_call.call import hit_call, hit_calls, noise_cutoff
from coculture.screen.dose_response.hit_call.curves import CURVES, FARTHEST_LOSS, bounds, in_doses
from coculture.screen.dose_response.kernels.curves_from_zero import fill_response, first_dose, peak
from coculture.screen.dose_response.kernels.t_likelihood import likeliest, log_likelihood, scale_and_sigma

LEVELS = np.array([0.4, 1.2, 3.7, 11.1, 33.3, 100.0])
DOSES = np.repeat(LEVELS, 3)
FORWARD = {
    "hill": hill,
    "gain-loss": gain_loss,
    "polynomial-1": polynomial_1,
    "polynomial-2": polynomial_2,
    "power": power,
    "exponential-2": exponential_2,
    "exponential-3": exponential_3,
    "exponential-4": exponential_4,
    "exponential-5": exponential_5,
}
NAMED = {curve.name: curve for curve in CURVES}
PHI = {
    "hill": [50.0, -1.5, 0.4, 1.0],
    "gain-loss": [50.0, -3.5, 0.4, 3.6, 0.2, 1.0],
    "polynomial-1": [-30.0, 1.0],
    "polynomial-2": [90.0, -60.0, 1.0],
    "power": [40.0, 0.3, 1.0],
    "exponential-2": [12.0, -0.4, 1.0],
    "exponential-3": [12.0, -0.4, 0.3, 1.0],
    "exponential-4": [-50.0, -1.5, 1.0],
    "exponential-5": [50.0, -1.5, 0.4, 1.0],
}


@pytest.mark.kernel
@pytest.mark.parametrize("name", PHI)
def test_kernels_draw_the_forward_curves(name: str) -> None:
    phi, curve = np.array(PHI[name]), NAMED[name]
    fitted = np.empty(LEVELS.size)
    fill_response(curve.kind, phi, LEVELS / 100.0, fitted)
    assert fitted == pytest.approx(FORWARD[name](LEVELS, *in_doses(curve, phi, 100.0)))


@pytest.mark.kernel
@pytest.mark.parametrize("name", PHI)
def test_tops_and_doses_lie_where_the_curve_says(name: str) -> None:
    phi, curve = np.array(PHI[name]), NAMED[name]
    x_peak, top = peak(curve.kind, phi, 0.004)
    dense = np.linspace(1e-4, 1.0, 4000) if name != "gain-loss" else np.exp(np.linspace(-9, 6, 4000))
    drawn = np.empty(dense.size)
    fill_response(curve.kind, phi, dense, drawn)
    if np.isfinite(x_peak):
        assert abs(top) == pytest.approx(np.abs(drawn).max(), rel=1e-4)
    for share in (0.1, 0.5):
        dose = first_dose(curve.kind, phi, share * top, x_peak, False)
        there = np.empty(1)
        fill_response(curve.kind, phi, np.array([dose]), there)
        assert there[0] == pytest.approx(share * top, rel=1e-6)
    assert np.isnan(first_dose(curve.kind, phi, 2 * top, x_peak, False))
    assert np.isnan(first_dose(curve.kind, phi, -0.5 * top, x_peak, False))


@pytest.mark.kernel
def test_the_loss_is_found_behind_the_peak() -> None:
    phi = np.array(PHI["gain-loss"])
    x_peak, top = peak(NAMED["gain-loss"].kind, phi, 0.004)
    rising, falling = (first_dose(NAMED["gain-loss"].kind, phi, 0.5 * top, x_peak, side) for side in (False, True))
    assert rising < x_peak < falling


@pytest.mark.kernel
def test_log_likelihood_is_that_of_the_t_law() -> None:
    rng = np.random.default_rng(0)
    fitted, y = rng.normal(size=8), rng.normal(size=8)
    expected = stats.t.logpdf((y - fitted) / 1.7, 4).sum() - 8 * np.log(1.7)
    assert log_likelihood(fitted, y, np.log(1.7)) == pytest.approx(expected)


@pytest.mark.kernel
def test_reweighting_climbs_to_the_likeliest_scale() -> None:
    rng = np.random.default_rng(1)
    shape = np.linspace(0, 1, 12)
    y = 5 * shape + rng.standard_t(4, 12)
    scale, log_sigma, height = scale_and_sigma(shape, y, -1e9, 1e9, 200)

    def cost(p: np.ndarray) -> float:
        return -log_likelihood(p[0] * shape, y, p[1])

    best = optimize.minimize(cost, (4.0, 0.0), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    assert (scale, log_sigma) == pytest.approx(best.x, abs=1e-5)
    assert height == pytest.approx(-best.fun)
    assert scale_and_sigma(shape, y, -1.0, 1.0, 20)[0] == 1.0


@pytest.mark.kernel
@pytest.mark.parametrize("name", ["hill", "polynomial-2", "exponential-3", "gain-loss"])
def test_likeliest_is_as_likely_as_a_general_optimiser_finds(name: str) -> None:
    curve, rng = NAMED[name], np.random.default_rng(2)
    x = LEVELS / 100.0
    truth = np.empty(x.size)
    fill_response(curve.kind, np.array(PHI[name]), x, truth)
    x = np.repeat(x, 2)
    y = np.repeat(truth, 2) + 4 * rng.standard_t(4, x.size)
    box = bounds(curve, float(x.min()), float(np.abs(y).max()), float(np.abs(y).max()))
    counts = np.minimum(curve.counts, 4)
    phi, fitted = np.zeros(len(box)), np.empty(x.size)
    height = likeliest(curve.kind, x, y, box, FARTHEST_LOSS, counts, phi)

    def cost(p: np.ndarray) -> float:
        fill_response(curve.kind, p, x, fitted)
        return min(-log_likelihood(fitted, y, p[-1]), 1e6)

    start = np.array([*PHI[name][:-1], np.log(4.0)])
    best = optimize.minimize(cost, np.clip(start, box[:, 0], box[:, 1]), bounds=box, method="L-BFGS-B")
    assert height >= -best.fun - 1e-3
    assert (phi >= box[:, 0]).all()
    assert (phi <= box[:, 1]).all()


def _sample(top: float, noise: float = 3.0, seed: int = 0) -> np.ndarray:
    return hill(DOSES, top, 8.0, 1.6) + noise * np.random.default_rng(seed).standard_t(4, DOSES.size)


def test_a_clear_hit_and_a_clear_miss() -> None:
    hit = hit_call(DOSES, _sample(90.0), 20.0, 8.0)
    assert hit.hit_call > 0.99
    assert hit.ac50 == pytest.approx(8.0, rel=0.25)
    assert hit.acc < hit.ac50
    assert hit.bmd < hit.acc  # the benchmark response, 1.349 * 8, lies below the cutoff
    miss = hit_call(DOSES, _sample(0.0), 20.0, 8.0)
    assert miss.hit_call < 0.01


def test_falling_is_rising_upside_down() -> None:
    y = _sample(60.0)
    up, down = hit_call(DOSES, y, 20.0, 8.0), hit_call(DOSES, -y, 20.0, 8.0)
    assert (down.hit_call, down.ac50, -down.top) == pytest.approx((up.hit_call, up.ac50, up.top), rel=1e-4)


def test_the_call_is_the_product_of_its_three_parts() -> None:
    y = _sample(25.0, 5.0)
    found = hit_call(DOSES, y, 20.0, 8.0)
    assert found.hit_call == pytest.approx(found.p_curve * found.p_point * found.p_top)
    least = min(value for name, value in found.aic.items() if name != "constant")
    assert found.aic[found.model] == least
    assert found.p_curve == pytest.approx(1 / (1 + np.exp(-(found.aic["constant"] - least) / 2)))
    medians = np.median(y.reshape(-1, 3), axis=1)
    assert found.p_point == pytest.approx(1 - np.prod(stats.t.cdf((20 - np.sign(found.top) * medians) / found.sigma, 4)))
    fitted = FORWARD[found.model](DOSES, *found.parameters.values())
    assert found.log_likelihood == pytest.approx(log_likelihood(fitted, y, np.log(found.sigma)))
    lost = found.log_likelihood - log_likelihood(fitted * 20 / abs(found.top), y, np.log(found.sigma))
    inside = stats.chi2.cdf(2 * lost, 1)
    assert found.p_top == pytest.approx((1 + np.sign(abs(found.top) - 20) * inside) / 2, abs=1e-9)


def test_the_call_rises_with_the_effect() -> None:
    calls = [hit_call(DOSES, _sample(top), 20.0, 8.0).hit_call for top in (5.0, 15.0, 25.0, 45.0)]
    assert calls == sorted(calls)


def test_many_samples_are_called_as_one_by_one() -> None:
    wells = pd.DataFrame({"sample": ["b"] * DOSES.size + ["a"] * DOSES.size, "dose": np.tile(DOSES, 2)})
    wells["response"] = np.concatenate((_sample(90.0), _sample(0.0)))
    found = hit_calls(wells, 20.0, 8.0)
    assert found["sample"].tolist() == ["a", "b"]
    assert found["hit_call"].iloc[1] == hit_call(DOSES, _sample(90.0), 20.0, 8.0).hit_call
    assert (found["cutoff"] == 20).all()
    with pytest.raises(InputError, match="the table has no column 'dose'"):
        hit_calls(wells.drop(columns="dose"), 20.0, 8.0)


def test_silent_samples_are_called_without_a_fault() -> None:
    assert hit_call(DOSES, np.zeros(DOSES.size), 20.0, 8.0).hit_call == pytest.approx(0, abs=0.01)


def test_cutoff_by_hand() -> None:
    assert noise_cutoff([1.0, 2.0, 3.0, 4.0, 100.0]) == pytest.approx(3 * 1.4826 * 1)
    with pytest.raises(InputError, match="the baseline is empty"):
        noise_cutoff([])


def test_faults_are_named() -> None:
    y = _sample(10.0)
    with pytest.raises(InputError, match="differ in shape"):
        hit_call(DOSES, y[:-1], 20, 8)
    with pytest.raises(InputError, match="not a finite number"):
        hit_call(DOSES, np.where(DOSES > 50, np.nan, y), 20, 8)
    with pytest.raises(InputError, match="a dose is 0"):
        hit_call(DOSES - 0.4, y, 20, 8)
    with pytest.raises(InputError, match="cutoff 0 and baseline deviation 8"):
        hit_call(DOSES, y, 0.0, 8)
    with pytest.raises(DataError, match=r"3 doses\n.*needs 4"):
        hit_call(DOSES[:9], y[:9], 20, 8)
