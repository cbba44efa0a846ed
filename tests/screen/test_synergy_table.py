"""Combinations found among the treatments of a well table."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from coculture.compounds.combination.bliss import bliss
from coculture.errors import DataError, InputError
from coculture.screen.synergy.settings import SynergySettings
from coculture.screen.synergy.table import synergy_table

DOSES = (0.0, 0.1, 1.0, 10.0, 100.0)
PLAIN = SynergySettings(bootstraps=0)


def well_table(unit="uM", factor=1.0, condition="mono", plate="P1", control=100.0) -> pd.DataFrame:
    rows = []
    for first, second in itertools.product(DOSES, DOSES):
        parts = [f"{name} {dose * factor:g} {unit}" for name, dose in (("drugA", first), ("drugB", second)) if dose]
        left = 100.0 - bliss([80 * first / (1 + first), 60 * second / (3 + second)], full=100.0)
        rows.append(
            {
                "plate": plate,
                "well": f"A{len(rows) + 1:02d}",
                "role": "treatment" if parts else "negative",
                "treatment": " + ".join(parts) if len(rows) % 2 else " + ".join(reversed(parts)),
                "condition": condition,
                "viability": float(left) * control / 100.0,
            }
        )
    return pd.DataFrame(rows)


def test_a_combination_is_found_and_scored():
    tables = synergy_table(well_table(), PLAIN)
    assert tables.scores["drugs"].unique().tolist() == ["drugA + drugB"]
    assert tables.scores["model"].tolist() == ["ZIP", "HSA", "Bliss", "Loewe"]
    assert tables.scores.set_index("model").loc["Bliss", "score"] == pytest.approx(0.0, abs=1e-9)
    assert tables.scores["n_wells"].eq(25).all()
    assert len(tables.surface) == 4 * 16
    assert ("mono", "drugA + drugB") in tables.results


def test_the_unit_of_writing_does_not_matter():
    asked = SynergySettings(bootstraps=0, convention="synergyfinder")
    one, two = synergy_table(well_table(), asked), synergy_table(well_table("nM", 1000.0), asked)
    np.testing.assert_allclose(one.scores["score"], two.scores["score"], atol=1e-9)


def test_raw_numbers_become_percent_of_their_plate():
    wells = pd.concat([well_table(plate="P1", control=5000.0), well_table(plate="P2", control=300.0)])
    scores = synergy_table(wells, SynergySettings(bootstraps=0, response="raw")).scores
    np.testing.assert_allclose(scores["score"], synergy_table(well_table(), PLAIN).scores["score"], atol=1e-9)


def test_conditions_apart_and_q_values_over_them():
    wells = pd.concat([well_table(condition="mono"), well_table(condition="co")])
    wells["viability"] += np.random.default_rng(0).normal(0, 3, len(wells))
    scores = synergy_table(wells, SynergySettings(bootstraps=20)).scores
    assert scores["group"].unique().tolist() == ["co", "mono"]
    assert (scores["q_value"] >= scores["p_value"]).all()
    by_plate = synergy_table(wells, SynergySettings(bootstraps=0, group_by=("condition", "plate"))).scores
    assert by_plate["group"].unique().tolist() == ["co / P1", "mono / P1"]


def test_steps_mixed_units_and_four_drugs_are_said_not_to_be_scored():
    steps = well_table().replace({"treatment": {r"uM": "step"}}, regex=True)
    scores = synergy_table(steps, PLAIN).scores
    assert scores["status"].eq("not scored").all()
    assert "doses of drugA are steps" in scores["reason"][0]
    mixed = well_table()
    mixed.loc[mixed["treatment"].eq("drugA 1 uM"), "treatment"] = "drugA 1 ug/mL"
    assert "given in uM and ug/mL" in synergy_table(mixed, PLAIN).scores["reason"][0]
    four = well_table().assign(treatment="a 1 uM + b 1 uM + c 1 uM + d 1 uM", role="treatment")
    assert "only two or three" in synergy_table(four, PLAIN).scores["reason"][0]


def test_what_is_refused():
    with pytest.raises(InputError, match="no column 'viability'"):
        synergy_table(well_table().drop(columns="viability"), PLAIN)
    with pytest.raises(DataError, match="no well holds two or three compounds"):
        synergy_table(well_table().query("not treatment.str.contains('[+]')"), PLAIN)
    with pytest.raises(DataError, match="no negative control"):
        synergy_table(well_table().query("role != 'negative'"), SynergySettings(response="raw", bootstraps=0))
