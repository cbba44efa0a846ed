"""Read the table that says what fractions hold, as the recipe describes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from coculture.errors import FileError, InputError, Problem
from coculture.plate.text_table import read_text_table
from coculture.run.recipe.mixture import MixtureComposition
from coculture.run.recipe.recipe import LoadedRecipe
from coculture.run.well_table_file import as_text_file
from coculture.screen.deconvolve.composition import LIBRARY, Composition
from coculture.typed_file.complaints import did_you_mean


def composition_path(loaded: LoadedRecipe) -> Path | None:
    """Return the table's path, None where the recipe names none."""
    asked = loaded.settings.mixture
    if asked is None or asked.composition is None or asked.composition.table is None:
        return None
    return loaded.resolve(asked.composition.table)


def read_composition(loaded: LoadedRecipe) -> Composition | None:
    """Return what the fractions of a screen hold, None where the recipe does not ask.

    Raises
    ------
    FileError : if the table is missing or cannot be read.
    InputError : with every column and cell that is wrong.
    """
    asked = loaded.settings.mixture.composition if loaded.settings.mixture else None
    if asked is None:
        return None
    path = composition_path(loaded)
    return LIBRARY if path is None else _read(path, asked)


def _read(path: Path, asked: MixtureComposition) -> Composition:
    if not path.exists():
        raise FileError("the composition table does not exist", str(path), "check 'table' in [mixture.composition]")
    with as_text_file(path) as file:
        table = read_text_table(file)
    name = asked.name or table.headers[0]
    unknown = [header for header in (name, *asked.ignore) if header not in table.headers]
    if unknown:
        raise InputError(
            Problem(
                f"there is no column '{header}'",
                str(path),
                f"{did_you_mean(header, table.headers)}the headers are: {', '.join(table.headers[:20])}",
            )
            for header in unknown
        )
    columns = [header for header in table.headers if header != name and header not in asked.ignore]
    if not columns or not len(table.lines):
        remedy = (
            f"give one column a fraction or feature beside '{name}', separated by commas, semicolons or tabs, and a row for each"
        )
        raise InputError("the table holds no contents", str(path), remedy)
    numbers = _numbers(table.cells[columns], path, table.cells[name])
    labels = tuple(str(text).strip() for text in table.cells[name])
    fractions, features, contents = (labels, tuple(columns), numbers)
    if asked.rows == "features":
        fractions, features, contents = tuple(columns), labels, numbers.T
    fractions = tuple(text.removesuffix(asked.strip).strip() for text in fractions)
    _require_once("fraction", fractions, path)
    _require_once("feature", features, path)
    return Composition(path.name, fractions, features, contents, asked.per_total)


def _numbers(cells: pd.DataFrame, path: Path, names: pd.Series) -> np.ndarray:
    values = np.column_stack([pd.to_numeric(cells[column], errors="coerce").to_numpy(np.float64) for column in cells])
    bad = np.argwhere(~np.isfinite(values))
    if len(bad):
        row, column = bad[0]
        what = f"{len(bad)} cells hold no number, first '{cells.iloc[row, column]}' of '{names.iloc[row]}'"
        remedy = (
            f"write 0 where a feature was not found; list columns without contents under 'ignore' ('{cells.columns[column]}'?)"
        )
        raise InputError(what, f"{path}, column '{cells.columns[column]}'", remedy)
    return values


def _require_once(kind: str, names: tuple[str, ...], path: Path) -> None:
    twice = pd.Index(names)[pd.Index(names).duplicated()]
    if len(twice):
        raise InputError(f"the {kind} '{twice[0]}' is there twice", str(path), "give each a name of its own")
