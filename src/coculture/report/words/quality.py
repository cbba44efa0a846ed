"""The verdict on a screen's quality, in order and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from coculture.report.language import mark, retell, say
from coculture.report.records import records
from coculture.report.words.numbers import count, fixed, listed, real, span, typeset

ORDER = (mark("poor"), mark("usable"), mark("not judged"), mark("good"))
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
        return [say("The quality of {label} was not judged.", label=label)]
    verdict = overall(quality, readout)
    sentences = [_verdict(rows, verdict, label)]
    z = rows["z_prime"].dropna().astype(float)
    if len(z) == 1:
        sentences.append(say("Z′ is {z} (0.5 or more separates the controls well; 1 would be perfect).", z=fixed(z.iloc[0], 2)))
    elif len(z) > 1:
        sentences.append(
            say(
                "Z′ has the median {z} over {plates} ({spread}; 0.5 or more separates the controls well).",
                z=fixed(z.median(), 2),
                plates=count(rows["plate"].nunique(), "plate"),
                spread=span(fixed(z.min(), 2), fixed(z.max(), 2)),
            )
        )
    if verdict != "good":
        sentences.append(_reason(rows))
    return [sentence for sentence in sentences if sentence]


def _verdict(rows: pd.DataFrame, verdict: str, label: str) -> str:
    plates = rows["plate"].nunique()
    if rows["verdict"].nunique() == 1:
        controls = say("By the controls of all {n} plates", n=plates) if plates > 1 else say("By the controls")
        if verdict == "not judged":
            return say("{controls} the quality of {label} could not be judged.", controls=controls, label=label)
        return say("{controls} the quality of {label} is {verdict}.", controls=controls, label=label, verdict=say(verdict))
    counts = rows["verdict"].astype(str).value_counts()
    parts = [say("{n} {kind}", n=counts[name], kind=say(name)) for name in reversed(ORDER) if name in counts]
    told = {"label": label, "verdicts": listed(parts)}
    if len(rows) == plates:
        return say("By the controls the quality of {label} is {verdicts} (one verdict a plate).", **told)
    return say("By the controls the quality of {label} is {verdicts} (one verdict a plate and condition).", **told)


def _reason(rows: pd.DataFrame) -> str:
    """Return the reason that most of the rows in question share, and on how many of them it holds."""
    doubted = rows[rows["verdict"] != "good"]
    parts = [part.strip().rstrip(".") for text in doubted["reasons"].dropna() for part in str(text).split(";") if part.strip()]
    if not parts:
        return ""
    reason, times = Counter(map(typeset, parts)).most_common(1)[0]
    reason = retell(reason)
    if times == len(doubted):
        return say("Reason: {reason}.", reason=reason)
    return say(
        "The commonest reason is: {reason} ({times} of {all}); the others stand in the table of quality.",
        reason=reason,
        times=times,
        all=len(doubted),
    )
