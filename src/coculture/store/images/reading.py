"""A field read back: as it was written, a piece of it at one size, or only what is kept of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from coculture.errors import FileError
from coculture.store.images.documents import attributes_of, site_folder
from coculture.store.images.field import FieldFacts, FieldImages

Region = tuple[slice, slice]
"""Rows and columns of an image, as ``(slice(0, 64), slice(32, 96))``."""


def read_field(path: Path, well: str, site: int, t_index: int = 0) -> FieldImages:
    """Read a field back as it was written: pixels, channels, labels, time.

    Raises
    ------
    FileError : if there is no such field or time.
    """
    folder = site_folder(path, well, site)
    own = attributes_of(folder)["coculture"]
    times = own["t_min"]
    if not 0 <= t_index < len(times):
        raise FileError(f"there is no time {t_index}: the field has {len(times)}", where=str(folder))
    labels = {name: read_labels(path, well, site, name, t_index=t_index) for name in own["labels"]}
    pixels = read_pixels(path, well, site, t_index=t_index)
    return FieldImages(site, times[t_index], pixels, tuple(own["channels"]), own["pixel_size_um"], labels)


def field_facts(path: Path, well: str, site: int) -> FieldFacts:
    """Return what is kept of a field, without reading a pixel.

    Raises
    ------
    FileError : if there is no such field.
    """
    folder = site_folder(path, well, site)
    document = attributes_of(folder)
    own, sizes = document["coculture"], document["ome"]["multiscales"][0]["datasets"]
    height, width = _opened(folder / "0").shape[-2:]
    about = (tuple(own["t_min"]), tuple(own["channels"]), own["pixel_size_um"], tuple(own["labels"]), len(sizes))
    return FieldFacts(*about, width=int(width), height=int(height))


def read_pixels(
    path: Path, well: str, site: int, level: int = 0, *, t_index: int = 0, region: Region | None = None
) -> NDArray[Any]:
    """Read (C, Y, X) of a field at a level of its pyramid; ``region`` is in pixels of that level.

    Raises
    ------
    FileError : if there is no such field, level or time.
    """
    return read_array(site_folder(path, well, site) / str(level), 4, t_index, region)


def read_labels(
    path: Path, well: str, site: int, name: str, level: int = 0, *, t_index: int = 0, region: Region | None = None
) -> NDArray[np.int32]:
    """Read the label image ``name``, (Y, X), of a field at a level of its pyramid.

    Raises
    ------
    FileError : if there is no such field, label image, level or time, or the name is that of a place elsewhere.
    """
    # names come from the folder's own metadata, and the folder from anywhere
    if not name or Path(name).name != name or name == "..":
        raise FileError(f"{name!r} is no name of a label image", where=str(site_folder(path, well, site)))
    return read_array(site_folder(path, well, site) / "labels" / name / str(level), 3, t_index, region)


def read_array(folder: Path, ndim_with_time: int, t_index: int, region: Region | None) -> NDArray[Any]:
    """Return an image of a pyramid at one time, or a piece of it.

    Raises
    ------
    FileError : if there is no such image or time, or it is damaged.
    """
    array = _opened(folder)
    lead = (t_index,) if array.ndim == ndim_with_time else ()
    if t_index >= (array.shape[0] if lead else 1):
        raise FileError(f"there is no time {t_index}", where=str(folder))
    shard = folder.joinpath("c", *map(str, lead), *"0" * (array.ndim - len(lead)))
    if not shard.is_file():  # read as black, by the format's rules; none is ever left out when it is written
        raise _damaged(shard, "the file is gone")
    try:
        values: NDArray[Any] = np.asarray(array[(*lead, ..., *(region or ()))])
    except MemoryError:
        raise
    except Exception as error:  # the decoders' errors are of many kinds
        raise _damaged(shard, str(error)) from error
    return values


def _damaged(file: Path, reason: str) -> FileError:
    remedy = "run the screen again: the images of this well are made anew; 'coculture verify' finds all files that changed"
    return FileError(f"a kept image is damaged: {reason or 'it cannot be read'}", str(file), remedy)


def _opened(folder: Path) -> Any:
    """Return an image of the pyramid, of which no pixel has been read."""
    try:
        return zarr.open_array(folder, mode="r")
    except FileNotFoundError as error:
        raise FileError("there is no such image", where=str(folder), remedy="check well, site, level and label name") from error
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(folder / "zarr.json", str(error)) from error
