"""Wells without images, drawn from their cell table; behind the cells the medium, where the run kept it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from coculture.movie.drawn import DrawnWell
from coculture.movie.wanted import NOTHING, Wanted
from coculture.movie.well import KeptWell, read_well
from coculture.movie.window import window_of
from coculture.store.medium import medium_path, read_medium
from coculture.store.tables import table_path
from coculture.web.overlays import Window
from coculture.web.tiles import png

LONGEST = 1600
"""Pixels of a drawing's longer side."""


def drawn_window(folder: Path, plate: str, well: str, site: int) -> Window:
    """Return the part of a well that its drawing shows: (left, top, right, bottom), µm."""
    kept = _kept(folder, plate, well, site, _changed(folder, plate, well))
    return window_of(kept, _wanted(plate, site, NOTHING))


def drawn_solutes(folder: Path, plate: str, well: str) -> tuple[str, ...]:
    """Return the solutes whose concentrations were kept, none where the medium was not."""
    path = medium_path(folder, plate, well)
    return read_medium(path).solutes if path.is_file() else ()


def drawn_picture(folder: Path, plate: str, well: str, site: int, time: int, solute: str) -> bytes:
    """Return a drawing of the well at one of its times as PNG; ``solute`` is behind the cells, ``none`` for none.

    Raises
    ------
    IndexError : if there is no such time.
    InputError : if there is no such solute.
    """
    kept = _kept(folder, plate, well, site, _changed(folder, plate, well))
    return png(DrawnWell(kept, _wanted(plate, site, solute)).picture(time))


def _wanted(plate: str, site: int, solute: str) -> Wanted:
    return Wanted(plate, site, solute, tracks=False, contacts=False, drawn=True, longest=LONGEST)


def _changed(folder: Path, plate: str, well: str) -> int:
    path = table_path(folder, "cells", plate, well)
    return path.stat().st_mtime_ns if path.is_file() else 0


@lru_cache(maxsize=16)
def _kept(folder: Path, plate: str, well: str, site: int, changed: int) -> KeptWell:
    return read_well(folder, well, _wanted(plate, site, NOTHING))
