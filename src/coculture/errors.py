"""What went wrong, where, and what to do about it.

Every error a user can cause is a :class:`CocultureError`. It carries three plain sentences (what, where,
remedy) and is at the same time the builtin exception of its kind, so that both ``except CocultureError`` and
``except ValueError`` do what a reader expects. The command line prints the sentences and no traceback.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


def visible(text: str) -> str:
    """Return ``text`` with every character that a terminal would obey or hide written as its code (``\\x1b``).

    A file may hold control characters, turns of the writing direction or halves of characters; quoted in a message they must
    neither change the terminal nor stop the message from being written. Line ends, tabs and blanks of any width stay.
    """
    if text.isprintable():
        return text
    return "".join(one if one in "\n\t" or one.isprintable() or _is_blank(one) else _code(one) for one in text)


def _is_blank(character: str) -> bool:
    return unicodedata.category(character) == "Zs"


def _code(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    what : the fault in one sentence, with the value that was found.
    where : the file, key, well or argument in which it was found.
    remedy : what the user can do; allowed values where there are few.
    """

    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.remedy:
            parts.append(f"  → {self.remedy}")
        return visible("\n".join(parts))


MOST_PROBLEMS = 50
"""How many problems one error holds; a file that is wrong throughout has as many as it has lines."""


def _shortened(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    more = len(problems) - MOST_PROBLEMS + 1
    if more <= 1:
        return problems
    file = problems[-1].where.partition(",")[0]
    return (*problems[:-more], Problem(f"and {more} more problems", file, "mend these first"))


class CocultureError(Exception):
    """Base of every error that the user can mend. Holds one :class:`Problem` or several."""

    def __init__(self, what: str | Problem | Iterable[Problem], where: str = "", remedy: str = "") -> None:
        if isinstance(what, str):
            self.problems: tuple[Problem, ...] = (Problem(what, where, remedy),)
        elif isinstance(what, Problem):
            self.problems = (what,)
        else:
            self.problems = _shortened(tuple(what))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[CocultureError], tuple[tuple[Problem, ...]]]:
        """Cross a process boundary whole (worker to parent)."""
        return (type(self), (self.problems,))


class InputError(CocultureError, ValueError):
    """An argument, key or cell of a table has a value that cannot be used."""


class FileError(CocultureError, OSError):
    """A file or folder is missing, unreadable, or not what its name says."""

    def __str__(self) -> str:  # OSError would print its own tuple
        return "\n".join(str(problem) for problem in self.problems)


class DataError(CocultureError, ValueError):
    """The data are readable but cannot support what is asked of them (no controls, no cells, one replicate)."""


class MissingExtraError(CocultureError, ImportError):
    """An optional library is not installed."""

    @classmethod
    def for_extra(cls, library: str, extra: str, purpose: str) -> MissingExtraError:
        """Name the library, why it is needed, and the one command that brings it."""
        return cls(
            f"{purpose} needs the library '{library}', which is not installed",
            remedy=f"pip install 'coculture[{extra}]'",
        )
