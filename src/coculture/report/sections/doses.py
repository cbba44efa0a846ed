"""Doses side by side: what was administered, what came down on cells, what was given off, what is inside."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coculture.report.language import say
from coculture.report.reading import Results
from coculture.report.records import records
from coculture.report.words.numbers import significant, text_of
from coculture.store.tables import read_wells, wells_with

MOST_ROWS = 60
SHARES = ("landed", "delivered", "released", "intracellular", "intracellular_free")


@dataclass(frozen=True)
class DosedRow:
    """One substance of one treatment, every number as text; shares in per cent of what was administered."""

    treatment: str
    substance: str
    wells: str
    administered: str
    landed: str
    delivered: str
    released: str
    intracellular: str
    intracellular_free: str
    medium: str
    cell: str
    carriers: str


@dataclass(frozen=True)
class DosesSection:
    """What the template of the doses may use."""

    rows: tuple[DosedRow, ...]
    time: str
    statement: str


def doses_section(results: Results) -> DosesSection | None:
    """Return the section; None where no nano-carrier was dosed."""
    if next(wells_with(results.folder, "doses"), None) is None:
        return None
    table = read_wells(results.folder, "doses")
    last = table[table["t_min"] == table["t_min"].max()]
    told = last.merge(results.wells[["plate", "well", "treatment"]], on=["plate", "well"], how="left")
    rows = [_row(one) for one in records(_means(told))]
    statement = say("The first {n} of {all:,}.", n=MOST_ROWS, all=len(rows)) if len(rows) > MOST_ROWS else ""
    return DosesSection(tuple(rows[:MOST_ROWS]), significant(float(table["t_min"].max()) / 60), statement)


def _means(told: pd.DataFrame) -> pd.DataFrame:
    """Return one row a treatment and substance, in the order of the table: means over wells."""
    given = told["administered_fmol"].where(told["administered_fmol"] > 0)
    for name in SHARES:
        told = told.assign(**{name: 100 * told[f"{name}_fmol"] / given})
    by = told.groupby(["treatment", "substance"], sort=True)
    numbers = ["administered_fmol", *SHARES, "medium_free_um", "cell_free_um", "carriers_per_cell"]
    return by[numbers].mean().assign(n_wells=by.size()).reset_index()


def _row(row: dict[str, object]) -> DosedRow:
    carrier = float(str(row["landed"])) > 0 if row["landed"] == row["landed"] else False
    return DosedRow(
        treatment=text_of(row["treatment"]),
        substance=text_of(row["substance"]),
        wells=str(row["n_wells"]),
        administered=significant(row["administered_fmol"]),
        landed=significant(row["landed"]) if carrier else "–",
        delivered=significant(row["delivered"]),
        released=significant(row["released"]),
        intracellular=significant(row["intracellular"]),
        intracellular_free=significant(row["intracellular_free"]),
        medium=significant(row["medium_free_um"]),
        cell=significant(row["cell_free_um"]),
        carriers=significant(row["carriers_per_cell"]) if carrier else "–",
    )
