"""1,845 samples of a ToxCast assay against the hit calls of tcplfit2 0.1.7 (half of which are stored)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.screen.dose_response.hit_call.call import hit_calls, noise_cutoff

BENCHMARK_FACTOR = 1.349
MODELS = {
    "gnls": "gain-loss",
    "exp2": "exponential-2",
    "exp3": "exponential-3",
    "exp4": "exponential-4",
    "exp5": "exponential-5",
    "poly1": "polynomial-1",
    "poly2": "polynomial-2",
    "pow": "power",
    "hill": "hill",
}


@pytest.fixture(scope="module")
def wells(shared_data: Path) -> pd.DataFrame:
    table = pd.read_csv(shared_data / "toxcast_curves" / "mc0_normalized.csv.gz")
    return table.rename(columns={"spid": "sample", "conc": "dose", "resp": "response"})


@pytest.fixture(scope="module")
def both(wells: pd.DataFrame, shared_data: Path) -> pd.DataFrame:
    """Our calls beside the stored ones."""
    reference = pd.read_csv(shared_data / "toxcast_curves" / "reference_fits.csv").rename(columns={"spid": "sample"})
    stored = wells[wells["sample"].isin(reference["sample"])]
    ours = hit_calls(stored, reference["cutoff"].iloc[0], reference["bmr"].iloc[0] / BENCHMARK_FACTOR)
    return ours.merge(reference, on="sample", suffixes=("", "_reference"), validate="one_to_one")


def test_hit_calls_agree(both: pd.DataFrame) -> None:
    """At 0.9, where ToxCast calls a sample active, and as numbers to 0.05."""
    assert len(both) == 923
    assert ((both["hit_call"] > 0.9) == (both["hitcall"] > 0.9)).mean() >= 0.99
    assert (np.abs(both["hit_call"] - both["hitcall"]) < 0.05).mean() >= 0.95


def test_the_same_curves_win(both: pd.DataFrame) -> None:
    """Where they differ, the ten curves are about as likely as each other, or the stored fit did not reach its maximum."""
    assert (both["fit_method"].map(MODELS) == both["model"]).mean() >= 0.88


def test_where_the_curve_is_the_same_so_are_its_doses(both: pd.DataFrame) -> None:
    same = both[(both["fit_method"].map(MODELS) == both["model"]) & (both["hitcall"] > 0.9)]
    smooth = same[same["model"].isin(["power", "polynomial-1", "exponential-2", "exponential-4", "hill"])]
    for ours, theirs in (("ac50", "ac50_reference"), ("bmd", "bmd_reference"), ("top", "top_reference")):
        assert (np.abs(smooth[ours] / smooth[theirs] - 1) < 0.01).mean() >= 0.95


def test_the_cutoff_is_that_of_the_two_lowest_doses(wells: pd.DataFrame) -> None:
    """Stored: baseline MAD 16.43, cutoff 49.28, deviation 25.14. The reference took wells in another way: 0.1 % apart."""
    baseline = wells.loc[wells.groupby("sample")["dose"].rank("dense") <= 2, "response"]
    assert noise_cutoff(baseline) == pytest.approx(49.28306, rel=2e-3)
    assert baseline.std() == pytest.approx(25.13956, rel=2e-3)
