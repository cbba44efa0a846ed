"""The parent's side of a run whose wells' files lie in a store: what stands there, what is brought here, what is told of it.

The results folder keeps the ledger, what was prepared and every table of the screen. Of the wells only their numbers come
here, and the small tables of doses, because the analysis and the report need those of all wells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from coculture.run.image_plates import finish_image_plates
from coculture.run.ledger import LedgerLine
from coculture.run.stored.task import StoredTask, marks_of_parts
from coculture.run.well_files import WORK_FOLDER, numbers_path
from coculture.run.worker import Well, WellTask
from coculture.store.checksums import hash_file, image_part
from coculture.store.images.plate import plate_images_path
from coculture.store.medium import medium_path
from coculture.store.names import folder_name
from coculture.store.ngff import split_well
from coculture.store.object_store import AT_ONCE, ObjectStore, StoreError
from coculture.store.store_note import StoreNote
from coculture.store.tables import WELL_KINDS, table_path

NUMBERS = f"{WORK_FOLDER}/wells/"

NEEDED_HERE = (NUMBERS, "doses/")
"""Parts of wells that the parent needs of all of them."""

RENDERED = "rendered"


class StoredWells:
    """The wells of a run in a store.

    Parameters
    ----------
    results : the results folder.
    note : the run and its store.
    cells_too : whether the analysis needs the table of cells of every well.
    """

    def __init__(self, results: Path, note: StoreNote, *, cells_too: bool = False) -> None:
        self._results, self._note, self._cells_too = results, note, cells_too
        self._store: ObjectStore = note.store
        self._sites: dict[Well, int] = {}
        self._stood: set[Well] = set()

    def task(self, task: WellTask) -> StoredTask:
        """Upload what the source prepared, and return the task that does wells with it."""
        if self._note.here:
            self._note = replace(self._note, here=())
            self._note.write(self._results)
        names = list(shared_names(self._results))
        self._store.upload(self._results, names)
        return StoredTask(task, self._note, {name: hash_file(self._results / name) for name in names})

    def standing(self, lines: Iterable[LedgerLine]) -> set[Well]:
        """Return the wells that were done and of which everything is in the store as it was written.

        The store is asked for the marks of its objects; only one whose mark has changed is read, and its bytes decide.

        Raises
        ------
        StoreError : if the store does not answer.
        """
        done = sorted((line for line in lines if line.status == "done" and line.objects), key=lambda line: line.key)
        found: set[Well] = set()
        for _, group in groupby(done, key=lambda line: line.plate):
            of_plate = list(group)
            marks: dict[str, str] = {}
            for place in sorted({place_of(part) for line in of_plate for part in line.objects}):
                marks |= self._store.marks(place)
            parts = marks_of_parts(marks)
            images = images_in(marks)
            for line in of_plate:
                if all(self._same(line, part, parts, images) for part in line.objects):
                    found.add(line.key)
                    self._sites[line.key] = max((len(_sites(images.get(part, ()))) for part in line.objects), default=0)
        self._stood |= found
        return found

    def settle(self, lines: Sequence[LedgerLine]) -> None:
        """Make sure that the store has kept every finished well, and bring here what the analysis needs of them.

        Raises
        ------
        StoreError : if it has not, or does not answer.
        """
        self.standing(line for line in lines if line.key not in self._stood)
        lost = [line for line in lines if line.key not in self._stood]
        if lost:
            first = f"{lost[0].plate} {lost[0].well}"
            what = f"files of {len(lost)} wells ({first} the first) are no longer there as they were written"
            raise StoreError(what, self._note.url, "give the same command again: those wells are done anew")
        needed = (*NEEDED_HERE, "cells/") if self._cells_too else NEEDED_HERE
        wanted = [(name, line.outputs[name]) for line in lines for name in line.objects if name.startswith(needed)]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda one: self._bring(*one), wanted))
        if self._cells_too and "cells" not in self._note.here:
            self._note = replace(self._note, here=("cells", *self._note.here))
            self._note.write(self._results)

    def finish_images(self, wells: Sequence[Well]) -> None:
        """Let each plate's metadata list the wells that have images, here and in the store, where each plate is then whole."""
        finish_image_plates(self._results, wells, {key: count for key, count in self._sites.items() if count})
        folder = self._results / "images"
        documents = [*folder.glob("*.zarr/zarr.json"), *folder.glob("*.zarr/*/zarr.json")]
        self._store.upload(self._results, (path.relative_to(self._results).as_posix() for path in documents))

    def elsewhere(self, lines: Iterable[LedgerLine]) -> dict[str, str]:
        """Return the checksum of every part of the wells."""
        return stored_checksums(lines)

    def forget(self, plate: str, well: str) -> None:
        """Remove from the store what an earlier run left there of a well that failed."""
        nowhere = Path()
        paths = [table_path(nowhere, kind, plate, well) for kind in WELL_KINDS]
        paths += [medium_path(nowhere, plate, well), numbers_path(nowhere, plate, well)]
        names = {path.as_posix() for path in paths}
        listed = self._store.marks(plate_images_path(nowhere, plate).joinpath(*split_well(well)).as_posix())
        rendered = f"{RENDERED}/{folder_name(plate)}_{well}_"
        drawn = self._store.marks(RENDERED) if (self._results / RENDERED).exists() else {}
        self._store.remove([*names, *listed, *(name for name in drawn if name.startswith(rendered))])

    def _bring(self, name: str, hashed: str) -> None:
        path = self._results / name
        if not path.exists() or hash_file(path) != hashed:
            self._store.download(name, path, hashed)

    def _same(self, line: LedgerLine, part: str, parts: Mapping[str, str], images: Mapping[str, list[str]]) -> bool:
        """Tell whether a part is in the store with the bytes that were written: by its mark, else by its bytes."""
        if part not in parts:
            return False
        return parts[part] == line.objects[part] or self._sha256(part, images) == stored_checksums([line])[part]

    def _sha256(self, part: str, images: Mapping[str, list[str]]) -> str | None:
        return hash_of_part(self._store, part, images.get(part, []))


def stored_checksums(lines: Iterable[LedgerLine]) -> dict[str, str]:
    """Return the SHA-256 of every part of the wells that lies in a store."""
    return {
        part: (line.folders if part.endswith("/") else line.outputs)[part]
        for line in lines
        if line.status == "done"
        for part in line.objects
    }


def hash_of_part(store: ObjectStore, part: str, names: Iterable[str]) -> str | None:
    """Return the checksum of a file, or of a folder that has the objects ``names``, all of it read; None where there is none."""
    if not part.endswith("/"):
        return store.sha256(part)
    ordered = sorted(names)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(store.sha256, ordered)
        text = "".join(f"{name.removeprefix(part)}\0{hashed}\n" for name, hashed in zip(ordered, found, strict=True))
    return hashlib.sha256(text.encode()).hexdigest() if ordered else None


def shared_names(results: Path) -> Iterator[str]:
    """Yield the name of every file that a source prepared for all wells."""
    for folder in ("prepared", "images"):
        for path in sorted((results / folder).rglob("*")):
            name = path.relative_to(results).as_posix()
            steps = name.split("/")
            if path.is_file() and (steps[0] == "prepared" or (len(steps) > 3 and steps[2] == "illumination")):
                yield name
    for path in sorted((results / WORK_FOLDER).glob("prepared*")):
        if path.is_file():
            yield path.relative_to(results).as_posix()


def place_of(part: str) -> str:
    """Return the folder of a part whose objects are asked for together: that of its kind and plate."""
    steps = part.split("/")
    depth = 1 if steps[0] == RENDERED else 3 if steps[0] == WORK_FOLDER else 2
    return "/".join(steps[:depth])


def images_in(marks: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the objects of each well's images."""
    found: dict[str, list[str]] = {}
    for name in marks:
        if part := image_part(name):
            found.setdefault(part, []).append(name)
    return found


def _sites(names: Iterable[str]) -> set[str]:
    return {steps[4] for name in names if len(steps := name.split("/")) == 6 and steps[5] == "zarr.json"}
