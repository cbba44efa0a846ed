"""The metadata documents of a plate's groups, and where wells and sites lie in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from coculture.errors import FileError
from coculture.store import ngff
from coculture.store.atomic import write_bytes
from coculture.store.brought import brought
from coculture.store.shards import group_document


def write_group(folder: Path, attributes: dict[str, Any]) -> None:
    """Write the document of a group of the zarr hierarchy."""
    document = group_document(attributes)
    write_bytes(folder / "zarr.json", json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False).encode())


def attributes_of(folder: Path) -> dict[str, Any]:
    """Return the attributes of a group.

    Raises
    ------
    FileError : if there is no readable group.
    """
    if not (folder / "zarr.json").exists():
        brought(folder / "zarr.json")
    try:
        attributes: dict[str, Any] = json.loads((folder / "zarr.json").read_text(encoding="utf-8"))["attributes"]
    except (OSError, ValueError, KeyError) as error:
        raise FileError("there are no images here", where=str(folder), remedy="run the screen with images kept") from error
    return attributes


def plate_document(path: Path) -> dict[str, Any]:
    """Return what a plate's metadata say of it.

    Raises
    ------
    FileError : if ``path`` is not a plate.
    """
    try:
        document: dict[str, Any] = attributes_of(path)["ome"]["plate"]
    except KeyError as error:
        raise FileError("is not an OME-Zarr plate", where=str(path), remedy="name the folder of a plate") from error
    return document


def well_folder(path: Path, well: str) -> Path:
    """Return where a well lies in a plate's folder."""
    return path.joinpath(*ngff.split_well(well))


def site_folder(path: Path, well: str, site: int) -> Path:
    """Return where a field of view lies in a plate's folder."""
    return well_folder(path, well) / str(site)


def sites(path: Path, well: str) -> list[int]:
    """Return the site numbers of a well.

    Raises
    ------
    FileError : if the well has no images.
    """
    return [int(image["path"]) for image in attributes_of(well_folder(path, well))["ome"]["well"]["images"]]
