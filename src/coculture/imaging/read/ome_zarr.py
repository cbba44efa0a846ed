"""OME-Zarr plates (NGFF HCS, versions 0.4 and 0.5): what a plate holds, and its pixels.

Specification: https://ngff.openmicroscopy.org/0.5/ (plate, well, multiscales, omero). Version 0.4 keeps its metadata in
``.zattrs`` (Zarr 2), version 0.5 under ``ome`` in ``zarr.json`` (Zarr 3). Metadata are plain JSON and read as such;
pixels are read through zarr.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import zarr
from numpy.typing import NDArray

from coculture.errors import FileError, InputError
from coculture.imaging.read.found import Found
from coculture.imaging.read.tiff import FileStructure, describe
from coculture.plate.layout import Layout

VERSIONS = ("0.4", "0.5")
_MICROMETRES = {"micrometer": 1.0, "nanometer": 1e-3, "millimeter": 1e3}
_MINUTES = {"second": 1 / 60, "minute": 1.0, "hour": 60.0, "millisecond": 1 / 60_000, "day": 1440.0}


@dataclass(frozen=True)
class _Image:
    """What one image group's metadata say."""

    axes: tuple[str, ...]
    level: str
    pixel_size_um: float | None
    step_min: float | None
    channel_names: tuple[str, ...]


def find_plates(folder: Path, layout: Layout, plate_name: str | None) -> Found:
    """Read the metadata of one plate, or of every ``*.zarr`` plate in a folder.

    Raises
    ------
    FileError : if there is no plate, or its metadata are missing, broken or of another version.
    InputError : if one plate name is given for several plates.
    """
    plates = _plate_folders(folder)
    if plate_name is not None and len(plates) > 1:
        raise InputError(
            f"{len(plates)} plates lie here, and one name {plate_name!r} is given", str(folder), "leave out the name"
        )
    rows: list[tuple[str, str, int, str]] = []
    for place in plates:
        rows.extend(_plate_rows(place, folder, layout, plate_name))
    if not rows:
        raise FileError("the plate has no images", str(folder), "was the export finished?")
    image = _image(folder / rows[0][3])
    array = _open_array(folder / rows[0][3] / image.level)
    names = dict(zip(map(str, range(1, len(image.channel_names) + 1)), image.channel_names, strict=True))
    structure = FileStructure(
        (int(array.shape[-2]), int(array.shape[-1])),
        str(array.dtype.newbyteorder("=")),
        _planes(array.shape, image.axes),
        (),
        image.pixel_size_um,
    )
    return Found(_frame(rows, image, structure), structure, "ome-zarr", {k: v for k, v in names.items() if v}, image.step_min)


def read_planes(path: Path, planes: Sequence[int], shape: tuple[int, int], dtype: str) -> list[NDArray[Any]]:
    """Read planes, numbered through the leading axes, as (Y, X) arrays.

    Raises
    ------
    FileError : if the array is missing or damaged, or differs from ``shape`` and ``dtype``.
    """
    array = _open_array(path)
    _check(array, max(planes), shape, dtype, path)
    lead = array.shape[:-2]
    try:
        if len(planes) == int(np.prod(lead)):  # all: a chunk that holds several planes is decoded once
            whole = np.asarray(array[...], dtype=np.dtype(dtype)).reshape(-1, *shape)
            return [whole[number] for number in planes]
        positions = (tuple(map(int, np.unravel_index(number, lead))) if lead else () for number in planes)
        return [np.asarray(array[position], dtype=np.dtype(dtype)) for position in positions]
    except Exception as error:  # codecs raise errors of many kinds; all mean that this array cannot be used
        raise FileError(f"the image array is damaged: {error}", str(path), "copy the plate again") from error


def check_array(path: Path, last_plane: int, shape: tuple[int, int], dtype: str) -> None:
    """Compare an array's metadata with the rest of the plate; FileError where they differ."""
    _check(_open_array(path), last_plane, shape, dtype, path)


def _check(array: Any, last_plane: int, shape: tuple[int, int], dtype: str, path: Path) -> None:
    found = ((int(array.shape[-2]), int(array.shape[-1])), str(array.dtype.newbyteorder("=")))
    if found != (shape, dtype):
        raise FileError(
            f"the image is {describe(*found)}, the rest of the plate is {describe(shape, dtype)}",
            str(path),
            "a plate needs images of one size and one bit depth",
        )
    if last_plane >= int(np.prod(array.shape[:-2])):
        raise FileError(
            f"plane {last_plane + 1} is asked for, the image has {int(np.prod(array.shape[:-2]))}",
            str(path),
            "all images of a plate need the same channels, planes and time points",
        )


def _open_array(path: Path) -> Any:
    try:
        return zarr.open_array(str(path), mode="r")
    except Exception as error:  # zarr raises errors of many kinds for a missing or broken array
        raise FileError(f"the image array cannot be opened: {error}", str(path), "copy the plate again") from error


def _attributes(folder: Path) -> dict[str, Any]:
    """Return a group's OME attributes, whichever version wrote them."""
    for name in ("zarr.json", ".zattrs"):
        path = folder / name
        if not path.is_file():
            continue
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            found = content.get("attributes", {}).get("ome", {}) if name == "zarr.json" else content
        except (ValueError, AttributeError) as error:
            raise FileError(f"the metadata are broken: {error}", str(path), "copy the plate again") from error
        return dict(found)
    raise FileError(
        "there is no zarr.json and no .zattrs: this is no OME-Zarr group", str(folder), "copy the plate again, or check the path"
    )


def _plate_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise FileError("the image folder does not exist", str(folder), "check the path, or give the folder with --images")
    if (folder / "zarr.json").is_file() or (folder / ".zattrs").is_file():
        return [folder]
    plates = sorted(place for place in folder.iterdir() if place.suffix == ".zarr" and place.is_dir())
    if not plates:
        raise FileError("no OME-Zarr plate lies here", str(folder), "name a folder plate.zarr, or a folder that holds such")
    return plates


def _plate_rows(place: Path, root: Path, layout: Layout, plate_name: str | None) -> list[tuple[str, str, int, str]]:
    """List (plate, well, site, path of the image group below ``root``)."""
    found = _attributes(place)
    plate = found.get("plate")
    if not isinstance(plate, dict):
        raise FileError(
            "this Zarr group is no plate (no key 'plate')", str(place), "name the folder of the plate, not of a well or image"
        )
    version = str(found.get("version", plate.get("version", "")))
    if version and version not in VERSIONS:
        raise FileError(f"OME-Zarr version {version} is not read", str(place), f"versions {' and '.join(VERSIONS)} are")
    name = plate_name or str(plate.get("name") or place.name.removesuffix(".zarr"))
    rows: list[tuple[str, str, int, str]] = []
    for well in plate.get("wells", []):
        path = str(well["path"]).strip("/")
        well_name = layout.canonical("".join(path.split("/")))
        images = _attributes(place / path).get("well", {}).get("images", [])
        if len({image.get("acquisition", 0) for image in images}) > 1:
            raise FileError("the well holds several acquisitions", str(place / path), "export one acquisition a plate")
        below = (place / path).relative_to(root).as_posix()
        rows.extend((name, well_name, site, f"{below}/{image['path']}") for site, image in enumerate(images, 1))
    return rows


def _image(folder: Path) -> _Image:
    found = _attributes(folder)
    try:
        scales = found["multiscales"][0]
        axes = tuple(str(axis["name"]) for axis in scales["axes"])
        units = [str(axis.get("unit", "")) for axis in scales["axes"]]
        level = scales["datasets"][0]
        scale = next((t["scale"] for t in level["coordinateTransformations"] if t["type"] == "scale"), [1.0] * len(axes))
    except (KeyError, IndexError, TypeError) as error:
        raise FileError(
            f"the image's metadata lack {error}", str(folder), "write the plate again with multiscales metadata"
        ) from error
    if axes[-2:] != ("y", "x") or not set(axes) <= set("tczyx"):
        raise FileError(f"axes {', '.join(axes)} are not read", str(folder), "axes are t, c, z (each optional), then y, x")
    size = float(scale[-1]) * _MICROMETRES[units[-1]] if units[-1] in _MICROMETRES else None
    step = (
        float(scale[axes.index("t")]) * _MINUTES[units[axes.index("t")]]
        if "t" in axes and units[axes.index("t")] in _MINUTES
        else None
    )
    channels = tuple(str(channel.get("label", "")) for channel in found.get("omero", {}).get("channels", []))
    return _Image(axes, str(level["path"]), size, step, channels)


def _planes(shape: tuple[int, ...], axes: tuple[str, ...]) -> tuple[tuple[int, int, int], ...]:
    """Say (c, z, t) of each plane, numbered through the leading axes."""
    planes = []
    for position in np.ndindex(*shape[:-2]):
        where = dict(zip(axes, position, strict=False))
        planes.append((where.get("c", 0), where.get("z", 0), where.get("t", 0)))
    return tuple(planes)


def _frame(rows: list[tuple[str, str, int, str]], image: _Image, structure: FileStructure) -> pd.DataFrame:
    planes = np.array(structure.planes)
    each, number = np.repeat(np.arange(len(rows)), len(planes)), np.tile(np.arange(len(planes)), len(rows))
    frame = pd.DataFrame(rows, columns=["plate", "well", "site", "path"]).iloc[each].reset_index(drop=True)
    frame["path"] += f"/{image.level}"
    channel = pd.Series(planes[number, 0] + 1).astype(str)
    return frame.assign(channel=channel, z=planes[number, 1], t=planes[number, 2], plane=number)
