"""The contrast of two conditions, donor by donor."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout

SETTINGS = AnalysisSettings(
    (Readout("value", "value"),), normalise="as-given", contrast=ConditionContrast("mono", "co"), dose_response="none"
)


def _donors(n: int, shift: float, seed: int = 1) -> pd.DataFrame:
    """Each donor: one plate, two conditions, drugs 'changed' and 'same' at two doses, four controls a condition."""
    rng = np.random.default_rng(seed)
    rows = []
    for donor in range(n):
        level = rng.normal(100, 30)
        for condition in ("mono", "co"):
            rows += [(donor, condition, "negative", "", 0.0, level + rng.normal(0, 2)) for _ in range(4)]
            for drug in ("changed", "same"):
                moved = shift if drug == "changed" and condition == "co" else 0.0
                rows += [
                    (donor, condition, "treatment", drug, dose, level - 20 + moved + rng.normal(0, 2)) for dose in (0.1, 1.0)
                ]
    frame = pd.DataFrame(rows, columns=["donor", "condition", "role", "compound", "dose", "value"])
    frame["plate"] = "plate" + frame["donor"].astype(str)
    frame["well"] = [f"A{i + 1:02d}" for i in frame.groupby("plate").cumcount()]
    return frame.assign(dose_unit="uM")


def _contrast(wells: pd.DataFrame, settings: AnalysisSettings = SETTINGS) -> pd.DataFrame:
    hits = analyse(wells, settings).hits
    return hits[hits["condition"] == "co − mono"].set_index("compound")


def test_is_a_paired_t_test_over_donors() -> None:
    wells = _donors(8, 10.0)
    row = _contrast(wells).loc["changed"]
    means = wells[wells["compound"] == "changed"].groupby(["donor", "condition"])["value"].mean().unstack()
    expected = stats.ttest_rel(means["co"], means["mono"])
    interval = expected.confidence_interval(0.95)
    assert row["effect"] == pytest.approx((means["co"] - means["mono"]).mean())
    assert row["p_value"] == pytest.approx(expected.pvalue)
    assert (row["effect_low"], row["effect_high"]) == pytest.approx((interval.low, interval.high))
    assert row["note"] == "mean over doses 0.1, 1 uM, 8 units (donor)"
    assert np.isnan(row["dose"])


def test_finds_the_changed_and_not_the_same() -> None:
    found = _contrast(_donors(8, 10.0))
    assert found["hit"].to_dict() == {"changed": True, "same": False}
    assert found.loc["changed", "direction"] == "up"


def test_contrasts_are_ranked_before_single_effects() -> None:
    hits = analyse(_donors(8, 10.0), SETTINGS).hits
    assert hits["condition"].tolist()[:2] == ["co − mono"] * 2
    assert set(hits["condition"][2:]) == {"mono", "co"}


def test_doses_seen_in_one_condition_only_do_not_count() -> None:
    wells = _donors(8, 10.0)
    extra = wells[(wells["compound"] == "changed") & (wells["condition"] == "co")].assign(dose=50.0, value=1e4)
    extra["well"] = "H" + extra["well"].str[1:]
    both = _contrast(pd.concat([wells, extra], ignore_index=True))
    assert both.loc["changed", "effect"] == pytest.approx(_contrast(wells).loc["changed", "effect"])


def test_too_few_donors_are_not_judged() -> None:
    row = _contrast(_donors(2, 10.0)).loc["changed"]
    assert row["note"] == "not judged: 2 of at least 3 units (donor) saw both conditions"
    assert not row["hit"]
    assert np.isnan(row["p_value"])


def test_minimum_effect_and_loss_of_cells() -> None:
    settings = AnalysisSettings(
        SETTINGS.readouts,
        normalise="as-given",
        contrast=ConditionContrast("mono", "co", minimum_effect=50.0),
        dose_response="none",
    )
    wells = _donors(8, 10.0)
    lost = (wells["compound"] == "changed") & (wells["condition"] == "co")
    wells["n_cells"] = np.where(lost, 40, 100)
    row = _contrast(wells, settings).loc["changed"]
    assert not row["hit"]
    assert row["cell_count_percent"] == pytest.approx(40.0)
    assert row["note"].endswith("significant but below the minimum effect; fewer cells: may be cytotoxic")
