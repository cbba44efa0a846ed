"""Bring the files of a run's wells from the store into the results folder, each checked against its checksum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from coculture.errors import FileError, InputError
from coculture.run.ledger import LEDGER_NAME, LedgerLine, read_ledger
from coculture.run.lock import only_run_in
from coculture.run.stored.wells import stored_checksums
from coculture.store.atomic import remove_leftovers
from coculture.store.brought import bring
from coculture.store.checksums import hash_file, hash_folder
from coculture.store.index import INDEX_FILE, build_index
from coculture.store.object_store import AT_ONCE
from coculture.store.provenance import RUN_FILE, note_file
from coculture.store.store_note import LEFT_THERE, NOTE_FILE, StoreNote, noted_store

KINDS = (*LEFT_THERE, "doses", "medium", "images", "rendered")
"""What can be fetched, by the first step of its name."""

Shown = Callable[[Iterator[str], int], Iterator[str]]
"""Shows progress: takes the names of parts as they come and how many there will be, gives the names on."""


@dataclass(frozen=True)
class Fetched:
    """What came.

    Attributes
    ----------
    n_before : parts that were here already, with the right bytes.
    n_fetched : parts that were brought; the images of a well count as one.
    url : where from.
    """

    n_before: int
    n_fetched: int
    url: str


def fetch_wells(results: Path, plates: Sequence[str] = (), kinds: Sequence[str] = (), shown: Shown | None = None) -> Fetched:
    """Bring the files of wells into the results folder. What is there already stays, so a fetch that was stopped goes on.

    Parameters
    ----------
    results : the results folder of a run with a store.
    plates : names of plates; none is all.
    kinds : of :data:`KINDS`; none is all.
    shown : shows how far it is.

    Raises
    ------
    FileError : if the folder's wells lie in no store, a run is writing there, or a file cannot be written.
    InputError : if the run has no such plate.
    StoreError : if the store does not answer, or an object is missing or has other bytes than were written.
    """
    note = noted_store(results) if results.is_dir() else None
    if note is None:
        raise FileError("no wells of this folder lie in a store", str(results), "name the results of a run with --store")
    with only_run_in(results):
        remove_leftovers(results)
        lines = [line for line in read_ledger(results / LEDGER_NAME).values() if line.status == "done"]
        _require_plates(plates, lines, results)
        wanted = stored_checksums(line for line in lines if not plates or line.plate in plates)
        chosen = {name: hashed for name, hashed in wanted.items() if name.split("/")[0] in (kinds or KINDS)}
        missing = [name for name, hashed in chosen.items() if _here(results / name) != hashed]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            arriving = pool.map(lambda name: _fetched(results, note, name, chosen[name]), missing)
            for _ in shown(arriving, len(missing)) if shown else arriving:
                pass
        if not plates:
            _note_complete(results, note, kinds or KINDS)
    return Fetched(len(chosen) - len(missing), len(missing), note.url)


def _require_plates(plates: Sequence[str], lines: Sequence[LedgerLine], results: Path) -> None:
    known = sorted({line.plate for line in lines})
    unknown = [plate for plate in plates if plate not in known]
    if unknown:
        raise InputError(f"there is no plate {', '.join(unknown)}", str(results), "the plates are " + ", ".join(known[:20]))


def _here(path: Path) -> str | None:
    """Return the checksum of a file or folder that is here, None where it is not."""
    if path.is_dir():
        return hash_folder(path)
    return hash_file(path) if path.exists() else None


def _fetched(results: Path, note: StoreNote, name: str, hashed: str) -> str:
    bring(results, note, name, hashed)
    return name


def _note_complete(results: Path, note: StoreNote, kinds: Sequence[str]) -> None:
    """Note that all tables of some kinds are here, and let the index of a finished run show them."""
    here = tuple(kind for kind in LEFT_THERE if kind in (*note.here, *kinds))
    if here == note.here:
        return
    replace(note, here=here).write(results)
    if (results / RUN_FILE).exists():
        build_index(results)
        note_file(results, INDEX_FILE)
        note_file(results, NOTE_FILE)
