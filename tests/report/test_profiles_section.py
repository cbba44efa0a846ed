"""The section of profiles, drawn from tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from coculture.report.reading import Results
from coculture.report.sections.profiles import profiles_section


def _results(**tables: pd.DataFrame) -> Results:
    empty = pd.DataFrame()
    base = dict.fromkeys(("wells", "fields", "quality", "normalised", "hits", "curves", "bands"), empty)
    return Results(folder=Path(), **base, run={}, settings={"profiles": {"fdr": 0.05}}, ledger=(), **tables)


def _activity() -> pd.DataFrame:
    rows = [("activity", "taxol", 1.0, 0.9, 0.001, True), ("activity", "inert", 3.0, 0.2, 0.6, False)]
    frame = pd.DataFrame(rows, columns=["question", "compound", "dose", "mean_average_precision", "q_value", "call"])
    frame = frame.assign(dose_unit="uM", condition="", group="", n_profiles=3, p_value=frame["q_value"])
    extra = frame.iloc[:1].assign(question="consistency", compound="", group="Microtubule stabilizers", n_profiles=9)
    return pd.concat([frame, extra], ignore_index=True)


def test_without_profiles_there_is_no_section() -> None:
    assert profiles_section(_results()) is None


def test_activity_similarity_and_matches() -> None:
    pairs = [(a, b, 1.0 if a == b else 0.25) for a in ("taxol 1 µM", "inert 3 µM") for b in ("taxol 1 µM", "inert 3 µM")]
    match = {"compound": "taxol", "dose": 1.0, "dose_unit": "uM", "condition": "", "mechanism": "stabilizer", "similarity": 0.8}
    match |= {"rule": "not same compound", "matched_compound": "epothilone B", "matched_dose": 0.3, "predicted": "stabilizer"}
    section = profiles_section(
        _results(
            profile_activity=_activity(),
            profile_similarities=pd.DataFrame(pairs, columns=["first", "second", "similarity"]),
            mechanism_matches=pd.DataFrame([match | {"runner_up": 0.4, "answerable": True, "correct": True}]),
        )
    )
    assert section is not None
    assert section.statement == "1 of 2 replicated treatments are active (q at most 0.05)."
    assert "taxol 1 µM" in section.activity.replace(" ", " ").replace(" ", " ")
    assert section.consistent[0][:3] == ("Microtubule stabilizers", "9", "0.90")
    assert section.similarities.count("<rect") == 4
    assert section.matches[0].matched == "epothilone B 0.3"
    assert section.accuracy == ("not same compound: 100% of 1 treatment of known mechanism are named right.",)
