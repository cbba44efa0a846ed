"""Curves fitted together, potency ratios, and the test of parallelism."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.compounds.dose_curve import logistic
from coculture.errors import InputError
from coculture.screen.dose_response.effective_dose import effective_dose
from coculture.screen.dose_response.fitted_curve import fitted_curve
from coculture.screen.dose_response.potency import potency_ratio, shared_effective_dose
from coculture.screen.dose_response.shared_fit import SharedFit, fit_shared, nested_test

ONE = np.repeat([0.0, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0], 3)
DOSES = np.tile(ONE, 2)
NAMES = ["first"] * ONE.size + ["second"] * ONE.size
PARALLEL = ("bottom", "top", "slope")


def _responses(slope: float = -1.2, seed: int = 0, noise: float = 2.0) -> np.ndarray:
    clean = np.concatenate((logistic(ONE, 10, 90, -1.2, 0.5), logistic(ONE, 10, 90, slope, 2.0)))
    return clean + np.random.default_rng(seed).normal(0, noise, DOSES.size)


def _fit(y: np.ndarray, shared: tuple[str, ...] = ()) -> SharedFit:
    return fit_shared(DOSES, y, NAMES, shared=shared)


def test_without_shared_parameters_each_curve_is_its_own() -> None:
    y = _responses()
    fit = _fit(y)
    alone = fitted_curve(ONE, y[: ONE.size])
    assert fit.values("first") == pytest.approx(alone.values, rel=1e-5)
    own, single = shared_effective_dose(fit, "first", 0.5), effective_dose(alone, 0.5)
    assert own.value == pytest.approx(single.dose, rel=1e-5)
    scale = np.sqrt(fit.squares / fit.df) / alone.residual_sd
    assert own.standard_error == pytest.approx(single.standard_error * scale, rel=1e-3)


def test_shared_parameters_are_shared() -> None:
    fit = _fit(_responses(), PARALLEL)
    assert fit.joint.size == 5
    assert (fit.values("first")[:3] == fit.values("second")[:3]).all()
    assert fit.df == DOSES.size - 5


def test_noiseless_potency() -> None:
    fit = _fit(_responses(noise=1e-6), PARALLEL)
    assert potency_ratio(fit, "first", "second").value == pytest.approx(0.25, rel=1e-5)
    assert potency_ratio(fit, "second", "first", 0.1).value == pytest.approx(4.0, rel=1e-5)


def test_potency_limits_are_those_of_the_logarithm_and_hold_the_truth() -> None:
    """At 95 % of 20 intervals at least 16 hold the true ratio (binomial, p > 0.003)."""
    held = 0
    for seed in range(20):
        ratio = potency_ratio(_fit(_responses(seed=seed), PARALLEL), "first", "second")
        assert np.sqrt(ratio.low * ratio.high) == pytest.approx(ratio.value)
        held += ratio.low < 0.25 < ratio.high
    assert held >= 16


def test_parallelism_is_rejected_as_often_as_the_level_says() -> None:
    """At 5 % of 20 parallel pairs at most 4 are rejected (binomial, p > 0.003); curves that cross are."""
    fits = [(_fit(y, PARALLEL), _fit(y)) for y in (_responses(seed=seed) for seed in range(20))]
    assert sum(nested_test(small, large).p < 0.05 for small, large in fits) <= 4
    crossing = _responses(slope=-2.5)
    judged = nested_test(_fit(crossing, PARALLEL), _fit(crossing))
    assert judged.p < 1e-6
    assert judged.df == (3, DOSES.size - 8)


def test_faults_are_named() -> None:
    y = _responses()
    with pytest.raises(InputError, match=r"the model logistic-4 has no parameter 'plateau'\n.*bottom, top, slope, location"):
        _fit(y, ("plateau",))
    with pytest.raises(InputError, match="3 names of curves for 48 doses"):
        fit_shared(DOSES, y, ["a", "b", "c"])
    with pytest.raises(InputError, match=r"no curve is called 'third'\n.*first, second"):
        _fit(y).values("third")
    with pytest.raises(InputError, match="not nested"):
        nested_test(_fit(y), _fit(y, PARALLEL))
    with pytest.raises(InputError, match="no fraction"):
        potency_ratio(_fit(y), "first", "second", 0.0)
    steps = np.tile(np.repeat(np.arange(8.0), 3), 2)
    ordinal = fit_shared(steps, y, NAMES, "step")
    assert np.isfinite(shared_effective_dose(ordinal, "first", 0.5).standard_error)
    with pytest.raises(InputError, match="have no ratio"):
        potency_ratio(ordinal, "first", "second")
