"""Animated GIF: 256 colours, plays everywhere, needs nothing beyond the base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from coculture.movie.encoders.base import Frame

COLOURS = 128


@dataclass(frozen=True)
class Gif:
    """The encoder; it repeats for ever."""

    moves: bool = True

    def require(self) -> None:
        """Need nothing."""

    def write(self, file: Path, frames: Iterator[Frame], fps: float) -> None:
        """Write the pictures, each with colours of its own."""
        pictures = (Image.fromarray(frame).quantize(COLOURS, dither=Image.Dither.NONE) for frame in frames)
        first = next(pictures)
        first.save(
            file,
            "GIF",
            save_all=True,
            append_images=pictures,
            duration=max(20, round(1000 / fps)),
            loop=0,
            optimize=False,
            disposal=1,
        )
