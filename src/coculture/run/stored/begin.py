"""The place of a run's wells, chosen when the run begins."""

from __future__ import annotations

from pathlib import Path

from coculture.run.ledger import LEDGER_NAME, read_ledger
from coculture.run.stored.claim import claim, require_not_begun_here
from coculture.run.stored.wells import StoredWells
from coculture.run.wells_place import InResults, WellsPlace
from coculture.store.object_store import ObjectStore
from coculture.store.store_note import StoreNote


def place_of_wells(results: Path, store: ObjectStore | None, before: StoreNote | None, *, cells_too: bool = False) -> WellsPlace:
    """Return where the wells of a run lie, the store claimed for it where there is one.

    Parameters
    ----------
    results : the results folder, begun and locked.
    store : the store that is asked for; None is the one the run began with, if any.
    before : the note an earlier start of this run left.
    cells_too : whether the analysis needs the table of cells of every well.

    Raises
    ------
    InputError : if the run began in the results folder itself, or with another store.
    StoreError : if the store does not answer or refuses, or the place in it holds another run's files.
    """
    if before is not None:
        return StoredWells(results, claim(results, store or before.store, before), cells_too=cells_too)
    if store is None:
        return InResults(results)
    require_not_begun_here(read_ledger(results / LEDGER_NAME), results)
    return StoredWells(results, claim(results, store, before), cells_too=cells_too)
