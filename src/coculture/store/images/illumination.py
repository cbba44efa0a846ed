"""The illumination field of each channel, an image of its own inside the plate's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.store import ngff
from coculture.store.atomic import written_folder
from coculture.store.images.documents import write_group
from coculture.store.images.reading import read_array
from coculture.store.names import folder_name
from coculture.store.pyramids import intensity_pyramid
from coculture.store.shards import group_document, write_array, write_document


def write_illumination(
    path: Path,
    channel: str,
    values: NDArray[np.float32],
    pixel_size_um: float = 1.0,
    about: Mapping[str, str | float] | None = None,
) -> None:
    """Write the illumination field (Y, X) of a channel as an image of its own inside the plate's folder.

    ``about`` is kept beside it: how the field was estimated, from how many images.

    Raises
    ------
    InputError : if ``values`` is not two-dimensional.
    FileError : if the folder cannot be written.
    """
    if values.ndim != 2:
        raise InputError(
            f"an illumination field is two-dimensional, found {values.ndim} axes", where=f"{path}, channel {channel}"
        )
    target = path / "illumination" / folder_name(channel)
    levels = intensity_pyramid(np.asarray(values, np.float32))
    with written_folder(target) as folder:
        for number, level in enumerate(levels):
            write_array(folder / str(number), level, "yx", "intensity")
        image = {"version": ngff.VERSION, "multiscales": ngff.multiscales(channel, "yx", len(levels), pixel_size_um)}
        write_document(folder, group_document({"ome": image, "coculture": dict(about or {})}))
    write_group(path / "illumination", {})


def read_illumination(path: Path, channel: str, level: int = 0) -> NDArray[np.float32]:
    """Read the illumination field (Y, X) of a channel.

    Raises
    ------
    FileError : if none was written.
    """
    return read_array(path / "illumination" / folder_name(channel) / str(level), 3, 0, None)
