"""466 real 6×6 matrices of drugs with ibrutinib against stored scores of synergyfinder 3.15.

Data: Mathews Griner et al. 2014, PNAS 111:2349, as the R package PharmacoGx carries them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.screen.synergy.base import Prepared
from coculture.screen.synergy.combination_data import Combination
from coculture.screen.synergy.models import synergy_model
from coculture.screen.synergy.scores import score_combination
from coculture.screen.synergy.settings import SynergySettings

MODELS = ("ZIP", "HSA", "Bliss", "Loewe")
ROUNDING = 1e-13
"""Relative change of the data that no measurement could notice."""


@pytest.fixture(scope="module")
def matrices(shared_data: Path) -> dict[int, Combination]:
    """Every block: doses in µM, percent inhibition. Ibrutinib is renamed, since one block combines it with itself."""
    wells = pd.read_csv(shared_data / "synergy_matrices" / "mathews_griner.csv.gz")
    return {
        int(block): Combination(
            (str(rows["RowName"].iloc[0]), "the column drug"),
            rows[["RowConcs", "ColConcs"]].to_numpy() / 1000.0,
            100.0 - rows["viability"].to_numpy(),
        )
        for block, rows in wells.groupby("BlockId")
    }


@pytest.fixture(scope="module")
def reference(shared_data: Path) -> pd.DataFrame:
    """Scores of half of the blocks, by block and model."""
    stored = pd.read_csv(shared_data / "synergy_matrices" / "reference_scores.csv").set_index("BlockId")
    return stored[[f"{model}_synergy" for model in MODELS]].set_axis(list(MODELS), axis=1)


def scored(matrices: dict[int, Combination], convention: str) -> pd.DataFrame:
    asked = SynergySettings(bootstraps=0, convention=convention)
    results = {block: score_combination(data, asked).scores.set_index("model") for block, data in matrices.items()}
    assert all((result["status"] == "ok").all() for result in results.values())
    return pd.DataFrame({block: result["score"] for block, result in results.items()}).T


def test_every_matrix_has_every_score_in_the_published_convention(matrices, reference):
    scores = scored(matrices, "synergyfinder")
    assert scores.shape == (466, 4)
    assert np.isfinite(scores).all(axis=None)
    apart = (scores.loc[reference.index] - reference).abs()
    within = (apart <= 0.1).mean()
    assert (within[["ZIP", "HSA", "Bliss"]] >= 0.99).all()
    assert within["Loewe"] >= 0.94
    assert (apart.median() < 1e-3).all()
    strays = apart.index[apart["Loewe"] > 0.1]
    decided = [block for block in strays if not rounding_decides(matrices[block])]
    assert len(decided) <= 0.01 * len(reference)


def rounding_decides(data: Combination) -> bool:
    """Whether the published Loewe score moves by more than 0.1 when the data change in their 13th digit."""
    table, model = data.table, synergy_model("Loewe")
    draws = np.random.default_rng(0)
    scores = []
    for _ in range(8):
        shaken = table.response * (1.0 + ROUNDING * draws.standard_normal(table.response.size))
        surface = model.apply(Prepared(table, shaken, "synergyfinder"))
        scores.append(float(surface.synergy[table.together].mean()))
    return float(np.ptp(scores)) > 0.1


def test_every_matrix_has_every_score_in_the_exact_convention(matrices, reference):
    scores = scored(matrices, "exact")
    assert np.isfinite(scores).all(axis=None)
    apart = (scores.loc[reference.index] - reference).abs()
    assert (apart[["HSA", "Bliss"]] < 1e-9).all(axis=None)
    assert apart["ZIP"].median() < 0.5
    assert scores["ZIP"].corr(scores["Bliss"]) > 0.95
