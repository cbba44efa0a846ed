"""The published rule of a co-culture screen (Herbst, Kim et al. 2023, Blood Adv 7:5925), by recipe, against its stored calls."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.run.analysis_settings import analysis_settings
from coculture.run.loaded_wells import load_wells
from coculture.screen.hits.contrasts.rows import contrast_rows
from coculture.screen.normalise.methods import normalisation
from coculture.screen.settings import AnalysisSettings
from coculture.screen.well_table import WellTable, check_wells

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "leukemia_coculture"


@pytest.fixture(scope="module")
def published(shared_data: Path) -> tuple[pd.DataFrame, AnalysisSettings]:
    loaded = load_wells(shared_data / "coculture_leukemia" / "drugresponse.tsv", EXAMPLE / "published_rule.toml")
    return loaded.wells, analysis_settings(loaded.loaded.settings)


@pytest.fixture(scope="module")
def stored(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "coculture_leukemia" / "reference_CLL_interaction_calls.csv").set_index("Drug")


def _rows(table: WellTable, settings: AnalysisSettings) -> tuple[pd.DataFrame, list[str]]:
    readings = table.readings(settings.primary)
    values = normalisation(settings.scale_of(settings.primary)).apply(readings).values
    nothing = np.full(len(values), np.nan)
    frame, remarks = contrast_rows(table, readings, values, nothing, nothing, settings)
    return frame.set_index("compound"), remarks


def test_the_rule_gives_the_published_calls(published: tuple[pd.DataFrame, AnalysisSettings], stored: pd.DataFrame) -> None:
    """26 of 50 drugs act less in co-culture, ruxolitinib and tofacitinib more: p-values, areas and doses as stored."""
    wells, settings = published
    found, _ = _rows(check_wells(wells, settings), settings)
    kinds = np.select([found["hit"] & (found["effect"] > 0), found["hit"]], ["Decreased", "Increased"], "Unchanged")
    assert found.index.tolist() == sorted(stored.index)
    called = pd.Series(kinds, index=found.index)
    assert (called == stored["type"].reindex(found.index)).all()
    assert called.value_counts().to_dict() == {"Decreased": 26, "Unchanged": 22, "Increased": 2}
    assert set(found.index[called == "Increased"]) == {"Ruxolitinib", "Tofacitinib"}
    ours = stored.reindex(found.index)
    assert found["effect"].to_numpy() == pytest.approx(ours["efsize_AUC"].to_numpy(), rel=1e-9, abs=1e-9)
    assert found["p_value"].to_numpy() == pytest.approx(ours["pval"].to_numpy(), rel=1e-9)
    assert found["q_value"].to_numpy() == pytest.approx(ours["padj"].to_numpy(), rel=1e-9)
    assert found.loc["Dasatinib", "note"] == "change of area in %; tested at 0.004 uM, 85 pairs; the rule gives no interval"


def test_edge_artefacts_of_the_rule_are_no_calls_of_the_model(
    published: tuple[pd.DataFrame, AnalysisSettings], shared_data: Path, stored: pd.DataFrame
) -> None:
    """Wells of lenalidomide and enasidenib lie at the edge in monoculture only, where vehicle reads 10 to 19 % lower."""
    loaded = load_wells(shared_data / "coculture_leukemia" / "drugresponse.tsv", EXAMPLE / "screen.toml")
    settings = analysis_settings(loaded.loaded.settings)
    found, remarks = _rows(check_wells(loaded.wells, settings), settings)
    assert stored.loc[["Lenalidomide", "Enasidenib"], "type"].tolist() == ["Decreased", "Decreased"]
    assert not found.loc[["Lenalidomide", "Enasidenib"], "hit"].any()
    (remark,) = [remark for remark in remarks if "Monoculture: wells at the edge were corrected" in remark]
    assert "outer rows -10%, outer columns -19% in the middle" in remark
    uncorrected = replace(settings, contrast=replace(settings.contrast, method="paired-t"))  # type: ignore[type-var]
    plain, _ = _rows(check_wells(loaded.wells, uncorrected), uncorrected)
    assert plain.loc[["Lenalidomide", "Enasidenib"], "hit"].all()
    assert found.loc["JQ1", "interaction_class"] == "both"
    assert found.loc["Plerixafor", "interaction_class"] == "inactive"
    published_hits = stored.index[stored["type"] != "Unchanged"]
    assert (found.loc[published_hits, "hit"]).sum() == 24
