"""The tables of one well, gathered field by field, and what of them holds at the well's end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from coculture.errors import DataError
from coculture.sources.field_analysis import FieldAnalysis


@dataclass(frozen=True)
class WellTables:
    """Cells, contacts and fields of one well, all sites and times.

    Attributes
    ----------
    cells, contacts, fields : tables as in ``WellObservation``.
    territory_contacts : contacts on territories; None where the outlines follow no stain.
    """

    cells: pd.DataFrame
    contacts: pd.DataFrame
    fields: pd.DataFrame
    territory_contacts: pd.DataFrame | None = None

    @classmethod
    def gather(cls, analyses: Iterable[FieldAnalysis], where: str) -> WellTables:
        """Put the tables of a well's fields together. Only tables are held, one field's images at a time.

        Raises
        ------
        DataError : if there is no field.
        """
        parts = [(one.cells, one.contacts, one.quality, one.territory_contacts) for one in analyses]
        if not parts:
            raise DataError("the well has no images", where, "take it out of the plate map, or add them")
        cells, contacts, fields = (pd.concat(list(part), ignore_index=True) for part in list(zip(*parts, strict=True))[:3])
        territories = [part[3] for part in parts if part[3] is not None]
        return cls(cells, contacts, fields, pd.concat(territories, ignore_index=True) if territories else None)

    @property
    def is_series(self) -> bool:
        """Whether a site was imaged more than once."""
        return bool((self.fields.groupby("site")["t_min"].nunique() > 1).any())

    def at_the_end(self) -> WellTables:
        """Return what was seen at the last time point of each site, as of one time: that of the well's last image.

        The time is that of images, not of cells: where the last image shows no cell, there is none at the end.
        """
        ends = self.fields.groupby("site")["t_min"].max()
        territories = self.territory_contacts
        return WellTables(
            _at(self.cells, ends),
            _at(self.contacts, ends),
            _at(self.fields, ends),
            None if territories is None else _at(territories, ends),
        )

    def with_cells(self, cells: pd.DataFrame) -> WellTables:
        """Return these tables with other cells."""
        return replace(self, cells=cells)


def _at(table: pd.DataFrame, ends: pd.Series[float]) -> pd.DataFrame:
    """Return the rows at each site's own end, with the time of the latest."""
    return table[table["t_min"] == table["site"].map(ends)].assign(t_min=float(ends.max()))
