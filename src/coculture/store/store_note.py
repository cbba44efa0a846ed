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
    """

    url: str
    run: str

    @property
    def store(self) -> ObjectStore:
        """The store, opened when it is first asked."""
        return ObjectStore(self.url)

    def as_bytes(self) -> bytes:
        """Return the note as it lies in the results folder and in the store."""
        return (json.dumps(asdict(self), indent=1) + "\n").encode()

    def write(self, results: Path) -> None:
        """Keep the note in a results folder."""
        write_bytes(results / NOTE_FILE, self.as_bytes())


def noted_store(results: Path) -> StoreNote | None:
    """Return the note in a results folder, None where the wells' files lie in the folder itself.

    Raises
    ------
    FileError : if the note cannot be read.
    """
    path = results / NOTE_FILE
    try:
        return StoreNote(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        remedy = 'it says where the wells lie, as {"url": "s3://BUCKET/NAME", "run": "…"}: put the old file back'
        raise FileError(f"is not readable: {error}", str(path), remedy) from error
