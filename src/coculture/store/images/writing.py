"""The images of a well, written whole or not at all.

Several workers can fill one plate and a killed one leaves nothing half done. ``create_plate`` before the first well,
``finish_plate`` after the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.store import ngff
from coculture.store.atomic import written_folder
from coculture.store.images.field import FieldImages, FieldOnDemand
from coculture.store.pyramids import intensity_pyramid, label_pyramid
from coculture.store.shards import ArrayInTime, Content, group_document, write_document


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
