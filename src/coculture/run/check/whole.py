"""The whole check of a recipe."""

from __future__ import annotations

from pathlib import Path

from coculture.run.check.analysis import check_analysis
from coculture.run.check.cell_types import check_cell_types
from coculture.run.check.finding import Finding, errors_of
from coculture.run.check.images import check_images
from coculture.run.check.mixtures import check_mixtures
from coculture.run.check.output import check_output
from coculture.run.check.readouts import check_readouts
from coculture.run.check.report import CheckReport
from coculture.run.check.time import check_time
from coculture.run.check.trial import try_one_field
from coculture.run.check.virtual import check_virtual_plan, try_virtual_plan
from coculture.run.check.wells import check_wells
from coculture.run.input_files import input_size
from coculture.run.loaded_wells import load_wells
from coculture.run.plan import Plan, make_plan
from coculture.run.recipe.reading import read_recipe
from coculture.run.recipe.recipe import default_results
from coculture.run.recipe.sources import WellsSource
from coculture.run.recipe.virtual import VirtualSource
from coculture.run.virtual_plan import make_virtual_plan


def check_plan(plan: Plan, results: Path, *, every_file: bool = False) -> list[Finding]:
    """Find everything that is wrong with a plan of images, short of trying it.

    Parameters
    ----------
    plan : what the recipe came to.
    results : the results folder.
    every_file : read every image's header, however many there are.
    """
    settings = plan.loaded.settings
    imaged = plan.plate_map.wells.set_index(["plate", "well"], drop=False).loc[list(plan.wells)].reset_index(drop=True)
    findings = check_images(plan, every_file=every_file)
    if plan.wells:
        findings += check_wells(imaged, where=str(plan.map_file), curves=settings.dose_response.model != "none")
        findings += check_analysis(settings, imaged, file=str(plan.loaded.path)) + check_mixtures(plan.loaded, imaged)
    findings += check_readouts(settings, str(plan.loaded.path), plan.index.channels, is_series=plan.is_series)
    findings += check_time(settings, str(plan.loaded.path), is_series=plan.is_series)
    findings += check_cell_types(plan)
    kept = image_bytes(plan) if settings.store.images else 0
    return findings + check_output(results, n_wells=len(plan.wells), image_bytes=kept)


def try_plan(plan: Plan, findings: list[Finding]) -> CheckReport:
    """Try one field where nothing is wrong so far, and report everything."""
    facts: tuple[str, ...] = (_facts(plan), *plan.notes)
    if not errors_of(findings):
        tried, fact = try_one_field(plan)
        findings, facts = findings + tried, (*facts, *([fact] if fact else []))
    return CheckReport(findings, facts)


def image_bytes(plan: Plan) -> int:
    """Return the size of the image files of the plan's wells."""
    names = {name for files in plan.inputs().values() for name in files}
    return sum(input_size(path) for path in (plan.index.root / name for name in names) if path.exists())


def check_recipe(recipe: Path, out: Path | None = None, *, images: Path | None = None, every_file: bool = False) -> CheckReport:
    """Check a recipe of either kind of source.

    Parameters
    ----------
    recipe : the recipe's file.
    out : the results folder; None is ``results`` beside the recipe.
    images : folder of images instead of the recipe's.
    every_file : read every image's header, however many there are.

    Raises
    ------
    CocultureError : if recipe, plate map, images or table cannot be read at all; with everything that is wrong with them.
    """
    loaded = read_recipe(recipe, images=images)
    results = out or default_results(recipe)
    if isinstance(loaded.settings.source, WellsSource):
        table = load_wells(None, recipe)
        facts = (f"{len(table.wells)} wells on {len(table.plate_map.plates)} plates, from {table.file}",)
        return CheckReport(table.findings(results), facts)
    if isinstance(loaded.settings.source, VirtualSource):
        virtual = make_virtual_plan(loaded)
        return try_virtual_plan(virtual, check_virtual_plan(virtual, results))
    plan = make_plan(loaded)
    return try_plan(plan, check_plan(plan, results, every_file=every_file))


def _facts(plan: Plan) -> str:
    index = plan.index
    size = f"{index.shape[1]} x {index.shape[0]} pixels of {index.pixel_size_um:g} µm, {index.dtype}"
    return (
        f"{len(plan.wells)} wells on {len(index.plates)} plates, {index.frame['path'].nunique()} files, "
        f"{len(index.channels)} channels, {size}"
    )
