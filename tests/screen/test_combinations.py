"""Combinations of a screen: found, scored, called, indexed; single agents that are missing or noisy fail nothing."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from coculture.compounds.combination.bliss import bliss
from coculture.errors import InputError
from coculture.screen.combination_columns import COMBINATION_COLUMNS, SURFACE_COLUMNS
from coculture.screen.combinations import CombinationTables, combination_tables
from coculture.screen.settings import AnalysisSettings, Readout
from coculture.screen.synergy.question import CombinationQuestion
from coculture.screen.synergy.settings import SynergySettings
from coculture.screen.synergy.table import synergy_table

DOSES = (0.0, 0.1, 1.0, 10.0, 100.0)


def normalised(
    extra: float = 0.0, noise: float = 0.0, names: tuple[str, str] = ("drugA", "drugB"), seed: int = 0
) -> pd.DataFrame:
    """Return a 5×5 matrix in two wells each, Bliss-independent but for ``extra`` percent inhibition in its middle."""
    draws = np.random.default_rng(seed)
    rows = []
    for first, second in itertools.product(DOSES, DOSES):
        parts = [f"{name} {dose:g} uM" for name, dose in zip(names, (first, second), strict=True) if dose]
        stopped = float(bliss([80 * first / (1 + first), 60 * second / (3 + second)], full=100.0))
        stopped += extra if 0 < first < 100 and 0 < second < 100 else 0.0
        for _ in range(2):
            value = 100.0 - stopped + draws.normal(0, noise)
            rows.append({"role": "treatment" if parts else "negative", "treatment": " + ".join(parts), "raw": value})
    frame = pd.DataFrame(rows).assign(plate="P1", condition="", readout="viability", dose=1.0, dose_unit="uM")
    return frame.assign(percent_of_control=frame["raw"], normalised_percent_effect=100.0 - frame["raw"])


def scored(
    wells: pd.DataFrame, bootstraps: int = 0, models: tuple[str, ...] = ("Bliss", "HSA"), **asked: object
) -> CombinationTables:
    question = CombinationQuestion(scoring=SynergySettings(bootstraps=bootstraps, models=models), **asked)  # type: ignore[arg-type]
    settings = AnalysisSettings((Readout("viability", "viability"),), combination=question)
    return combination_tables(wells, settings)


def test_a_planted_synergy_is_called_and_independence_is_not():
    both = pd.concat([normalised(20.0, 3.0), normalised(0.0, 3.0, ("drugA", "other"), seed=1)])
    found = scored(both, bootstraps=40, minimum_score=5.0)
    table = found.combinations[found.combinations["model"] == "Bliss"].set_index("drugs")
    assert table["call"].to_dict() == {"drugA + drugB": "synergy", "drugA + other": "no call"}
    assert table["rank"].to_dict() == {"drugA + drugB": 1, "drugA + other": 2}
    assert table.loc["drugA + drugB", "score"] == pytest.approx(20 * 9 / 16, abs=3)
    assert table.loc["drugA + drugB", "noise_source"] == "replicates"
    assert list(found.combinations.columns) == [column.name for column in COMBINATION_COLUMNS]
    assert list(found.surfaces.columns) == [column.name for column in SURFACE_COLUMNS]


def test_the_numbers_are_those_of_the_library():
    wells = normalised(10.0, 2.0)
    asked = SynergySettings(readout="raw", bootstraps=20, models=("ZIP", "Bliss", "HSA", "Loewe"))
    direct = synergy_table(wells, asked).scores
    through = scored(wells, 20, ("ZIP", "Bliss", "HSA", "Loewe")).combinations
    for name in ("score", "score_low", "score_high", "p_value", "q_value", "peak"):
        np.testing.assert_array_equal(through[name], direct[name])
    as_inhibition = scored(wells, 20, ("ZIP", "Bliss", "HSA", "Loewe"), inhibition="normalised-percent-effect").combinations
    np.testing.assert_allclose(as_inhibition["score"], direct["score"], atol=1e-9)


def test_every_dose_pair_has_its_indices():
    found = scored(normalised(10.0, 1.0))
    points = found.surfaces[found.surfaces["model"] == "Bliss"]
    assert len(points) == 16
    assert (points["n_wells"] == 2).all()
    assert points["combination_index"].notna().all()
    assert points[["unit_1", "unit_2", "unit_3"]].to_numpy().tolist() == [["uM", "uM", ""]] * 16
    np.testing.assert_allclose(points["synergy"], points["effect"] - points["expected"])
    row = found.combinations.iloc[0]
    assert row["combination_index"] < 1
    assert row["reduction_1"] > 1
    assert np.isnan(row["reduction_3"])


def test_musyc_stands_beside_the_scores():
    found = scored(normalised(0.0, 1.0), musyc=True)
    row = found.combinations[found.combinations["model"] == "MuSyC"].iloc[0]
    assert row["alpha12"] == pytest.approx(1.0, rel=0.5)
    assert np.isnan(row["score"])
    assert row["call"] == "not judged"
    fitted = found.surfaces[found.surfaces["model"] == "MuSyC"]
    assert len(fitted) == 16
    assert np.abs(fitted["effect"] - fitted["response"]).max() < 5


def test_missing_single_agents_are_named_and_fail_nothing():
    wells = normalised(15.0, 6.0)
    wells = wells[~wells["treatment"].isin(("drugA 1 uM", "drugA 10 uM")) & (wells["role"] != "negative")]
    control = wells.iloc[:1].assign(role="blank", treatment="")
    found = scored(pd.concat([wells, control]), bootstraps=20)
    row = found.combinations.iloc[0]
    assert row["status"] == "estimated"
    assert "2 doses of drugA alone were not measured: estimated" in row["reason"]
    assert "no control without drugs" in row["reason"]
    assert np.isfinite(row["score"])
    assert "lack single agents or controls" in found.notes[0]


def test_combinations_alone_and_single_wells_still_have_scores():
    wells = normalised(0.0, 5.0)
    pairs = wells[wells["treatment"].str.contains(r"\+")].drop_duplicates("treatment")
    row = scored(pairs, bootstraps=20).combinations.iloc[0]
    assert np.isfinite(row["score"])
    assert row["status"] == "estimated"


def test_three_compounds_are_one_block():
    rows = []
    for doses in itertools.product((0.0, 1.0, 10.0), repeat=3):
        parts = [f"{name} {dose:g} uM" for name, dose in zip("abc", doses, strict=True) if dose]
        left = 100.0 - float(bliss([50 * dose / (1 + dose) for dose in doses], full=100.0))
        rows.append({"role": "treatment" if parts else "negative", "treatment": " + ".join(parts), "raw": left})
    wells = pd.DataFrame(rows).assign(plate="P1", condition="", readout="viability")
    wells["percent_of_control"] = wells["raw"]
    found = scored(wells, models=("Bliss",), musyc=True)
    three = found.combinations.query("drugs == 'a + b + c' and model == 'Bliss'").iloc[0]
    assert three["score"] == pytest.approx(0.0, abs=1e-9)
    assert found.surfaces.query("drugs == 'a + b + c' and model == 'Bliss'")["dose_3"].notna().all()
    assert (
        "MuSyC is fitted to two drugs" in found.combinations.query("drugs == 'a + b + c' and model == 'MuSyC'")["reason"].iloc[0]
    )


def test_a_screen_without_combinations_says_so():
    wells = normalised()
    found = scored(wells[~wells["treatment"].str.contains(r"\+")])
    assert found.combinations.empty
    assert found.notes == (
        "Combinations were not scored: no well holds two or three compounds; write treatments as 'drugA 1 uM + drugB 2 uM'.",
    )
    assert "there is no read-out 'other'" in scored(wells, readout="other").notes[0]
    nothing = combination_tables(wells, AnalysisSettings((Readout("viability", "viability"),)))
    assert nothing.combinations.empty
    assert nothing.notes == ()


def test_antagonism_and_want_of_an_interval():
    assert scored(normalised(-20.0, 2.0), 40).combinations["call"].iloc[0] == "antagonism"
    assert set(scored(normalised(20.0, 2.0)).combinations["call"]) == {"not judged"}


def test_the_question_is_checked():
    with pytest.raises(InputError) as error:
        CombinationQuestion(inhibition="glow", minimum_score=-1, fdr=2)
    told = [problem.what for problem in error.value.problems]
    assert told == ["response 'glow' is not known", "minimum_score is -1", "fdr is 2"]
