"""Is a results folder still what its run wrote? Every byte of it is compared with the checksums in ``run.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from coculture.errors import FileError, Problem
from coculture.run.ledger import LEDGER_NAME
from coculture.run.lock import running_process
from coculture.run.state import OURS, STATE_FILE
from coculture.run.stored.verify import stored_differences, stored_parts
from coculture.run.well_files import WORK_FOLDER
from coculture.store.checksums import hash_parts, is_unfinished, parts_of
from coculture.store.provenance import RUN_FILE
from coculture.store.seal import seal_holds
from coculture.store.store_note import StoreNote, noted_store

Kind = Literal["changed", "missing", "unreadable", "added"]

REPORT_FILE = "report.html"

AGAIN = "run the recipe again in this folder: what is missing or damaged is made anew"
REPORT_AGAIN = "write it again: coculture report"
START_OVER = "fetch it from a copy, or start over with coculture run --fresh: the run cannot go on with it"
MEND_RIGHTS = "check the disk and your rights there"


@dataclass(frozen=True)
class Difference:
    """One part of the folder that is not as the run left it.

    Attributes
    ----------
    kind : ``changed``, ``missing``, ``unreadable``, or ``added`` (among the run's own files).
    problem : what, where and what to do.
    """

    kind: Kind
    problem: Problem


@dataclass(frozen=True)
class Verified:
    """What a comparison came to.

    Attributes
    ----------
    n_parts : files compared, the images of a well counted as one.
    differences : what differs, by name.
    not_of_the_run : files beside the run's own, such as notes or exports; no fault.
    """

    n_parts: int
    differences: tuple[Difference, ...]
    not_of_the_run: tuple[str, ...]


def verify_results(results: Path) -> Verified:
    """Compare every byte of a finished results folder with the checksums its run took.

    Where the wells' files lie in a store, every byte of them is read there, and the copies here are compared too.
    Where ``run.json`` itself is damaged, that is the only difference: what it says of other files proves nothing then.

    Parameters
    ----------
    results : the folder of a run that came to its end.

    Raises
    ------
    FileError : if the folder cannot be read, is none of a finished run, or was made by a version that took no checksums.
    """
    run = _account(results)
    if run is None:
        what = "has changed since it was written, so its checksums cannot be relied on: no other file was compared"
        return Verified(1, (_difference("changed", RUN_FILE, what, results, AGAIN),), ())
    told: dict[str, str] = run["outputs"] | run["records"]
    note = noted_store(results)
    stored = stored_parts(told) if note else {}
    unreadable: list[FileError] = []
    present = set(parts_of(results, unreadable)) - {RUN_FILE}
    extra = sorted(present - told.keys())
    ours = [name for name in extra if name.split("/")[0] in (*OURS, WORK_FOLDER) and not is_unfinished(name)]
    differences = [*_blocked(unreadable), *_missing(results, told.keys() - present - stored.keys(), unreadable)]
    differences += _in_store(note, stored) if note else []
    differences += [*_compared(results, told, sorted(told.keys() & present)), *(_added(results, name) for name in ours)]
    beside = tuple(name for name in extra if name not in ours)
    return Verified(len(told) + 1, tuple(sorted(differences, key=lambda one: one.problem.where)), beside)


def _in_store(note: StoreNote, stored: dict[str, str]) -> list[Difference]:
    """Return what differs in the store, told by its address."""
    words = {"changed": "has changed since the run", "missing": "is missing", "added": "is not of this run"}
    found = stored_differences(note, stored)
    remedies = {"added": "remove it"}
    return [
        Difference(one.kind, Problem(words[one.kind], f"{note.url}/{one.name}", remedies.get(one.kind, AGAIN))) for one in found
    ]


def _account(results: Path) -> dict[str, Any] | None:
    """Return what ``run.json`` holds, None where it is damaged."""
    try:
        content = (results / RUN_FILE).read_bytes()
    except FileNotFoundError:
        raise _unfinished(results) from None
    except NotADirectoryError:
        raise FileError("is no folder", str(results), "name the folder that 'coculture run' wrote") from None
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}", str(results / RUN_FILE), MEND_RIGHTS) from error
    try:
        run: dict[str, Any] = json.loads(content)
    except ValueError:
        return None
    if isinstance(run, dict) and "records" not in run and "seal" not in run:
        remedy = "nothing is known to be wrong with it; to have checksums, run its recipe again with this version"
        raise FileError("an earlier version made this folder and took no checksums of all its files", str(results), remedy)
    return run if seal_holds(content) else None


def _unfinished(results: Path) -> FileError:
    """Say why a folder holds no ``run.json``."""
    where = str(results)
    if not results.is_dir():
        return FileError("there is no such results folder", where, "name the folder that 'coculture run' wrote")
    if (process := running_process(results)) is not None:
        return FileError(f"not finished: a run is writing here (process {process})", where, "wait until it has finished")
    if (results / WORK_FOLDER / STATE_FILE).exists():
        remedy = "run the recipe again: it goes on where it was stopped; then verify"
        return FileError(f"not finished: a run was begun here and stopped before it wrote {RUN_FILE}", where, remedy)
    return FileError(f"the folder holds no {RUN_FILE}", where, "name the folder that 'coculture run' wrote")


def _compared(results: Path, told: dict[str, str], names: Iterable[str]) -> Iterator[Difference]:
    """Yield what cannot be read or has other bytes."""
    for name, found in hash_parts(results, names):
        if isinstance(found, FileError):
            yield _difference("unreadable", name, found.problems[0].what, results, MEND_RIGHTS)
        elif found != told[name]:
            what = "holds a file that was changed, added or lost" if name.endswith("/") else "has changed since the run"
            yield _difference("changed", name, what, results, _remedy(name))


def _missing(results: Path, names: Iterable[str], unreadable: Iterable[FileError]) -> Iterator[Difference]:
    """Yield what is not there; nothing is known of what lies in folders that cannot be read."""
    blocked = tuple(f"{error.problems[0].where}/" for error in unreadable)
    for name in names:
        if not f"{results / name}/".startswith(blocked):
            yield _difference("missing", name, "is missing", results, _remedy(name))


def _blocked(unreadable: Iterable[FileError]) -> Iterator[Difference]:
    for error in unreadable:
        problem = error.problems[0]
        yield Difference("unreadable", Problem(problem.what, problem.where, MEND_RIGHTS))


def _added(results: Path, name: str) -> Difference:
    if name == REPORT_FILE:
        return _difference("added", name, "is older than these results", results, REPORT_AGAIN)
    return _difference("added", name, "is not of this run", results, "remove it")


def _remedy(name: str) -> str:
    if name == REPORT_FILE:
        return REPORT_AGAIN
    if name in (LEDGER_NAME, f"{WORK_FOLDER}/{STATE_FILE}"):
        return START_OVER
    return AGAIN


def _difference(kind: Kind, name: str, what: str, results: Path, remedy: str) -> Difference:
    return Difference(kind, Problem(what, str(results / name), remedy))
