"""Effects of position are found where they were put and named; drift, agreement of replicates and thin cultures too."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.screen.engine import analyse
from coculture.screen.quality.across_plates import control_shift, drift_notes, guard_remarks, replicate_correlation
from coculture.screen.quality.position_effects import position_effects
from coculture.screen.settings import AnalysisSettings, Readout
from coculture.screen.well_table import check_wells

SETTINGS = AnalysisSettings((Readout("value", "value"),), dose_response="none")
ROLES = ["negative"] * 6 + ["treatment"] * 90


def _grid() -> tuple[np.ndarray, np.ndarray]:
    return np.divmod(np.arange(96), 12)


def _effects(make_plate, added: np.ndarray, seed: int = 0) -> dict:
    plate = make_plate(100 + np.random.default_rng(seed).normal(0, 1, 96) + added, ROLES)
    table = check_wells(plate, SETTINGS)
    return position_effects(table, table.readings(SETTINGS.readouts[0]))[0]


def _named(effects: dict) -> set[str]:
    return {kind for kind, one in effects.items() if one.named}


def test_nothing_is_named_without_an_effect(make_plate) -> None:
    assert sum(bool(_named(_effects(make_plate, np.zeros(96), seed))) for seed in range(60)) <= 3


def test_each_effect_is_named(make_plate) -> None:
    row, column = _grid()
    edge = (row == 0) | (row == 7) | (column == 0) | (column == 11)
    found = _effects(make_plate, -3.0 * edge)
    assert found["edge"].named
    assert found["edge"].words.startswith("wells at the edge read ")
    assert found["edge"].size < -1
    assert _effects(make_plate, 4.0 * (row == 3))["row"].words.startswith("row D reads ")
    assert "row" in _named(_effects(make_plate, 4.0 * (row == 3)))
    assert _effects(make_plate, 4.0 * (column == 6))["column"].words.startswith("column 7 reads ")
    gradient = _effects(make_plate, 0.4 * column)["gradient"]
    assert gradient.named
    assert gradient.words.startswith("values rise from the left column to the right column by ")
    comb = _effects(make_plate, 2.0 * (column % 2))["dispensing"]
    assert comb.named
    assert comb.words.startswith("columns 2, 4, 6, … read ")


def test_hits_make_no_effect(make_plate) -> None:
    hits = np.zeros(96)
    hits[[20, 45, 71, 90]] = 60.0
    assert _named(_effects(make_plate, hits)) == set()


def test_small_plates_are_not_tested(make_plate) -> None:
    table = check_wells(make_plate([1.0, 2.0, 3.0, 4.0], ["negative"] * 2 + ["treatment"] * 2), SETTINGS)
    found = position_effects(table, table.readings(SETTINGS.readouts[0]))[0]
    assert all(np.isnan(one.size) and not one.named for one in found.values())


def _plates(make_plate, n: int, level: float = 0.0, cells: float = 1000.0) -> pd.DataFrame:
    draws = np.random.default_rng(7)
    compounds = [""] * 6 + [f"c{i}" for i in range(90)]
    truth = np.concatenate((np.zeros(6), draws.normal(0, 4, 90)))
    return pd.concat(
        make_plate(100 + truth + level * p + draws.normal(0, 1, 96), ROLES, name=f"p{p}", compounds=compounds, n_cells=cells)
        for p in range(n)
    )


def test_drift_is_told(make_plate) -> None:
    table = check_wells(_plates(make_plate, 8, level=1.5), SETTINGS)
    notes = drift_notes(table, table.readings(SETTINGS.readouts[0]))
    assert len(notes) == 1
    assert notes[0].startswith("value: the negative controls rise over the 8 plates in the order of their names, by ")
    still = check_wells(_plates(make_plate, 8), SETTINGS)
    assert drift_notes(still, still.readings(SETTINGS.readouts[0])) == []


def test_replicates_agree_or_not(make_plate) -> None:
    plates = _plates(make_plate, 3)
    plates.loc[plates["plate"] == "p2", "value"] = np.random.default_rng(1).normal(100, 4, 96)
    table = check_wells(plates, SETTINGS)
    found = replicate_correlation(table, table.readings(SETTINGS.readouts[0]))
    assert found[:2].min() > 0.5
    assert abs(found[2]) < 0.3


def test_guards_reach_the_verdict(make_plate) -> None:
    plates = _plates(make_plate, 5)
    plates.loc[plates["plate"] == "p4", "value"] += 30
    plates.loc[plates["plate"] == "p4", "n_cells"] = 300.0
    row, _ = _grid()
    plates.loc[plates["plate"] == "p1", "value"] += 15.0 * (row == 5)
    quality = analyse(plates, SETTINGS).quality.set_index("plate")
    assert "robust SD above those of the other plates" in quality.loc["p4", "reasons"]
    assert "the negative controls hold 30 % of the cells of the other plates" in quality.loc["p4", "reasons"]
    assert "row: row F reads " in quality.loc["p1", "reasons"]
    assert quality.loc["p1", "row_p_value"] < 0.01
    assert quality.loc["p4", "control_shift"] > 10


def test_remarks_and_single_plates(make_plate) -> None:
    assert guard_remarks(np.nan, np.nan) == []
    assert guard_remarks(-4.0, 90.0) == ["the negative controls lie 4.0 robust SD below those of the other plates"]
    table = check_wells(_plates(make_plate, 1), SETTINGS)
    readings = table.readings(SETTINGS.readouts[0])
    assert np.isnan(control_shift(table, readings)).all()
    assert np.isnan(replicate_correlation(table, readings)).all()
