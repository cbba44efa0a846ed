"""Where a key stands in a design file, as errors name it."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.typed_file.key_lines import KeyPath, key_lines, line_of


def dotted(path: KeyPath) -> str:
    """Return a path as a person reads it: ``post[2].shape``, counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass(frozen=True, eq=False)
class FilePlaces:
    """The lines of a file's keys."""

    file: str
    lines: dict[KeyPath, int]

    @classmethod
    def of(cls, file: str, text: str) -> FilePlaces:
        """Find the keys of a TOML text."""
        return cls(file, key_lines(text))

    def at(self, *path: str | int) -> str:
        """Return file, line and key of ``path``, with the nearest table's line where the key has none of its own."""
        line = line_of(path, self.lines)
        place = f"{self.file}, line {line}" if line else self.file
        return f"{place}, {dotted(path)}" if path else place
