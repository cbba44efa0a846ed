"""A real RNAi screen of 57 plates in two replicates against the values of cellHTS2 (Boutros, Brás & Huber 2006).

The stored reference holds, for each method, what cellHTS2 gives after scoring: normalise by plate, then
``-(x - median) / MAD`` over all sample wells of a replicate, then the mean of the two replicates.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, Readout

ROLES = {"sample": "treatment", "neg": "negative", "pos": "positive", "other": "untreated"}


@pytest.fixture(scope="module")
def reference(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "kcviab" / "kcviab_cellHTS2_reference.csv")


@pytest.fixture(scope="module")
def normalised(reference: pd.DataFrame) -> pd.DataFrame:
    wells = pd.DataFrame(
        {
            "plate": reference["plate"].astype(str),
            "well": reference["well"],
            "role": reference["wellAnno"].map(ROLES),
            "compound": reference["GeneID"].fillna("none"),
            "dose": 1.0,
            "dose_unit": "step",
            "rep1": reference["rep1"],
            "rep2": reference["rep2"],
        }
    )
    settings = AnalysisSettings((Readout("rep1", "rep1"), Readout("rep2", "rep2")), normalise="b-score", dose_response="none")
    return analyse(wells, settings).normalised


def _scored(normalised: pd.DataFrame, column: str) -> np.ndarray:
    scores = []
    for _, replicate in normalised.groupby("readout"):
        values = replicate[column].to_numpy()
        sample = values[(replicate["role"] == "treatment").to_numpy() & np.isfinite(values)]
        scores.append(-(values - np.median(sample)) / stats.median_abs_deviation(sample, scale=1 / 1.4826))
    return np.asarray(np.mean(scores, axis=0))


@pytest.mark.parametrize(("column", "expected"), [("b_score", "z_Bscore"), ("percent_of_control", "z_POC")])
def test_equal_to_cellhts2(reference: pd.DataFrame, normalised: pd.DataFrame, column: str, expected: str) -> None:
    found, wanted = _scored(normalised, column), reference[expected].to_numpy()
    both = np.isfinite(found) & np.isfinite(wanted)
    assert both.sum() == np.isfinite(wanted).sum()
    assert np.abs(found[both] - wanted[both]).max() < 1e-6
