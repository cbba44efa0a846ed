"""Files of wells that lie in a store, brought into the results folder when a reader asks for one.

So the report and the movies show wells of a run with a store as of any other. What is brought is checked against the checksums
in ``run.json``; before a run has finished nothing is brought.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from coculture.store.atomic import written_folder
from coculture.store.checksums import hash_folder, image_part
from coculture.store.object_store import StoreError
from coculture.store.provenance import RUN_FILE, read_run_json
from coculture.store.store_note import NOTE_FILE, StoreNote, noted_store

AGAIN = "run the recipe again in this folder: what is missing or has changed is made anew"


def brought(path: Path) -> bool:
    """Bring a file that is not here, or the images of the well it belongs to; tell whether there was something to bring.

    Parameters
    ----------
    path : a file in a results folder.

    Raises
    ------
    StoreError : if the store does not answer or does not hold what was written.
    """
    results = next((folder for folder in path.parents if (folder / NOTE_FILE).is_file()), None)
    note = None if results is None else noted_store(results)
    if results is None or note is None or not (results / RUN_FILE).is_file():
        return False
    name = path.relative_to(results).as_posix()
    part = image_part(name) or name
    hashed = _checksums(results, (results / RUN_FILE).stat().st_mtime_ns).get(part)
    if hashed is None or (results / part).exists():
        return False
    bring(results, note, part, hashed)
    return path.exists()


def bring(results: Path, note: StoreNote, part: str, hashed: str) -> None:
    """Bring a file, or the folder of a well's images, whole or not at all.

    Raises
    ------
    StoreError : if the store does not answer, or it is missing there or has other bytes than were written.
    FileError : if it cannot be written.
    """
    if not part.endswith("/"):
        note.store.download(part, results / part, hashed)
        return
    with written_folder(results / part) as folder:
        for name in note.store.marks(part):
            note.store.download(name, folder / name.removeprefix(part))
        if not any(folder.iterdir()):
            raise StoreError("is not in the store", f"{note.url}/{part}", AGAIN)
        if hash_folder(folder) != hashed:
            raise StoreError("has changed in the store", f"{note.url}/{part}", AGAIN)


@lru_cache(maxsize=1)
def _checksums(results: Path, written_ns: int) -> dict[str, str]:
    """Return the checksum of every part of a run, read once after it was written."""
    outputs: dict[str, str] = read_run_json(results)["outputs"]
    return outputs
