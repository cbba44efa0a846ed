"""The top of the page: what was screened, whether it can be trusted, what came out, what cannot be concluded."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.report.language import mark, say
from coculture.report.reading import Results
from coculture.report.readouts import spoken
from coculture.report.records import flags, is_contrast
from coculture.report.words.cautions import cautions
from coculture.report.words.curves import half_effects
from coculture.report.words.numbers import is_missing, typeset
from coculture.report.words.quality import overall
from coculture.report.words.summary import found, screened, trusted
from coculture.report.words.swapped_controls import swapped_controls


@dataclass(frozen=True)
class Figure:
    """A number that stands large at the top, and what it counts."""

    value: str
    name: str
    tone: str = ""


@dataclass(frozen=True)
class SummarySection:
    """What the template of the summary may use."""

    title: str
    description: str
    figures: tuple[Figure, ...]
    screened: tuple[str, ...]
    trusted: tuple[str, ...]
    found: tuple[str, ...]
    alert: str
    cautions: tuple[str, ...]
    notes: tuple[str, ...]
    verdict: str


def summary_section(results: Results, n_failed: int) -> SummarySection:
    """Return the section."""
    screen = results.section("screen")
    title = str(results.section("report").get("title") or spoken(str(screen.get("name") or results.folder.name)))
    primary = results.primary
    verdict = overall(results.quality, primary.name) if primary else ""
    notes = results.run.get("notes")
    return SummarySection(
        title=title,
        description=str(screen.get("description") or ""),
        figures=tuple(_figures(results, verdict, n_failed)),
        screened=tuple(screened(results)),
        trusted=tuple(trusted(results)),
        found=tuple(sentence for sentence in (*found(results), half_effects(results)) if sentence),
        alert=swapped_controls(results),
        cautions=cautions(results),
        notes=tuple(typeset(str(note)) for note in notes) if isinstance(notes, list) else (),
        verdict=verdict,
    )


def _figures(results: Results, verdict: str, n_failed: int) -> list[Figure]:
    figures = []
    primary = results.primary
    if primary is not None and len(results.hits):
        rows = results.hits[results.hits["readout"] == primary.name]
        contrast = is_contrast(rows)
        if contrast.any():
            differ = int(flags(rows.loc[contrast, "hit"]).sum())
            told = say("of {n:,} compounds differ between conditions", n=int(contrast.sum()))
            figures.append(Figure(f"{differ:,}", told))
        if (~contrast).any():
            hits = int(flags(rows.loc[~contrast, "hit"]).sum())
            told = mark("hit of {n:,}") if hits == 1 else mark("hits of {n:,}")
            figures.append(Figure(f"{hits:,}", say(told, n=int((~contrast).sum()))))
    if verdict:
        figures.append(Figure(say(verdict), say("data quality"), tone=verdict.replace(" ", "-")))
    figures.append(Figure(f"{len(results.plates):,}", say("plate") if len(results.plates) == 1 else say("plates")))
    told = say("wells measured, {n:,} failed", n=n_failed) if n_failed else say("wells measured")
    figures.append(Figure(f"{len(results.wells):,}", told))
    cells = results.wells["n_cells"].sum() if "n_cells" in results.wells else None
    if not is_missing(cells) and cells:
        figures.append(Figure(f"{int(cells):,}", say("cells")))
    return figures
