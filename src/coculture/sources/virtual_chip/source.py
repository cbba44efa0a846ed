"""The virtual chip as a source: chip, flow, solutes, drugs and living cells become the cell table of a plate.

What a well is depends on its plate, its name, the seed and the recipe alone: every number drawn comes from a stream of the
well's own, so that neither the order of wells nor the number of workers changes a byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coculture.plate.cell_table import empty_field_table
from coculture.plate.plate_map import PlateMap
from coculture.plate.treatment import Treatment
from coculture.sources.source import WellObservation
from coculture.sources.summary import apply_rules, feature_medians
from coculture.sources.time_course import time_course
from coculture.sources.virtual_chip.carriers.doses import cell_doses, doses_now
from coculture.sources.virtual_chip.gap_numbers import gap_numbers
from coculture.sources.virtual_chip.kept_medium import over_time, seen_medium
from coculture.sources.virtual_chip.living_well import live
from coculture.sources.virtual_chip.photographs import kept_photograph, write_photographs
from coculture.sources.virtual_chip.read_outs import gathered, in_order, numbers_of, seen_cells, seen_contacts
from coculture.sources.virtual_chip.settings import VirtualSettings
from coculture.store.images.field import FieldOnDemand

BLANK = "blank"
"""Role of wells without cells."""


@dataclass(frozen=True)
class VirtualChipSource:
    """Wells that are computed. Small enough to send to a worker.

    Attributes
    ----------
    plate_map : what every well was given.
    settings : what lives in a well.
    """

    plate_map: PlateMap
    settings: VirtualSettings

    def wells(self) -> list[tuple[str, str]]:
        """Return the wells of the map, in its order."""
        return list(zip(self.plate_map.wells["plate"], self.plate_map.wells["well"], strict=True))

    def prepare(self, folder: Path) -> None:
        """Compute what all wells share: the flow through the chip."""
        self.settings.vessel.prepare(folder)

    def observe(self, folder: Path, plate: str, well: str) -> WellObservation:
        """Let one well live, and read it out.

        Raises
        ------
        InputError : if nothing is known of what it is given, or its cells find no room.
        DataError : if its equations cannot be solved.
        """
        row = self.plate_map.row(plate, well)
        treatment, asked = Treatment.parse(str(row["treatment"])), self.settings
        cells, contacts, times, medium = [], [], [], []
        doses: list[pd.DataFrame] = []
        notes: list[str] = []
        for world in live(asked, folder, plate, well, treatment, empty=row["role"] == BLANK):
            cells.append(seen_cells(world, plate, well, asked.model.solutes))
            if asked.carriers:
                cells[-1] = cells[-1].assign(**cell_doses(world))
                doses += [one for one in (doses_now(world, plate, well),) if len(one)]
            contacts.append(seen_contacts(world, plate, well, asked.contacts))
            times.append(round(float(world.time_min), 6))
            if asked.keep_medium:
                medium.append(seen_medium(world))
            notes = list(world.notes)
        tables, found = numbers_of(gathered(cells, contacts, times), asked)
        numbers = dict(found.numbers)
        if asked.gap is not None:
            numbers |= gap_numbers(tables.cells, times, asked.gap, asked.model.type_names)
        now = tables.at_the_end().cells
        written: tuple[Path, ...] = ()
        if asked.photographs is not None and asked.photographs.tiff:
            size = asked.vessel.size_um
            written = write_photographs(folder, tables.cells, tuple(times), size, asked.photographs, (plate, well))
        return WellObservation(
            cells=in_order(tables.cells),
            contacts=tables.contacts,
            fields=empty_field_table(),
            readouts={**feature_medians(now), **numbers, **apply_rules(now, numbers, asked.readouts)},
            images=self._images(plate, well, cells, times),
            notes=(*notes, *found.notes),
            medium=over_time(medium) if medium else None,
            course=time_course(
                tables, asked.model.type_names, asked.vessel.size_um, asked.numbers, (plate, well), deaths_told=True
            ),
            doses=pd.concat(doses, ignore_index=True) if doses else None,
            written=written,
        )

    def _images(self, plate: str, well: str, cells: list[pd.DataFrame], times: list[float]) -> tuple[FieldOnDemand, ...]:
        """Return the photographs to keep."""
        how, size = self.settings.photographs, self.settings.vessel.size_um
        if how is None or not self.settings.keep_images:
            return ()
        return tuple(kept_photograph(one, size, how, (plate, well), t_min) for one, t_min in zip(cells, times, strict=True))
