"""The microscope as a source: images of a well become its cell table.

Order of work for one field: judge the raw image, divide by the illumination field, find nuclei, draw cells around
them, measure, list contacts. What needs the whole plate (illumination, the marker that parts two cell types) is
prepared once before.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError
from coculture.imaging.correct.field import correct
from coculture.imaging.read.index import ImageIndex
from coculture.interactions.annotate.marker import MarkerRule, annotate_by_marker
from coculture.plate.cell_table import empty_cell_table, empty_contact_table
from coculture.plate.plate_map import PlateMap
from coculture.sources.between_cells import contact_numbers, territory_numbers
from coculture.sources.field_analysis import ONE_TYPE, FieldAnalysis, FieldSettings, analyse_field
from coculture.sources.preparation import (
    illumination_fields,
    kept_components,
    learn_types,
    prepare_illumination,
    read_prepared,
    spread_choice,
    write_prepared,
)
from coculture.sources.source import WellObservation
from coculture.sources.summary import ReadoutRule, apply_rules, feature_medians, type_counts
from coculture.store.images import FieldImages

WELLS_TO_LEARN_FROM = 8
"""Wells of a plate from which the cell types' marker is learnt."""


@dataclass(frozen=True)
class MicroscopeSettings:
    """How images become cells.

    Attributes
    ----------
    field : how one field is segmented and measured.
    illumination : 'median-smooth', 'basic' or 'none'.
    illumination_images : images a channel's illumination may rest on.
    camera_offset : grey level of a dark image.
    marker : how two cell types are told apart, None where all cells are of one type.
    readouts : how cells become the well's read-outs.
    keep_images : whether images and outlines go into the observation.
    """

    field: FieldSettings
    illumination: str = "median-smooth"
    illumination_images: int = 96
    camera_offset: float = 0.0
    marker: MarkerRule | None = None
    readouts: tuple[ReadoutRule, ...] = ()
    keep_images: bool = True

    @property
    def cell_types(self) -> tuple[str, ...]:
        """Names of the types the screen tells apart."""
        return (ONE_TYPE,) if self.marker is None else (self.marker.above, self.marker.below)


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
        """Estimate each plate's illumination, and learn the cell types' marker from its negative controls."""
        wells = self.wells()
        for plate in sorted({plate for plate, _ in wells}):
            learnt = read_prepared(folder, plate) or {}
            if "illumination" not in learnt:
                asked = self.settings
                learnt["illumination"] = prepare_illumination(
                    folder, self.index, plate, asked.illumination, asked.illumination_images, asked.camera_offset
                )
                write_prepared(folder, plate, learnt)
            marker = self.settings.marker
            if marker is not None and marker.threshold is None and "cell_types" not in learnt:
                chosen = spread_choice(self._negatives(plate, wells), WELLS_TO_LEARN_FROM)
                values = [self._marker(folder, plate, well, marker.feature) for well in chosen]
                write_prepared(folder, plate, learnt | {"cell_types": learn_types(chosen, values, plate)})

    def observe(self, folder: Path, plate: str, well: str) -> WellObservation:
        """Observe one well: every site and time point.

        Raises
        ------
        FileError : if an image cannot be read.
        DataError : if the images cannot be measured.
        """
        analyses = self._analyses(folder, plate, well)
        cells = self._typed(folder, plate, pd.concat([one.cells for one in analyses], ignore_index=True))
        contacts = pd.concat([one.contacts for one in analyses], ignore_index=True)
        fields = pd.concat([one.quality for one in analyses], ignore_index=True)
        images = tuple(self._images(one) for one in analyses) if self.settings.keep_images else ()
        return WellObservation(
            cells=_in_order(cells, empty_cell_table()),
            contacts=_in_order(contacts, empty_contact_table()),
            fields=fields,
            readouts=self._readouts(cells, contacts, _territory_contacts(analyses)),
            images=images,
        )

    def _analyses(self, folder: Path, plate: str, well: str) -> list[FieldAnalysis]:
        lights = illumination_fields(folder, plate, self.index.channels)
        found = []
        for site in self.index.sites(plate, well):
            for t_index in self.index.times(plate, well, site):
                seen = self.index.read(plate, well, site, t_index)
                even = np.stack([correct(image, light) for image, light in zip(seen.pixels, lights, strict=True)])
                found.append(analyse_field(seen, even, self.settings.field))
        if not found:
            raise DataError("the well has no images", f"plate {plate}, well {well}", "take it out of the plate map, or add them")
        return found

    def _typed(self, folder: Path, plate: str, cells: pd.DataFrame) -> pd.DataFrame:
        rule = self.settings.marker
        if rule is None or cells.empty:
            return cells
        learnt = (read_prepared(folder, plate) or {}).get("cell_types")
        return annotate_by_marker(cells, rule, kept_components(learnt) if learnt else None)

    def _readouts(
        self, cells: pd.DataFrame, contacts: pd.DataFrame, on_territories: pd.DataFrame | None
    ) -> dict[str, float | int | str]:
        """Return the well's numbers at its last time point."""
        last = cells["t_min"].max() if len(cells) else 0.0
        now = cells[cells["t_min"] == last]
        now_contacts = contacts[contacts["t_min"] == last]
        numbers: dict[str, float | int | str] = dict(type_counts(now, self.settings.cell_types))
        numbers |= contact_numbers(now, now_contacts, self.settings.cell_types)
        if on_territories is not None:
            numbers |= territory_numbers(now, on_territories[on_territories["t_min"] == last], self.settings.cell_types)
        return feature_medians(now) | numbers | apply_rules(now, numbers, self.settings.readouts)

    def _images(self, one: FieldAnalysis) -> FieldImages:
        seen = one.field
        return FieldImages(seen.site, seen.t_min, seen.pixels, seen.channels, seen.pixel_size_um, one.labels)

    def _negatives(self, plate: str, wells: list[tuple[str, str]]) -> list[str]:
        """Return the plate's negative controls that were imaged; all its wells where it has none."""
        own = [well for on, well in wells if on == plate]
        negative = [well for well in own if self.plate_map.row(plate, well)["role"] == "negative"]
        return negative or own

    def _marker(self, folder: Path, plate: str, well: str, feature: str) -> NDArray[np.float64]:
        """Return the marker of every cell of a well."""
        tables = [one.cells for one in self._analyses(folder, plate, well) if len(one.cells)]
        return np.concatenate([table[feature].to_numpy(dtype=np.float64) for table in tables]) if tables else np.empty(0)


def _territory_contacts(analyses: list[FieldAnalysis]) -> pd.DataFrame | None:
    """Return the contacts on territories of all fields, None where the outlines follow no stain."""
    tables = [one.territory_contacts for one in analyses if one.territory_contacts is not None]
    return pd.concat(tables, ignore_index=True) if tables else None


def _in_order(frame: pd.DataFrame, declared: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with the declared columns first, typed as declared."""
    own = [name for name in frame.columns if name not in declared.columns]
    return frame[[*declared.columns, *own]].astype(dict(declared.dtypes))
