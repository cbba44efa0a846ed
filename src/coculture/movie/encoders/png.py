"""A single picture: the last time point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from coculture.movie.encoders.base import Frame


@dataclass(frozen=True)
class Png:
    """The encoder."""

    moves: bool = False

    def require(self) -> None:
        """Need nothing."""

    def write(self, file: Path, frames: Iterator[Frame], fps: float) -> None:
        """Write the last picture."""
        *_, last = frames
        Image.fromarray(last).save(file, "PNG", optimize=True)
