"""Encoders by the ending of the file."""

from __future__ import annotations

from pathlib import Path

from coculture.errors import InputError
from coculture.movie.encoders.base import Encoder
from coculture.movie.encoders.gif import Gif
from coculture.movie.encoders.mp4 import Mp4
from coculture.movie.encoders.png import Png

ENCODERS: dict[str, Encoder] = {".mp4": Mp4(), ".gif": Gif(), ".png": Png()}


def encoder_of(file: Path) -> Encoder:
    """Return the encoder for a file's ending.

    Raises
    ------
    InputError : if there is none.
    """
    found = ENCODERS.get(file.suffix.lower())
    if found is None:
        raise InputError(
            f"a movie cannot be written as '{file.suffix or file.name}'", str(file), "end the file's name in .mp4, .gif or .png"
        )
    return found
