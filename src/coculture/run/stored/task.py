"""One well on a worker that sees no file of another machine: done in a private folder, uploaded, told of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from coculture.run.ledger import LedgerLine
from coculture.run.stored.scratch import clear, scratch_of
from coculture.run.worker import Well, WellTask
from coculture.store.checksums import hash_file, image_part
from coculture.store.object_store import digest
from coculture.store.store_note import StoreNote


@dataclass(frozen=True)
class StoredTask:
    """Does any well of a run whose files lie in a store. Pickled once a worker.

    Attributes
    ----------
    task : does a well in a folder.
    note : the run and its store.
    shared : SHA-256 of each file that all wells need, by its name in the store.
    """

    task: WellTask
    note: StoreNote
    shared: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, key: Well) -> LedgerLine:
        """Do one well.

        Raises
        ------
        StoreError : if the store does not take its files: that is no fault of the well, and others would fare no better.
        """
        folder = scratch_of(self.note, self.shared)
        try:
            line = replace(self.task, results=folder, is_guest=True)(key)  # nobody waits for the owner of a private folder
            return self._uploaded(folder, line) if line.status == "done" else line
        finally:
            clear(folder, self.shared)

    def _uploaded(self, folder: Path, line: LedgerLine) -> LedgerLine:
        """Upload all there is of a well; return the line with the mark and the checksum of every part."""
        files = (path for path in folder.rglob("*") if path.is_file())
        names = [name for path in files if (name := path.relative_to(folder).as_posix()) not in self.shared]
        images = next((part for name in names if (part := image_part(name))), "")
        marks = self.note.store.upload(folder, names, images)
        others = [name for name in names if name not in line.outputs and not image_part(name)]
        return replace(line, outputs=line.outputs | _hashed(folder, others), objects=marks_of_parts(marks))


def _hashed(folder: Path, names: Iterable[str]) -> dict[str, str]:
    return {name: hash_file(folder / name) for name in sorted(names)}


def marks_of_parts(marks: Mapping[str, str]) -> dict[str, str]:
    """Return one mark a part: of a file its own, of the folder of a well's images one for all its objects."""
    folders: dict[str, dict[str, str]] = {}
    for name, mark in marks.items():
        if part := image_part(name):
            folders.setdefault(part, {})[name] = mark
    parts = {name: mark for name, mark in marks.items() if not image_part(name)}
    return parts | {part: digest(of_part) for part, of_part in folders.items()}
