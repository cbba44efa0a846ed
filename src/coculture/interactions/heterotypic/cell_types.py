"""Cells' types as small numbers, and strata within which labels may be exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError


@dataclass(frozen=True, eq=False)
class CellTypes:
    """The types of a set of cells.

    Attributes
    ----------
    names : the types' names, in the order of their codes.
    codes : (n,) int64, each cell's type.
    """

    names: tuple[str, ...]
    codes: NDArray[np.int64]

    @classmethod
    def of(cls, types: Any, names: Sequence[str] | None = None) -> CellTypes:
        """Read types from any column of names.

        Parameters
        ----------
        types : (n,) names; numbers are read as their text.
        names : the types to know, in order; a type without cells is kept and reported as such. None: the categories of a
            categorical column, else those found, sorted.

        Raises
        ------
        InputError : if a cell has no type, or one that is not in ``names``.
        """
        if isinstance(types, CellTypes):
            return types
        if names is None and isinstance(getattr(types, "dtype", None), pd.CategoricalDtype):
            categories = pd.Categorical(types)
            if not (categories.codes < 0).any():
                return cls(tuple(str(name) for name in categories.categories), categories.codes.astype(np.int64))
        column = pd.Series(np.asarray(types, dtype=object))
        if bool(column.isna().any()):
            raise InputError(
                f"{int(column.isna().sum())} of {len(column)} cells have no type", "cell_type", "leave them out or name them"
            )
        text = column.astype(str)
        known = tuple(sorted(text.unique())) if names is None else tuple(str(name) for name in names)
        if len(set(known)) != len(known):
            raise InputError("a type is named twice", "names")
        codes = pd.Index(known, dtype=object).get_indexer(pd.Index(text, dtype=object)).astype(np.int64)
        if (codes < 0).any():
            raise InputError(f"type '{text[codes < 0].iloc[0]}' is not among {', '.join(known)}", "cell_type", "add it to names")
        return cls(known, codes)

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """Number of cells of each type."""
        return np.bincount(self.codes, minlength=len(self.names)).astype(np.int64)

    def for_cells(self, n_cells: int) -> CellTypes:
        """Return itself, or say that it does not fit ``n_cells`` cells."""
        if len(self) != n_cells:
            raise InputError(f"{len(self)} types for {n_cells} cells", "types", "give one type per cell, in the same order")
        return self


def stratum_codes(strata: Any, n_cells: int) -> NDArray[np.int64]:
    """Return each cell's stratum as a number from 0; None puts all cells into one.

    Raises
    ------
    InputError : if there is not one stratum per cell, or one is missing.
    """
    if strata is None:
        return np.zeros(n_cells, np.int64)
    column = pd.Series(np.asarray(strata, dtype=object))
    if len(column) != n_cells:
        raise InputError(f"{len(column)} strata for {n_cells} cells", "strata", "give one stratum per cell")
    if bool(column.isna().any()):
        raise InputError(f"{int(column.isna().sum())} cells have no stratum", "strata", "leave them out or name one")
    return pd.factorize(column)[0].astype(np.int64)
