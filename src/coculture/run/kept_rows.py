"""Which rows of a table of wells an analysis keeps."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from coculture.plate.problems import TableProblems
from coculture.plate.text_table import TextTable
from coculture.typed_file.complaints import did_you_mean


def kept_rows(table: TextTable, keep: Mapping[str, str | list[str]], problems: TableProblems) -> NDArray[np.bool_]:
    """Return which rows have, in every named column, one of the values asked for; ``*`` and ``?`` stand for any letters.

    A header that is not there, and a value that no row has, are noted as problems.
    """
    kept = np.ones(len(table.lines), dtype=bool)
    for header, asked in keep.items():
        if header not in table.headers:
            remedy = f"{did_you_mean(header, table.headers)}the headers are: {', '.join(table.headers)}"
            problems.add(f"there is no column '{header}' (asked for in source.keep)", remedy)
            continue
        cells = table.cells[header].to_numpy(dtype=object)
        found: set[str] = set()
        different = sorted(map(str, set(cells)))
        for pattern in _several(asked):
            matched = [text for text in different if fnmatchcase(text, pattern)]
            if not matched:
                what = f"no row has '{pattern}' in column '{header}' (source.keep)"
                problems.add(what, f"it holds: {', '.join(different[:8])}")
            found |= set(matched)
        kept &= np.array([str(text) in found for text in cells], dtype=bool)
    return kept


def _several(asked: str | list[str]) -> tuple[str, ...]:
    return (asked,) if isinstance(asked, str) else tuple(asked)
