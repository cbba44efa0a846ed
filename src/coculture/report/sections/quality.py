"""Table of verdicts: can the data of each plate be trusted?"""

from __future__ import annotations

from dataclasses import dataclass

from coculture.report.language import retell, say
from coculture.report.reading import Results
from coculture.report.readouts import spoken
from coculture.report.records import records
from coculture.report.words.numbers import MISSING, fixed, in_percent, significant, text_of, typeset
from coculture.report.words.quality import attention

MOST_ROWS = 40


@dataclass(frozen=True)
class QualityRow:
    """One plate and read-out, every number as text."""

    plate: str
    readout: str
    condition: str
    verdict: str
    z_prime: str
    robust_z_prime: str
    ssmd: str
    signal_to_background: str
    cv_negative: str
    n_negative: str
    n_positive: str
    reasons: str


@dataclass(frozen=True)
class QualitySection:
    """What the template of the quality table may use."""

    rows: tuple[QualityRow, ...]
    has_condition: bool
    has_positive: bool
    statement: str = ""


def quality_section(results: Results) -> QualitySection | None:
    """Return the section, the worst plates first where there are too many for the page; None where nothing was judged."""
    quality = results.quality
    if quality.empty:
        return None
    labels = {readout.name: readout.label for readout in results.readouts}
    order = {readout.name: place for place, readout in enumerate(results.readouts)}
    found = records(quality)
    found.sort(key=lambda row: (order.get(str(row["readout"]), 99), str(row["plate"]), text_of(row["condition"])))
    statement = ""
    if len(found) > MOST_ROWS:
        total = len(found)
        found.sort(key=lambda row: (*attention(row), order.get(str(row["readout"]), 99), str(row["plate"])))
        found = found[:MOST_ROWS]
        statement = say("The {n} rows that need most attention of {all}; all stand in quality.parquet.", n=MOST_ROWS, all=total)
    rows = tuple(
        QualityRow(
            plate=str(row["plate"]),
            readout=labels.get(str(row["readout"]), spoken(str(row["readout"]))),
            condition=text_of(row["condition"]),
            verdict=text_of(row["verdict"]) or "not judged",
            z_prime=fixed(row["z_prime"], 2),
            robust_z_prime=fixed(row["robust_z_prime"], 2),
            ssmd=fixed(row["ssmd"], 1),
            signal_to_background=significant(row["signal_to_background"]),
            cv_negative=in_percent(row["cv_negative"], 1),
            n_negative=fixed(row["n_negative"], 0),
            n_positive=fixed(row["n_positive"], 0),
            reasons=typeset(retell(text_of(row["reasons"]))),
        )
        for row in found
    )
    return QualitySection(rows, any(row.condition for row in rows), any(row.ssmd != MISSING for row in rows), statement)
