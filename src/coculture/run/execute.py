"""A run from beginning to end, in a folder that survives being killed anywhere.

Order of events: lock the folder, make sure it is this run's, prepare what needs the whole plate, do the wells that are
not done, collect, analyse, write the tables, and write ``run.json`` last. Everything before ``run.json`` is either
found whole by the next run or done again, with the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from coculture.errors import DataError, FileError, Problem
from coculture.run.executors.base import Executor, WorkerDeath
from coculture.run.executors.processes import ProcessExecutor
from coculture.run.executors.serial import SerialExecutor
from coculture.run.image_plates import create_image_plates
from coculture.run.ledger import LEDGER_NAME, LedgerLine, LedgerWriter, failures, read_ledger
from coculture.run.lock import await_last_workers, only_run_in
from coculture.run.preparation_check import forget_changed_preparation
from coculture.run.recipe.recipe import Recipe
from coculture.run.recipe.writing import recipe_text
from coculture.run.resume import require_same_inputs
from coculture.run.state import RunState, begin, note_plan, state_in
from coculture.run.stored.begin import place_of_wells
from coculture.run.stored.claim import give_up
from coculture.run.well_files import forget_well
from coculture.run.wells_place import WellsPlace
from coculture.run.worker import Well, WellTask
from coculture.sources.source import Source
from coculture.store.atomic import remove_leftovers, write_bytes
from coculture.store.object_store import ObjectStore
from coculture.store.provenance import RUN_FILE
from coculture.store.store_note import noted_store

if TYPE_CHECKING:
    from coculture.screen.deconvolve.composition import Composition
    from coculture.screen.results import ScreenResult

PRELOAD = ("coculture.run.worker", "coculture.run.image_plates", "coculture.run.stored.task")
"""Modules every worker needs, whatever its source; imported once for all of them."""

Progress = Callable[[Iterator[LedgerLine], int, int], Iterator[LedgerLine]]
"""Shows progress: takes the lines as they come, the number of wells already done and of all wells, gives the lines on."""


@dataclass(frozen=True)
class Job:
    """What is to be run.

    Attributes
    ----------
    recipe : the recipe.
    source : where observations come from.
    state : the run's fingerprint.
    inputs : input files of each well, by their names relative to ``inputs_root``.
    inputs_root : folder the input names start from.
    inputs_hashes : SHA-256 of input files that belong to no well, such as the plate map.
    notes : what a reader of the results must know from before the run.
    composition : what the fractions of the screen hold, where the recipe names a table.
    """

    recipe: Recipe
    source: Source
    state: RunState
    inputs: Mapping[Well, tuple[str, ...]] = field(default_factory=dict)
    inputs_root: Path = Path()
    inputs_hashes: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    composition: Composition | None = None


@dataclass(frozen=True)
class RunOutcome:
    """What a run came to.

    Attributes
    ----------
    results : the results folder.
    result : the analysis.
    n_wells : wells of the plan.
    n_before : wells that an earlier run had done.
    failed : the wells that failed, with reasons.
    notes : what a reader must know.
    """

    results: Path
    result: ScreenResult
    n_wells: int
    n_before: int
    failed: tuple[LedgerLine, ...]
    notes: tuple[str, ...]


def execute(
    job: Job,
    results: Path,
    *,
    workers: int | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    executor: Executor | None = None,
    store: ObjectStore | None = None,
) -> RunOutcome:
    """Run ``job`` in the folder ``results``, or go on with the run that was begun there.

    Parameters
    ----------
    job : what is to be run.
    results : the results folder; made where it does not exist.
    workers : number of processes; 1 is no second process; None is one per processor.
    fresh : remove what an earlier run left here and start over.
    progress : shows how far it is.
    executor : does the wells, in place of this machine's processes.
    store : where the wells' files are to lie; None: where the run began to keep them, else in the results folder.

    Raises
    ------
    FileError : if the folder cannot be used, or another run is writing to it, or the store does not answer or refuses.
    InputError : if another run (recipe, inputs, version, store) was begun here.
    DataError : if no well could be done, or the wells cannot support the analysis.
    """
    started = datetime.now().astimezone()
    results = _made(results).resolve()
    with only_run_in(results):
        await_last_workers(results)
        before = noted_store(results)
        if fresh and before is not None and state_in(results) is not None:
            give_up(before)
        begin(results, job.state, fresh=fresh)
        place = place_of_wells(results, store, None if fresh else before, cells_too=job.recipe.profiles is not None)
        remove_leftovers(results)
        forget_changed_preparation(results)
        (results / RUN_FILE).unlink(missing_ok=True)
        write_bytes(results / "recipe.toml", recipe_text(job.recipe).encode())
        job.source.prepare(results)
        wells = job.source.wells()
        note_plan(results, len(wells))
        if job.recipe.keeps_images:
            create_image_plates(results, job.source.plate_map.layout, wells)
        chosen = executor or _executor(workers, len(wells), job.source)
        lines, n_before = _do_wells(job, results, wells, place, chosen, progress)
        return _finish(job, results, wells, lines, place, n_before, started)


def _made(results: Path) -> Path:
    """Return the results folder, made where it was not there."""
    try:
        results.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        remedy = "name another folder with -o, or mend your rights there"
        raise FileError(f"the results folder cannot be made: {error.strerror or error}", str(results), remedy) from error
    return results


def _executor(workers: int | None, n_wells: int, source: Source) -> Executor:
    wanted = min(workers or _processors(), max(n_wells, 1))
    return SerialExecutor() if wanted == 1 else ProcessExecutor(wanted, (*PRELOAD, type(source).__module__))


def _processors() -> int:
    """Return how many processors this process may use, which on a shared machine is fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _do_wells(
    job: Job, results: Path, wells: Sequence[Well], place: WellsPlace, executor: Executor, progress: Progress | None
) -> tuple[dict[Well, LedgerLine], int]:
    """Do the wells that the ledger does not show as done; return the last line of each well, and how many were done before."""
    path = results / LEDGER_NAME
    known = read_ledger(path)
    standing = place.standing(known[key] for key in wells if key in known)
    lines = {key: known[key] for key in wells if key in standing}
    require_same_inputs(lines.values(), job.inputs_root, results)
    to_do = [key for key in wells if key not in lines]
    n_before = len(lines)
    if to_do:
        task = place.task(WellTask(job.source, results, job.inputs, job.inputs_root, job.recipe.keeps_images))
        arriving = _recorded(executor, task, to_do, path)
        try:
            for line in progress(arriving, n_before, len(wells)) if progress else arriving:
                lines[line.key] = line
        finally:
            remove_leftovers(results)  # of workers that died or were ended; none is left now
    return lines, n_before


def _recorded(executor: Executor, task: Callable[[Well], LedgerLine], to_do: Sequence[Well], path: Path) -> Iterator[LedgerLine]:
    """Do the wells, and yield the line of each once it is in the ledger."""
    with LedgerWriter(path) as ledger:
        for (plate, well), outcome in executor.results(task, to_do):
            line = outcome
            if isinstance(line, WorkerDeath):
                line = LedgerLine(plate, well, status="failed", reason=line.reason)
            ledger.append(line)
            yield line


def _common_reasons(failed: Sequence[LedgerLine], most: int = 3) -> Iterator[Problem]:
    """Yield why wells failed, each reason once, with the first well it struck."""
    first = {line.reason: line for line in reversed(failed)}
    for line in sorted(first.values(), key=lambda line: line.key)[:most]:
        yield Problem(f"no well could be done; the first to fail said: {line.reason}", f"{line.plate} {line.well}")


def _finish(
    job: Job,
    results: Path,
    wells: Sequence[Well],
    lines: Mapping[Well, LedgerLine],
    place: WellsPlace,
    n_before: int,
    started: datetime,
) -> RunOutcome:
    from coculture.run import finish  # brings the screening engine, which takes seconds to import and is needed only now

    done = [key for key in wells if lines[key].status == "done"]
    failed = failures(lines.values())
    for line in failed:
        forget_well(results, line.plate, line.well)
        place.forget(line.plate, line.well)
    if not done:
        raise DataError(_common_reasons(failed))
    done_lines = [lines[key] for key in done]
    place.settle(done_lines)
    if job.recipe.keeps_images:
        place.finish_images(wells)
    collected = finish.collect(results, job.source.plate_map, done, job.recipe)
    table = collected.wells
    if not collected.fields.empty:
        fields = finish.judged_fields(collected.fields)
        finish.write_fields(results, fields)
        table = finish.count_flagged(table, fields)
    outcome = finish.write_results(results, table, job.recipe, job.composition)
    inputs = dict(job.inputs_hashes) | {name: hashed for key in done for name, hashed in lines[key].inputs.items()}
    notes = (*job.notes, *collected.notes, *outcome.notes)
    known = {name: hashed for line in done_lines for name, hashed in (line.outputs | line.folders).items()}
    finish.account(results, job.recipe, inputs, notes, failed, started, known, place.elsewhere(done_lines))
    return RunOutcome(results, outcome, len(wells), n_before, failed, notes)
