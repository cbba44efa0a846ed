"""The verdict on a screen's quality, in order and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from coculture.report.records import records
from coculture.report.words.numbers import count, fixed, listed, real, typeset

ORDER = ("poor", "usable", "not judged", "good")
"""Verdicts from the one that needs most attention to the one that needs none."""


def rank(verdict: object) -> int:
    """Return the place of a verdict in :data:`ORDER`; an unknown one comes with 'not judged'."""
    return ORDER.index(str(verdict)) if str(verdict) in ORDER else ORDER.index("not judged")


def attention(row: Mapping[str, object]) -> tuple[int, float, float]:
    """Return a key that sorts the rows of a quality table: worst verdict, lowest robust Z′, most varied negative controls."""
    z, cv = real(row["robust_z_prime"]), real(row["cv_negative"])
    return rank(row["verdict"]), float("inf") if z is None else z, 0.0 if cv is None else -cv


def worst_first(quality: pd.DataFrame, plates: Sequence[str]) -> list[str]:
    """Return the plates, those that need most attention first; ties in order of name."""
    keys: dict[str, tuple[int, float, float]] = {}
    for row in records(quality):
        key = attention(row)
        keys[str(row["plate"])] = min(keys.get(str(row["plate"]), key), key)
    return sorted(plates, key=lambda plate: (*keys.get(plate, (len(ORDER), 0.0, 0.0)), plate))


def overall(quality: pd.DataFrame, readout: str) -> str:
    """Return one verdict on a read-out: the worst over its plates, '' where none was given."""
    verdicts = quality.loc[quality["readout"] == readout, "verdict"].dropna()
    return min((str(verdict) for verdict in verdicts), key=rank, default="")


def quality_sentences(quality: pd.DataFrame, readout: str, label: str) -> list[str]:
    """Return the verdict on a read-out and why, in two or three sentences."""
    rows = quality[quality["readout"] == readout]
    if rows.empty:
        return [f"The quality of {label} was not judged."]
    verdict = overall(quality, readout)
    sentences = [_verdict(rows, verdict, label)]
    z = rows["z_prime"].dropna().astype(float)
    if len(z) == 1:
        sentences.append(f"Z′ is {fixed(z.iloc[0], 2)} (0.5 or more separates the controls well; 1 would be perfect).")
    elif len(z) > 1:
        sentences.append(
            f"Z′ has the median {fixed(z.median(), 2)} over {count(rows['plate'].nunique(), 'plate')} "
            f"({fixed(z.min(), 2)} to {fixed(z.max(), 2)}; 0.5 or more separates the controls well)."
        )
    if verdict != "good":
        sentences.append(_reason(rows))
    return [sentence for sentence in sentences if sentence]


def _verdict(rows: pd.DataFrame, verdict: str, label: str) -> str:
    plates = rows["plate"].nunique()
    if rows["verdict"].nunique() == 1:
        over = f" of all {plates} plates" if plates > 1 else ""
        if verdict == "not judged":
            return f"By the controls{over} the quality of {label} could not be judged."
        return f"By the controls{over} the quality of {label} is {verdict}."
    counts = rows["verdict"].astype(str).value_counts()
    parts = [f"{counts[name]} {name}" for name in reversed(ORDER) if name in counts]
    unit = "plate" if len(rows) == plates else "plate and condition"
    return f"By the controls the quality of {label} is {listed(parts)} (one verdict a {unit})."


def _reason(rows: pd.DataFrame) -> str:
    """Return the reason that most of the rows in question share, and on how many of them it holds."""
    doubted = rows[rows["verdict"] != "good"]
    parts = [part.strip().rstrip(".") for text in doubted["reasons"].dropna() for part in str(text).split(";") if part.strip()]
    if not parts:
        return ""
    reason, times = Counter(map(typeset, parts)).most_common(1)[0]
    if times == len(doubted):
        return f"Reason: {reason}."
    return f"The commonest reason is: {reason} ({times} of {len(doubted)}); the others stand in the table of quality."
