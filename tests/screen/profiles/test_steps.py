"""Steps: what each does to profiles of known content, and where it refuses."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError, MissingExtraError
from coculture.screen.profiles.engine import analyse_profiles
from coculture.screen.profiles.mechanisms import RULES, mechanism_matches, prediction_accuracy
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import PRESETS, ProfileSettings
from coculture.screen.profiles.steps.registry import STEPS, prepared
from coculture.screen.profiles.treatments import treatment_profiles


def _wells(n_plates: int = 4, n_controls: int = 12, treatments: int = 6) -> pd.DataFrame:
    rows = []
    for plate in range(n_plates):
        roles = ["negative"] * n_controls + ["treatment"] * treatments
        names = [""] * n_controls + [f"c{i}" for i in range(treatments)]
        for place, (role, name) in enumerate(zip(roles, names, strict=True)):
            rows.append((f"p{plate}", f"A{place + 1:02d}", role, name, float(role == "treatment"), f"week{plate // 2}"))
    frame = pd.DataFrame(rows, columns=["plate", "well", "role", "compound", "dose", "batch"])
    mechanism = frame["compound"].map({"c0": "even", "c2": "even", "c4": "even", "c1": "odd", "c3": "odd", "c5": "odd"})
    return frame.assign(dose_unit="uM", treatment="", mechanism=mechanism.fillna(""))


def _profiles(features: int = 8, seed: int = 0) -> Profiles:
    """Plates differ in level; even and odd compounds move apart in two directions."""
    wells, draws = _wells(), np.random.default_rng(seed)
    values = draws.normal(size=(len(wells), features)) * np.arange(1, features + 1)
    values += 10 * wells["plate"].str[1:].astype(int).to_numpy()[:, None]
    even = (wells["mechanism"] == "even").to_numpy()
    odd = (wells["mechanism"] == "odd").to_numpy()
    values[even, 0] += 8
    values[odd, 1] += 16
    return Profiles(wells, values, tuple(f"f{i}" for i in range(features)))


def _done(profiles: Profiles, *steps: str, **more: object) -> Profiles:
    return prepared(profiles, ProfileSettings(steps=steps, **more))  # type: ignore[arg-type]


def test_centre_and_robustize_work_by_plate() -> None:
    profiles = _profiles()
    centred, robust = _done(profiles, "centre"), _done(profiles, "robustize")
    for plate in ("p0", "p3"):
        rows = ((profiles.wells["plate"] == plate) & profiles.negative).to_numpy()
        assert np.median(centred.values[rows], axis=0) == pytest.approx(np.zeros(8), abs=1e-12)
        mad = np.median(np.abs(robust.values[rows]), axis=0)
        assert 1.482602218505602 * mad == pytest.approx(np.ones(8))


def test_sphering_makes_controls_a_ball() -> None:
    plain = _profiles()
    mixed = plain.changed(plain.values @ np.random.default_rng(1).normal(size=(8, 8)), "mixed")
    profiles = _done(mixed, "centre", "standardize")
    before = np.linalg.cond(np.cov(profiles.values[profiles.negative], rowvar=False))
    for kind in ("zca", "pca"):
        sphered = _done(profiles, "sphere", sphering=kind)
        assert np.linalg.cond(np.cov(sphered.values[profiles.negative], rowvar=False)) < before / 3
    assert sphered.features[0] == "component_1"


def test_feature_selection() -> None:
    wells = _wells()
    draws = np.random.default_rng(4)
    one = draws.normal(size=len(wells))
    reproducible = wells["compound"].map({f"c{i}": 5.0 * i for i in range(6)}).fillna(0).to_numpy() + 0.1 * one
    columns = {
        "cell_a": one,
        "cell_b": one + 0.01 * draws.normal(size=len(wells)),
        "cell_c": draws.normal(size=len(wells)),
        "nearly_constant": (np.arange(len(wells)) == 3).astype(float),
        "gap": np.where(np.arange(len(wells)) == 5, np.nan, 1.0),
        "cell_Location_Center_X": draws.normal(size=len(wells)),
        "mine_extra": draws.normal(size=len(wells)),
        "replicates_agree": reproducible,
    }
    profiles = Profiles(wells, np.stack(list(columns.values()), axis=1), tuple(columns))
    kept = _done(profiles, "drop-missing", "blocklist", "variance", "correlation", blocklist=("mine_*",)).features
    assert "cell_c" in kept
    assert {"cell_a", "cell_b"} & set(kept) in ({"cell_a"}, {"cell_b"})
    assert not {"gap", "cell_Location_Center_X", "mine_extra", "nearly_constant"} & set(kept)
    agreeing = _done(profiles, "drop-missing", "reproducibility", reproducibility_minimum=0.8).features
    assert agreeing == ("replicates_agree",)


def test_batches_are_aligned() -> None:
    profiles = _profiles()
    shifted = profiles.changed(profiles.values * np.where(profiles.wells["batch"] == "week1", 3.0, 1.0)[:, None], "scaled")
    aligned = _done(shifted, "centre", "standardize", "tvn")
    spread = [
        aligned.values[(profiles.wells["batch"] == week).to_numpy() & profiles.negative].std() for week in ("week0", "week1")
    ]
    assert spread[0] == pytest.approx(spread[1], rel=0.15)


def test_harmony_brings_batches_together() -> None:
    pytest.importorskip("harmonypy")
    profiles = _done(_profiles(), "centre", "standardize")
    shift = np.where(profiles.wells["batch"] == "week1", 6.0, 0.0)[:, None]
    moved = profiles.changed(profiles.values + shift, "shifted")
    found = _done(moved, "harmonize").values
    week = (profiles.wells["batch"] == "week1").to_numpy()
    assert found.shape == moved.values.shape
    assert np.abs(found[week].mean(axis=0) - found[~week].mean(axis=0)).max() < 4.0


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = _profiles()
    with pytest.raises(InputError, match=r"profiles.steps: step 'spin' is not known"):
        _done(profiles, "spin")
    lone = Profiles(profiles.wells.iloc[11:18].reset_index(drop=True), profiles.values[11:18], profiles.features)
    with pytest.raises(DataError, match=r"step centre: 1 plates have fewer than 2 negative controls, first 'p0'"):
        _done(lone, "centre")
    with pytest.raises(DataError, match=r"step sphere: only 1 negative controls"):
        _done(lone, "sphere")
    with pytest.raises(DataError, match=r"step reproducibility: fewer than 3 treatments have replicates"):
        _done(lone, "reproducibility")
    with pytest.raises(DataError, match=r"step tvn: no column 'donor' names the batches"):
        _done(profiles, "tvn", batch="donor")
    with pytest.raises(DataError, match=r"step tvn: batch 'p0' has"):
        _done(Profiles(profiles.wells[:36].iloc[4:], profiles.values[4:36], profiles.features), "tvn", batch="plate")
    with pytest.raises(DataError, match=r"step harmonize: the column 'donor' does not name two batches"):
        _done(profiles, "harmonize", batch="donor")
    monkeypatch.setitem(sys.modules, "harmonypy", None)
    with pytest.raises(MissingExtraError, match=r"harmonypy.*not installed\n.*coculture\[batch\]"):
        _done(profiles, "harmonize")
    gaps = profiles.changed(np.where(profiles.values > 0, np.nan, np.nan), "")
    with pytest.raises(DataError, match=r"step drop-missing: every feature is missing in some well"):
        _done(gaps, "drop-missing")
    with pytest.raises(DataError, match=r"step blocklist: no feature is left"):
        _done(profiles, "blocklist", blocklist=("f*",))
    with pytest.raises(InputError, match=r"fdr is 0"):
        ProfileSettings(fdr=0.0)
    with pytest.raises(InputError, match=r"draws is 5"):
        ProfileSettings(draws=5)
    with pytest.raises(InputError, match=r"values for 72 wells and 1 features"):
        Profiles(profiles.wells, profiles.values, ("one",))


def test_presets_name_known_steps() -> None:
    assert {step for steps in PRESETS.values() for step in steps} <= set(STEPS)


def test_mechanisms_are_matched_by_both_rules() -> None:
    ready = _done(_profiles(), *PRESETS["plain"][2:3])
    matches = mechanism_matches(treatment_profiles(ready, "mechanism", "plate"))
    own = matches[matches["rule"] == RULES[0]]
    assert own["correct"].all()
    assert (own["matched_compound"] != own["compound"]).all()
    other = matches[matches["rule"] == RULES[1]]
    assert (other["predicted"] == "").all()
    assert not other["answerable"].any()
    accuracy = prediction_accuracy(matches).set_index("rule")
    assert accuracy.loc[RULES[0], "accuracy"] == 1.0
    assert accuracy.loc[RULES[1], "n_treatments"] == 0


def test_the_whole_analysis() -> None:
    profiles = _profiles()
    frame = pd.concat([profiles.wells, pd.DataFrame(profiles.values, columns=list(profiles.features))], axis=1)
    steps = ("centre", "standardize")
    result = analyse_profiles(frame, list(profiles.features), ProfileSettings(steps=steps, mechanism="mechanism", draws=999))
    questions = result.activity["question"].value_counts()
    assert questions.to_dict() == {"activity": 6, "consistency": 2}
    assert result.activity.loc[result.activity["question"] == "activity", "call"].all()
    assert len(result.similarities) == 36
    assert any("right mechanism for 100% of 6 treatments" in note for note in result.notes)
    with pytest.raises(InputError, match=r"profiles: column 'f9' is missing"):
        analyse_profiles(frame, ["f9"], ProfileSettings())
    with pytest.raises(InputError, match=r"profiles: no feature is chosen"):
        analyse_profiles(frame, [], ProfileSettings())
    with pytest.raises(InputError, match=r"column 'target' is missing"):
        analyse_profiles(frame, ["f1"], ProfileSettings(mechanism="target"))
