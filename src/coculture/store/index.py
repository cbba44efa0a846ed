"""A DuckDB file of views over the tables, and the way in for questions in SQL.

``screen.duckdb`` holds no data. Its views name the Parquet files relative to the results folder, so that
``cd results && duckdb screen.duckdb`` works wherever the folder was copied to; from elsewhere, say first
``SET VARIABLE results = '/path/to/results/'``. :func:`open_index` makes the same views in
memory on absolute paths: it needs no working folder, takes no lock, cannot change the file, and sees a run that is
still going on.
"""

from __future__ import annotations

import glob
from pathlib import Path

import duckdb

from coculture.errors import FileError
from coculture.plate.columns import CELL_COLUMNS, CONTACT_COLUMNS, COURSE_COLUMNS, DOSE_COLUMNS, FIELD_COLUMNS, Column
from coculture.store.atomic import written_file
from coculture.store.store_note import left_in_store
from coculture.store.tables import SCREEN_KINDS, WELL_KINDS

INDEX_FILE = "screen.duckdb"

_DECLARED = {
    "cells": CELL_COLUMNS,
    "contacts": CONTACT_COLUMNS,
    "fields": FIELD_COLUMNS,
    "courses": COURSE_COLUMNS,
    "doses": DOSE_COLUMNS,
}
_INTEGER_KEYS = ("site", "cell_id", "cell_a", "cell_b")
_REAL_KEYS = ("t_min",)
_TYPES = {"text": "VARCHAR", "integer": "BIGINT", "real": "DOUBLE", "feature": "DOUBLE", "flag": "BOOLEAN"}


def build_index(results: Path) -> Path:
    """Write ``screen.duckdb`` into the results folder: one view a table, none of the data. Return its path.

    A kind of table with one file a well has a view, empty where no well has such a file, unless its files lie in a store; a
    table of the whole screen has one where its file exists.

    Raises
    ------
    FileError : if ``results`` is no folder, a table is not readable, or the file cannot be written.
    """
    _require_folder(results)
    path = results / INDEX_FILE
    with written_file(path) as temporary:
        try:
            with duckdb.connect(str(temporary)) as connection:
                _set_folder(connection, results)
                _make_views(connection, results)
                connection.execute("CHECKPOINT")
        except RuntimeError as error:  # DuckDB's own word for a Ctrl-C that came while it worked
            if "interrupted" not in str(error).lower():
                raise
            raise KeyboardInterrupt from error
        except duckdb.Error as error:
            remedy = "check the disk's free space and your rights there"
            reason = str(error).splitlines()[0].rsplit('": ', 1)[-1]  # behind the file's name stands the system's word
            raise FileError(f"cannot be written: {reason}", str(path), remedy) from error
        finally:
            temporary.with_name(f"{temporary.name}.wal").unlink(missing_ok=True)
    return path


def open_index(results: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection with one view a table of the results folder, wherever that folder now lies.

    The connection is in memory: queries read the Parquet files, and nothing done through it changes the folder.

    Raises
    ------
    FileError : if ``results`` is no folder or a table in it is not readable.
    """
    _require_folder(results)
    connection = duckdb.connect(":memory:")
    _set_folder(connection, results)
    _make_views(connection, results)
    return connection


def _set_folder(connection: duckdb.DuckDBPyConnection, results: Path) -> None:
    pattern = glob.escape(results.resolve().as_posix()) + "/"
    connection.execute("SET VARIABLE results = '" + pattern.replace("'", "''") + "'")


def _make_views(connection: duckdb.DuckDBPyConnection, results: Path) -> None:
    try:
        for kind in (kind for kind in WELL_KINDS if left_in_store(results, kind) is None):
            connection.execute(_well_view(kind, results))
        for kind in SCREEN_KINDS:
            if (results / f"{kind}.parquet").exists():
                connection.execute(_view(kind, f"{kind}.parquet"))
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise FileError(
            f"a table is not readable: {first}", where=str(results), remedy="delete that file and run again"
        ) from error


def _well_view(kind: str, results: Path) -> str:
    if next((results / kind).glob("plate=*/well=*.parquet"), None) is None:
        columns = ", ".join(f'NULL::{_sql_type(column)} AS "{column.name}"' for column in _DECLARED[kind])
        return f"CREATE VIEW {kind} AS SELECT {columns} WHERE false"
    return _view(kind, f"{kind}/plate=*/well=*.parquet")


def _view(kind: str, pattern: str) -> str:
    files = f"coalesce(getvariable('results'), '') || '{pattern}'"
    return f"CREATE VIEW {kind} AS SELECT * FROM read_parquet({files}, hive_partitioning = false, union_by_name = true)"


def _sql_type(column: Column) -> str:
    if column.kind != "key":
        return _TYPES[column.kind]
    return "BIGINT" if column.name in _INTEGER_KEYS else "DOUBLE" if column.name in _REAL_KEYS else "VARCHAR"


def _require_folder(results: Path) -> None:
    if not results.is_dir():
        raise FileError(
            "there is no such results folder", where=str(results), remedy="name the folder that 'coculture run' wrote"
        )
