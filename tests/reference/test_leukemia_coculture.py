"""A real co-culture drug screen (Herbst, Kim et al. 2023, Blood Adv 7:5925): mono- against co-culture of CLL cells.

The published rule calls 26 of 50 drugs weaker ('Decreased') and 2 stronger ('Increased') in co-culture. Here our first
contrast, which asks a simpler question, must point the same way for these 28.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.plate.layout import Layout
from coculture.screen.engine import analyse
from coculture.screen.results import ScreenResult
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout

SETTINGS = AnalysisSettings(
    (Readout("viability", "viab", primary=True),),
    control_wells="inner",
    fdr=0.01,
    contrast=ConditionContrast("mono", "co", minimum_effect=5.0),
)


@pytest.fixture(scope="module")
def wells(shared_data: Path) -> pd.DataFrame:
    table = pd.read_csv(shared_data / "coculture_leukemia" / "drugresponse.tsv", sep="\t")
    table = table[table["patientID"].str.startswith("CLL")]
    layout = Layout.of(384)
    vehicle = table["Drug"] == "DMSO"
    return pd.DataFrame(
        {
            "plate": table["plate"],
            "well": table["well"].map({name: layout.canonical(name) for name in table["well"].unique()}),
            "role": np.where(vehicle, "negative", "treatment"),
            "treatment": np.where(vehicle, "", table["Drug"]),
            "compound": np.where(vehicle, "", table["Drug"]),
            "dose": table["Concentration"],
            "dose_unit": "uM",
            "condition": table["Culture"].map({"Monoculture": "mono", "Coculture": "co"}),
            "donor": table["patientID"],
            "viab": table["viab"],
        }
    )


@pytest.fixture(scope="module")
def calls(shared_data: Path) -> pd.Series:
    table = pd.read_csv(shared_data / "coculture_leukemia" / "reference_CLL_interaction_calls.csv")
    return table.set_index("Drug")["type"]


@pytest.fixture(scope="module")
def result(wells: pd.DataFrame) -> ScreenResult:
    return analyse(wells, SETTINGS)


def _contrast(result: ScreenResult) -> pd.DataFrame:
    return result.hits[result.hits["condition"] == "co − mono"].set_index("compound")


def _agreement(contrast: pd.DataFrame, calls: pd.Series) -> float:
    called = calls[calls != "Unchanged"]
    expected = called.map({"Decreased": 1.0, "Increased": -1.0})
    return float((np.sign(contrast.loc[called.index, "effect"]) == expected).mean())


def test_drugs_point_the_way_of_the_published_calls(result: ScreenResult, calls: pd.Series) -> None:
    contrast = _contrast(result)
    assert len(contrast) == 50
    assert _agreement(contrast, calls) == 1.0


def test_hits_are_published_ones(result: ScreenResult, calls: pd.Series) -> None:
    """25 of the 28 published drugs are called, and no other; the rest fall short of the minimum effect of 5 points."""
    contrast = _contrast(result)
    hits = set(contrast.index[contrast["hit"]])
    published = set(calls.index[calls != "Unchanged"])
    assert hits <= published
    assert published - hits == {"Vorinostat", "Sotrastaurin", "Ruxolitinib"}
    for drug in ("Sotrastaurin", "Ruxolitinib"):
        assert contrast.loc[drug, "q_value"] < 0.01
        assert contrast.loc[drug, "note"].endswith("significant but below the minimum effect")


def test_contrasts_stand_first_and_say_what_they_average(result: ScreenResult) -> None:
    first = result.hits.iloc[0]
    assert first["compound"] == "JQ1"
    assert first["condition"] == "co − mono"
    assert first["note"] == "mean over doses 0.1, 1.5, 22.5 uM, 81 units (donor)"


def test_the_edge_effect_of_the_monoculture_vehicle_is_named(wells: pd.DataFrame, calls: pd.Series) -> None:
    """Half of the vehicle wells lie at the edge, where monocultures live worse: with them the contrast is shifted."""
    settings = AnalysisSettings(SETTINGS.readouts, fdr=0.01, contrast=SETTINGS.contrast)
    result = analyse(wells, settings)
    edge = [note for note in result.notes if "plate's edge" in note]
    assert len(edge) == 1
    assert re.match(r"viability \(mono\): negative controls at the plate's edge read \d+% lower", edge[0])
    assert _agreement(_contrast(result), calls) < 1.0


def test_three_doses_are_too_few_for_a_curve(result: ScreenResult) -> None:
    assert (result.curves["status"] == "not fitted").all()
    assert (result.curves["note"] == "3 tested doses above zero: the model needs 4").all()
