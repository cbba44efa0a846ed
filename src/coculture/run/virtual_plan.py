"""What a recipe of a virtual screen comes to: its culture, vessel, plate map and drugs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from coculture.cells.files.reading import files_read, read_model
from coculture.cells.model import CellModel
from coculture.chip.flow.ports import PortCondition
from coculture.errors import CocultureError, InputError, Problem
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PlateMap
from coculture.run.plan import map_path, read_map
from coculture.run.recipe.recipe import LoadedRecipe
from coculture.run.recipe.virtual import ChipVessel as ChipSection
from coculture.run.recipe.virtual import VirtualSource, Well
from coculture.run.virtual_drugs import DrugCabinet, cabinet
from coculture.sources.virtual_chip.vessels.base import Vessel
from coculture.sources.virtual_chip.vessels.chip import ChipVessel
from coculture.sources.virtual_chip.vessels.well import WellVessel

Made = TypeVar("Made")


@dataclass(frozen=True)
class VirtualPlan:
    """A virtual recipe and what it found.

    Attributes
    ----------
    loaded : the recipe and its file.
    source : its section on the source.
    map_file, culture_file : files it names.
    plate_map : what every well is given.
    model : the culture.
    vessel : where it lives.
    drugs : what is dosed.
    """

    loaded: LoadedRecipe
    source: VirtualSource
    map_file: Path
    culture_file: Path
    plate_map: PlateMap
    model: CellModel
    vessel: Vessel
    drugs: DrugCabinet

    @property
    def culture_files(self) -> tuple[Path, ...]:
        """All files the culture was read from."""
        return files_read(self.culture_file)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know."""
        return (*self.model.notes, *self.drugs.notes)


def make_virtual_plan(loaded: LoadedRecipe) -> VirtualPlan:
    """Read the culture and the plate map, draw the chip, and look up what is dosed.

    Raises
    ------
    CocultureError : with every problem of layout, plate map, culture, chip and compounds at once.
    """
    source, file = loaded.settings.source, str(loaded.path)
    if not isinstance(source, VirtualSource):
        raise TypeError("a virtual plan is made for a virtual source")
    problems: list[Problem] = []

    def attempt(make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except CocultureError as error:
            problems.extend(error.problems)
            return None

    culture_file = loaded.resolve(source.culture)
    model = attempt(lambda: read_model(culture_file))
    vessel = attempt(lambda: _vessel(loaded, source))
    plate_map = attempt(lambda: read_map(loaded, _layout(loaded)))
    drugs = None if plate_map is None else cabinet(source, plate_map.wells["treatment"].astype(str), file)
    problems += drugs.problems if drugs is not None else []
    if problems or model is None or vessel is None or plate_map is None or drugs is None:
        raise InputError(problems)
    return VirtualPlan(loaded, source, map_path(loaded), culture_file, plate_map, model, vessel, drugs)


def _layout(loaded: LoadedRecipe) -> Layout:
    try:
        return Layout.of(loaded.settings.plate.layout)
    except InputError as error:
        raise InputError(Problem(one.what, f"{loaded.path}, plate.layout", one.remedy) for one in error.problems) from None


def _vessel(loaded: LoadedRecipe, source: VirtualSource) -> Vessel:
    if source.chip is not None:
        return _chip(loaded, source, source.chip)
    asked = source.well or Well()
    return WellVessel(
        (asked.width_um, asked.height_um),
        asked.voxel_um,
        asked.depth_um,
        asked.start_um,
        asked.border_um,
        source.exchange_step_min,
    )


def _chip(loaded: LoadedRecipe, source: VirtualSource, asked: ChipSection) -> ChipVessel:
    design = str(loaded.resolve(asked.design)) if Path(asked.design).suffix else asked.design
    vessel = ChipVessel(
        design=design,
        parameters=asked.parameters,
        pitch_um=asked.pitch_um,
        conditions={name: PortCondition(one.pressure_pa, one.flow_ul_per_min) for name, one in asked.port.items()},
        holds_um={name: one.holds_um for name, one in asked.port.items()},
        dosed_ports=tuple(name for name, one in asked.port.items() if one.doses),
        start_um=asked.start_um,
        filled=asked.filled,
        pdms=asked.pdms,
        viscosity_pa_s=asked.viscosity_pa_s,
        exchange_step_min=source.exchange_step_min,
        longest_min=60.0 * source.hours,
    )
    vessel.grid  # noqa: B018  a design that cannot be drawn is told now
    return vessel
