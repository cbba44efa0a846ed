"""Sort names as people do: P2 before P10."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(\d+)")


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts numbers within names by their value."""
    pieces = [piece for piece in _DIGITS.split(name) if piece]
    key = [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece.casefold()) for piece in pieces]
    return (*key, (2, 0, name))
