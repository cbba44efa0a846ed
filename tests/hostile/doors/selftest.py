"""A door that does all a door must not, to see that the guard sees it."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from door import Door

from coculture.errors import InputError


def misbehave(path: Path) -> str:
    """Do what the file says."""
    wish = path.read_text()
    if wish == "hang":
        while True:
            pass
    if wish == "eat":
        return str(len(bytearray(b"x") * 1_300_000_000))
    if wish == "die":
        os.abort()
    if wish == "warn":
        warnings.warn("a number is not a number", RuntimeWarning, stacklevel=1)
    if wish == "fall":
        raise KeyError(wish)
    if wish.startswith("refuse"):
        raise InputError(wish.removeprefix("refuse"), "the file")
    return wish


DOORS = (Door("misbehaving", "wish.txt", misbehave, dict),)
