"""A recipe of wells together with the table it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coculture.errors import InputError, Problem
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PlateMap
from coculture.run.check.analysis import check_analysis
from coculture.run.check.finding import Finding
from coculture.run.check.mixtures import check_mixtures
from coculture.run.check.output import check_output
from coculture.run.check.profiles import check_profiles
from coculture.run.check.wells import check_wells
from coculture.run.profiles import numbers_of
from coculture.run.recipe.reading import read_recipe
from coculture.run.recipe.recipe import LoadedRecipe
from coculture.run.recipe.sources import WellsSource
from coculture.run.well_table_file import read_well_table


@dataclass(frozen=True)
class LoadedWells:
    """A recipe of wells and the table it names.

    Attributes
    ----------
    loaded : the recipe.
    file : the table.
    plate_map : what every well was given.
    wells : the well table.
    """

    loaded: LoadedRecipe
    file: Path
    plate_map: PlateMap
    wells: pd.DataFrame

    def findings(self, results: Path) -> list[Finding]:
        """Check wells and results folder."""
        curves = self.loaded.settings.dose_response.model != "none"
        found = check_wells(self.wells, where=str(self.file), curves=curves)
        found += check_analysis(self.loaded.settings, self.wells, file=str(self.loaded.path))
        found += check_mixtures(self.loaded, self.wells)
        found += check_profiles(self.loaded.settings.profiles, numbers_of(self.wells), str(self.loaded.path))
        return found + check_output(results, n_wells=0, image_bytes=0)


def load_wells(table: Path | None, recipe: Path) -> LoadedWells:
    """Read a recipe of wells and its table.

    Raises
    ------
    InputError : if the recipe is not one of wells, or the table has faults.
    FileError : if a file cannot be read.
    """
    loaded = read_recipe(recipe)
    source = loaded.settings.source
    if not isinstance(source, WellsSource):
        raise InputError(
            f"this recipe is of {'images' if source.kind == 'images' else 'virtual wells'}",
            f"{recipe}, source.kind",
            "write one with: coculture new --template wells",
        )
    file = table or loaded.resolve(source.table)
    try:
        layout = Layout.of(loaded.settings.plate.layout)
    except InputError as error:
        raise InputError(Problem(one.what, f"{recipe}, plate.layout", one.remedy) for one in error.problems) from None
    return LoadedWells(loaded, file, *read_well_table(file, loaded, layout))
