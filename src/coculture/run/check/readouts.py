"""Do the readouts, and the marker of cell types, name something that will be measured?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coculture.errors import CocultureError
from coculture.imaging.measure.families import FAMILIES, feature_names
from coculture.run.check.finding import Finding
from coculture.run.recipe.recipe import Recipe
from coculture.typed_file.complaints import did_you_mean

WELL_NUMBERS = re.compile(r"n_[A-Za-z]\w*|well_\w+")
"""Numbers a well has beside the medians of its cells' features."""


def check_readouts(recipe: Recipe, file: str, channels: tuple[str, ...]) -> list[Finding]:
    """Check every feature, column and cell type a recipe of images asks for against what will be measured."""
    try:
        features = feature_names(recipe.measure.families, channels)
    except CocultureError:
        wrong = [name for name in recipe.measure.families if name not in FAMILIES]
        return [
            Finding.error(
                f"there is no family of features '{name}'",
                f"{file}, measure.families",
                f"{did_you_mean(name, FAMILIES)}the families are: {', '.join(FAMILIES)}",
            )
            for name in wrong
        ]
    return [*_marker(recipe, file, features), *_features(recipe, file, features), *_types(recipe, file)]


def _unknown_feature(name: str, where: str, features: Sequence[str], families: Sequence[str]) -> Finding:
    alike = [feature for feature in features if feature.split("_")[1:2] == name.split("_")[1:2]]
    shown = ", ".join(alike[:12]) + (", …" if len(alike) > 12 else "")
    remedy = did_you_mean(name, features) + (
        f"this family has: {shown}" if alike else f"measure.families are: {', '.join(families)}"
    )
    return Finding.error(f"no feature '{name}' will be measured", where, remedy)


def _marker(recipe: Recipe, file: str, features: Sequence[str]) -> Iterator[Finding]:
    marker = recipe.cell_types
    if marker is not None and marker.feature not in features:
        yield _unknown_feature(marker.feature, f"{file}, cell_types.feature", features, recipe.measure.families)


def _features(recipe: Recipe, file: str, features: Sequence[str]) -> Iterator[Finding]:
    for position, readout in enumerate(recipe.readout, start=1):
        where = f"{file}, readout[{position}]"
        if readout.feature is not None and readout.feature not in features:
            yield _unknown_feature(readout.feature, f"{where}.feature", features, recipe.measure.families)
        column = readout.column
        if column is not None and column not in features and not WELL_NUMBERS.fullmatch(column):
            remedy = "a well has n_cells, n_<cell type>, well_contacts_…, and the median of every feature"
            yield Finding.error(f"no well has a number '{column}'", f"{where}.column", remedy)


def _types(recipe: Recipe, file: str) -> Iterator[Finding]:
    known = () if recipe.cell_types is None else (recipe.cell_types.above, recipe.cell_types.below)
    remedy = f"the types of [cell_types] are: {', '.join(known)}" if known else "add a section [cell_types]"
    for position, readout in enumerate(recipe.readout, start=1):
        if readout.cell_type is not None and readout.cell_type not in known:
            where = f"{file}, readout[{position}].cell_type"
            yield Finding.error(f"there is no cell type '{readout.cell_type}'", where, remedy)
