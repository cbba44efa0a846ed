"""Find the line of a TOML file on which a key stands, so that an error can name it."""

from __future__ import annotations

import re

_HEADER = re.compile(r"^\s*(\[\[|\[)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")

KeyPath = tuple[str | int, ...]


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.\s]+", dotted))


def _numbered(names: tuple[str, ...], counts: dict[KeyPath, int]) -> KeyPath:
    """Return a header's path with the position of every array of tables it lies in: ``[cell.volume]`` below ``[[cell]]``."""
    path: KeyPath = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if place < len(names) - 1 and path in counts:
            path = (*path, counts[path])
    return path


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) of every table and key of a TOML text.

    Tables of an array (``[[readout]]``) carry their position, as in ``("readout", 0, "name")``. Keys inside inline
    tables and multi-line values are not listed; a caller falls back to the nearest parent.
    """
    lines: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            names = _numbered(_parts(header.group(2)), counts)
            table = names
            if header.group(1) == "[[":
                counts[names] = counts.get(names, -1) + 1
                table = (*names, counts[names])
            lines.setdefault(table, number)
            lines.setdefault(names, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, *_parts(key.group(1))), number)
    return lines


def line_of(path: KeyPath, lines: dict[KeyPath, int]) -> int | None:
    """Return the line of ``path``, or of the nearest table that holds it; None where neither is listed."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None
