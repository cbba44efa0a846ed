"""From finished wells to finished tables: collect, judge the fields, analyse, write, index, account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from coculture.plate.columns import FIELD_COLUMNS, WELL_COLUMNS, names
from coculture.run.analysis_settings import analysis_settings
from coculture.run.fields_of_wells import FieldsOfWells
from coculture.run.ledger import LedgerLine
from coculture.run.profiles import write_profiles
from coculture.run.recipe.recipe import Recipe
from coculture.run.state import OURS
from coculture.run.well_files import WORK_FOLDER, read_numbers
from coculture.run.well_notes import gathered_notes
from coculture.screen.deconvolve.composition import Composition
from coculture.screen.engine import analyse
from coculture.screen.results import ScreenResult
from coculture.store.index import build_index
from coculture.store.provenance import hash_outputs, write_run_json
from coculture.store.tables import write_table, write_well_tables

if TYPE_CHECKING:
    from coculture.plate.plate_map import PlateMap

Well = tuple[str, str]

ON_REQUEST = {"combinations": "combination", "surfaces": "combination", "mixture_effects": "mixture", "ingredients": "mixture"}
"""Tables that are there only where the recipe has their section."""

FIELD_FLAGS = ("out_of_focus", "saturated", "empty", "debris")


@dataclass(frozen=True)
class Collected:
    """The numbers of all finished wells.

    Attributes
    ----------
    wells : the well table, in the order of the plan.
    fields : one row a field and channel, in the order of the plan; empty where the source has no images.
    notes : what a reader of the wells' numbers must know.
    """

    wells: pd.DataFrame
    fields: pd.DataFrame
    notes: tuple[str, ...] = ()


def collect(results: Path, plate_map: PlateMap, wells: Sequence[Well], recipe: Recipe) -> Collected:
    """Put the numbers of the finished wells beside what each well was given.

    Parameters
    ----------
    results : the results folder.
    plate_map : what every well was given.
    wells : the finished wells, at least one, in the order of the plan.
    recipe : names the readouts, which come before other numbers.
    """
    rows: list[dict[str, Any]] = []
    fields = FieldsOfWells()
    notes: list[tuple[Well, str]] = []
    for plate, well in wells:
        numbers = read_numbers(results, plate, well)
        rows.append({"plate": plate, "well": well, **numbers.readouts})
        fields.add(numbers.fields)
        notes += [((plate, well), note) for note in numbers.notes]
    given = plate_map.wells.drop(columns=[name for name in rows[0] if name not in ("plate", "well")], errors="ignore")
    table = pd.DataFrame.from_records(rows).merge(given, on=["plate", "well"], how="left", validate="one_to_one")
    return Collected(_ordered(table, recipe), fields.joined(), gathered_notes(notes))


def _ordered(table: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Order columns: what the well is and was given, the readouts as the recipe lists them, the rest by name."""
    declared = [name for name in names(WELL_COLUMNS) if name in table.columns]
    asked = [readout.name for readout in recipe.readout if readout.name in table.columns and readout.name not in declared]
    rest = sorted(set(table.columns) - set(declared) - set(asked))
    return table[declared + asked + rest]


def judged_fields(fields: pd.DataFrame) -> pd.DataFrame:
    """Return the fields with the flags that need a comparison over the whole screen."""
    from coculture.imaging.quality import flag_fields

    return flag_fields(fields)


def write_fields(results: Path, fields: pd.DataFrame) -> None:
    """Write the judged fields, one table a well."""
    order = names(FIELD_COLUMNS)
    ordered = fields[[*order, *(name for name in fields.columns if name not in order)]]
    write_well_tables(ordered, results, "fields")


def count_flagged(wells: pd.DataFrame, fields: pd.DataFrame) -> pd.DataFrame:
    """Return the well table with ``n_flagged_fields``: fields with a flag in any channel, at any time."""
    flagged = fields[fields[list(FIELD_FLAGS)].any(axis=1)]
    counts = flagged.groupby(["plate", "well"])[["site", "t_min"]].apply(lambda rows: len(rows.drop_duplicates()))
    index = pd.MultiIndex.from_frame(wells[["plate", "well"]])
    wells = wells.assign(n_flagged_fields=counts.reindex(index, fill_value=0).to_numpy().astype("int64") if len(counts) else 0)
    declared = [name for name in names(WELL_COLUMNS) if name in wells.columns]
    return wells[declared + [name for name in wells.columns if name not in declared]]


def write_results(results: Path, wells: pd.DataFrame, recipe: Recipe, composition: Composition | None = None) -> ScreenResult:
    """Analyse the well table and write every table of the screen and the index over them.

    ``composition`` is what the recipe's fractions hold. A table of something that was not asked for is not there.
    """
    outcome = analyse(wells, analysis_settings(recipe, composition))
    tables = {"wells": wells, "quality": outcome.quality, "normalised": outcome.normalised}
    tables |= {"hits": outcome.hits, "curves": outcome.curves, "bands": outcome.bands}
    for kind, section in ON_REQUEST.items():
        if getattr(recipe, section) is None:
            (results / f"{kind}.parquet").unlink(missing_ok=True)
        else:
            tables[kind] = getattr(outcome, kind)
    for kind, frame in tables.items():
        write_table(frame, results / f"{kind}.parquet")
    notes = write_profiles(results, wells, recipe)
    build_index(results)
    return replace(outcome, notes=(*outcome.notes, *notes))


def account(
    results: Path,
    recipe: Recipe,
    inputs: Mapping[str, str],
    notes: Iterable[str],
    failed: Iterable[LedgerLine],
    started: datetime,
    known: Mapping[str, str] | None = None,
    elsewhere: Mapping[str, str] | None = None,
) -> None:
    """Write ``run.json``; a results folder is complete when it is there.

    ``known`` are checksums taken by the workers; ``elsewhere`` those of wells whose files lie in a store.
    """
    told = [*notes, *(f"{line.plate} {line.well} failed and is in no table: {line.reason}" for line in failed)]
    write_run_json(
        results,
        settings=recipe.model_dump(mode="json"),
        seed=recipe.screen.seed,
        inputs=inputs,
        outputs=dict(elsewhere or {}) | hash_outputs(results, (*OURS, WORK_FOLDER), known),
        started=started,
        finished=datetime.now().astimezone(),
        notes=told,
    )
