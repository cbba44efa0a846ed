"""Whose a place in a store is: claimed when a run begins, refused to every other run."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path

from coculture.errors import InputError
from coculture.run.ledger import LedgerLine
from coculture.store.atomic import PREFIX
from coculture.store.object_store import ObjectStore, StoreError
from coculture.store.store_note import NOTE_FILE, OWNER_NAME, StoreNote

ELSEWHERE = "give this screen an address of its own with --store, or remove what lies there"


def claim(results: Path, store: ObjectStore, before: StoreNote | None) -> StoreNote:
    """Make the place in the store this run's, or make sure that it is; return the note that now lies in the results folder.

    Parameters
    ----------
    results : the results folder, begun and locked.
    store : where the wells' files are to lie.
    before : the note an earlier start of this run left.

    Raises
    ------
    InputError : if the run began with another store.
    StoreError : if the store does not answer or refuses, or the place holds another run's files.
    """
    if before is not None and before.url != store.url:
        remedy = "leave out --store, or start over with --fresh"
        raise InputError(f"this run keeps its wells at {before.url}", str(results), remedy)
    note = before or StoreNote(store.url, uuid.uuid4().hex)
    there = store.top()
    owner = store.read(OWNER_NAME)
    if owner is None and there and before is None:
        raise StoreError("files lie there that no run began", store.url, ELSEWHERE)
    if before is None and owner is None:
        note.write(results)  # before the claim: a kill between the two leaves a note whose claim is made again
    if owner != note.owner and (owner is not None or not store.create(OWNER_NAME, note.owner)):
        if before is None:
            (results / NOTE_FILE).unlink(missing_ok=True)
        raise StoreError("another run keeps its wells there", store.url, ELSEWHERE)
    store.remove(name for top in there if top.startswith(PREFIX) for name in store.marks(top))
    return note


def give_up(note: StoreNote) -> None:
    """Remove everything that a run keeps in its store, last of all the claim.

    Raises
    ------
    StoreError : if the store does not answer or refuses.
    """
    if note.store.read(OWNER_NAME) == note.owner:
        note.store.remove(name for name in note.store.marks() if name != OWNER_NAME)
        note.store.remove([OWNER_NAME])


def require_not_begun_here(lines: Mapping[tuple[str, str], LedgerLine], results: Path) -> None:
    """Make sure that no well of the run was finished before there was a store.

    Raises
    ------
    InputError : if one was.
    """
    if any(line.status == "done" and not line.objects for line in lines.values()):
        what = "this run keeps its wells in the results folder itself"
        raise InputError(what, str(results), "go on without --store, or start over with --fresh")
