"""A plate's own part: its folder, and the metadata that list its wells, before the first well and after the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from coculture.store import ngff
from coculture.store.images.documents import attributes_of, plate_document, sites, well_folder, write_group
from coculture.store.names import folder_name


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
        write_group(path / row, {})
    write_group(path, attributes | {"coculture": {"layout": [layout_rows, layout_columns]}})


def finish_plate(path: Path, n_sites: Mapping[str, int] | None = None) -> None:
    """Rewrite the plate's metadata so that it lists the wells that were written, and no other.

    Parameters
    ----------
    path : the plate's folder.
    n_sites : how many fields of view each well that was written has; by default what lies in the folder.

    Raises
    ------
    FileError : if ``path`` is not a plate.
    """
    attributes = attributes_of(path)
    document = plate_document(path)
    planned = [well["path"].replace("/", "") for well in document["wells"]]
    if n_sites is None:
        n_sites = {well: len(sites(path, well)) for well in planned if (well_folder(path, well) / "zarr.json").exists()}
    wells = [well for well in planned if well in n_sites]
    fields = max(n_sites.values(), default=0)
    rows, columns = attributes["coculture"]["layout"]
    write_group(path, attributes | ngff.plate_attributes(document["name"], wells, rows, columns, fields))


def plate_wells(path: Path) -> list[str]:
    """Return the names of the wells the plate's metadata lists.

    Raises
    ------
    FileError : if ``path`` is not a plate.
    """
    return [well["path"].replace("/", "") for well in plate_document(path)["wells"]]
