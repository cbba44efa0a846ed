"""MP4 with H.264, by the ffmpeg that the library imageio-ffmpeg brings with it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from coculture.errors import FileError, MissingExtraError
from coculture.movie.encoders.base import Frame

QUALITY = 22
"""Constant rate factor of x264: 18 is taken as without visible loss, 23 is its own default."""


@dataclass(frozen=True)
class Mp4:
    """The encoder; pictures of odd width or height lose their last column or row, as H.264 asks for even ones."""

    moves: bool = True

    def require(self) -> None:
        """Look for the library.

        Raises
        ------
        MissingExtraError : if it is not installed.
        """
        _ffmpeg()

    def write(self, file: Path, frames: Iterator[Frame], fps: float) -> None:
        """Write the pictures.

        Raises
        ------
        FileError : if ffmpeg gives up.
        """
        first = _even(next(frames))
        height, width = first.shape[:2]
        command = [
            *(_ffmpeg(), "-y", "-loglevel", "error"),
            *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{fps:g}", "-i", "-"),
            *("-an", "-c:v", "libx264", "-crf", str(QUALITY), "-pix_fmt", "yuv420p"),
            *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "-f", "mp4", str(file)),
        ]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
            with process, suppress(BrokenPipeError):
                assert process.stdin is not None
                for frame in chain((first,), frames):
                    process.stdin.write(_even(frame).tobytes())
            if process.returncode:
                said.seek(0)
                told = said.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
                raise FileError(f"ffmpeg could not write the movie: {told[-1]}", str(file), "write a .gif instead")


def _even(frame: Frame) -> Frame:
    height, width = frame.shape[:2]
    return frame[: height - height % 2, : width - width % 2]


def _ffmpeg() -> str:
    """Return the program's path."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe
    except ImportError as error:
        problem = MissingExtraError.for_extra("imageio-ffmpeg", "movie", "an MP4").problems[0]
        raise MissingExtraError(problem.what, remedy=f"{problem.remedy}, or write a .gif, which needs nothing more") from error
    return str(get_ffmpeg_exe())
