"""The profiles of a run: features of the cells or of the table of wells, compared, and written beside the other tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq

from coculture.errors import InputError
from coculture.run.recipe.profiles import MECHANISM, ProfilesSection, matching
from coculture.run.recipe.recipe import Recipe
from coculture.screen.profiles.aggregation import aggregate_files
from coculture.screen.profiles.engine import analyse_profiles
from coculture.screen.profiles.settings import PRESETS, ProfileSettings
from coculture.store.tables import table_path, wells_with, write_table

TABLES = ("profiles", "profile_activity", "mechanism_matches", "profile_similarities")


def profile_settings(asked: ProfilesSection, seed: int) -> ProfileSettings:
    """Return what the analysis of profiles is asked to do."""
    return ProfileSettings(
        steps=PRESETS[asked.preset] if asked.steps is None else asked.steps,
        commonest_fraction=asked.commonest_fraction,
        correlation_maximum=asked.correlation_maximum,
        reproducibility_minimum=asked.reproducibility_minimum,
        blocklist=asked.blocklist,
        sphering=asked.sphering,
        batch=asked.batch,
        mechanism=MECHANISM if asked.mechanism or asked.mechanisms else "",
        draws=asked.draws,
        fdr=asked.fdr,
        seed=seed,
    )


def write_profiles(results: Path, wells: pd.DataFrame, recipe: Recipe) -> tuple[str, ...]:
    """Write the tables of profiles where the recipe asks for them, and return the notes; else take old ones away.

    Raises
    ------
    InputError : no feature fits the patterns.
    DataError : a step cannot be done with these wells.
    """
    asked = recipe.profiles
    if asked is None:
        for kind in TABLES:
            table_path(results, kind).unlink(missing_ok=True)
        return ()
    frame, features = _features(results, wells, recipe, asked)
    if asked.mechanisms:
        of = {compound: mechanism for mechanism, compounds in asked.mechanisms.items() for compound in compounds}
        frame = frame.assign(**{MECHANISM: frame["compound"].map(of).fillna("").astype("str")})
    outcome = analyse_profiles(frame, features, profile_settings(asked, recipe.screen.seed))
    for kind, table in outcome.tables.items():
        write_table(table, table_path(results, kind))
    return outcome.notes


def _features(results: Path, wells: pd.DataFrame, recipe: Recipe, asked: ProfilesSection) -> tuple[pd.DataFrame, list[str]]:
    """Return the wells with their profile's columns, and the names of these."""
    if recipe.source.kind == "wells":
        return wells, _required(matching(asked.features, numbers_of(wells)), asked)
    files = [
        ({"plate": plate, "well": well}, table_path(results, "cells", plate, well))
        for plate, well in wells_with(results, "cells")
    ]
    names = _cell_features(path for _, path in files)
    chosen = _required(matching(asked.features, names), asked)
    numbers = aggregate_files(files, chosen, asked.aggregation, kept=at_the_end)
    columns = [name for name in numbers.columns if name not in ("plate", "well")]
    kept = wells.drop(columns=[name for name in columns if name in wells])
    return kept.merge(numbers, on=["plate", "well"], how="inner", validate="one_to_one"), columns


def numbers_of(wells: pd.DataFrame) -> list[str]:
    """Return the columns of a table of wells that a profile can be made of: numbers, the dose apart."""
    return [str(name) for name in wells.columns if name != "dose" and pd.api.types.is_numeric_dtype(wells[name])]


def _required(chosen: list[str], asked: ProfilesSection) -> list[str]:
    if not chosen:
        what = f"no feature fits {', '.join(map(repr, asked.features))}"
        raise InputError(what, "profiles.features", "'coculture check' names the features there are")
    return chosen


def _cell_features(paths: Iterator[Path]) -> list[str]:
    """Return the columns with numbers of the first file of cells."""
    first = next(paths, None)
    if first is None:
        return []
    schema = pq.read_schema(first)
    return [field.name for field in schema if str(field.type) in ("double", "float")]


def at_the_end(file: pq.ParquetFile) -> object:
    """Return which cells of a well speak for it: those alive at its last time point."""
    names = file.schema_arrow.names
    keys = file.read(columns=[name for name in ("t_min", "alive") if name in names])
    keep = pc.equal(keys["t_min"], pc.max(keys["t_min"])) if "t_min" in names else None
    if "alive" in names:
        keep = keys["alive"] if keep is None else pc.and_(keep, keys["alive"])
    return keep
