"""What a recipe comes to on this machine: its plate map, its images, and the wells that have both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from coculture.errors import CocultureError, FileError, InputError, Problem
from coculture.imaging.read.index import ImageIndex
from coculture.imaging.read.opening import open_images
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PlateMap, read_plate_map
from coculture.run.recipe.recipe import DATA_VARIABLE, LoadedRecipe
from coculture.run.recipe.sources import ImagesSource

Well = tuple[str, str]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Plan:
    """A recipe of images and what it found.

    Attributes
    ----------
    loaded : the recipe and its file.
    map_file : the plate map's file.
    plate_map : what every well was given.
    index : which image is which.
    wells : the wells that are in the map and have images, in the map's order.
    notes : what a user should know.
    """

    loaded: LoadedRecipe
    map_file: Path
    plate_map: PlateMap
    index: ImageIndex
    wells: tuple[Well, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_series(self) -> bool:
        """Whether a site was imaged more than once."""
        return bool((self.index.frame.groupby(["plate", "well", "site"])["t_index"].nunique() > 1).any())

    def inputs(self) -> dict[Well, tuple[str, ...]]:
        """Return the image files of each well of the plan, relative to the folder of images."""
        frame = self.index.frame.drop_duplicates(["plate", "well", "path"])
        files: dict[Well, list[str]] = {key: [] for key in self.wells}
        for plate, well, path in zip(frame["plate"], frame["well"], frame["path"], strict=True):
            if (plate, well) in files:
                files[plate, well].append(path)
        return {key: tuple(paths) for key, paths in files.items()}


@dataclass
class _Collector:
    """Carries on after an error, so that map and images tell theirs together."""

    problems: list[Problem] = field(default_factory=list)

    def attempt(self, make: Callable[[], Made]) -> Made | None:
        try:
            return make()
        except CocultureError as error:
            self.problems.extend(error.problems)
            return None


def make_plan(loaded: LoadedRecipe) -> Plan:
    """Read the plate map and find the images a recipe names.

    Raises
    ------
    InputError : with every problem of layout, plate map and images at once.
    """
    source, asked = loaded.settings.source, loaded.settings.plate
    if not isinstance(source, ImagesSource):
        raise TypeError("a plan is made for a source of images")
    collector = _Collector()
    layout = collector.attempt(lambda: Layout.of(asked.layout))
    if layout is None:
        raise InputError(Problem(found.what, f"{loaded.path}, plate.layout", found.remedy) for found in collector.problems)
    plate_map = collector.attempt(lambda: read_map(loaded, layout))
    index = collector.attempt(lambda: _open(loaded, source, layout))
    if plate_map is None or index is None:
        raise InputError(collector.problems)
    index, notes = _same_name(index, plate_map)
    imaged = set(zip(index.frame["plate"], index.frame["well"], strict=True))
    keys = zip(plate_map.wells["plate"], plate_map.wells["well"], strict=True)
    wells = tuple(key for key in keys if key in imaged)
    return Plan(loaded, map_path(loaded), plate_map, index, wells, (*index.notes, *notes))


def map_path(loaded: LoadedRecipe) -> Path:
    """Return the plate map's file.

    Raises
    ------
    InputError : if the recipe names none.
    """
    named = loaded.settings.plate.map
    if named is None:
        raise InputError(
            "key 'map' is missing", f"{loaded.path}, plate", 'name the file that says what is in the wells: map = "plate_map.csv"'
        )
    return loaded.resolve(named)


def read_map(loaded: LoadedRecipe, layout: Layout) -> PlateMap:
    """Read the plate map a recipe names. A map without a column of plates is of one plate, named by the recipe."""
    asked, source = loaded.settings.plate, loaded.settings.source
    one_plate = source.plate if isinstance(source, ImagesSource) and source.plate else loaded.settings.screen.name
    defaults = {"plate": one_plate, **asked.defaults}
    return read_plate_map(map_path(loaded), layout=layout, columns=asked.columns, roles=asked.roles, defaults=defaults)


def _open(loaded: LoadedRecipe, source: ImagesSource, layout: Layout) -> ImageIndex:
    if "://" in source.images and not loaded.images_override:
        what = f"images are read from a folder, and {source.images!r} is the address of a store"
        remedy = "mount the store as a folder on every machine that does wells, or copy the images, and name that folder"
        raise InputError(what, f"{loaded.path}, source.images", remedy)
    if not loaded.images.exists():
        places = [loaded.images] if loaded.images_override else list(loaded.candidates(source.images))
        raise FileError(
            "the folder of images does not exist; looked for " + " and ".join(map(str, places)),
            f"{loaded.path}, source.images",
            f"name it with --images, or set {DATA_VARIABLE} to the folder that holds '{source.images}'",
        )
    return open_images(
        loaded.images,
        source.pattern,
        source.channels,
        layout=layout,
        pixel_size_um=source.pixel_size_um,
        plate_name=source.plate,
        bit_depth=source.bit_depth,
        z=source.z,
        pages=source.pages,
        time_step_min=source.time_step_min,
    )


def _same_name(index: ImageIndex, plate_map: PlateMap) -> tuple[ImageIndex, tuple[str, ...]]:
    """Where images and map speak of one plate each, they speak of the same one, whatever they call it."""
    if len(index.plates) != 1 or len(plate_map.plates) != 1 or index.plates == plate_map.plates:
        return index, ()
    theirs, ours = index.plates[0], plate_map.plates[0]
    note = f"the images call their one plate '{theirs}', the plate map '{ours}'; they are taken to be the same"
    return replace(index, frame=index.frame.assign(plate=ours)), (note,)
