"""Which wells of an earlier run still stand, and whether the images are still those it saw."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coculture.errors import InputError, Problem
from coculture.run.input_files import hash_input, last_change
from coculture.run.ledger import LedgerLine
from coculture.store.checksums import hash_file, hash_folder


def stands(line: LedgerLine, results: Path) -> bool:
    """Tell whether a well was done and all it wrote, its kept images too, is there with the bytes it wrote."""
    files = [(results / name, hashed) for name, hashed in line.outputs.items()]
    return (
        line.status == "done"
        and all(path.exists() and hash_file(path) == hashed for path, hashed in files)
        and all(hash_folder(results / name) == hashed for name, hashed in line.folders.items())
    )


def require_same_inputs(lines: Iterable[LedgerLine], inputs_root: Path, results: Path) -> None:
    """Make sure that no image of a finished well has changed since the run began.

    Only files whose date is not the one their well noted are read again: hashing every image of a large screen would cost
    hours. Dates are compared for being equal, never for order, so that a clock that was set back hides nothing.

    Raises
    ------
    InputError : one problem per changed file.
    """
    changed = [
        name
        for line in lines
        for name, hashed in line.inputs.items()
        if not _unchanged(inputs_root / name, hashed, line.dates.get(name))
    ]
    if changed:
        remedy = "start over with --fresh, or put the old file back"
        raise InputError(Problem(f"{name} has changed since this run began", str(results), remedy) for name in changed)


def _unchanged(path: Path, hashed: str, noted: float | None) -> bool:
    return last_change(path) == noted or hash_input(path) == hashed
