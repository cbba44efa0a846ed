"""What the microscope must know of a whole plate before its first well: the light of each channel, and the cell types' marker.

Both are kept in the results folder, so that workers read them, a resumed run uses the same, and the report can show them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError, FileError
from coculture.imaging.correct.estimate import estimate_illumination
from coculture.imaging.correct.field import IlluminationField
from coculture.imaging.correct.settings import IlluminationSettings
from coculture.imaging.read.index import ImageIndex
from coculture.store.atomic import write_bytes
from coculture.store.images.illumination import read_illumination, write_illumination
from coculture.store.images.plate import plate_images_path
from coculture.store.names import folder_name

PREPARED_FOLDER = "prepared"
"""Where the results folder keeps what was learnt from whole plates, one JSON file a plate."""

PIXEL_SIZE = "pixel_size_um"
"""Key of the width of a pixel, which names in pixels need."""


def prepared_path(results: Path, plate: str) -> Path:
    """Return the file that holds what was learnt from ``plate``."""
    return results / PREPARED_FOLDER / f"{folder_name(plate)}.json"


def read_prepared(results: Path, plate: str) -> dict[str, Any] | None:
    """Return what was learnt from ``plate``, None where nothing was yet, or the file is damaged and must be made again."""
    path = prepared_path(results, plate)
    try:
        learnt = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    except ValueError:
        return None
    return learnt if isinstance(learnt, dict) else None


def write_prepared(results: Path, plate: str, learnt: dict[str, Any]) -> None:
    """Keep what was learnt from ``plate``; written last, so that it vouches for the illumination fields."""
    path = prepared_path(results, plate)
    path.parent.mkdir(exist_ok=True)
    write_bytes(path, (json.dumps(learnt, indent=1, sort_keys=True) + "\n").encode())


def _images(index: ImageIndex, channel: str, plate: str, n_images: int, method: str) -> Iterable[NDArray[Any]]:
    """Give the images to learn from; without a method none is read, so that a damaged one fails its own well alone."""
    return [np.zeros(index.shape, np.uint8)] if method == "none" else index.images_of(channel, plate=plate, at_most=n_images)


def illumination_stands(results: Path, index: ImageIndex, plate: str) -> bool:
    """Tell whether the light of every channel of a plate is kept and can be read; where a disk damaged it, it is learnt anew."""
    try:
        for channel in index.channels:
            read_illumination(plate_images_path(results, plate), channel)
    except FileError:
        return False
    return True


def prepare_illumination(
    results: Path, index: ImageIndex, plate: str, method: str, n_images: int, camera_offset: float
) -> dict[str, Any]:
    """Estimate and keep the illumination field of every channel of one plate.

    Returns
    -------
    channel → how the field was made: method, images used, offset, uncertainty, notes.

    Raises
    ------
    DataError : if a channel's images cannot support the estimate.
    """
    settings = IlluminationSettings(offset=camera_offset, most_images=n_images)
    about: dict[str, Any] = {}
    for channel in index.channels:
        images = _images(index, channel, plate, n_images, method)
        try:
            field = estimate_illumination(images, method, settings)  # type: ignore[arg-type]
        except DataError as error:
            raise DataError(
                error.problems[0].what, f"plate {plate}, channel {channel}, illumination", error.problems[0].remedy
            ) from error
        about[channel] = {
            "method": field.method,
            "n_images": field.n_images,
            "offset": field.offset,
            "statistic": field.statistic,
            "uncertainty": round(field.uncertainty, 6),
            "notes": list(field.notes),
        }
        kept = {key: value for key, value in about[channel].items() if isinstance(value, str | int | float)}
        write_illumination(plate_images_path(results, plate), channel, field.values, index.pixel_size_um, kept)
    return about


@lru_cache(maxsize=8)
def illumination_fields(results: Path, plate: str, channels: tuple[str, ...]) -> tuple[IlluminationField, ...]:
    """Return the kept illumination field of each channel; read once per process."""
    about = (read_prepared(results, plate) or {})["illumination"]
    path = plate_images_path(results, plate)
    return tuple(
        IlluminationField(
            np.asarray(read_illumination(path, channel), dtype=np.float32),
            about[channel]["method"],
            about[channel]["n_images"],
            about[channel]["offset"],
        )
        for channel in channels
    )
