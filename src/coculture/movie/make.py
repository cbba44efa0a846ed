"""Make a movie of a well: read it, paint every time point, encode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from coculture.errors import DataError, InputError
from coculture.movie.drawn import DrawnWell
from coculture.movie.encoders.base import Frame
from coculture.movie.encoders.registry import encoder_of
from coculture.movie.imaged import ImagedWell
from coculture.movie.painter import Painter
from coculture.movie.wanted import NOTHING, Wanted
from coculture.movie.well import KeptWell, read_well
from coculture.store.atomic import written_file

SECONDS = 8.0
SLOWEST, FASTEST = 2.0, 25.0

Progress = Callable[[Iterator[Frame], int], Iterator[Frame]]
"""Shows progress: takes the pictures and how many there will be, gives the pictures on."""


@dataclass(frozen=True)
class Movie:
    """What was made.

    Attributes
    ----------
    file : where it is.
    n_pictures : time points shown.
    fps : pictures a second.
    size : (width, height), pixels.
    notes : what the user should know.
    """

    file: Path
    n_pictures: int
    fps: float
    size: tuple[int, int]
    notes: tuple[str, ...]


def make_movie(results: Path, well: str, file: Path, wanted: Wanted | None = None, progress: Progress | None = None) -> Movie:
    """Write a movie of one well of a results folder.

    Parameters
    ----------
    results : the results folder.
    well : name of the well.
    file : the movie; .mp4 and .gif move, .png is the last time point.
    wanted : what is shown.
    progress : shows how far it is.

    Raises
    ------
    FileError : if the folder has nothing to show, or the file cannot be written.
    InputError : if there is no such well, plate, site, solute or channel.
    DataError : if a movie is asked for of a single time point.
    MissingExtraError : if a library for this kind of file is missing.
    """
    wanted = wanted or Wanted()
    encoder = encoder_of(file)
    encoder.require()
    painter = painter_of(read_well(results, well, wanted), wanted)
    count = len(painter.times_min)
    if encoder.moves and count < 2:
        what = f"this well has {'one time point' if count else 'no time point'}, which makes no movie"
        raise DataError(what, f"{results}, well {well}", "name a .png to get a picture, or run the screen with more read-outs")
    fps = wanted.fps or min(max(count / SECONDS, SLOWEST), FASTEST)
    sizes: list[tuple[int, int]] = []
    frames = _noted(_frames(painter, all_of_them=encoder.moves), sizes)
    shown = count if encoder.moves else 1
    with written_file(file) as temporary:
        encoder.write(temporary, progress(frames, shown) if progress else frames, fps)
    return Movie(file, shown, fps, sizes[0], (*painter.notes, *painter.caption.notes))


def painter_of(well: KeptWell, wanted: Wanted) -> Painter:
    """Return what paints a well: its images where there are any, unless a drawing is asked for.

    Raises
    ------
    InputError : if channels are asked for and there are no images.
    """
    drawing = wanted.drawn or wanted.field not in (None, NOTHING)
    if well.images is not None and not drawing:
        return ImagedWell(well, wanted)
    if wanted.channels:
        why = "a drawing has no channels" if well.images is not None else "no images of this well were kept"
        raise InputError(f"there are no channels to show: {why}", well.where, "leave --channels out")
    return DrawnWell(well, wanted)


def _frames(painter: Painter, *, all_of_them: bool) -> Iterator[Frame]:
    count = len(painter.times_min)
    for number in range(count) if all_of_them else range(count - 1, count):
        yield painter.caption.around(painter.picture(number), painter.times_min[number], painter.counts(number))


def _noted(frames: Iterator[Frame], sizes: list[tuple[int, int]]) -> Iterator[Frame]:
    for frame in frames:
        sizes.append((frame.shape[1], frame.shape[0]))
        yield frame
