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
    settings = AnalysisSettings((Readout("rep1", "rep1"), Readout("rep2", "rep2")), normalise="loess", dose_response="none")
    return analyse(wells, settings).normalised


def _scored(normalised: pd.DataFrame, column: str) -> np.ndarray:
    scores = []
    for _, replicate in normalised.groupby("readout"):
        values = replicate[column].to_numpy()
        sample = values[(replicate["role"] == "treatment").to_numpy() & np.isfinite(values)]
        scores.append(-(values - np.median(sample)) / stats.median_abs_deviation(sample, scale=1 / 1.4826))
    return np.asarray(np.mean(scores, axis=0))


SCALES = [
    ("b_score", "z_Bscore"),
    ("percent_of_control", "z_POC"),
    ("plate_median", "z_median"),
    ("plate_median_log2", "z_median_log"),
]


@pytest.mark.parametrize(("column", "expected"), SCALES)
def test_equal_to_cellhts2(reference: pd.DataFrame, normalised: pd.DataFrame, column: str, expected: str) -> None:
    """The log2 values were divided by the plate's MAD in the reference (``varianceAdjust = "byPlate"``)."""
    values = _by_plate_mad(normalised, column) if column == "plate_median_log2" else normalised[column]
    apart = _apart(_scored(normalised.assign(value=values), "value"), reference[expected].to_numpy())
    assert apart.max() < 1e-6


def test_loess_equal_to_cellhts2(reference: pd.DataFrame, normalised: pd.DataFrame) -> None:
    """Its surface is that of R's locfit (robust, span 0.7), whose eigen-solver stops at 3e-8: up to 2.3e-6 of a score."""
    apart = _apart(_scored(normalised, "loess"), reference["z_loess"].to_numpy())
    assert (apart < 1e-6).mean() > 0.9995
    assert apart.max() < 3e-6


def test_normalised_percent_effect_is_cellhts2s_npi(reference: pd.DataFrame, normalised: pd.DataFrame) -> None:
    """NPI = (mean₊ - x) / (mean₊ - mean₋), from its definition: no stored values exist of it."""
    for name in ("rep1", "rep2"):
        by_plate = reference[reference["wellAnno"].isin(["pos", "neg"])].groupby(["plate", "wellAnno"])[name].mean().unstack()
        positive, negative = (by_plate[role].reindex(reference["plate"]).to_numpy() for role in ("pos", "neg"))
        inhibition = (positive - reference[name].to_numpy()) / (positive - negative)
        ours = normalised.loc[normalised["readout"] == name, "normalised_percent_effect"].to_numpy()
        known = np.isfinite(ours)
        assert known.mean() > 0.9
        assert ours[known] == pytest.approx(100 * (1 - inhibition[known]), abs=1e-6)


def _apart(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    both = np.isfinite(found) & np.isfinite(wanted)
    assert both.sum() == np.isfinite(wanted).sum()
    return np.abs(found[both] - wanted[both])


def _by_plate_mad(normalised: pd.DataFrame, column: str) -> pd.Series:
    sample = normalised[column].where(normalised["role"] == "treatment")
    keys = [normalised["plate"], normalised["readout"]]
    away = (sample - sample.groupby(keys).transform("median")).abs()
    return normalised[column] / (1.4826 * away.groupby(keys).transform("median"))
