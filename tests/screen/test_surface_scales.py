"""Scales that take a plate's surface, its median or what all plates share off: exact cases and where they cannot be had."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.screen.engine import analyse
from coculture.screen.normalise.local_surface import Surface
from coculture.screen.normalise.loess import loess
from coculture.screen.normalise.mad_robustize import mad_robustize
from coculture.screen.normalise.methods import scales_of
from coculture.screen.normalise.plate_median import plate_median
from coculture.screen.normalise.plate_median_log2 import plate_median_log2
from coculture.screen.normalise.well_correction import well_correction
from coculture.screen.normalise.z_score import z_score
from coculture.screen.settings import AnalysisSettings, Readout

CONTROL = 1.482602218505602
ROLES = ["negative"] * 3 + ["treatment"] * 5
VALUES = [8.0, 10.0, 12.0, 4.0, 8.0, 16.0, 2.0, 32.0]


def _places(rows: int, columns: int) -> np.ndarray:
    y, x = np.divmod(np.arange(rows * columns), columns)
    return np.stack((x, -y), axis=1).astype(float)


def _quadratic(places: np.ndarray) -> np.ndarray:
    x, y = places.T
    return 3.0 + 0.5 * x - 0.2 * y + 0.03 * x * x - 0.07 * x * y + 0.01 * y * y


@pytest.mark.parametrize("shape", [(8, 12), (16, 24), (4, 6)])
def test_a_quadratic_is_its_own_surface(shape: tuple[int, int]) -> None:
    places = _places(*shape)
    surface = Surface.over(places, places, 0.7)
    assert surface is not None
    assert surface.values(_quadratic(places)) == pytest.approx(_quadratic(places), abs=1e-9)


def test_hits_do_not_draw_the_surface() -> None:
    places = _places(8, 12)
    smooth = _quadratic(places)
    noisy = smooth + np.random.default_rng(3).normal(0, 0.01, len(places))
    noisy[[5, 40, 77]] += 50.0
    surface = Surface.over(places, places, 0.7)
    assert surface is not None
    found = surface.values(noisy)
    assert found is not None
    assert np.abs(found - smooth).max() < 0.05


def test_a_surface_needs_wells_on_both_axes() -> None:
    line = np.stack((np.arange(30.0), np.zeros(30)), axis=1)
    assert Surface.over(line, line, 0.7) is None
    two_rows = _places(2, 15)
    surface = Surface.over(two_rows, two_rows, 0.7)
    assert surface is not None
    assert surface.values(np.ones(30)) is None


def test_loess_score(make_plate, read) -> None:
    roles = ["negative"] * 8 + ["treatment"] * 88
    noise = np.random.default_rng(0).normal(0, 1, 96)
    plate = make_plate(_quadratic(_places(8, 12)) + 0.1 * noise, roles)
    scale = loess(read(plate))
    treated = scale.values[8:]
    assert CONTROL * np.median(np.abs(treated - np.median(treated))) == pytest.approx(1.0)
    assert np.corrcoef(treated, noise[8:])[0, 1] > 0.9
    assert scale.remarks == ()


def test_loess_outside_the_treated_wells(make_plate, read) -> None:
    roles = (["negative"] + ["treatment"] * 10 + ["negative"]) * 8
    plate = make_plate(100 + np.random.default_rng(0).normal(0, 1, 96), roles)
    scale = loess(read(plate))
    assert np.isfinite(scale.values).all()
    assert scale.remarks == (
        "LOESS: 16 wells lie outside the treated wells; the surface at the nearest treated place was taken off.",
    )


def test_loess_says_why_not(make_plate, read) -> None:
    assert loess(read(make_plate(VALUES, ROLES))).lacking == {0: "fewer than 20 treated wells"}
    row = make_plate(np.arange(24.0), ["negative"] * 2 + ["treatment"] * 22, layout=384)
    assert loess(read(row)).lacking == {0: "treated wells lie on too few rows or columns"}
    exact = make_plate(np.ones(96), ["negative"] * 8 + ["treatment"] * 88)
    assert loess(read(exact)).lacking == {0: "the residuals' MAD is zero"}


def test_z_and_medians(make_plate, read) -> None:
    readings = read(make_plate(VALUES, ROLES))
    assert z_score(readings).values[:3] == pytest.approx([-1.0, 0.0, 1.0])
    assert plate_median(readings).values[3:] == pytest.approx([0.5, 1.0, 2.0, 0.25, 4.0])
    assert plate_median_log2(readings).values[3:] == pytest.approx([-1.0, 0.0, 1.0, -2.0, 2.0])
    assert mad_robustize(readings).values[3:5] == pytest.approx([-4 / (6 * CONTROL), 0.0])


def test_where_they_cannot_be_had(make_plate, read) -> None:
    few = read(make_plate([1.0, 2.0, -3.0, 0.0], ["negative", "negative", "treatment", "treatment"]))
    assert z_score(few).lacking == {0: "fewer than three negative controls"}
    assert plate_median(few).lacking == {0: "the treated wells' median is not above zero"}
    assert mad_robustize(few).lacking == {0: "fewer than three treated wells"}
    log = plate_median_log2(few)
    assert log.lacking == {0: "no treated well above zero"}
    assert log.remarks == ("plate-median-log2: 2 wells read zero or less and have no logarithm.",)
    same = read(make_plate([1.0] * 6, ["negative"] * 3 + ["treatment"] * 3))
    assert z_score(same).lacking == {0: "the negative controls do not vary"}
    assert mad_robustize(same).lacking == {0: "the treated wells' MAD is zero"}
    assert plate_median(read(make_plate([1.0, 2.0], ["negative", "positive"]))).lacking == {0: "no treated well"}


def test_what_all_plates_show_at_a_place_is_taken_off(make_plate, read) -> None:
    draws = np.random.default_rng(1)
    place = np.where(np.arange(96) == 30, 8.0, 0.0)
    plates = [
        make_plate(
            50 + draws.normal(0, 1, 96) + place * (1 + number / 10), ["negative"] * 8 + ["treatment"] * 88, name=f"p{number}"
        )
        for number in range(8)
    ]
    readings = read(pd.concat(plates))
    before, after = (method(readings).values.reshape(8, 96)[:, 30] for method in (mad_robustize, well_correction))
    assert before.min() > 4
    assert np.abs(np.median(after)) < 0.5


def test_a_real_hit_at_one_place_survives_well_correction(make_plate, read) -> None:
    draws = np.random.default_rng(2)
    plates = [
        make_plate(50 + draws.normal(0, 1, 96), ["negative"] * 8 + ["treatment"] * 88, name=f"p{number}") for number in range(7)
    ]
    plates[3].loc[50, "value"] += 20
    assert well_correction(read(pd.concat(plates))).values.reshape(7, 96)[3, 50] > 10


def test_few_plates_keep_their_values(make_plate, read) -> None:
    plate = make_plate(np.random.default_rng(0).normal(0, 1, 96), ["negative"] * 8 + ["treatment"] * 88)
    scale = well_correction(read(plate))
    assert scale.values == pytest.approx(mad_robustize(read(plate)).values)
    assert scale.remarks == ("well-correction: 96 wells keep their values: fewer than 5 plates have treated wells there.",)


def test_slow_scales_are_computed_where_asked_for(make_plate, read) -> None:
    plate = make_plate(np.random.default_rng(0).normal(50, 1, 96), ["negative"] * 8 + ["treatment"] * 88)
    assert "loess" not in scales_of(read(plate), "robust-z")
    settings = AnalysisSettings((Readout("value", "value"),), normalise="loess", dose_response="none")
    result = analyse(plate, settings)
    assert result.normalised["loess"].notna().all()
    assert result.normalised["well_corrected"].isna().all()
    assert len(result.hits) == 88
