"""The artefact guard: what looks like a change between cells and is one of the stain or of the counts is not called a hit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import InputError
from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, Readout

CONTACTS = "well_contacts_tumour_tcell"
TERRITORY = "well_territory_contacts_tumour_tcell"
AFFINITY, ERROR = "well_affinity_log2_tumour_tcell", "well_affinity_se_tumour_tcell"
N_CONTROLS, REPLICATES = 16, 3
TREATED = ("nothing", "parts", "kills", "kills and parts", "moves the stain", "thins one type")


def wells(seed: int = 1) -> pd.DataFrame:
    """Return a plate whose contacts follow stain, counts and affinity; every treatment changes what its name says."""
    rng = np.random.default_rng(seed)
    names = [""] * N_CONTROLS + [name for name in TREATED for _ in range(REPLICATES)]
    frame = pd.DataFrame({"compound": names})
    n = len(frame)
    frame["plate"], frame["well"] = "p", [f"{'ABCDEFGH'[i // 12]}{i % 12 + 1:02d}" for i in range(n)]
    frame["role"] = np.where(frame["compound"] == "", "negative", "treatment")
    frame["dose"], frame["dose_unit"] = np.where(frame["compound"] == "", 0.0, 1.0), "uM"
    parts = frame["compound"].str.contains("parts")
    alive = np.where(frame["compound"].str.contains("kills"), 0.4, 1.0) * np.exp(rng.normal(0, 0.05, n))
    thinned = np.where(frame["compound"] == "thins one type", 0.4, 1.0)
    stain = np.where(frame["compound"] == "moves the stain", 0.5, 1.0)
    frame["n_tumour"] = np.round(400 * alive)
    frame["n_tcell"] = np.round(300 * alive * thinned)
    frame["n_cells"] = frame["n_tumour"] + frame["n_tcell"]
    true = 0.5 - 1.0 * parts
    seen = frame["n_tcell"] / 300 * 2.0**true
    frame[TERRITORY] = seen * np.exp(rng.normal(0, 0.05, n))
    frame[CONTACTS] = stain * seen * np.exp(rng.normal(0, 0.05, n))
    frame[ERROR] = 0.1 / alive
    frame[AFFINITY] = true + rng.normal(0, 1, n) * frame[ERROR]
    return frame


def hits(frame: pd.DataFrame, readout: Readout | None = None, **changes: object) -> pd.DataFrame:
    asked = readout or Readout("touching", CONTACTS, about="interaction")
    return analyse(frame, AnalysisSettings((asked,), dose_response="none", **changes)).hits.set_index("compound")  # type: ignore[arg-type]


def test_only_a_change_of_interaction_is_called():
    found = hits(wells())
    assert found["interaction_class"].to_dict() == {
        "nothing": "inactive",
        "parts": "interaction-specific",
        "kills": "cytotoxic",
        "kills and parts": "both",
        "moves the stain": "inactive",
        "thins one type": "inactive",
    }
    assert found["hit"].to_dict() == {name: "parts" in name for name in TREATED}
    for name in ("kills", "moves the stain", "thins one type"):  # without guards they are hits
        assert found.loc[name, "p_value"] < 0.01
        assert found.loc[name, "guarded_p_value"] > 0.01


def test_the_note_names_the_guard_that_does_not_show_it():
    found = hits(wells())["note"]
    assert f"no interaction hit: {TERRITORY} does not show it" in found["moves the stain"]
    assert f"no interaction hit: {AFFINITY} does not show it" in found["kills"]


def test_viability_is_percent_of_controls_minus_100_with_its_interval():
    row = hits(wells()).loc["kills"]
    assert row["viability_effect"] == pytest.approx(-60, abs=4)
    assert row["viability_low"] < row["viability_effect"] < row["viability_high"] < -40


def test_a_readout_about_viability_replaces_the_count_of_cells():
    frame = wells().assign(glow=lambda w: np.where(w["compound"] == "parts", 30.0, 100.0) + np.arange(len(w)) % 3)
    asked = (Readout("touching", CONTACTS, about="interaction"), Readout("glow", "glow", about="viability"))
    found = analyse(frame, AnalysisSettings(asked, dose_response="none")).hits
    kinds = found[found["readout"] == "touching"].set_index("compound")["interaction_class"]
    assert kinds["parts"] == "both"
    assert kinds["kills"] == "inactive"
    assert (found.loc[found["readout"] == "glow", "interaction_class"] == "not judged").all()


def test_without_affinity_the_readout_is_compared_at_equal_counts():
    found = hits(wells().drop(columns=[AFFINITY, ERROR]))
    assert found.loc["kills", "p_value"] < 0.01
    assert found.loc["kills", "guarded_p_value"] > 0.01
    assert "at equal n_tumour and n_tcell does not show it" in found.loc["kills", "note"]
    assert found.loc["parts", "hit"]


def test_any_number_of_two_types_is_compared_at_equal_counts_of_both():
    frame = wells().rename(columns={CONTACTS: "well_nearest_um_tumour_tcell"}).drop(columns=TERRITORY)
    asked = Readout("near", "well_nearest_um_tumour_tcell", about="interaction")
    notes = analyse(frame, AnalysisSettings((asked,), dose_response="none")).notes
    assert "near: an interaction hit must also show in well_nearest_um_tumour_tcell at equal n_tumour and n_tcell." in notes


def test_a_named_guard_is_used_and_need_not_be_a_twin():
    frame = wells().rename(columns={CONTACTS: "touch", TERRITORY: "touch_of_nuclei"})
    asked = Readout("touching", "touch", about="interaction", guard="touch_of_nuclei")
    found = hits(frame, asked)
    assert found.loc["moves the stain", "interaction_class"] == "inactive"
    assert found.loc["parts", "interaction_class"] == "interaction-specific"
    assert hits(frame, Readout("touching", "touch", about="interaction")).loc["moves the stain", "hit"]  # nothing guards it


def test_the_notes_say_what_guards():
    result = analyse(wells(), AnalysisSettings((Readout("touching", CONTACTS, about="interaction"),), dose_response="none"))
    told = f"touching: an interaction hit must also show in {TERRITORY}, {AFFINITY} (the first was found beside it)."
    assert told in result.notes


def test_an_affinity_is_judged_with_each_wells_own_error():
    asked = Readout("affinity", AFFINITY, about="interaction", normalise="as-given")
    found = hits(wells(), asked)
    assert (found["method"] == "known-error").all()
    assert found.loc["parts", "hit"]
    assert found.loc["kills and parts", "interaction_class"] == "both"
    width = found["effect_high"] - found["effect_low"]
    assert width["kills"] > 1.5 * width["nothing"]


def test_without_counts_nothing_is_judged_and_the_note_says_why():
    frame = wells().drop(columns=[AFFINITY, ERROR, "n_tumour", "n_tcell", "n_cells"])
    found = hits(frame)
    assert (found["interaction_class"] == "not judged").all()
    assert not found["hit"].any()
    assert "there is no column 'n_cells'" in found.loc["parts", "note"]


def test_a_treatment_whose_guard_is_missing_is_not_judged():
    frame = wells()
    frame.loc[frame["compound"] == "parts", AFFINITY] = np.nan
    row = hits(frame).loc["parts"]
    assert row["interaction_class"] == "not judged"
    assert f"{AFFINITY} cannot be tested here" in row["note"]


def test_state_readouts_are_untouched_by_guards():
    row = hits(wells(), Readout("touching", CONTACTS)).loc["kills"]
    assert row["hit"]
    assert np.isnan(row["guarded_p_value"])
    assert row["interaction_class"] == "not judged"
    assert row["viability_effect"] < -50


@pytest.mark.parametrize(
    ("readouts", "words"),
    [
        ((Readout("a", CONTACTS, about="interaction", guard="no_such"),), "the guard 'no_such' is no column with numbers"),
    ],
)
def test_a_guard_that_is_not_there_is_named(readouts, words):
    with pytest.raises(InputError, match=words):
        analyse(wells(), AnalysisSettings(readouts, dose_response="none"))


def test_settings_that_contradict_one_another_are_refused():
    with pytest.raises(InputError, match="about 'cells' is not known"):
        Readout("a", "a", about="cells")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="has a guard, 'b', but is about 'state'"):
        Readout("a", "a", guard="b")
    with pytest.raises(InputError, match="more than one read-out is about viability"):
        AnalysisSettings((Readout("a", "a", about="viability"), Readout("b", "b", about="viability")))
    with pytest.raises(InputError, match="viability_minimum_percent is 0"):
        AnalysisSettings((Readout("a", "a"),), viability_minimum_percent=0)
