"""Cells of a results folder in the formats and names that other programs read.

Tables are written well by well, so a screen larger than memory can be exported (AnnData alone is made whole). What each
well was given stands beside every cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from coculture.errors import FileError, InputError
from coculture.imaging.measure.names import to_cellprofiler
from coculture.plate.columns import CELL_COLUMNS, is_feature, names
from coculture.sources.preparation import PIXEL_SIZE, read_prepared
from coculture.spreadsheet_cells import LINE_END
from coculture.store.anndata import write_anndata
from coculture.store.atomic import written_file
from coculture.store.cytotable import as_cytotable
from coculture.store.spreadsheet import safe_for_spreadsheets
from coculture.store.store_note import require_here
from coculture.store.tables import read_table, table_path, wells_with

Format = Literal["csv", "parquet", "cytotable", "anndata"]
Names = Literal["coculture", "cellprofiler"]
FORMATS: tuple[Format, ...] = get_args(Format)
NAMES: tuple[Names, ...] = get_args(Names)

GIVEN = ("role", "treatment", "compound", "dose", "dose_unit", "replicate", "batch", "donor", "condition")
"""What a well was given, beside every cell."""

_SUFFIXES: dict[str, Format] = {".csv": "csv", ".parquet": "parquet", ".h5ad": "anndata"}

Write = Callable[[pd.DataFrame], None]


@dataclass(frozen=True)
class Exported:
    """What was written: the file, its number of cells and columns."""

    file: Path
    n_cells: int
    n_columns: int


def format_of(file: Path) -> Format:
    """Return the format a file name asks for.

    Raises
    ------
    InputError : if its ending is none of ours.
    """
    if file.suffix.lower() not in _SUFFIXES:
        known = ", ".join(_SUFFIXES)
        raise InputError(f"the ending '{file.suffix}' names no format", str(file), f"use one of {known}, or say --to")
    return _SUFFIXES[file.suffix.lower()]


def export_cells(
    results: Path, file: Path, format: Format, *, names: Names = "coculture", pixel_size_um: float | None = None
) -> Exported:
    """Write every cell of a results folder to one file.

    Parameters
    ----------
    results : a results folder.
    file : where to; written whole or not at all.
    format : ``csv``, ``parquet``, ``cytotable`` (Parquet with CytoTable's keys and CellProfiler's names) or ``anndata``.
    names : of the columns; CellProfiler's come with its units (pixels) and origin.
    pixel_size_um : width of a pixel; None: as the run noted it.

    Raises
    ------
    FileError : if the folder holds no cells or they lie in a store, or the file cannot be written.
    InputError : if CellProfiler's names are asked for and nothing says how large a pixel is.
    MissingExtraError : if AnnData is asked for and not installed.
    """
    require_here(results, "cells")
    wells = list(wells_with(results, "cells"))
    if not wells:
        raise FileError("the folder holds no table of cells", str(results), "name a results folder of a run from images")
    tables = _wells(results, wells)
    if names == "cellprofiler" or format == "cytotable":
        size = _pixel_size(results, wells[0][0]) if pixel_size_um is None else pixel_size_um
        tables = (to_cellprofiler(table, pixel_size_um=size) for table in tables)
    if format == "anndata":
        whole = pd.concat(list(tables), ignore_index=True)
        write_anndata(whole, file)
        return Exported(file, len(whole), whole.shape[1])
    if format == "cytotable":
        tables = _numbered(tables)
    with written_file(file) as temporary, _writer(temporary, format) as write:
        n_cells, n_columns = 0, 0
        for table in tables:
            write(table)
            n_cells, n_columns = n_cells + len(table), table.shape[1]
    return Exported(file, n_cells, n_columns)


def _wells(results: Path, wells: list[tuple[str, str]]) -> Iterator[pd.DataFrame]:
    """Yield the cells of each well, all with the same columns of the same types, and what the well was given."""
    given = _given(results)
    every = _columns(results, wells)
    for plate, well in wells:
        cells = read_table(table_path(results, "cells", plate, well)).reindex(columns=every)
        cells = cells.copy().astype({name: "float64" for name in every if is_feature(name)})
        told = given.get((plate, well))
        beside = pd.DataFrame([told] * len(cells), index=cells.index, columns=told.index) if told is not None else pd.DataFrame()
        yield pd.concat([cells, beside.astype({name: _kind(str(name)) for name in beside.columns})], axis=1)


def _given(results: Path) -> dict[tuple[str, str], pd.Series]:
    """Return what each well was given, by plate and well; nothing where the run has not come to its well table."""
    path = table_path(results, "wells")
    if not path.exists():
        return {}
    wells = read_table(path)
    told = wells[[name for name in GIVEN if name in wells.columns]]
    told = told.fillna({name: "" for name in told.columns if _kind(str(name)) == "str"})
    keys = zip(wells["plate"], wells["well"], strict=True)
    return {key: told.iloc[row] for row, key in enumerate(keys)}


def _kind(name: str) -> str:
    return "float64" if name in ("dose", "replicate") else "str"


def _columns(results: Path, wells: list[tuple[str, str]]) -> list[str]:
    """Return every column any well has: the declared ones, then the rest in the order found."""
    found: dict[str, None] = dict.fromkeys(names(CELL_COLUMNS))
    for plate, well in wells:
        found |= dict.fromkeys(pq.read_schema(table_path(results, "cells", plate, well)).names)
    return list(found)


def _numbered(tables: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Yield CytoTable's tables, images counted over all wells."""
    first = 1
    for table in tables:
        made = as_cytotable(table, first_image=first)
        first = int(made["Metadata_ImageNumber"].max()) + 1 if len(made) else first
        yield made


@contextmanager
def _writer(path: Path, format: Format) -> Iterator[Write]:
    """Give a function that adds one table after another to the file."""
    if format == "csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            yield lambda table: safe_for_spreadsheets(table).to_csv(
                stream, index=False, header=stream.tell() == 0, lineterminator=LINE_END
            )
        return
    opened: list[pq.ParquetWriter] = []

    def write(table: pd.DataFrame) -> None:
        arrow = pa.Table.from_pandas(table, preserve_index=False, schema=opened[0].schema if opened else None)
        if not opened:
            arrow = arrow.replace_schema_metadata(None)
            opened.append(pq.ParquetWriter(path, arrow.schema, compression="zstd"))
        opened[0].write_table(arrow)

    try:
        yield write
    finally:
        for writer in opened:
            writer.close()


def _pixel_size(results: Path, plate: str) -> float:
    size = (read_prepared(results, plate) or {}).get(PIXEL_SIZE)
    if size is None:
        raise InputError(
            "the results do not say how wide a pixel is", str(results), "say it: --pixel-size-um; CellProfiler's units are pixels"
        )
    return float(size)
