"""Scales: what they map to what, and where they cannot be had."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import InputError
from coculture.screen.normalise.b_score import b_score
from coculture.screen.normalise.methods import NORMALISATIONS, normalisation
from coculture.screen.normalise.normalised_percent_effect import normalised_percent_effect
from coculture.screen.normalise.percent_of_control import percent_of_control
from coculture.screen.normalise.robust_z import robust_z

ROLES = ["negative"] * 4 + ["positive"] * 2 + ["treatment"] * 3
VALUES = [8.0, 10.0, 12.0, 10.0, 29.0, 31.0, 5.0, 20.0, np.nan]


def test_percent_of_control(make_plate, read) -> None:
    scale = percent_of_control(read(make_plate(VALUES, ROLES)))
    assert scale.values[:4].mean() == pytest.approx(100)
    assert scale.values[6:8] == pytest.approx([50.0, 200.0])
    assert np.isnan(scale.values[8])
    assert scale.lacking == {}


def test_normalised_percent_effect(make_plate, read) -> None:
    scale = normalised_percent_effect(read(make_plate(VALUES, ROLES)))
    assert scale.values[:4].mean() == pytest.approx(0)
    assert scale.values[4:6].mean() == pytest.approx(100)
    assert scale.values[6:8] == pytest.approx([-25.0, 50.0])


def test_robust_z(make_plate, read) -> None:
    scale = robust_z(read(make_plate(VALUES, ROLES)))
    assert scale.values[6] == pytest.approx(-5 / 1.482602218505602)


def test_plates_are_scaled_apart(make_plate, read) -> None:
    low = make_plate(VALUES, ROLES)
    high = make_plate(np.array(VALUES) * 7, ROLES, name="p2")
    scale = percent_of_control(read(pd.concat([low, high])))
    assert scale.values[:8] == pytest.approx(scale.values[9:17])


def test_percent_of_control_needs_a_mean_above_zero(make_plate, read) -> None:
    scale = percent_of_control(read(make_plate([-1.0, 1.0, 0.5, -0.4, 5.0], ["negative"] * 4 + ["treatment"])))
    assert np.isnan(scale.values).all()
    assert scale.lacking == {0: "the negative controls' mean is not clearly above zero"}


def test_normalised_percent_effect_needs_a_window(make_plate, read) -> None:
    none = normalised_percent_effect(read(make_plate([1.0, 2.0, 3.0], ["negative", "negative", "treatment"])))
    assert none.lacking == {0: "no positive control"}
    same = normalised_percent_effect(
        read(make_plate([1.0, 2.0, 1.1, 2.2, 3.0], ["negative"] * 2 + ["positive"] * 2 + ["treatment"]))
    )
    assert same.lacking == {0: "positive and negative controls do not differ clearly"}


def test_robust_z_needs_a_spread(make_plate, read) -> None:
    two = robust_z(read(make_plate([1.0, 2.0, 3.0], ["negative", "negative", "treatment"])))
    assert two.lacking == {0: "fewer than three negative controls"}
    equal = robust_z(read(make_plate([1.0, 1.0, 1.0, 3.0], ["negative"] * 3 + ["treatment"])))
    assert equal.lacking == {0: "the negative controls' MAD is zero"}


def test_b_score_conventions(make_plate, read) -> None:
    rng = np.random.default_rng(4)
    noise = rng.normal(0, 1, (8, 12))
    plate = 50 + np.arange(8)[:, None] * 2.0 - np.arange(12) * 1.5 + noise
    roles = np.full((8, 12), "treatment", dtype=object)
    roles[2, 3], roles[5, 7], roles[0, 0] = "negative", "positive", "blank"
    scale = b_score(read(make_plate(plate.ravel(), roles.ravel().tolist())))
    scores = scale.values.reshape(8, 12)
    fitted = scores[roles == "treatment"]
    assert 1.482602218505602 * np.median(np.abs(fitted - np.median(fitted))) == pytest.approx(1.0)
    assert np.isnan(scores[0, 0])  # a blank takes no part and gets no score
    assert abs(scores[2, 3]) < 5  # a control is scored against the surface of the others
    assert np.corrcoef(scores[roles == "treatment"], noise[roles == "treatment"])[0, 1] > 0.8


def test_b_score_says_where_a_column_has_no_treated_wells(make_plate, read) -> None:
    roles = np.full((8, 12), "treatment", dtype=object)
    roles[:, 0] = "negative"
    scale = b_score(read(make_plate(np.random.default_rng(2).normal(10, 1, 96), roles.ravel().tolist())))
    assert scale.remarks == (
        "B-score: 8 wells lie in rows or columns without treated wells; no row or column effect could be taken off there.",
    )


def test_b_score_needs_a_grid(make_plate, read) -> None:
    scale = b_score(read(make_plate(VALUES, ROLES)))
    assert scale.lacking == {0: "fewer than 3 rows or columns with treated wells"}
    flat = b_score(read(make_plate([*np.arange(4.0), *[7.0] * 92], ["negative"] * 4 + ["treatment"] * 92)))
    assert flat.lacking == {0: "the residuals' MAD is zero"}


def test_methods_are_found_by_name() -> None:
    names = ["as-given", "percent-of-control", "normalised-percent-effect", "z", "robust-z", "mad-robustize", "plate-median"]
    assert list(NORMALISATIONS) == [*names, "plate-median-log2", "b-score", "loess", "well-correction"]
    with pytest.raises(InputError, match=r"analysis.normalise: normalisation 'zz' is not known\n.*robust-z"):
        normalisation("zz")
