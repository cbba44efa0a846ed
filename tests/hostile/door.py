"""What a door is: a function that reads a file somebody gave us, and tells what it has read.

A door's module lies in ``doors/`` and ends with ``DOORS``, a tuple of :class:`Door`. The function is called in the guarded
child (``guarded_child.py``) with the file alone in a folder of its own, where it may write what it needs; it returns an
account of all it has read as text, so that a test can compare accounts and look for what must, or must not, be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

ROOMS = ("tables", "screens", "models", "results", "images", "spreadsheets", "workbench")
"""The modules in ``doors/``, without their ending; each has ``DOORS``."""


@dataclass(frozen=True)
class Door:
    """A door.

    Attributes
    ----------
    name : what the table of the campaign calls it.
    file : how a file that comes to it is called.
    read : reads the file, returns an account of what it has read, and raises CocultureError where it refuses.
    seeds : returns real valid inputs, by name, that are altered to make hostile ones.
    words : snippets of this door's language that are put into the seeds, beside those every door gets (``alterations.py``).
    many : how many altered inputs the door gets for each one a quick door gets.
    """

    name: str
    file: str
    read: Callable[[Path], str]
    seeds: Callable[[], dict[str, bytes]]
    words: tuple[bytes, ...] = ()
    many: float = 1.0


NOTHING_ASKED = "nothing was asked"
"""What a door answers where the file lists what to ask, and the alteration left no such list; it does not count as an input."""


@dataclass(frozen=True)
class Answer:
    """What became of an input.

    Attributes
    ----------
    outcome : ``accepted``, ``refused`` (a CocultureError), or ``failed`` (a traceback, a hang, too much memory).
    told : the account of what was read, the text of the refusal, or how it failed.
    seconds : processor time it took.
    memory_mb : highest resident memory above that before.
    """

    outcome: Literal["accepted", "refused", "failed"]
    told: str
    seconds: float = 0.0
    memory_mb: float = 0.0


def all_doors(rooms: Iterable[str] = ROOMS) -> dict[str, Door]:
    """Return every door of some rooms by its name."""
    doors = [door for room in rooms for door in import_module(f"doors.{room}").DOORS]
    return {door.name: door for door in doors}
