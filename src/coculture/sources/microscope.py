"""The microscope as a source: images of a well become its cell table.

Order of work for one field: judge the raw image, divide by the illumination field, find nuclei, draw cells around
them, measure, list contacts. Then the well as a whole: tell types apart, link its cells over time where it was imaged more
than once, and sum up. What needs the whole plate (illumination, what tells cell types apart) is prepared once before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.imaging.correct.field import correct
from coculture.imaging.read.index import ImageIndex
from coculture.imaging.track.settings import TrackSettings
from coculture.interactions.annotate.base import TypeRule
from coculture.interactions.annotate.dead_stain import DeadStain
from coculture.plate.cell_table import empty_cell_table, empty_contact_table
from coculture.plate.plate_map import PlateMap
from coculture.sources.cell_typing import learn_types, with_types
from coculture.sources.dead_cells import dead_for_good, learn_dead, with_dead
from coculture.sources.field_analysis import ONE_TYPE, FieldAnalysis, FieldSettings, analyse_field
from coculture.sources.kept_images import KeptImages
from coculture.sources.linking import link_well
from coculture.sources.over_time import with_motion
from coculture.sources.preparation import (
    PIXEL_SIZE,
    illumination_fields,
    illumination_stands,
    prepare_illumination,
    read_prepared,
    write_prepared,
)
from coculture.sources.source import WellObservation
from coculture.sources.summary import ReadoutRule, apply_rules, feature_medians
from coculture.sources.time_course import time_course
from coculture.sources.well_summary import NumberSettings, well_numbers
from coculture.sources.well_tables import WellTables

TRACKED = TrackSettings()
"""Time series are tracked unless told otherwise."""

USUAL_NUMBERS = NumberSettings()
"""What is asked between cells unless told otherwise."""


@dataclass(frozen=True)
class MicroscopeSettings:
    """How images become cells.

    Attributes
    ----------
    field : how one field is segmented and measured.
    illumination : 'median-smooth', 'basic' or 'none'.
    illumination_images : images a channel's illumination may rest on.
    camera_offset : grey level of a dark image.
    typing : how cell types are told apart, None where all cells are of one type.
    dead : how dead cells are told, None where every cell is taken to live.
    tracking : how cells are linked over time; None: they are not. A well with one time point is never tracked.
    numbers : what is asked about what happens between cells.
    readouts : how cells become the well's read-outs.
    keep_images : whether images and outlines go into the observation.
    """

    field: FieldSettings
    illumination: str = "median-smooth"
    illumination_images: int = 96
    camera_offset: float = 0.0
    typing: TypeRule | None = None
    dead: DeadStain | None = None
    tracking: TrackSettings | None = TRACKED
    numbers: NumberSettings = USUAL_NUMBERS
    readouts: tuple[ReadoutRule, ...] = ()
    keep_images: bool = True

    @property
    def cell_types(self) -> tuple[str, ...]:
        """Names of the types the screen tells apart."""
        return (ONE_TYPE,) if self.typing is None else self.typing.types


@dataclass(frozen=True)
class MicroscopeSource:
    """Wells seen through a microscope. Small enough to send to a worker.

    Attributes
    ----------
    index : which file is which plate, well, site, time and channel.
    plate_map : what every well was given.
    settings : how images become cells.
    """

    index: ImageIndex
    plate_map: PlateMap
    settings: MicroscopeSettings

    def wells(self) -> list[tuple[str, str]]:
        """Return the wells of the map that have images, in the map's order."""
        imaged = {(plate, well) for plate in self.index.plates for well in self.index.wells(plate)}
        pairs = zip(self.plate_map.wells["plate"], self.plate_map.wells["well"], strict=True)
        return [pair for pair in pairs if pair in imaged]

    def prepare(self, folder: Path) -> None:
        """Estimate each plate's illumination, and learn what tells the cell types apart."""
        wells = self.wells()
        for plate in sorted({plate for plate, _ in wells}):
            learnt = read_prepared(folder, plate) or {}
            if "illumination" not in learnt or not illumination_stands(folder, self.index, plate):
                asked = self.settings
                learnt["illumination"] = prepare_illumination(
                    folder, self.index, plate, asked.illumination, asked.illumination_images, asked.camera_offset
                )
                write_prepared(folder, plate, learnt | {PIXEL_SIZE: self.index.pixel_size_um})
        plates = sorted({plate for plate, _ in wells})
        controls, measure = partial(self._negatives, wells=wells), partial(self._measured, folder)
        if self.settings.typing is not None:
            learn_types(self.settings.typing, folder, plates, controls, measure)
        if self.settings.dead is not None:
            learn_dead(self.settings.dead, folder, plates, controls, measure)

    def observe(self, folder: Path, plate: str, well: str) -> WellObservation:
        """Observe one well: every site and time point.

        Raises
        ------
        FileError : if an image cannot be read.
        DataError : if the images cannot be measured.
        """
        images = KeptImages(self.index) if self.settings.keep_images else None
        tables = WellTables.gather(self._analyses(folder, plate, well, images), f"plate {plate}, well {well}")
        cells = with_dead(self.settings.dead, folder, plate, with_types(self.settings.typing, folder, plate, tables.cells))
        tracked = False
        notes: tuple[str, ...] = ()
        if self.settings.tracking is not None and tables.is_series:
            tracked = True
            linked = link_well(cells, self.settings.tracking)
            cells, notes = with_motion(dead_for_good(linked.cells), self.settings.numbers.time.motion), linked.notes
        tables = tables.with_cells(cells)
        told = self.settings.dead is not None
        asked = self.settings.numbers
        found = well_numbers(tables, self.settings.cell_types, self._size_um, asked, tracked=tracked, deaths_told=told)
        now = tables.at_the_end().cells
        return WellObservation(
            cells=_in_order(cells, empty_cell_table()),
            contacts=_in_order(tables.contacts, empty_contact_table()),
            fields=tables.fields,
            readouts={**feature_medians(now), **found.numbers, **apply_rules(now, found.numbers, self.settings.readouts)},
            images=() if images is None else tuple(images.fields),
            notes=(*notes, *found.notes),
            course=time_course(tables, self.settings.cell_types, self._size_um, asked, (plate, well), deaths_told=told),
        )

    @property
    def _size_um(self) -> tuple[float, float]:
        """(width, height) of every image."""
        height, width = self.index.shape
        return width * self.index.pixel_size_um, height * self.index.pixel_size_um

    def _analyses(self, folder: Path, plate: str, well: str, images: KeptImages | None = None) -> Iterator[FieldAnalysis]:
        """Yield the fields of a well, one after the other; add them to ``images`` where they are to be kept."""
        lights = illumination_fields(folder, plate, self.index.channels)
        for site in self.index.sites(plate, well):
            for t_index in self.index.times(plate, well, site):
                seen = self.index.read(plate, well, site, t_index)
                even = np.stack([correct(image, light) for image, light in zip(seen.pixels, lights, strict=True)])
                one = analyse_field(seen, even, self.settings.field)
                if images is not None:
                    images.add(one, t_index)
                yield one

    def _negatives(self, plate: str, wells: list[tuple[str, str]]) -> list[str]:
        """Return the plate's negative controls that were imaged; all its wells where it has none."""
        own = [well for on, well in wells if on == plate]
        negative = [well for well in own if self.plate_map.row(plate, well)["role"] == "negative"]
        return negative or own

    def _measured(self, folder: Path, plate: str, well: str) -> pd.DataFrame:
        """Return every cell of a well, of no type yet."""
        return WellTables.gather(self._analyses(folder, plate, well), f"plate {plate}, well {well}").cells


def _in_order(frame: pd.DataFrame, declared: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with the declared columns first, typed as declared."""
    own = [name for name in frame.columns if name not in declared.columns]
    return frame[[*declared.columns, *own]].astype(dict(declared.dtypes))
