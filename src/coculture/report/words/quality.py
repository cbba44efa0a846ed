"""The verdict on a screen's quality, in order and in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from coculture.report.words.numbers import count, fixed, is_missing, listed

ORDER = ("poor", "usable", "not judged", "good")
"""Verdicts from the one that needs most attention to the one that needs none."""


def rank(verdict: object) -> int:
    """Return the place of a verdict in :data:`ORDER`; an unknown one comes with 'not judged'."""
    return ORDER.index(str(verdict)) if str(verdict) in ORDER else ORDER.index("not judged")


def worst_first(quality: pd.DataFrame, plates: Sequence[str]) -> list[str]:
    """Return the plates, those of the worst verdict and lowest robust Z′ first; ties in order of name."""
    keys: dict[str, tuple[int, float]] = {}
    for plate, verdict, z in zip(quality["plate"], quality["verdict"], quality["robust_z_prime"], strict=True):
        key = (rank(verdict), float("inf") if is_missing(z) else float(z))
        keys[str(plate)] = min(keys.get(str(plate), key), key)
    return sorted(plates, key=lambda plate: (*keys.get(plate, (rank(""), float("inf"))), plate))


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
            f"Z′ has the median {fixed(z.median(), 2)} over {count(len(z), 'plate')} ({fixed(z.min(), 2)} to {fixed(z.max(), 2)})."
        )
    reasons = list(dict.fromkeys(str(text).strip().rstrip(".") for text in rows["reasons"].dropna() if str(text).strip()))
    if verdict != "good" and 0 < len(reasons) <= 2:
        sentences.append(f"Reason: {'; '.join(reasons)}.")
    elif verdict != "good" and len(reasons) > 2:
        sentences.append("The reasons stand with each plate in the table of quality.")
    return sentences


def _verdict(rows: pd.DataFrame, verdict: str, label: str) -> str:
    if len(rows) == 1:
        if verdict == "not judged":
            return f"The quality of {label} could not be judged."
        return f"By its controls the quality of {label} is {verdict}."
    counts = rows["verdict"].astype(str).value_counts()
    parts = [f"{counts[name]} {name}" for name in reversed(ORDER) if name in counts]
    return f"By its controls the quality of {label} is {listed(parts)} over {count(len(rows), 'plate')}."
