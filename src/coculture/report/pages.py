"""The report: one page that needs nothing beside itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from coculture.report.language import USUAL, speaking
from coculture.report.reading import Results, read_results
from coculture.report.sections.classes import ClassesSection, classes_section
from coculture.report.sections.combinations import CombinationsSection, combinations_section
from coculture.report.sections.contacts import ContactsSection, contacts_section
from coculture.report.sections.contrasts import ContrastsSection, contrasts_section
from coculture.report.sections.controls import ControlsSection, controls_section
from coculture.report.sections.curves import CurvesSection, curves_section
from coculture.report.sections.doses import DosesSection, doses_section
from coculture.report.sections.failures import FailuresSection, failed_wells, failures_section
from coculture.report.sections.fields import FieldsSection, fields_section
from coculture.report.sections.hits import HitsSection, hits_section
from coculture.report.sections.images import ImagesSection, images_section
from coculture.report.sections.methods import MethodsSection, methods_section
from coculture.report.sections.migration import MigrationSection, migration_section
from coculture.report.sections.mixtures import MixturesSection, mixtures_section
from coculture.report.sections.outlines import OutlinesSection, outlines_section
from coculture.report.sections.overlays import OverlaysSection, overlays_section
from coculture.report.sections.plates import PlatesSection, plates_section
from coculture.report.sections.profiles import ProfilesSection, profiles_section
from coculture.report.sections.quality import QualitySection, quality_section
from coculture.report.sections.summary import SummarySection, summary_section
from coculture.report.sections.tracked import tracked_groups
from coculture.report.templating import TEMPLATES, Numbering, environment_of
from coculture.store.atomic import write_bytes
from coculture.store.provenance import note_file

REPORT_FILE = "report.html"


@dataclass(frozen=True)
class Page:
    """Everything the page's template may use; a section is None where the results cannot fill it."""

    version: str
    confidence: int
    summary: SummarySection
    quality: QualitySection | None
    plates: PlatesSection | None
    controls: ControlsSection | None
    hits: HitsSection | None
    contrasts: ContrastsSection | None
    classes: ClassesSection | None
    curves: CurvesSection | None
    doses: DosesSection | None
    combinations: CombinationsSection | None
    mixtures: MixturesSection | None
    profiles: ProfilesSection | None
    contacts: ContactsSection | None
    migration: MigrationSection | None
    overlays: OverlaysSection | None
    images: ImagesSection | None
    outlines: OutlinesSection | None
    fields: FieldsSection | None
    failures: FailuresSection
    methods: MethodsSection


def write_report(results: Path, language: str | None = None) -> Path:
    """Write ``report.html`` into the results folder and return its path.

    The page is drawn from the folder alone and carries everything it shows; the same results give the same bytes.

    Parameters
    ----------
    results : folder that a run or an analysis wrote; only ``wells.parquet`` must be in it.
    language : tag of the page's language; None: ``report.language`` of the recipe, else English.

    Raises
    ------
    FileError : if the folder holds no well table, a file in it cannot be read, or the page cannot be written.
    InputError : if there is no such language.
    """
    path = results / REPORT_FILE
    write_bytes(path, _in_its_language(read_results(results), language).encode())
    note_file(results, REPORT_FILE)
    return path


def _in_its_language(results: Results, language: str | None) -> str:
    with speaking(language or str(results.section("report").get("language") or USUAL)):
        return render(make_page(results))


def make_page(results: Results) -> Page:
    """Return what the page shows."""
    failures = failures_section(results)
    tracked = tracked_groups(results)
    return Page(
        version=str((results.run.get("versions") or {}).get("coculture", "")),
        confidence=results.confidence,
        summary=summary_section(results, failures.n_all),
        quality=quality_section(results),
        plates=plates_section(results, ((failed.plate, failed.well) for failed in failed_wells(results.ledger))),
        controls=controls_section(results),
        hits=hits_section(results),
        contrasts=contrasts_section(results),
        classes=classes_section(results),
        curves=curves_section(results),
        doses=doses_section(results),
        combinations=combinations_section(results),
        mixtures=mixtures_section(results),
        profiles=profiles_section(results),
        contacts=contacts_section(results),
        migration=migration_section(results, tracked),
        overlays=overlays_section(results, tracked),
        images=images_section(results),
        outlines=outlines_section(results),
        fields=fields_section(results),
        failures=failures,
        methods=methods_section(results),
    )


def render(page: Page) -> str:
    """Return the page as HTML text."""
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    return _environment().get_template("report.html.j2").render(page=page, style=style, numbered=Numbering())


@cache
def _environment() -> Environment:
    return environment_of()
