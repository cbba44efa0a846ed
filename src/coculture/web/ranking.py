"""Which hits a reader wants, asked of the tables: filter, order, one page of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pandas as pd
from fastapi import Query

from coculture.report.figures.class_plot import CLASSES
from coculture.web.asked import Screen, known
from coculture.web.screen_folder import ScreenContents

PAGE = 100
"""Rows of one page."""

SORTS = ("rank", "compound", "effect", "q_value", "viability_effect", "interaction_class")
Sort = Literal["rank", "compound", "effect", "q_value", "viability_effect", "interaction_class"]


@dataclass(frozen=True)
class Ranking:
    """Which hits a reader wants.

    Attributes
    ----------
    readout : the read-out.
    kind : one class of :data:`CLASSES`, '' for all.
    contains : part of a compound's name.
    only_hits : leave out what is no hit.
    sort, falling : the order.
    number : page, from 1.
    """

    readout: str
    kind: str
    contains: str
    only_hits: bool
    sort: Sort
    falling: bool
    number: int

    def count(self, contents: ScreenContents) -> int:
        """Return how many rows there are in all."""
        where, values = self._where(contents)
        return int(contents.ask(f"SELECT count(*) AS n FROM read_parquet(?) WHERE {where}", values)["n"].iloc[0])

    def page(self, contents: ScreenContents) -> pd.DataFrame:
        """Return the rows of the page."""
        where, values = self._where(contents)
        first = (self.number - 1) * PAGE
        return contents.ask(
            f"SELECT * FROM read_parquet(?) WHERE {where} ORDER BY {self._order} LIMIT {PAGE} OFFSET {first}", values
        )

    def all(self, contents: ScreenContents) -> pd.DataFrame:
        """Return every row."""
        where, values = self._where(contents)
        return contents.ask(f"SELECT * FROM read_parquet(?) WHERE {where} ORDER BY {self._order}", values)

    def _where(self, contents: ScreenContents) -> tuple[str, list[Any]]:
        """Return the condition in SQL, made of fixed words, and the values of the question marks, the file first."""
        parts, values = ["readout = ?"], [contents.file("hits"), self.readout]
        if self.kind:
            parts, values = [*parts, "interaction_class = ?"], [*values, self.kind]
        if self.contains:
            parts, values = [*parts, "contains(lower(compound), lower(?))"], [*values, self.contains]
        if self.only_hits:
            parts.append("hit")
        return " AND ".join(parts), values

    @property
    def _order(self) -> str:
        return f'"{self.sort}" {"DESC" if self.falling else "ASC"} NULLS LAST, "rank", compound, dose'


def asked_ranking(
    contents: Screen,
    readout: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[str, Query(alias="class", max_length=40)] = "",
    contains: Annotated[str, Query(max_length=200)] = "",
    only_hits: bool = False,
    sort: Sort = "rank",
    falling: bool = False,
    number: Annotated[int, Query(alias="page", ge=1, le=1_000_000)] = 1,
) -> Ranking:
    """Return which hits an address asks for; what it names has to be there."""
    names = tuple(one.name for one in contents.readouts)
    if kind:
        known(kind, CLASSES)
    chosen = known(readout, names) if readout else next(iter(names), "")
    return Ranking(chosen, kind, contains, only_hits, sort, falling, number)
