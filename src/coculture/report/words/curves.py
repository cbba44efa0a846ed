"""What a fitted curve says, in words."""

from __future__ import annotations

from collections.abc import Mapping

from coculture.report.language import retell, say
from coculture.report.reading import Results
from coculture.report.records import records
from coculture.report.words.numbers import dose, real, significant, span, text_of

MOST_QUOTED = 4
"""With more fitted compounds, the summary leaves EC50s to the section of dose curves."""


def ec50_in_words(fit: Mapping[str, object]) -> str:
    """Return the EC50 with unit and interval as it may be quoted, '' where there is none."""
    quoted = retell(text_of(fit["ec50_text"]))
    if quoted or real(fit["ec50"]) is None:
        return quoted
    low, high = real(fit["ec50_low"]), real(fit["ec50_high"])
    interval = f" ({span(significant(low), significant(high))})" if low is not None and high is not None else ""
    return dose(fit["ec50"], fit["dose_unit"]) + interval


def fit_in_words(fit: Mapping[str, object]) -> str:
    """Return the EC50, or why there is none, and what a reader must know."""
    quoted = ec50_in_words(fit)
    named = any(character.isdigit() for character in quoted) and not quoted.startswith("EC50")
    parts = [
        f"EC50 {quoted}" if named else quoted or retell(text_of(fit["status"])) or say("no fit"),
        retell(text_of(fit["note"])),
    ]
    return say("; ").join(part.strip().rstrip(".") for part in parts if part)


def half_effects(results: Results) -> str:
    """Return a sentence with the primary read-out's EC50s where few compounds have one, '' otherwise."""
    primary = results.primary
    if primary is None:
        return ""
    fits = [row for row in records(results.curves[results.curves["readout"] == primary.name]) if real(row["ec50"]) is not None]
    if not 0 < len(fits) <= MOST_QUOTED:
        return ""
    return say("EC50: {fits}.", fits=say("; ").join(_named(fit) for fit in fits))


def _named(fit: Mapping[str, object]) -> str:
    arm = text_of(fit["condition"])
    return f"{text_of(fit['compound'])}{f' [{arm}]' if arm else ''} {ec50_in_words(fit)}"
