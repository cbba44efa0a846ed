"""Cell types from one marker."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.annotate.marker import MarkerRule, annotate_by_marker, fit_two_components

RULE = MarkerRule("nucleus_intensity_mean_red", "tumour", "fibroblast")


def two_types(gap: float = 2.0, n: int = 400, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.exp(np.concatenate([rng.normal(3.0, 0.3, n), rng.normal(3.0 + gap, 0.3, n)]))


def test_mixture_recovers_planted_components():
    components = fit_two_components(two_types())
    assert components.mean == pytest.approx((3.0, 5.0), abs=0.06)
    assert components.sd == pytest.approx((0.3, 0.3), abs=0.04)
    assert components.weight == pytest.approx((0.5, 0.5), abs=0.02)


def test_types_and_probabilities_follow_the_marker():
    values = two_types()
    cells = annotate_by_marker(pd.DataFrame({RULE.feature: values}), RULE, fit_two_components(values))
    truth = np.repeat(["fibroblast", "tumour"], 400)
    assert (cells["cell_type"].to_numpy() == truth).mean() > 0.995
    assert cells["cell_type_probability"].between(0.5, 1.0).all()
    # the farther from the cut, the surer: the brightest tumour cell is surer than one at the cut
    assert cells["cell_type_probability"].iloc[values.argmax()] > 0.99


def test_probability_is_monotone_even_with_unequal_widths():
    rng = np.random.default_rng(1)
    components = fit_two_components(np.exp(np.concatenate([rng.normal(0, 1.0, 2000), rng.normal(5, 0.2, 500)])))
    assert (np.diff(components.probability_bright(np.exp(np.linspace(-6, 9, 400)))) >= 0).all()


def test_given_threshold_needs_no_mixture():
    rule = MarkerRule("nucleus_intensity_mean_red", "a", "b", threshold=10.0)
    cells = annotate_by_marker(pd.DataFrame({rule.feature: [9.0, 11.0]}), rule, None)
    assert list(cells["cell_type"]) == ["b", "a"]


def test_one_population_is_refused():
    with pytest.raises(DataError, match="does not separate two types"):
        fit_two_components(np.exp(np.random.default_rng(2).normal(3, 0.3, 500)))


def test_too_few_cells_are_refused():
    with pytest.raises(DataError, match="too few to learn"):
        fit_two_components(np.full(10, 2.0))


def test_same_name_twice_is_refused():
    with pytest.raises(InputError, match="both types are called 'x'"):
        MarkerRule("f", "x", "x")


def test_missing_marker_is_refused():
    with pytest.raises(InputError, match="no feature 'nucleus_intensity_mean_red'"):
        annotate_by_marker(pd.DataFrame({"x_um": [1.0]}), RULE, None)


def test_unprepared_plate_is_refused():
    with pytest.raises(InputError, match="neither a threshold nor a learnt mixture"):
        annotate_by_marker(pd.DataFrame({RULE.feature: [1.0]}), RULE, None)
