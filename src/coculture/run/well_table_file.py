"""Read a table of wells that was measured elsewhere: what each well was given, and its numbers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import FileError, InputError
from coculture.plate.layout import Layout
from coculture.plate.map_columns import choose_columns, is_map_column
from coculture.plate.map_wells import read_plates, read_wells
from coculture.plate.number_text import read_numbers
from coculture.plate.plate_map import PlateMap, read_plate_map
from coculture.plate.problems import TableProblems
from coculture.plate.text_table import MISSING, TextTable, read_text_table
from coculture.run.kept_rows import kept_rows
from coculture.run.parquet_numbers import is_plain_number, split_table
from coculture.run.recipe.profiles import MECHANISM, matching
from coculture.run.recipe.recipe import LoadedRecipe, Recipe
from coculture.run.recipe.sources import WellsSource
from coculture.typed_file.complaints import did_you_mean


def read_well_table(path: Path, loaded: LoadedRecipe, layout: Layout) -> tuple[PlateMap, pd.DataFrame]:
    """Read a table of wells as the recipe says.

    ``source.columns`` names the columns of a plate map under our names; any other name in it is a number of the well
    that is carried along (``n_cells = "Count"``). A readout's ``column`` is such a name, or a header of the table.

    Parameters
    ----------
    path : a CSV, TSV, XLSX or Parquet file, one row a well.
    loaded : the recipe, whose source is of wells.
    layout : the grid of wells.

    Returns
    -------
    The plate map, and the well table: the map's columns and one column a number, a missing value where the cell is empty.

    Raises
    ------
    FileError : if the file is missing or cannot be read.
    InputError : with all problems of the file, each with line and column.
    """
    recipe = loaded.settings
    source = recipe.source
    if not isinstance(source, WellsSource):
        raise TypeError("a table of wells is read for a source of wells")
    placing = {name: header for name, header in source.columns.items() if is_map_column(name)}
    defaults = {"plate": recipe.screen.name, **recipe.plate.defaults}
    plate_map, table = _read(path, loaded, layout, placing, defaults)
    problems = TableProblems(table)
    chosen = choose_columns(table, placing, defaults, problems)
    numbers = pd.DataFrame({"plate": read_plates(chosen, problems), "well": read_wells(chosen, layout, problems)})
    read = {
        name: _numbers(table, header, problems)
        for name, header in _number_columns(recipe, source.columns, table, problems).items()
    }
    numbers = pd.concat([numbers, pd.DataFrame(read)], axis=1)
    if recipe.profiles is not None and recipe.profiles.mechanism is not None:
        numbers[MECHANISM] = _texts(table, recipe.profiles.mechanism, problems)
    kept = kept_rows(table, source.keep, problems)
    problems.raise_if_any()
    numbers = numbers.astype({"plate": "str", "well": "str"})
    if source.keep:
        places = pd.MultiIndex.from_frame(numbers[["plate", "well"]][kept])
        wells = plate_map.wells
        here = pd.MultiIndex.from_frame(wells[["plate", "well"]]).isin(places)
        plate_map = replace(plate_map, wells=wells[here].reset_index(drop=True))
    return plate_map, plate_map.wells.merge(numbers, on=["plate", "well"], how="left", validate="one_to_one")


def _read(
    path: Path, loaded: LoadedRecipe, layout: Layout, placing: dict[str, str], defaults: dict[str, str]
) -> tuple[PlateMap, TextTable]:
    """Return the plate map and the cells of a table; columns of a Parquet table that hold plain numbers stay numbers."""
    recipe = loaded.settings
    source = recipe.source
    keep = source.keep if isinstance(source, WellsSource) else {}
    texts = {*placing.values(), *keep}
    if recipe.profiles is not None and recipe.profiles.mechanism is not None:
        texts.add(recipe.profiles.mechanism)
    split = split_table(path, texts)
    if split is not None:
        with tempfile.TemporaryDirectory() as folder:
            file = split.text_file(Path(folder))
            with suppress(InputError):  # told again below, with all headers of the file
                plate_map = read_plate_map(file, layout=layout, columns=placing, roles=recipe.plate.roles, defaults=defaults)
                whole = split.joined(read_text_table(file))
                if whole is not None:
                    return plate_map, whole
    with as_text_file(path) as file:
        plate_map = read_plate_map(file, layout=layout, columns=placing, roles=recipe.plate.roles, defaults=defaults)
        return plate_map, read_text_table(file)


@contextmanager
def as_text_file(path: Path) -> Iterator[Path]:
    """Give a file the plate room can read; a Parquet table is written out as text for it."""
    if path.suffix.lower() not in (".parquet", ".pq"):
        yield path
        return
    try:
        frame = pd.read_parquet(path)
    except FileNotFoundError:
        raise FileError("there is no such table", str(path), "check the path; it starts at the recipe's folder") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError) as error:  # what pandas' notes hold
        raise FileError(f"is not a readable Parquet file: {error}", str(path), "write it again") from error
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / f"{path.name}.tsv"
        frame.to_csv(text, sep="\t", index=False)
        yield text


def _number_columns(recipe: Recipe, columns: Mapping[str, str], table: TextTable, problems: TableProblems) -> dict[str, str]:
    """Return name in the well table -> header in the file, of every column of numbers."""
    carried = {name: header for name, header in columns.items() if not is_map_column(name)}
    profiled = matching(recipe.profiles.features, _free_headers(table)) if recipe.profiles is not None else []
    wanted = (
        {name: name for name in profiled}
        | carried
        | {readout.name: carried.get(readout.column or "", readout.column or "") for readout in recipe.readout}
    )
    for name, header in wanted.items():
        if header not in table.headers:
            remedy = f"{did_you_mean(header, table.headers)}the headers are: {', '.join(table.headers)}"
            problems.add(f"there is no column '{header}' (asked for as {name})", remedy)
    return {name: header for name, header in wanted.items() if header in table.headers}


def _free_headers(table: TextTable) -> list[str]:
    """Return the headers that are no column of a plate map: patterns of features mean these."""
    return [header for header in table.headers if not is_map_column(header.lower())]


def _texts(table: TextTable, header: str, problems: TableProblems) -> list[str]:
    """Return one column as texts, '' where the cell says nothing."""
    if header not in table.headers:
        problems.add(f"there is no column '{header}' (asked for as profiles.mechanism)", did_you_mean(header, table.headers))
        return [""] * len(table.lines)
    return ["" if text.lower() in MISSING else text for text in table.cells[header]]


def _numbers(table: TextTable, header: str, problems: TableProblems) -> NDArray[np.float64]:
    """Return one column as numbers, NaN where the cell says there is none."""
    if is_plain_number(table.cells[header]):
        return table.cells[header].to_numpy(dtype=np.float64)
    codes, different = pd.factorize(table.cells[header].to_numpy(dtype=object))
    texts = [str(text) for text in different]
    found = read_numbers(text for text in texts if text.lower() not in MISSING)
    for text, (what, remedy) in found.faults.items():
        rows = np.flatnonzero(codes == texts.index(text))
        problems.add(what, remedy, column=header, rows=rows, value=text)
    units = sorted({unit or "no unit" for unit in found.units.values()})
    if len(units) > 1 and not found.faults:
        what = f"the numbers of the column are not of one unit ({', '.join(units[:4])})"
        problems.add(what, "give all values in one unit, and name it in the header", column=header)
    values = np.array([found.values.get(text, np.nan) for text in texts], dtype=np.float64)
    return values[codes] if len(values) else np.empty(0)
