"""Do the readouts, the rule of cell types and the other sections name something that will be measured?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coculture.errors import CocultureError
from coculture.imaging.measure.families import FAMILIES, feature_names
from coculture.run.between_cells_settings import number_settings
from coculture.run.check.finding import Finding, named
from coculture.run.check.profiles import OF_EVERY_CELL, check_profiles
from coculture.run.recipe.recipe import Recipe
from coculture.sources.field_analysis import ONE_TYPE
from coculture.sources.number_names import number_names, track_feature_names
from coculture.typed_file.complaints import did_you_mean

NEEDED_BY = {
    "_arrest_coefficient": "motion.arrest_speed_um_per_min",
    "_fmi_": "motion.direction",
    "_correlation_length": "motion.correlation_reach_um",
    "_long_fraction": "contacts.long_min",
    "_dwell_mean": "contacts.horizon_min",
    "well_cross_": "arrangement.radii_um",
    "well_signal_slope": "communication.signals",
    "well_transfer_slope": "a [[communication.transfer]]",
    "_dead": "a section [dead_cells]",
    "well_territory_": 'cells.method = "propagation"; territories are counted beside outlines that follow a stain',
}
"""What part of a number's name is there only with which key of the recipe."""


def check_readouts(recipe: Recipe, file: str, channels: tuple[str, ...], *, is_series: bool = False) -> list[Finding]:
    """Check every feature, column and cell type a recipe of images asks for against what will be measured.

    Parameters
    ----------
    recipe : the recipe.
    file : its file, for messages.
    channels : our names of the channels.
    is_series : whether there are several time points.
    """
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
    types = (ONE_TYPE,) if recipe.cell_types is None else recipe.cell_types.names
    tracked = is_series and recipe.tracking.method != "none"
    at_the_end = (*features, *(track_feature_names(number_settings(recipe).time.motion) if tracked else ()))
    follows = recipe.cells.method == "propagation"
    told = recipe.dead_cells is not None
    numbers = number_names(types, number_settings(recipe), tracked=tracked, territories=follows, deaths_told=told)
    return [
        *_typing(recipe, file, features),
        *_dead_cells(recipe, file, features),
        *_signals(recipe, file, at_the_end, features),
        *_features(recipe, file, at_the_end),
        *_columns(recipe, file, (*numbers, *at_the_end), types, is_series),
        *_types(recipe, file, () if recipe.cell_types is None else types),
        *check_profiles(recipe.profiles, (*OF_EVERY_CELL, *at_the_end), file),
    ]


def check_virtual_readouts(
    recipe: Recipe, file: str, features: tuple[str, ...], types: tuple[str, ...], *, is_series: bool
) -> list[Finding]:
    """Check every feature, column and cell type a virtual recipe asks for.

    Parameters
    ----------
    recipe : the recipe.
    file : its file, for messages.
    features : features of virtual cells, before tracks.
    types : the culture's cell types.
    is_series : whether there are several read-outs.
    """
    settings = number_settings(recipe)
    at_the_end = (*features, *(track_feature_names(settings.time.motion) if is_series else ()))
    numbers = number_names(types, settings, tracked=is_series, territories=False, deaths_told=True)
    return [
        *_signals(recipe, file, at_the_end, features),
        *_features(recipe, file, at_the_end),
        *_columns(recipe, file, (*numbers, *at_the_end), types, is_series),
        *_types(recipe, file, types),
        *check_profiles(recipe.profiles, (*OF_EVERY_CELL, *at_the_end), file),
    ]


def _unknown_feature(name: str, where: str, features: Sequence[str], families: Sequence[str]) -> Finding:
    alike = [feature for feature in features if feature.split("_")[1:2] == name.split("_")[1:2]]
    shown = ", ".join(alike[:12]) + (", …" if len(alike) > 12 else "")
    remedy = did_you_mean(name, features) + (
        f"this family has: {shown}" if alike else f"measure.families are: {', '.join(families)}"
    )
    return Finding.error(f"no feature '{name}' will be measured", where, remedy)


def _typing(recipe: Recipe, file: str, features: Sequence[str]) -> Iterator[Finding]:
    if recipe.cell_types is None:
        return
    for key, features_named in recipe.cell_types.features_named.items():
        for name in features_named:
            if name not in features:
                yield _unknown_feature(name, f"{file}, cell_types.{key}", features, recipe.measure.families)


def _dead_cells(recipe: Recipe, file: str, features: Sequence[str]) -> Iterator[Finding]:
    asked = recipe.dead_cells
    if asked is not None and asked.feature not in features:
        yield _unknown_feature(asked.feature, f"{file}, dead_cells.feature", features, recipe.measure.families)


def _features(recipe: Recipe, file: str, features: Sequence[str]) -> Iterator[Finding]:
    for position, readout in enumerate(recipe.readout, start=1):
        where = f"{file}, readout[{position}]"
        if readout.feature is not None and readout.feature not in features:
            yield _unknown_feature(readout.feature, f"{where}.feature", features, recipe.measure.families)


def _columns(recipe: Recipe, file: str, known: Sequence[str], types: tuple[str, ...], is_series: bool) -> Iterator[Finding]:
    """Check the numbers of wells that readouts name."""
    for position, readout in enumerate(recipe.readout, start=1):
        for key, column in (("column", readout.column), ("guard", readout.guard)):
            if column is not None and column not in known:
                where = f"{file}, readout[{position}].{key}"
                yield Finding.error(
                    f"no well has a number '{column}'", where, _what_wells_have(column, known, recipe, types, is_series)
                )


def _what_wells_have(column: str, known: Sequence[str], recipe: Recipe, types: tuple[str, ...], is_series: bool) -> str:
    """Return the nearest number there is, those that begin alike, and what else it would take."""
    stem = "_".join(column.split("_")[:2])
    alike = [name for name in known if name.startswith(stem) and name.startswith("well_")]
    if column in _with_tracks(recipe, types):  # and yet not in what is known
        if is_series:
            return 'it needs tracked cells: leave out [tracking] method = "none"'
        return "it needs a time series, and there is one time point"
    turned = [name for name in known if sorted(name.split("_")) == sorted(column.split("_"))]
    hint = f"did you mean '{turned[0]}'? " if turned else did_you_mean(column, known)
    for part, key in NEEDED_BY.items():
        if part in column and not any(part in name for name in known):
            return f"it needs {key}"
    if alike:
        return f"{hint}there are: {named(alike, 12)}"
    return f"{hint}a well has n_cells, n_<cell type>, well_contacts_…, and the median of every feature (docs: read-outs)"


def _with_tracks(recipe: Recipe, types: tuple[str, ...]) -> tuple[str, ...]:
    """Return the numbers wells would have if their cells were followed over time."""
    settings = number_settings(recipe)
    follows, told = recipe.cells.method == "propagation", recipe.dead_cells is not None
    numbers = number_names(types, settings, tracked=True, territories=follows, deaths_told=told)
    return (*numbers, *track_feature_names(settings.time.motion))


def _signals(recipe: Recipe, file: str, features: Sequence[str], before_tracking: Sequence[str]) -> Iterator[Finding]:
    """Check the features and types that communication and tracking name."""
    asked, families = recipe.communication, recipe.measure.families
    named_at = [(f"communication.signals[{number}]", name) for number, name in enumerate(asked.signals, start=1)]
    named_at += [(f"communication.transfer[{number}].signal", one.signal) for number, one in enumerate(asked.transfer, start=1)]
    for key, name in named_at:
        if name not in features:
            yield _unknown_feature(name, f"{file}, {key}", features, families)
    for number, name in enumerate(recipe.tracking.features or (), start=1):
        if name not in (*before_tracking, "area_um2"):
            yield _unknown_feature(name, f"{file}, tracking.features[{number}]", before_tracking, families)


def _types(recipe: Recipe, file: str, known: Sequence[str]) -> Iterator[Finding]:
    remedy = f"the types are: {', '.join(known)}" if known else "add a section [cell_types]"
    for position, readout in enumerate(recipe.readout, start=1):
        if readout.cell_type is not None and readout.cell_type not in known:
            where = f"{file}, readout[{position}].cell_type"
            yield Finding.error(f"there is no cell type '{readout.cell_type}'", where, remedy)
    for number, one in enumerate(recipe.communication.transfer, start=1):
        for key, name in (("donor", one.donor), ("receiver", one.receiver)):
            if name not in known:
                where = f"{file}, communication.transfer[{number}].{key}"
                yield Finding.error(f"there is no cell type '{name}'", where, remedy)
