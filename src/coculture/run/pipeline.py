"""The ways from a recipe to a results folder: images of plates, virtual wells, and a table of wells."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from coculture.errors import InputError
from coculture.run.check.finding import Finding, errors_of, in_one_line, warnings_of
from coculture.run.check.virtual import check_virtual_plan, try_virtual_plan
from coculture.run.check.whole import check_plan, try_plan
from coculture.run.cluster import ClusterExecutor
from coculture.run.composition_file import composition_path, read_composition
from coculture.run.execute import Progress, RunOutcome, execute
from coculture.run.finish import account, write_results
from coculture.run.loaded_wells import load_wells
from coculture.run.lock import only_run_in
from coculture.run.microscope_job import microscope_job
from coculture.run.plan import make_plan
from coculture.run.recipe.reading import read_recipe
from coculture.run.recipe.recipe import default_results
from coculture.run.recipe.sources import WellsSource
from coculture.run.recipe.virtual import VirtualSource
from coculture.run.recipe.writing import recipe_text
from coculture.run.state import begin, state_in, state_of
from coculture.run.virtual_job import virtual_job
from coculture.run.virtual_plan import make_virtual_plan
from coculture.store.atomic import remove_leftovers, write_bytes
from coculture.store.checksums import hash_file
from coculture.store.object_store import ObjectStore
from coculture.store.provenance import RUN_FILE
from coculture.store.store_note import noted_store


def run_screen(
    recipe: Path,
    out: Path | None = None,
    *,
    images: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    store: str | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> RunOutcome:
    """Run a recipe, or go on with its run where it was stopped.

    Parameters
    ----------
    recipe : the recipe's file.
    out : the results folder; None is ``results`` beside the recipe.
    images : folder of images instead of the recipe's.
    workers : number of processes; None is one per processor.
    scheduler : address of a Dask scheduler, whose workers do the wells in place of this machine's processes. They must see
        the images under the same names, and the results folder too, unless there is a store. A table of wells is analysed
        here all the same.
    store : address of an object store for the wells' files, such as ``s3://bucket/screen1``; None is where the run began to
        keep them, else the results folder.
    fresh : start over.
    progress : shows how far it is.

    Raises
    ------
    CocultureError : with everything the check finds wrong, before anything is written; see also ``execute``.
    """
    if scheduler is not None:
        recipe, images = recipe.resolve(), images.resolve() if images else None  # workers stand in other folders
    loaded = read_recipe(recipe, images=images)
    results = out or default_results(recipe)
    if isinstance(loaded.settings.source, WellsSource):
        if store is not None:
            raise InputError("a table of wells has no files to keep in a store", "--store", "leave it out")
        return analyse_wells(None, recipe, results)
    place = _store_of(store, results, fresh=fresh)
    executor = ClusterExecutor(scheduler, results, place) if scheduler is not None else None
    if isinstance(loaded.settings.source, VirtualSource):
        virtual = make_virtual_plan(loaded)
        found = try_virtual_plan(virtual, check_virtual_plan(virtual, results)).findings
        _refuse(found)
        job = virtual_job(virtual, (*virtual.notes, *map(in_one_line, warnings_of(found))))
        return execute(job, results, workers=workers, fresh=fresh, progress=progress, executor=executor, store=place)
    plan = make_plan(loaded)
    findings = try_plan(plan, check_plan(plan, results)).findings
    _refuse(findings)
    notes = (*plan.notes, *map(in_one_line, warnings_of(findings)))
    job = microscope_job(plan, notes)
    return execute(job, results, workers=workers, fresh=fresh, progress=progress, executor=executor, store=place)


def _store_of(address: str | None, results: Path, *, fresh: bool) -> ObjectStore | None:
    """Return the store that is asked for, else the one that the run in the folder began with."""
    if address is not None:
        return ObjectStore.at(address)
    note = None if fresh else noted_store(results)
    return note.store if note else None


def _refuse(findings: list[Finding]) -> None:
    problems = errors_of(findings)
    if problems:
        raise InputError(problems)


def analyse_wells(table: Path | None, recipe: Path, out: Path | None = None) -> RunOutcome:
    """Analyse a table of wells and write the results folder.

    Parameters
    ----------
    table : the table; None is the one the recipe names.
    recipe : a recipe whose source is of wells.
    out : the results folder; None is ``results`` beside the recipe.

    Raises
    ------
    CocultureError : with everything that is wrong with recipe, table or folder.
    """
    started = datetime.now().astimezone()
    read = load_wells(table, recipe)
    results = (out or default_results(recipe)).resolve()
    findings = read.findings(results)
    _refuse(findings)
    settings = read.loaded.settings
    hashed, composition = hash_file(read.file), read_composition(read.loaded)
    results.mkdir(parents=True, exist_ok=True)
    with only_run_in(results):
        state, before = state_of(settings, {}, hashed), state_in(results)
        images_before = before is not None and before.recipe.get("source", {}).get("kind") != "wells"
        begin(results, state, fresh=not images_before)  # nothing of an earlier analysis is worth keeping; a run of images is
        remove_leftovers(results)
        (results / RUN_FILE).unlink(missing_ok=True)
        write_bytes(results / "recipe.toml", recipe_text(settings).encode())
        outcome = write_results(results, read.wells, settings, composition)
        notes = (*map(in_one_line, warnings_of(findings)), *outcome.notes)
        table_file = composition_path(read.loaded)
        inputs = {file.name: hash_file(file) for file in (table_file,) if file} | {read.file.name: hashed}
        account(results, settings, inputs, notes, (), started)
    return RunOutcome(results, outcome, len(read.wells), 0, (), notes)
