"""The numbers of a Parquet table of wells, which need no way through text.

What a well was given is read as text, whatever file it stands in, because people write plates, roles and doses in many ways.
The measured numbers of a Parquet table are numbers already: written out as text and read again they would be the same to the
last bit.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.plate.map_columns import is_map_column
from coculture.plate.text_table import TextTable


@dataclass(frozen=True, eq=False)
class SplitTable:
    """A Parquet table in two parts.

    Attributes
    ----------
    texts : the columns to be read as text.
    numbers : all others, finite or missing.
    headers : all columns, in the order of the file.
    source : name of the file.
    """

    texts: pd.DataFrame
    numbers: pd.DataFrame
    headers: list[str]
    source: str

    def text_file(self, folder: Path) -> Path:
        """Write the first part into ``folder`` as a text table and return its path."""
        path = folder / f"{self.source}.tsv"
        self.texts.to_csv(path, sep="\t", index=False)
        return path

    def joined(self, read: TextTable) -> TextTable | None:
        """Return both parts as one table, None where the text lost a row or a column, so that rows no longer fit."""
        if len(read.lines) != len(self.numbers) or read.headers != list(self.texts.columns):
            return None
        return TextTable(pd.concat([read.cells, self.numbers], axis=1)[self.headers], read.lines, read.source)


def split_table(path: Path, texts: Set[str]) -> SplitTable | None:
    """Read a Parquet table in two parts.

    Parameters
    ----------
    path : the file.
    texts : headers that are read as text, whatever they hold; those of a plate map are too.

    Returns
    -------
    The table; None where it is of another kind, cannot be read, or holds no column of plain numbers.
    """
    if path.suffix.lower() not in (".parquet", ".pq"):
        return None
    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError):
        return None  # told by the reader of text tables
    if not frame.columns.is_unique or not all(isinstance(name, str) and name == name.strip() for name in frame.columns):
        return None
    headers = [str(name) for name in frame.columns]
    plain = [name for name in headers if name not in texts and not is_map_column(_plain(name)) and is_plain_number(frame[name])]
    rest = [name for name in headers if name not in set(plain)]
    if not plain or not rest:
        return None
    numbers = frame[plain].reset_index(drop=True)
    return SplitTable(frame[rest], numbers, headers, path.name)


def is_plain_number(column: pd.Series) -> bool:
    """Tell whether a column holds 64-bit numbers, none of them infinite. Narrower floats mean what they are written as."""
    if column.dtype.kind not in "iuf" or (column.dtype.kind == "f" and column.dtype != np.dtype("float64")):
        return False
    return column.dtype.kind != "f" or not bool(np.isinf(column.to_numpy()).any())


def _plain(header: str) -> str:
    return "_".join(header.lower().replace("-", " ").replace("_", " ").split())
