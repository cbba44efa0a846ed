"""``store.json`` in a results folder: in which object store the wells' files lie, and whose they are there.

The store holds the same identity in ``coculture-run.json``, so that two runs never write under one address.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from coculture.errors import FileError
from coculture.store.atomic import write_bytes
from coculture.store.object_store import ObjectStore

NOTE_FILE = "store.json"
"""In the results folder."""

OWNER_NAME = "coculture-run.json"
"""In the store."""


@dataclass(frozen=True)
class StoreNote:
    """Where the files of a run's wells lie.

    Attributes
    ----------
    url : the address; it holds no secret.
    run : drawn when the run began.
    here : kinds of tables of which every well's has been brought into the results folder since.
    """

    url: str
    run: str
    here: tuple[str, ...] = ()

    @property
    def store(self) -> ObjectStore:
        """The store, opened when it is first asked."""
        return ObjectStore(self.url)

    @property
    def owner(self) -> bytes:
        """What lies in the store to say whose it is; without the address, so that all may be copied to another."""
        return (json.dumps({"run": self.run}) + "\n").encode()

    def write(self, results: Path) -> None:
        """Keep the note in a results folder."""
        write_bytes(results / NOTE_FILE, (json.dumps(asdict(self), indent=1) + "\n").encode())


LEFT_THERE = ("cells", "contacts", "courses")
"""Kinds of tables that stay in the store until they are fetched."""


def left_in_store(results: Path, kind: str) -> StoreNote | None:
    """Return the note where tables of this kind lie in a store and not all of them here; None otherwise.

    Raises
    ------
    FileError : if the note cannot be read.
    """
    note = noted_store(results) if kind in LEFT_THERE else None
    return None if note is None or kind in note.here else note


def require_here(results: Path, kind: str) -> None:
    """Make sure that every well's table of a kind is in the results folder, where a reader needs all of them.

    Raises
    ------
    FileError : if some lie in a store.
    """
    if note := left_in_store(results, kind):
        what = f"the {kind} of this folder's wells lie in the store {note.url}"
        raise FileError(what, str(results), f"bring them here: coculture fetch {results} --only {kind}")


def noted_store(results: Path) -> StoreNote | None:
    """Return the note in a results folder, None where the wells' files lie in the folder itself.

    Raises
    ------
    FileError : if the note cannot be read.
    """
    path = results / NOTE_FILE
    try:
        found = json.loads(path.read_bytes())
        return StoreNote(str(found["url"]), str(found["run"]), tuple(found.get("here", ())))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        remedy = 'it says where the wells lie, as {"url": "s3://BUCKET/NAME", "run": "…"}: put the old file back'
        raise FileError(f"is not readable: {error}", str(path), remedy) from error
