"""Euphorbia fractions against chikungunya virus (Nothias et al. 2018, J Nat Prod 81:758): one of 14 drives everything."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.screen.deconvolve.consensus import consensus
from coculture.screen.deconvolve.correlation import correlation
from coculture.screen.deconvolve.fractions import Fractions
from coculture.screen.deconvolve.partial_least_squares import partial_least_squares


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "euphorbia_fractions"


@pytest.fixture(scope="module")
def euphorbia(folder: Path) -> Fractions:
    table = pd.read_csv(folder / "features_quantification_matrix_edited_bioactivity_MZmine2.csv")
    names = tuple(column.removesuffix(".mzXML Peak area") for column in table.columns[3:])
    numbers = table.iloc[:, 3:].to_numpy(dtype=np.float64).T
    features = tuple(table["row ID"].iloc[1:].astype(str))
    return Fractions(names, features, numbers[:, 1:], ("chikungunya",), numbers[:, :1]).per_total()


def test_correlations_equal_those_of_r(euphorbia: Fractions, folder: Path) -> None:
    """R's file was made from peak areas with more digits than are stored, hence 1e-6."""
    stored = pd.read_csv(folder / "reference_R_correlation.csv")
    table = correlation(euphorbia, "chikungunya", permutations=2000).table
    assert np.abs(table["correlation"] - stored["cor"]).max() < 1e-6
    assert np.abs(table["p_value"] / stored["p"] - 1).max() < 1e-4
    assert (table["p_value"] < 0.05).sum() == 62
    assert (table["bonferroni"] < 0.05).sum() == (stored["bonf"] < 0.05).sum() == 46
    # Permutations do not believe the t distribution of activities with one outlier.
    assert (table["p_family"] < 0.05).sum() <= 12


def test_spearman_finds_nothing_that_survives_the_family(euphorbia: Fractions) -> None:
    assert correlation(euphorbia, "chikungunya", "spearman", permutations=2000).table["p_family"].min() > 0.05


def test_the_driving_fraction_is_named(euphorbia: Fractions) -> None:
    result = consensus(euphorbia, "chikungunya", methods=("correlation", "grey-relation", "vip"), samples=40)
    assert result.influence.driver == "F_13"
    assert "65% of the activity's variance, and without it 0 of 46" in result.influence.verdict
    others = result.influence.table[result.influence.table["fraction"] != "F_13"]
    assert (others["kept"] > 0.9).all()
    assert (result.best(5)["rank_high"] > 20).all()


def test_partial_least_squares_says_it_cannot_predict(euphorbia: Fractions) -> None:
    assert "does not predict left-out fractions" in partial_least_squares(euphorbia, "chikungunya").notes[0]
