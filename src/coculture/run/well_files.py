"""What a worker leaves of one well in the results folder.

The tables of cells and contacts lie where they stay. The well's numbers and the scores of its fields lie in
``work/wells/plate=P/well=A01.json`` until all wells are there: the fields are judged over the whole plate, so their
table is written at the end.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coculture.errors import FileError
from coculture.plate.cell_table import validate_cell_table, validate_contact_table
from coculture.sources.source import WellObservation
from coculture.store.atomic import write_bytes
from coculture.store.images.plate import plate_images_path
from coculture.store.medium import medium_path, write_medium
from coculture.store.names import folder_name, well_file_stem
from coculture.store.ngff import split_well
from coculture.store.tables import WELL_KINDS, table_path, write_table

WORK_FOLDER = "work"
"""Folder, inside the results folder, of what a run needs to go on and a reader does not."""


@dataclass(frozen=True)
class WellNumbers:
    """The numbers of one well.

    Attributes
    ----------
    readouts : the well's numbers by name.
    fields : the columns of one row a field and channel; none where the source has no images.
    notes : what a reader of the numbers must know.
    """

    readouts: dict[str, Any]
    fields: dict[str, list[Any]]
    notes: tuple[str, ...] = ()


def numbers_path(results: Path, plate: str, well: str) -> Path:
    """Return where the numbers of a well lie."""
    return results / WORK_FOLDER / "wells" / f"plate={folder_name(plate)}" / f"well={well_file_stem(well)}.json"


def _plain(value: Any) -> Any:
    """Return a NumPy scalar as Python's own."""
    return value.item() if hasattr(value, "item") else value


def write_well(results: Path, plate: str, well: str, seen: WellObservation) -> list[Path]:
    """Write all tables of one well, each atomically, and return their paths.

    Raises
    ------
    InputError : if a table the source gave is not valid.
    FileError : if a file cannot be written.
    """
    where = f"{plate} {well}"
    validate_cell_table(seen.cells, where)
    validate_contact_table(seen.contacts, where)
    cells, contacts = (table_path(results, kind, plate, well) for kind in ("cells", "contacts"))
    write_table(seen.cells, cells)
    write_table(seen.contacts, contacts)
    numbers = numbers_path(results, plate, well)
    content = {
        "readouts": {name: _plain(value) for name, value in seen.readouts.items()},
        "fields": {str(name): [_plain(value) for value in seen.fields[name]] for name in seen.fields.columns},
        "notes": list(seen.notes),
    }
    write_bytes(numbers, (json.dumps(content, ensure_ascii=False) + "\n").encode())
    return [cells, contacts, numbers, *_write_more(results, plate, well, seen)]


def _write_more(results: Path, plate: str, well: str, seen: WellObservation) -> list[Path]:
    """Write what only some wells have, and return the paths."""
    written = []
    if seen.medium is not None:
        written.append(medium_path(results, plate, well))
        write_medium(written[-1], seen.medium)
    if seen.course is not None:
        written.append(table_path(results, "courses", plate, well))
        write_table(seen.course, written[-1])
    if seen.doses is not None:
        written.append(table_path(results, "doses", plate, well))
        write_table(seen.doses, written[-1])
    return written


def forget_well(results: Path, plate: str, well: str) -> None:
    """Remove every table of a well that failed: what an earlier run or a half-written well left must not be read as data.

    Raises
    ------
    FileError : if a file cannot be removed, as where the disk has become read-only.
    """
    tables = [table_path(results, kind, plate, well) for kind in WELL_KINDS]
    images = plate_images_path(results, plate).joinpath(*split_well(well))
    try:
        for path in (*tables, medium_path(results, plate, well), numbers_path(results, plate, well)):
            path.unlink(missing_ok=True)
        if images.exists():
            shutil.rmtree(images)
    except OSError as error:
        what = f"what is left of the failed well {plate} {well} cannot be removed: {error.strerror or error}"
        raise FileError(what, str(error.filename), "mend the disk or your rights there, then run again") from error


def read_numbers(results: Path, plate: str, well: str) -> WellNumbers:
    """Read what :func:`write_well` kept of a well's numbers.

    Raises
    ------
    FileError : if the file is missing or not readable.
    """
    path = numbers_path(results, plate, well)
    try:
        content = json.loads(path.read_bytes())
        notes = tuple(content.get("notes", ()))
        return WellNumbers(readouts=content["readouts"], fields=content["fields"], notes=notes)
    except (OSError, ValueError, KeyError) as error:
        raise FileError(f"is not readable: {error}", str(path), "run the screen again; the well will be done again") from error
