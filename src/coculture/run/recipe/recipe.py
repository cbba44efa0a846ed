"""The recipe as a whole, and the places its relative paths mean."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from coculture.plate.columns import WELL_COLUMNS, names
from coculture.run.recipe.analysis import Analysis, DoseResponse, ReadoutSection
from coculture.run.recipe.arrangement import Arrangement
from coculture.run.recipe.cell_types import CellTypes
from coculture.run.recipe.combination import Combination
from coculture.run.recipe.communication import Communication
from coculture.run.recipe.contacts import Contacts
from coculture.run.recipe.dead_cells import DeadCells
from coculture.run.recipe.imaging import Cells, Illumination, Measure, Nuclei, Quality
from coculture.run.recipe.mixture import Mixture
from coculture.run.recipe.motion import Motion
from coculture.run.recipe.profiles import ProfilesSection
from coculture.run.recipe.sources import ImagesSource, WellsSource
from coculture.run.recipe.tracking import Tracking
from coculture.run.recipe.virtual import VirtualSource
from coculture.typed_file.section import Section

Role = Literal["negative", "positive", "untreated", "blank", "treatment", "reference"]
"""What a well is for, see :data:`coculture.plate.columns.ROLES`."""

DATA_VARIABLE = "COCULTURE_DATA"
"""Environment variable that names a second folder in which a recipe's relative paths are looked up."""

TAKEN = frozenset(names(WELL_COLUMNS)) - {"n_cells"}
"""Columns of the well table that no readout may be named after."""


class ScreenSection(Section):
    """``[screen]``: what the screen is called, and the seed of everything that draws."""

    name: str = Field(min_length=1, description="what the screen is called; also the plate's name where nothing else says it")
    seed: int = Field(default=1, ge=0, description="everything that draws at random draws from this number")
    description: str = Field(default="", description="a sentence for the report")


class PlateSection(Section):
    """``[plate]``: the grid of wells and the file that says what is in them."""

    layout: Annotated[int | str, Field(description="6, 12, 24, 48, 96, 384, 1536, or a chip as 'chip 4x8'")] = 96
    map: str | None = Field(default=None, description="plate map, relative to the recipe")
    columns: dict[str, str] = Field(default_factory=dict, description="our name of a column = its header in the map")
    roles: dict[str, Role] = Field(default_factory=dict, description="a value in the map = our role; '*' is any other value")
    defaults: dict[str, str] = Field(default_factory=dict, description="our name of a column = its value in every well")


class StoreSection(Section):
    """``[store]``: what is kept besides the tables."""

    images: bool = Field(default=True, description="write images and outlines as an OME-Zarr plate")
    medium: bool = Field(default=False, description="of virtual wells: keep the concentration of every solute at each read-out")


class ReportSection(Section):
    """``[report]``: what the report shows."""

    title: str = Field(default="", description="title of the report; the screen's name without it")
    top_hits: int = Field(default=20, ge=1, description="hits listed in the report")
    language: Literal["en", "zh-Hant"] = Field(default="en", description="language of the report: English, Traditional Chinese")


class Recipe(Section):
    """One screen, as its file says it. Sections that are left out have their defaults."""

    screen: ScreenSection
    source: Annotated[ImagesSource | WellsSource | VirtualSource, Field(discriminator="kind")]
    plate: PlateSection = PlateSection()
    illumination: Illumination = Illumination()
    nuclei: Nuclei = Nuclei()
    cells: Cells = Cells()
    cell_types: CellTypes | None = None
    dead_cells: DeadCells | None = None
    measure: Measure = Measure()
    quality: Quality = Quality()
    contacts: Contacts = Contacts()
    arrangement: Arrangement = Arrangement()
    tracking: Tracking = Tracking()
    motion: Motion = Motion()
    communication: Communication = Communication()
    readout: Annotated[tuple[ReadoutSection, ...], Field(strict=False, description="what is asked of each well, as [[readout]]")]
    analysis: Analysis = Analysis()
    dose_response: DoseResponse = DoseResponse()
    combination: Combination | None = None
    mixture: Mixture | None = None
    profiles: ProfilesSection | None = None
    store: StoreSection = StoreSection()
    report: ReportSection = ReportSection()

    @property
    def keeps_images(self) -> bool:
        """Whether the results hold images: those of a virtual screen only where its wells are rendered."""
        if isinstance(self.source, VirtualSource) and self.source.render is None:
            return False
        return self.store.images

    @field_validator("readout")
    @classmethod
    def _names_differ(cls, readouts: tuple[ReadoutSection, ...]) -> tuple[ReadoutSection, ...]:
        if not readouts:
            raise ValueError("there is no [[readout]]; a screen asks for at least one")
        own = [readout.name for readout in readouts]
        twice = sorted({name for name in own if own.count(name) > 1})
        if twice:
            raise ValueError(f"two readouts share the name {', '.join(map(repr, twice))}; give each its own")
        taken = sorted(set(own) & TAKEN)
        if taken:
            raise ValueError(f"a readout cannot be named {', '.join(map(repr, taken))}: every well table has such a column")
        primary = [readout.name for readout in readouts if readout.primary]
        if len(primary) > 1:
            raise ValueError(f"{', '.join(primary)} are all marked as primary; mark the one that ranks the hits")
        return readouts

    @model_validator(mode="after")
    def _medium_of_virtual_wells(self) -> Recipe:
        if self.store.medium and not isinstance(self.source, VirtualSource):
            raise ValueError("store.medium = true keeps the medium of virtual wells, and these wells are none; leave it out")
        return self

    @model_validator(mode="after")
    def _one_gap(self) -> Recipe:
        told, older = self.contacts.gap_um, self.cells.contact_gap_um
        if told is not None and older not in (0.0, told):
            raise ValueError(f"contacts.gap_um = {told:g} and cells.contact_gap_um = {older:g} differ; keep contacts.gap_um")
        return self


@dataclass(frozen=True)
class LoadedRecipe:
    """A recipe together with the file it was read from.

    Attributes
    ----------
    path : the recipe's file; relative paths in it start at its folder.
    settings : the validated recipe.
    images_override : folder given on the command line instead of ``source.images``, or None.
    """

    path: Path
    settings: Recipe
    images_override: Path | None = None

    def candidates(self, relative: str) -> Iterator[Path]:
        """Yield the places ``relative`` may mean, best first: beside the recipe, then under ``$COCULTURE_DATA``."""
        yield self.path.parent / relative
        data = os.environ.get(DATA_VARIABLE)
        if data:
            yield Path(data) / relative

    def resolve(self, relative: str) -> Path:
        """Return the first candidate that exists, or the first candidate where none does."""
        places = list(self.candidates(relative))
        return next((place for place in places if place.exists()), places[0])

    @property
    def images(self) -> Path:
        """Folder of the images (only for ``source.kind = "images"``)."""
        source = self.settings.source
        if not isinstance(source, ImagesSource):
            raise TypeError("only a source of images has a folder of images")
        return self.images_override or self.resolve(source.images)


def default_results(recipe: Path) -> Path:
    """Return the folder results go to where none is named: ``results`` beside the recipe."""
    return recipe.absolute().parent / "results"
