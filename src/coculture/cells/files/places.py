"""Where in which file a thing was said, so that a fault found later can still name file, line and key."""

from __future__ import annotations

from dataclasses import dataclass, field

from coculture.errors import Problem
from coculture.typed_file.key_lines import KeyPath, key_lines, line_of


@dataclass(frozen=True)
class Place:
    """A part of a file, from which keys are counted.

    Attributes
    ----------
    file : as errors call it.
    lines : line of every key of the file.
    start : the part.
    """

    file: str
    lines: dict[KeyPath, int] = field(repr=False)
    start: KeyPath = ()

    @classmethod
    def of(cls, file: str, text: str) -> Place:
        """Return the whole of a file."""
        return cls(file, key_lines(text))

    def part(self, *path: str | int) -> Place:
        """Return a part of this part."""
        return Place(self.file, self.lines, (*self.start, *path))

    def problem(self, what: str, path: KeyPath, remedy: str) -> Problem:
        """Return a problem with what stands at ``path`` of this part."""
        whole = (*self.start, *path)
        line = line_of(whole, self.lines)
        named = ""
        for one in whole:
            named += f"[{one + 1}]" if isinstance(one, int) else f".{one}" if named else one
        where = f"{self.file}, line {line}" if line else self.file
        return Problem(what, f"{where}, {named}" if named else where, remedy)
