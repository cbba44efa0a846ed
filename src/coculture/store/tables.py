"""Parquet tables: the same data give the same bytes, and a file is there whole or not at all.

Tables of cells, contacts and fields lie one file a well (``cells/plate=P/well=A01.parquet``) so that a well can be
written, lost and written again alone. Each file carries its ``plate`` and ``well`` columns itself; the folder names are
for finding, never for reading. Missing values are Parquet nulls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from coculture.errors import FileError, InputError
from coculture.store.atomic import written_file
from coculture.store.brought import brought
from coculture.store.names import folder_name, plate_of_folder, well_file_stem
from coculture.store.store_note import require_here

WELL_KINDS = ("cells", "contacts", "fields", "courses", "doses")
"""Tables with one file a well."""

SCREEN_KINDS = (
    *("wells", "quality", "normalised", "hits", "curves", "bands", "mixture_effects", "ingredients", "combinations", "surfaces"),
    *("profiles", "profile_activity", "mechanism_matches", "profile_similarities"),
)
"""Tables with one file a screen."""


def table_path(root: Path, kind: str, plate: str = "", well: str = "") -> Path:
    """Return where a table lies in the results folder ``root``.

    ``plate`` and ``well`` are needed for the kinds in :data:`WELL_KINDS` and refused for those in :data:`SCREEN_KINDS`.

    Raises
    ------
    InputError : if the kind is unknown, a name cannot name a folder, or a name is missing or superfluous.
    """
    if kind in WELL_KINDS:
        if not (plate and well):
            raise InputError(f"the table '{kind}' lies one file a well: plate and well are needed", where="table_path")
        return root / kind / f"plate={folder_name(plate)}" / f"well={well_file_stem(well)}.parquet"
    if kind in SCREEN_KINDS:
        if plate or well:
            raise InputError(f"the table '{kind}' is one file a screen: it takes no plate or well", where="table_path")
        return root / f"{kind}.parquet"
    raise InputError(f"unknown table '{kind}'", remedy="use one of: " + ", ".join(WELL_KINDS + SCREEN_KINDS))


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write ``frame`` to ``path``: atomic, zstd, a checksum a page, no time stamps, no index.

    A NaN becomes a null. Categories become their text. Row order is kept.

    Raises
    ------
    InputError : if the frame has a named index, two columns of one name, a column name that is not text, or a column
        that mixes types.
    FileError : if the file cannot be written.
    """
    _write(_as_arrow(frame, path), path)


def write_well_tables(frame: pd.DataFrame, root: Path, kind: str) -> None:
    """Write the rows of each well of ``frame`` (columns ``plate`` and ``well``) to its own table of ``kind``, in their order.

    The same as :func:`write_table` for every well, at a fraction of its cost: the columns are converted once.

    Raises
    ------
    InputError : as :func:`write_table` and :func:`table_path`.
    FileError : if a file cannot be written.
    """
    indices: Any = frame.groupby(["plate", "well"], sort=True).indices
    places: dict[tuple[str, str], NDArray[np.int64]] = indices
    rows = np.concatenate(list(places.values())) if places else np.empty(0, np.int64)
    table = _as_arrow(frame.take(rows), root / kind)
    start = 0
    for (plate, well), own in places.items():
        _write(table.slice(start, len(own)), table_path(root, kind, str(plate), str(well)))
        start += len(own)


def _write(table: pa.Table, path: Path) -> None:
    with written_file(path) as temporary:
        pq.write_table(table, temporary, compression="zstd", compression_level=3, store_schema=False, write_page_checksum=True)


def read_table(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a table that :func:`write_table` wrote.

    Parameters
    ----------
    path : the Parquet file.
    columns : the columns wanted, in the order wanted; all by default.

    Raises
    ------
    FileError : if the file is missing or is not Parquet.
    InputError : if a column is not in the file; the message names those that are.
    """
    with _opened(path) as file:
        _require_columns(columns, file.schema_arrow.names, path)
        table = file.read(columns=None if columns is None else list(columns))
    return _as_pandas(table if columns is None else table.select(list(columns)))


def wells_with(root: Path, kind: str) -> Iterator[tuple[str, str]]:
    """Yield (plate, well) of every file of ``kind`` under ``root``, sorted by name."""
    for path in sorted((root / kind).glob("plate=*/well=*.parquet")):
        yield plate_of_folder(path.parent.name.removeprefix("plate=")), path.stem.removeprefix("well=")


def read_wells(root: Path, kind: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read the tables of every well of ``kind`` as one frame; a column that a well lacks is missing there.

    Raises
    ------
    FileError : if there is no table of that kind, one is not readable, or some lie in a store.
    InputError : if no well has one of the ``columns``.
    """
    require_here(root, kind)
    paths = [table_path(root, kind, plate, well) for plate, well in wells_with(root, kind)]
    if not paths:
        raise FileError(f"there is no table of {kind}", where=str(root), remedy="run the screen first, or name another folder")
    tables = [_read_present(path, columns) for path in paths]
    whole = pa.concat_tables(tables, promote_options="permissive")
    _require_columns(columns, whole.column_names, root / kind)
    return _as_pandas(whole if columns is None else whole.select(list(columns)))


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    if not path.exists():
        brought(path)
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except FileNotFoundError as error:
        raise FileError(
            "there is no such table", where=str(path), remedy="run the screen first, or name another folder"
        ) from error
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise FileError(f"is not a readable Parquet file: {error}", where=str(path), remedy="delete it and run again") from error


def _read_present(path: Path, columns: Sequence[str] | None) -> pa.Table:
    with _opened(path) as file:
        present = file.schema_arrow.names
        return file.read(columns=present if columns is None else [name for name in columns if name in present])


def _as_arrow(frame: pd.DataFrame, path: Path) -> pa.Table:
    _require_plain(frame, path)
    arrays = []
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            column = column.astype(column.cat.categories.dtype)
        try:
            array = pa.Array.from_pandas(column)
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise InputError(f"the column '{name}' mixes types: {error}", where=str(path), remedy="give it one type") from error
        if pa.types.is_null(array.type) or pa.types.is_large_string(array.type):
            array = array.cast(pa.string())
        arrays.append(array)
    return pa.Table.from_arrays(arrays, names=[str(name) for name in frame.columns])


def _require_plain(frame: pd.DataFrame, path: Path) -> None:
    if any(name is not None for name in frame.index.names):
        raise InputError(
            f"the table has a named index {list(frame.index.names)}, which a file does not keep",
            where=str(path),
            remedy="call reset_index() first",
        )
    wrong = [name for name in frame.columns if not isinstance(name, str)]
    if wrong:
        raise InputError(f"column names must be text, found {wrong[:5]}", where=str(path), remedy="rename these columns")
    double = sorted(frame.columns[frame.columns.duplicated()].unique())
    if double:
        raise InputError(
            f"the table has columns of the same name: {double}", where=str(path), remedy="rename or drop one of each"
        )


def _require_columns(wanted: Sequence[str] | None, present: Sequence[str], path: Path) -> None:
    missing = [name for name in wanted or () if name not in present]
    if missing:
        raise InputError(f"no column {', '.join(missing)}", where=str(path), remedy="it has: " + ", ".join(present))


def _as_pandas(table: pa.Table) -> pd.DataFrame:
    """Convert, keeping integers and flags what they are where some are missing (Int64, boolean)."""
    frame: pd.DataFrame = table.to_pandas()
    for name, column in zip(table.column_names, table.columns, strict=True):
        if column.null_count and pa.types.is_integer(column.type):
            frame[name] = column.to_pandas(types_mapper=lambda _: pd.Int64Dtype())
        elif column.null_count and pa.types.is_boolean(column.type):
            frame[name] = column.to_pandas(types_mapper=lambda _: pd.BooleanDtype())
    return frame
