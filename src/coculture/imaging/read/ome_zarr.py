"""OME-Zarr plates (NGFF HCS, versions 0.4 and 0.5): what a plate holds, and its pixels.

Specification: https://ngff.openmicroscopy.org/0.5/ (plate, well, multiscales, omero). Version 0.4 keeps its metadata in
``.zattrs`` (Zarr 2), version 0.5 under ``ome`` in ``zarr.json`` (Zarr 3). Metadata are plain JSON and read as such;
pixels are read through zarr.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import zarr
from numpy.typing import NDArray

from coculture.errors import CocultureError, FileError, InputError
from coculture.imaging.read.found import Found
from coculture.imaging.read.sizes import LARGEST_PLANE_BYTES, require_count, require_size
from coculture.imaging.read.structure import FileStructure, require_like
from coculture.imaging.read.wells import canonical_wells
from coculture.imaging.read.zarr_trust import inside, read_document, require_trusted_chunks
from coculture.plate.layout import Layout

VERSIONS = ("0.4", "0.5")
_BROKEN = (KeyError, TypeError, AttributeError, ValueError, IndexError, OverflowError, StopIteration)
"""What metadata that are not as the specification says make the readers stumble over."""

MOST_IMAGES = 10_000
"""Wells of a plate, and images of a well."""

SAMPLED_IMAGES = 24
"""Arrays whose metadata are compared when a plate is opened."""

_Row = tuple[str, str, int, str]
"""Plate, well, site, path of the image group below the folder."""

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
    rows = [row for place in plates for row in _plate_rows(place, folder, layout, plate_name)]
    if not rows:
        raise FileError("the plate has no images", str(folder), "was the export finished?")
    image = _image(folder / rows[0][3])
    structure = _structure(folder / rows[0][3], image)
    for place in sorted({rows[int(i)][3] for i in np.linspace(0, len(rows) - 1, SAMPLED_IMAGES)}):
        check_array(folder / place / image.level, structure)
    names = {str(number): name for number, name in enumerate(image.channel_names, 1) if name}
    return Found(_frame(rows, image, structure), structure, "ome-zarr", names, image.step_min)


def _structure(place: Path, image: _Image) -> FileStructure:
    array = _open_array(place / image.level)
    if array.ndim != len(image.axes):
        raise FileError(
            f"the metadata name {len(image.axes)} axes, the array has {array.ndim}", str(place), "write the plate again"
        )
    _check_shape(array, place / image.level)
    return FileStructure(
        (int(array.shape[-2]), int(array.shape[-1])),
        str(array.dtype.newbyteorder("=")),
        _planes(array.shape, image.axes),
        tuple(map(int, array.shape[:-2])),
        image.channel_names,
        image.pixel_size_um,
    )


def read_planes(path: Path, planes: Sequence[int], structure: FileStructure) -> list[NDArray[Any]]:
    """Read planes, numbered through the leading axes, as (Y, X) arrays.

    Raises
    ------
    FileError : if the array is missing or damaged, or is not of the given structure.
    """
    array = _open_array(path)
    _check(array, structure, path)
    require_trusted_chunks(array, path)
    lead, dtype = structure.lead, np.dtype(structure.dtype)
    try:
        if (
            len(planes) == len(structure.planes) and array.nbytes <= LARGEST_PLANE_BYTES
        ):  # all: a chunk that holds several planes is decoded once
            whole = np.asarray(array[...], dtype=dtype).reshape(-1, *structure.shape)
            return [whole[number] for number in planes]
        positions = (tuple(map(int, np.unravel_index(number, lead))) for number in planes)
        return [np.asarray(array[position], dtype=dtype) for position in positions]
    except Exception as error:  # codecs raise errors of many kinds; all mean that this array cannot be used
        raise FileError(f"the image array is damaged: {error}", str(path), "copy the plate again") from error


def check_array(path: Path, structure: FileStructure) -> None:
    """Compare an array's metadata with the rest of the plate; FileError where they differ."""
    _check(_open_array(path), structure, path)


def _check(array: Any, structure: FileStructure, path: Path) -> None:
    shape = tuple(map(int, array.shape))
    _check_shape(array, path)
    require_like(((shape[-2], shape[-1]), str(array.dtype.newbyteorder("="))), structure, path)
    if shape[:-2] != structure.lead:
        raise FileError(
            f"the image has {shape[:-2]} time points, channels and planes, the others have {structure.lead}",
            str(path),
            "all images of a plate need the same",
        )


def _check_shape(array: Any, path: Path) -> None:
    shape = tuple(map(int, array.shape))
    if len(shape) < 2:
        raise FileError(f"the array has {len(shape)} axes, an image has two or more", str(path), "write the plate again")
    if array.dtype.kind not in "uif":
        raise FileError(f"pixels of type {array.dtype} cannot be measured", str(path), "export 8 bit, 16 bit or float images")
    require_size((shape[-2], shape[-1]), array.dtype.itemsize, path)
    require_count(shape[:-2], str(path))


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
            content = read_document(path)
            return dict(content.get("attributes", {}).get("ome", {}) if name == "zarr.json" else content)
        except (ValueError, AttributeError, TypeError, OSError) as error:
            raise FileError(f"the metadata are broken: {error}", str(path), "copy the plate again") from error
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


def _plate_rows(place: Path, root: Path, layout: Layout, plate_name: str | None) -> list[_Row]:
    found = _attributes(place)
    plate = found.get("plate")
    if not isinstance(plate, dict):
        raise FileError(
            "this Zarr group is no plate (no key 'plate')", str(place), "name the plate's folder, not a well's or an image's"
        )
    version = str(found.get("version", plate.get("version", "")))
    if version and version not in VERSIONS:
        raise FileError(f"OME-Zarr version {version} is not read", str(place), f"versions {' and '.join(VERSIONS)} are")
    name = plate_name or str(plate.get("name") or place.resolve().name.removesuffix(".zarr"))
    try:
        paths = [str(well["path"]).strip("/") for well in _listed(plate.get("wells", []), place)]
        canonical = canonical_wells({"".join(path.split("/")): str(place / path) for path in paths}, layout)
        images = {path: _well_images(place, inside(place, place, path)) for path in paths}
    except CocultureError:
        raise
    except _BROKEN as error:
        raise FileError(f"the plate's metadata are broken: {error!r}", str(place), "write the plate again") from error
    return [
        (name, canonical["".join(path.split("/"))], site, (place / path / image).relative_to(root).as_posix())
        for path in paths
        for site, image in images[path]
    ]


def _listed(found: Any, place: Path) -> Any:
    if len(found) > MOST_IMAGES:
        raise FileError(f"the metadata list {len(found)} wells or images", str(place), f"at most {MOST_IMAGES} are read")
    return found


def _well_images(plate: Path, place: Path) -> list[tuple[int, str]]:
    """List (site, name of the image group): a name that is a number is the site, other names are counted from 1."""
    images = _listed(_attributes(place)["well"]["images"], place)
    if len({image.get("acquisition", 0) for image in images}) > 1:
        raise FileError("the well holds several acquisitions", str(place), "export one acquisition a plate")
    names = [inside(plate, place, str(image["path"])).relative_to(place).as_posix() for image in images]
    numbers = list(map(int, names)) if all(name.isdecimal() and len(name) < 10 for name in names) else range(1, len(names) + 1)
    return list(zip(numbers, names, strict=True))


def _image(folder: Path) -> _Image:
    found = _attributes(folder)
    try:
        return _image_of(found, folder)
    except CocultureError:
        raise
    except _BROKEN as error:
        raise FileError(
            f"the image's metadata lack {error}", str(folder), "write the plate again with multiscales metadata"
        ) from error


def _image_of(found: dict[str, Any], folder: Path) -> _Image:
    scales = found["multiscales"][0]
    axes = tuple(str(axis["name"]) for axis in scales["axes"])
    units = [str(axis.get("unit", "")) for axis in scales["axes"]]
    level = scales["datasets"][0]
    scale = next((t["scale"] for t in level["coordinateTransformations"] if t["type"] == "scale"), [1.0] * len(axes))
    if axes[-2:] != ("y", "x") or not set(axes) <= set("tczyx"):
        raise FileError(f"axes {', '.join(axes)} are not read", str(folder), "axes are t, c, z (each optional), then y, x")
    size = float(scale[-1]) * _MICROMETRES[units[-1]] if units[-1] in _MICROMETRES else None
    step = (
        float(scale[axes.index("t")]) * _MINUTES[units[axes.index("t")]]
        if "t" in axes and units[axes.index("t")] in _MINUTES
        else None
    )
    channels = tuple(str(channel.get("label", "")) for channel in found.get("omero", {}).get("channels", []))
    place = inside(folder, folder, str(level["path"])).relative_to(folder).as_posix()
    known_size, known_step = (value if value is not None and 0 < value < math.inf else None for value in (size, step))
    return _Image(axes, place, known_size, known_step, channels)


def _planes(shape: tuple[int, ...], axes: tuple[str, ...]) -> tuple[tuple[int, int, int], ...]:
    """Say (c, z, t) of each plane, numbered through the leading axes."""
    planes = []
    for position in np.ndindex(*shape[:-2]):
        where = dict(zip(axes, position, strict=False))
        planes.append((where.get("c", 0), where.get("z", 0), where.get("t", 0)))
    return tuple(planes)


def _frame(rows: list[_Row], image: _Image, structure: FileStructure) -> pd.DataFrame:
    planes = np.array(structure.planes)
    each, number = np.repeat(np.arange(len(rows)), len(planes)), np.tile(np.arange(len(planes)), len(rows))
    frame = pd.DataFrame(rows, columns=["plate", "well", "site", "path"]).iloc[each].reset_index(drop=True)
    frame["path"] += f"/{image.level}"
    channel = pd.Series(planes[number, 0] + 1).astype(str)
    return frame.assign(channel=channel, z=planes[number, 1], t=planes[number, 2], plane=number)
