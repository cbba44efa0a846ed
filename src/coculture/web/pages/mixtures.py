"""What carries a mixture's activity, what compounds do together, what arrives of a carrier's dose: the report's sections."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from coculture.report.sections.combinations import CombinationsSection, combinations_section
from coculture.report.sections.doses import DosesSection, doses_section
from coculture.report.sections.mixtures import MixturesSection, mixtures_section
from coculture.report.templating import Numbering
from coculture.web.asked import Screen
from coculture.web.rendering import page

router = APIRouter()


@dataclass(frozen=True)
class Sections:
    """What the report's templates may use."""

    mixtures: MixturesSection | None
    combinations: CombinationsSection | None
    doses: DosesSection | None
    confidence: int


@router.get("/screens/{screen}/mixtures")
def mixtures(request: Request, screen: str, contents: Screen) -> Response:
    """Show extracts, formulas and combinations."""
    if not contents.has("wells"):
        return page(request, "nothing.html.j2", screen=screen, name=contents.name, why="no_wells")
    results = contents.results
    found = Sections(mixtures_section(results), combinations_section(results), doses_section(results), results.confidence)
    anything = any(part is not None for part in (found.mixtures, found.combinations, found.doses))
    return page(
        request, "mixtures.html.j2", screen=screen, name=contents.name, page=found, numbered=Numbering(), anything=anything
    )
