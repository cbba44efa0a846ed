"""Drug × stimulus interactions in leukaemia cells (Bruch, Giles et al. 2022, Mol Syst Biol), as R's lm gives them."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.run.analysis_settings import analysis_settings
from coculture.run.recipe.reading import read_recipe
from coculture.screen.hits.contrasts.rows import contrast_rows
from coculture.screen.well_table import check_wells

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "cll_microenvironment"


@pytest.fixture(scope="module")
def contrasts(shared_data: Path) -> pd.DataFrame:
    wells = runpy.run_path(str(EXAMPLE / "prepare.py"))["wells"](shared_data / "cll_microenvironment")
    settings = analysis_settings(read_recipe(EXAMPLE / "screen.toml").settings)
    vehicle = wells["drug"] == "DMSO"
    table = check_wells(
        wells.rename(columns={"drug": "compound", "stimulus": "condition"}).assign(
            plate=wells["patient"],
            donor=wells["patient"],
            role=np.where(vehicle, "negative", "treatment"),
            dose=wells["dose_nM"] / 1000,
            dose_unit="uM",
            treatment="",
        ),
        settings,
    )
    readings = table.readings(settings.primary)
    nothing = np.full(len(readings.values), np.nan)
    frame, _ = contrast_rows(table, readings, readings.values, nothing, nothing, settings)
    return frame


def test_as_many_interactions_as_lm_finds(contrasts: pd.DataFrame) -> None:
    """45 of 204 with p < 0.05, 36 of them after Benjamini-Hochberg."""
    assert len(contrasts) == 12 * 17
    assert int((contrasts["p_value"] < 0.05).sum()) == 45
    assert int((contrasts["q_value"] < 0.05).sum()) == 36
    assert int(contrasts["hit"].sum()) == 36


def test_the_strongest_interaction(contrasts: pd.DataFrame) -> None:
    """Nutlin-3a and IL-4: coefficient 0.534, p = 7.5e-27; each stimulus is compared with none."""
    best = contrasts.loc[contrasts["p_value"].idxmin()]
    assert (best["compound"], best["condition"]) == ("Nutlin-3a", "IL-4 − No Cytokine")
    assert best["effect"] == pytest.approx(0.53377, abs=5e-6)
    assert best["p_value"] == pytest.approx(7.508e-27, rel=1e-3)
    assert best["interaction_class"] == "both"
    assert best["note"] == "over doses 10 uM; wells taken for independent"
