"""Plate quality: statistics by hand, and verdicts with their reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.screen.engine import analyse
from coculture.screen.quality.controls import Controls
from coculture.screen.quality.edge_controls import edge_control_notes
from coculture.screen.quality.ssmd import ssmd
from coculture.screen.quality.verdict import PlateEvidence, judge
from coculture.screen.quality.z_prime import robust_z_prime, z_prime
from coculture.screen.settings import AnalysisSettings, Readout
from coculture.screen.well_table import check_wells

NEGATIVE = [9.0, 10.0, 11.0, 10.0]
POSITIVE = [29.0, 31.0, 30.0, 30.0]
ROLES = ["negative"] * 4 + ["positive"] * 4


def _controls(make_plate, read, negative, positive) -> Controls:
    roles = ["negative"] * len(negative) + ["positive"] * len(positive)
    return Controls.of(read(make_plate([*negative, *positive], roles)))


def test_z_prime_and_ssmd_by_hand(make_plate, read) -> None:
    controls = _controls(make_plate, read, NEGATIVE, POSITIVE)
    sd = np.sqrt(2 / 3)
    assert z_prime(controls)[0] == pytest.approx(1 - 3 * 2 * sd / 20)
    assert ssmd(controls)[0] == pytest.approx(20 / (np.sqrt(2) * sd))


def test_robust_z_prime_shrugs_at_one_outlier(make_plate, read) -> None:
    clean = _controls(make_plate, read, [9.0, 10.0, 11.0, 10.0, 9.5, 10.5], POSITIVE)
    outlier = _controls(make_plate, read, [9.0, 10.0, 25.0, 10.0, 9.5, 10.5], POSITIVE)
    assert z_prime(outlier)[0] < 0 < z_prime(clean)[0]
    assert robust_z_prime(outlier)[0] == pytest.approx(robust_z_prime(clean)[0], abs=0.06)


def test_table_holds_every_statistic(make_plate) -> None:
    wells = make_plate([*NEGATIVE, *POSITIVE, 20.0, 21.0, np.nan], [*ROLES, "treatment", "treatment", "treatment"])
    row = analyse(wells, AnalysisSettings((Readout("value", "value", "up"),))).quality.iloc[0]
    assert row["signal_to_background"] == pytest.approx(3.0)
    assert row["cv_negative"] == pytest.approx(100 * np.sqrt(2 / 3) / 10)
    assert row["cv_positive"] == pytest.approx(100 * np.sqrt(2 / 3) / 30)
    assert (row["n_negative"], row["n_positive"], row["n_missing"]) == (4, 4, 1)
    assert row["verdict"] == "good"
    assert row["reasons"] == "Z′ 0.76 is at least 0.5; 1 wells lack the read-out"


def _evidence(**changes: object) -> PlateEvidence:
    usual: dict[str, object] = {
        "direction": "up",
        "z_prime": 0.7,
        "robust_z_prime": 0.7,
        "cv_negative": 5.0,
        "n_negative": 8,
        "n_positive": 8,
        "n_missing": 0,
        "difference": 10.0,
    }
    return PlateEvidence(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({}, "good", "Z′ 0.70 is at least 0.5"),
        ({"z_prime": 0.3, "robust_z_prime": 0.3}, "usable", "replicates are needed"),
        ({"z_prime": -0.2, "robust_z_prime": -0.2}, "poor", "the controls' bands overlap"),
        ({"difference": -10.0}, "poor", "the positive controls move down, the read-out is declared 'up'"),
        ({"direction": "down"}, "poor", "the positive controls move up, the read-out is declared 'down'"),
        ({"z_prime": np.nan, "difference": 0.0}, "poor", "the same mean"),
        ({"n_positive": 0, "z_prime": np.nan}, "not judged", "no positive control"),
        ({"n_negative": 0, "z_prime": np.nan}, "not judged", "no negative control"),
        ({"n_negative": 1, "z_prime": np.nan}, "not judged", "only one negative control"),
        ({"z_prime": 0.1}, "usable", "look for outlying control wells"),
        ({"n_positive": 3}, "good", "only 3 positive controls"),
        ({"cv_negative": 31.0}, "good", "the negative controls vary by 31 %"),
        ({"n_missing": 2}, "good", "2 wells lack the read-out"),
    ],
)
def test_verdicts(changes: dict[str, object], verdict: str, reason: str) -> None:
    found, reasons = judge(_evidence(**changes))
    assert found == verdict
    assert reason in reasons


def test_quality_is_judged_per_plate_and_condition(make_plate) -> None:
    arms = [
        make_plate([*NEGATIVE, *POSITIVE, 5.0, 6.0], [*ROLES, "treatment", "treatment"], name="p1", condition="mono"),
        make_plate([*NEGATIVE, *NEGATIVE, 5.0, 6.0], [*ROLES, "treatment", "treatment"], name="p2", condition="co"),
    ]
    quality = analyse(pd.concat(arms), AnalysisSettings((Readout("value", "value"),))).quality
    assert quality[["plate", "condition", "verdict"]].to_numpy().tolist() == [["p1", "mono", "good"], ["p2", "co", "poor"]]


def test_an_edge_effect_of_the_controls_is_named(make_plate) -> None:
    rng = np.random.default_rng(1)
    wells = make_plate(rng.normal(100, 3, 96), ["treatment", "negative", "treatment", "negative"] * 24)
    settings = AnalysisSettings((Readout("value", "value"),))
    table = check_wells(wells, settings)
    assert edge_control_notes(table, table.readings(settings.readouts[0])) == []
    wells.loc[table.edge, "value"] *= 0.9
    notes = analyse(wells, settings).notes
    assert any("value: negative controls at the plate's edge read" in note and "% lower" in note for note in notes)
    silent = analyse(wells, AnalysisSettings((Readout("value", "value"),), control_wells="inner")).notes
    assert not any("edge" in note for note in silent)
