"""Can the results be written?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from coculture.run.check.finding import Finding

BYTES_A_WELL = 2_000_000
"""A generous estimate of the tables of one well: 5,000 cells with 50 features."""

IMAGE_FACTOR = 1.5
"""Images as OME-Zarr with pyramid and outlines, as a multiple of the input files' size; compression usually needs less."""


def check_output(results: Path, *, n_wells: int, image_bytes: int) -> list[Finding]:
    """Check that the results folder can be written and that the disk has room.

    Parameters
    ----------
    results : the results folder, which need not exist.
    n_wells : wells of the plan.
    image_bytes : size of the image files that will be kept as OME-Zarr, 0 where none are.
    """
    return [*_writable(results), *_room(results, int(n_wells * BYTES_A_WELL + IMAGE_FACTOR * image_bytes))]


def _existing(path: Path) -> Path:
    return next(parent for parent in (path.absolute(), *path.absolute().parents) if parent.exists())


def _writable(results: Path) -> Iterator[Finding]:
    there = _existing(results)
    if not there.is_dir():
        yield Finding.error("this is a file, not a folder", str(there), "name another folder with -o")
    elif not os.access(there, os.W_OK | os.X_OK):
        yield Finding.error("results cannot be written here", str(there), "check your rights, or name another folder with -o")


def _room(results: Path, needed: int) -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(results)).free
    if free < needed:
        what = f"the disk has {_gigabytes(free)} free; the results may need up to {_gigabytes(needed)}"
        yield Finding.warning(what, str(results), "make room, write elsewhere with -o, or set store.images = false")


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
