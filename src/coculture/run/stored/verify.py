"""Are the objects of a run in a store still what its workers wrote? Every byte of them is read and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from coculture.run.stored.fetch import KINDS
from coculture.run.stored.wells import NUMBERS, hash_of_part, images_in, place_of
from coculture.store.checksums import image_part
from coculture.store.store_note import StoreNote


@dataclass(frozen=True)
class StoredDifference:
    """One part of the wells that is not in the store as it was written.

    Attributes
    ----------
    kind : ``changed``, ``missing`` or ``added``.
    name : of the part, relative to the store.
    """

    kind: Literal["changed", "missing", "added"]
    name: str


def stored_parts(told: Mapping[str, str]) -> dict[str, str]:
    """Return those of a run's checksums that are of parts in its store."""
    return {name: hashed for name, hashed in told.items() if name.split("/")[0] in KINDS or name.startswith(NUMBERS)}


def stored_differences(note: StoreNote, told: Mapping[str, str]) -> Iterator[StoredDifference]:
    """Yield every part of the wells that was lost, changed or added in the store.

    Parameters
    ----------
    note : the run and its store.
    told : the checksums of :func:`stored_parts`.

    Raises
    ------
    StoreError : if the store does not answer.
    """
    for place in sorted({place_of(name) for name in told}):
        marks = note.store.marks(place)
        images = images_in(marks)
        for name in sorted(name for name in told if place_of(name) == place):
            found = hash_of_part(note.store, name, images.get(name, [])) if name in images or name in marks else None
            if found != told[name]:
                yield StoredDifference("missing" if found is None else "changed", name)
        for name in marks:
            if (image_part(name) or name) not in told:
                yield StoredDifference("added", name)
