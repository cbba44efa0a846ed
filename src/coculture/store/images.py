"""Images of a plate as OME-Zarr (NGFF 0.5): ``P.zarr / row / column / site / level``, labels beside each image.

A well is written whole or not at all, so several workers can fill one plate and a killed one leaves nothing half done.
``create_plate`` before the first well, ``finish_plate`` after the last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from coculture.errors import FileError, InputError
from coculture.store import ngff
from coculture.store.atomic import write_bytes, written_folder
from coculture.store.names import folder_name
from coculture.store.pyramids import intensity_pyramid, label_pyramid
from coculture.store.shards import ArrayInTime, Content, group_document, write_array, write_document

Region = tuple[slice, slice]
"""Rows and columns of an image, as ``(slice(0, 64), slice(32, 96))``."""


@dataclass(frozen=True)
class FieldImages:
    """The images of one field of view at one time.

    Attributes
    ----------
    site : number of the field in its well, from 1.
    t_min : time since the start of the observation.
    pixels : (C, Y, X), integers of 8 to 32 bits or floats.
    channels : C names.
    pixel_size_um : edge of a pixel.
    labels : name → int32 (Y, X), 0 is background.
    """

    site: int
    t_min: float
    pixels: NDArray[Any]
    channels: tuple[str, ...]
    pixel_size_um: float
    labels: dict[str, NDArray[np.int32]] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldFacts:
    """What is kept of one field of view.

    Attributes
    ----------
    t_min : times of its images, ascending.
    channels : names.
    pixel_size_um : edge of a pixel at full size.
    labels : names of its label images.
    levels : number of sizes, each half of the one before.
    width, height : of an image at full size, pixels.
    """

    t_min: tuple[float, ...]
    channels: tuple[str, ...]
    pixel_size_um: float
    labels: tuple[str, ...]
    levels: int
    width: int
    height: int


@dataclass(frozen=True)
class FieldOnDemand:
    """The images of one field at one time that are made when they are written, so that a long film need not be held.

    Attributes
    ----------
    site, t_min : as of :class:`FieldImages`.
    load : makes them.
    """

    site: int
    t_min: float
    load: Callable[[], FieldImages]


def plate_images_path(results: Path, plate: str) -> Path:
    """Return where the images of ``plate`` lie in a results folder."""
    return results / "images" / f"{folder_name(plate)}.zarr"


def create_plate(
    path: Path, *, plate: str, wells: Sequence[str], layout_rows: int | None = None, layout_columns: int | None = None
) -> None:
    """Make the plate's groups and metadata, with the wells that are going to be written; wells that are there stay.

    Parameters
    ----------
    path : the plate's folder, see :func:`plate_images_path`.
    plate : the plate's name.
    wells : names of the wells, as A01 or C01U03, in the order a viewer should list them.
    layout_rows, layout_columns : size of the layout; without it, or for a chip, only rows and columns that occur are listed.

    Raises
    ------
    InputError : if a well's name has no row and column.
    FileError : if the folder cannot be written.
    """
    attributes = ngff.plate_attributes(plate, wells, layout_rows, layout_columns, None)
    for row in dict.fromkeys(ngff.split_well(well)[0] for well in wells):
        _write_group(path / row, {})
    _write_group(path, attributes | {"coculture": {"layout": [layout_rows, layout_columns]}})


def finish_plate(path: Path) -> None:
    """Rewrite the plate's metadata so that it lists the wells that were written, and no other.

    Raises
    ------
    FileError : if ``path`` is not a plate.
    """
    attributes = _attributes(path)
    document = _plate_document(path)
    wells = [well["path"].replace("/", "") for well in document["wells"] if (path / well["path"] / "zarr.json").exists()]
    fields = max((len(sites(path, well)) for well in wells), default=0)
    rows, columns = attributes["coculture"]["layout"]
    _write_group(path, attributes | ngff.plate_attributes(document["name"], wells, rows, columns, fields))


def write_well_images(
    path: Path,
    well: str,
    fields: Sequence[FieldImages | FieldOnDemand],
    *,
    windows: Mapping[str, tuple[float, float]] | None = None,
) -> None:
    """Write all images of one well, atomically; what stood there is replaced. Images are written one after the other.

    Parameters
    ----------
    path : the plate's folder.
    well : the well's name.
    fields : one entry a site and time. A site with several times gets a time axis.
    windows : channel → darkest and brightest grey a viewer should show; by default from each image itself.

    Raises
    ------
    InputError : if there are no fields, or those of one site differ in shape, type, channels or labels.
    FileError : if the folder cannot be written.
    """
    if not fields:
        raise InputError("there are no images to write", where=f"{path}, well {well}", remedy="leave this well out")
    row, column = ngff.split_well(well)
    ordered = sorted(fields, key=lambda one: (one.site, one.t_min))
    with written_folder(path / row / column) as folder:
        found = []
        for site, group in groupby(ordered, key=lambda one: one.site):
            times = list(group)
            where = f"{path}, well {well}, site {site}"
            if len({one.t_min for one in times}) < len(times):
                raise InputError("two images have the same site and time", where=where)
            _write_site(folder / str(site), f"{well} site {site}", times, windows or {}, where)
            found.append(site)
        write_document(folder, group_document(ngff.well_attributes(found)))


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
        _write_levels(folder, levels, "yx", "intensity")
        image = {"version": ngff.VERSION, "multiscales": ngff.multiscales(channel, "yx", len(levels), pixel_size_um)}
        write_document(folder, group_document({"ome": image, "coculture": dict(about or {})}))
    _write_group(path / "illumination", {})


def plate_wells(path: Path) -> list[str]:
    """Return the names of the wells the plate's metadata lists.

    Raises
    ------
    FileError : if ``path`` is not a plate.
    """
    return [well["path"].replace("/", "") for well in _plate_document(path)["wells"]]


def sites(path: Path, well: str) -> list[int]:
    """Return the site numbers of a well.

    Raises
    ------
    FileError : if the well has no images.
    """
    return [int(image["path"]) for image in _attributes(_well_folder(path, well))["ome"]["well"]["images"]]


def read_field(path: Path, well: str, site: int, t_index: int = 0) -> FieldImages:
    """Read a field back as it was written: pixels, channels, labels, time.

    Raises
    ------
    FileError : if there is no such field or time.
    """
    folder = _site_folder(path, well, site)
    own = _attributes(folder)["coculture"]
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
    folder = _site_folder(path, well, site)
    document = _attributes(folder)
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
    return _read(_site_folder(path, well, site) / str(level), 4, t_index, region)


def read_labels(
    path: Path, well: str, site: int, name: str, level: int = 0, *, t_index: int = 0, region: Region | None = None
) -> NDArray[np.int32]:
    """Read the label image ``name``, (Y, X), of a field at a level of its pyramid.

    Raises
    ------
    FileError : if there is no such field, label image, level or time.
    """
    return _read(_site_folder(path, well, site) / "labels" / name / str(level), 3, t_index, region)


def read_illumination(path: Path, channel: str, level: int = 0) -> NDArray[np.float32]:
    """Read the illumination field (Y, X) of a channel.

    Raises
    ------
    FileError : if none was written.
    """
    return _read(path / "illumination" / folder_name(channel) / str(level), 3, 0, None)


def _write_site(
    folder: Path,
    name: str,
    times: Sequence[FieldImages | FieldOnDemand],
    windows: Mapping[str, tuple[float, float]],
    where: str,
) -> None:
    first = _at_hand(times[0])
    _require_fitting(first, where)
    lead = "t" if len(times) > 1 else ""
    step = _time_step([one.t_min for one in times])
    arrays: dict[str, list[ArrayInTime]] = {}
    coarsest, ceiling = [], 0.0
    for index, time in enumerate(times):
        one = _at_hand(time)
        _require_alike(one, first, where)
        levels = intensity_pyramid(one.pixels)
        _write_time(folder, "", levels, index, arrays, lead, len(times))
        for label, values in one.labels.items():
            _write_time(folder, label, label_pyramid(np.asarray(values, np.int32)), index, arrays, lead, len(times))
        coarsest.append(levels[-1])
        ceiling = max(ceiling, _ceiling(levels[0]))
    whole = np.stack(coarsest)
    shown = {channel: windows.get(channel, _window(whole, number)) for number, channel in enumerate(first.channels)}
    image = {
        "version": ngff.VERSION,
        "multiscales": ngff.multiscales(name, lead + "cyx", len(arrays[""]), first.pixel_size_um, time_step_min=step),
        "omero": ngff.omero(first.channels, shown, ceiling),
    }
    own = {
        "t_min": [one.t_min for one in times],
        "channels": list(first.channels),
        "pixel_size_um": first.pixel_size_um,
        "labels": list(first.labels),
    }
    write_document(folder, group_document({"ome": image, "coculture": own}))
    _write_label_documents(folder / "labels", {name: len(arrays[name]) for name in first.labels}, lead, first.pixel_size_um, step)


def _at_hand(time: FieldImages | FieldOnDemand) -> FieldImages:
    return time.load() if isinstance(time, FieldOnDemand) else time


def _write_time(
    folder: Path,
    label: str,
    levels: Sequence[NDArray[Any]],
    index: int,
    arrays: dict[str, list[ArrayInTime]],
    lead: str,
    n_times: int,
) -> None:
    """Write one time point of the image ('' as label) or of labels, at every level; the first makes the arrays."""
    place = folder / "labels" / label if label else folder
    axes = lead + ("yx" if label else "cyx")
    content: Content = "labels" if label else "intensity"
    if index == 0:
        arrays[label] = [
            ArrayInTime(place / str(number), values.shape, values.dtype, axes, content, n_times if lead else None)
            for number, values in enumerate(levels)
        ]
    for array, values in zip(arrays[label], levels, strict=True):
        array.write(values, index)


def _write_label_documents(folder: Path, levels: Mapping[str, int], lead: str, pixel_size_um: float, step: float) -> None:
    if not levels:
        return
    write_document(folder, group_document({"ome": {"version": ngff.VERSION, "labels": list(levels)}}))
    for name, count in levels.items():
        scales = ngff.multiscales(name, lead + "yx", count, pixel_size_um, time_step_min=step, averaged=False)
        label = {"version": ngff.VERSION, "multiscales": scales, "image-label": ngff.image_label()}
        write_document(folder / name, group_document({"ome": label}))


def _write_levels(folder: Path, levels: Sequence[NDArray[Any]], axes: str, content: Any) -> None:
    for number, values in enumerate(levels):
        write_array(folder / str(number), values, axes, content)


def _write_group(folder: Path, attributes: dict[str, Any]) -> None:
    document = group_document(attributes)
    write_bytes(folder / "zarr.json", json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False).encode())


def _time_step(t_min: Sequence[float]) -> float:
    """Return the mean step; the exact times stand in the image's own attributes."""
    return (t_min[-1] - t_min[0]) / (len(t_min) - 1) if len(t_min) > 1 and t_min[-1] > t_min[0] else 1.0


def _window(coarsest: NDArray[Any], channel: int) -> tuple[float, float]:
    low, high = np.percentile(coarsest[..., channel, :, :], (1.0, 99.8))
    return float(low), float(max(high, low + 1))


def _ceiling(pixels: NDArray[Any]) -> float:
    if pixels.dtype.kind == "f":
        return float(max(np.nanmax(pixels), 1.0))
    return float(np.iinfo(pixels.dtype).max)


def _require_fitting(one: FieldImages, where: str) -> None:
    if one.pixels.ndim != 3 or len(one.channels) != one.pixels.shape[0]:
        raise InputError(
            f"pixels of shape {one.pixels.shape} do not fit {len(one.channels)} channels",
            where=where,
            remedy="give (C, Y, X)",
        )


def _require_alike(one: FieldImages, first: FieldImages, where: str) -> None:
    if any(labels.shape != one.pixels.shape[1:] for labels in one.labels.values()):
        raise InputError("a label image has another size than its field", where=where)
    same = (one.pixels.shape, one.pixels.dtype, one.channels, one.pixel_size_um, list(one.labels))
    if same != (first.pixels.shape, first.pixels.dtype, first.channels, first.pixel_size_um, list(first.labels)):
        raise InputError("the times of one site differ in size, type, channels, pixel size or labels", where=where)


def _well_folder(path: Path, well: str) -> Path:
    return path.joinpath(*ngff.split_well(well))


def _site_folder(path: Path, well: str, site: int) -> Path:
    return _well_folder(path, well) / str(site)


def _attributes(folder: Path) -> dict[str, Any]:
    try:
        attributes: dict[str, Any] = json.loads((folder / "zarr.json").read_text(encoding="utf-8"))["attributes"]
    except (OSError, ValueError, KeyError) as error:
        raise FileError("there are no images here", where=str(folder), remedy="run the screen with images kept") from error
    return attributes


def _plate_document(path: Path) -> dict[str, Any]:
    try:
        document: dict[str, Any] = _attributes(path)["ome"]["plate"]
    except KeyError as error:
        raise FileError("is not an OME-Zarr plate", where=str(path), remedy="name the folder of a plate") from error
    return document


def _read(folder: Path, ndim_with_time: int, t_index: int, region: Region | None) -> NDArray[Any]:
    array = _opened(folder)
    lead = (t_index,) if array.ndim == ndim_with_time else ()
    if t_index >= (array.shape[0] if lead else 1):
        raise FileError(f"there is no time {t_index}", where=str(folder))
    values: NDArray[Any] = np.asarray(array[(*lead, ..., *(region or ()))])
    return values


def _opened(folder: Path) -> Any:
    """Return an image of the pyramid, of which no pixel has been read."""
    try:
        return zarr.open_array(folder, mode="r")
    except FileNotFoundError as error:
        raise FileError("there is no such image", where=str(folder), remedy="check well, site, level and label name") from error
