"""The metadata of an OME-Zarr plate: OME-NGFF 0.5, high-content layout (plate, well, field, labels).

Specification: https://ngff.openmicroscopy.org/0.5/. Functions here make the documents; they touch no file.

A level's pixel (0, 0) covers a block of the finest level. NGFF places a pixel by its *centre*, so a level of factor f is
shifted by (f - 1) / 2 fine pixels; viewers then lay the levels exactly over each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from coculture.errors import InputError

VERSION = "0.5"

_UNITS = {"t": ("time", "minute"), "c": ("channel", ""), "y": ("space", "micrometer"), "x": ("space", "micrometer")}
_COLOURS = {"dna": "0066FF", "dapi": "0066FF", "hoechst": "0066FF", "gfp": "00FF00", "rfp": "FF0000", "brightfield": "FFFFFF"}
_CYCLE = ("00FF00", "FF0000", "FFFF00", "FF00FF", "00FFFF", "FF8000")
_WELL = re.compile(r"([A-Z]+)([0-9]+)|([A-Z]+[0-9]+)([A-Z]+[0-9]+)")


def split_well(well: str) -> tuple[str, str]:
    """Return the row and column a well's name is made of: A01 gives A and 01, the chip unit C01U03 gives C01 and U03.

    Raises
    ------
    InputError : if the name has neither form.
    """
    match = _WELL.fullmatch(well)
    if match is None:
        raise InputError(f"the well name {well!r} has no row and column", remedy="use names as A01 or C01U03")
    row, column = (part for part in match.groups() if part)
    return row, column


def plate_attributes(
    plate: str, wells: Sequence[str], layout_rows: int | None, layout_columns: int | None, field_count: int | None
) -> dict[str, Any]:
    """Return the attributes of a plate's group.

    Rows and columns are those of the whole layout where its size is given and the names are lettered, so that an empty
    well keeps its place; else those that occur.
    """
    places = [split_well(well) for well in wells]
    rows = _row_names(layout_rows) if layout_rows else []
    columns = [f"{column:02d}" for column in range(1, (layout_columns or 0) + 1)]
    if any(row not in rows or column not in columns for row, column in places):
        rows = sorted({row for row, _ in places}, key=_natural)
        columns = sorted({column for _, column in places}, key=_natural)
    document: dict[str, Any] = {
        "name": plate,
        "rows": [{"name": row} for row in rows],
        "columns": [{"name": column} for column in columns],
        "wells": [
            {"path": f"{row}/{column}", "rowIndex": rows.index(row), "columnIndex": columns.index(column)}
            for row, column in places
        ],
    }
    if field_count:
        document["field_count"] = field_count
    return {"ome": {"version": VERSION, "plate": document}}


def well_attributes(sites: Sequence[int]) -> dict[str, Any]:
    """Return the attributes of a well's group, whose fields are named by their site number."""
    return {"ome": {"version": VERSION, "well": {"images": [{"path": str(site)} for site in sites]}}}


def multiscales(
    name: str, axes: str, n_levels: int, pixel_size_um: float, *, time_step_min: float = 1.0, averaged: bool = True
) -> list[dict[str, Any]]:
    """Return the ``multiscales`` list of one image: axes, and scale and shift of every level."""
    datasets = []
    for level in range(n_levels):
        factor = 2**level
        scale = [_step(axis, factor, pixel_size_um, time_step_min) for axis in axes]
        shift = [(factor - 1) / 2 * pixel_size_um if axis in "yx" else 0.0 for axis in axes]
        transformations = [{"type": "scale", "scale": scale}]
        if level:
            transformations.append({"type": "translation", "translation": shift})
        datasets.append({"path": str(level), "coordinateTransformations": transformations})
    method = "mean of 2 x 2 pixels" if averaged else "every second pixel"
    metadata = {"method": f"coculture.store.pyramids: {method}"}
    return [{"name": name, "axes": [_axis(axis) for axis in axes], "datasets": datasets, "type": method, "metadata": metadata}]


def image_label() -> dict[str, Any]:
    """Return the ``image-label`` of a label image: what it was drawn on, and a background that is see-through."""
    return {"colors": [{"label-value": 0, "rgba": [0, 0, 0, 0]}], "source": {"image": "../../"}}


def omero(channels: Sequence[str], windows: Mapping[str, tuple[float, float]], ceiling: float) -> dict[str, Any]:
    """Return how viewers should show the channels: name, colour, darkest and brightest grey."""
    shown = []
    for number, name in enumerate(channels):
        low, high = windows[name]
        shown.append(
            {
                "label": name,
                "color": _COLOURS.get(name.lower(), _CYCLE[number % len(_CYCLE)]),
                "active": True,
                "window": {"min": 0.0, "max": ceiling, "start": low, "end": high},
            }
        )
    return {"channels": shown}


def _row_names(count: int) -> list[str]:
    """Return A to Z, then AA, AB, and so on."""
    names = []
    for number in range(count):
        first, last = divmod(number, 26)
        names.append((ascii_uppercase[first - 1] if first else "") + ascii_uppercase[last])
    return names


def _natural(name: str) -> tuple[int, str]:
    return (len(name), name)


def _step(axis: str, factor: int, pixel_size_um: float, time_step_min: float) -> float:
    return {"t": time_step_min, "c": 1.0}.get(axis, factor * pixel_size_um)


def _axis(axis: str) -> dict[str, str]:
    kind, unit = _UNITS[axis]
    return {"name": axis, "type": kind} | ({"unit": unit} if unit else {})
