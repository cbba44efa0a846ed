"""Do images and plate map belong together, and can the images be read?"""

from __future__ import annotations

from collections.abc import Iterator

from coculture.errors import CocultureError
from coculture.run.check.finding import Finding, named
from coculture.run.plan import Plan

MOST_HEADERS = 3000
"""Files whose headers a check reads unless asked for all."""


def check_images(plan: Plan, *, every_file: bool = False) -> list[Finding]:
    """Compare images with the plate map, and read some.

    Parameters
    ----------
    plan : the plan.
    every_file : read every file's header, however many there are.
    """
    return [*_placed(plan), *_channels(plan), *_readable(plan, every_file)]


def _placed(plan: Plan) -> Iterator[Finding]:
    folder, file = str(plan.index.root), str(plan.map_file)
    imaged = list(dict.fromkeys(zip(plan.index.frame["plate"], plan.index.frame["well"], strict=True)))
    mapped = list(zip(plan.plate_map.wells["plate"], plan.plate_map.wells["well"], strict=True))
    if not plan.wells:
        what = (
            f"no well of the plate map has images (map: plate {named(plan.plate_map.plates)}; images: {named(plan.index.plates)})"
        )
        yield Finding.error(what, folder, "let the plates' names agree, or check pattern and layout")
        return
    blind = _places(set(mapped) - set(imaged), mapped)
    if blind:
        yield Finding.warning(f"{len(blind)} wells of the plate map have no images: {named(blind)}", folder, "they are left out")
    unknown = _places(set(imaged) - set(mapped), imaged)
    if unknown:
        remedy = "they are left out; add them to the map if they belong to the screen"
        yield Finding.warning(f"{len(unknown)} wells with images are not in the plate map: {named(unknown)}", file, remedy)


def _places(keys: set[tuple[str, str]], order: list[tuple[str, str]]) -> list[str]:
    return [f"{plate} {well}" for plate, well in order if (plate, well) in keys]


def _channels(plan: Plan) -> Iterator[Finding]:
    """Check the channels that sections name against those of ``source.channels``."""
    settings, known = plan.loaded.settings, ", ".join(plan.index.channels)
    for key, channel in (("nuclei.channel", settings.nuclei.channel), ("cells.channel", settings.cells.channel)):
        if channel is not None and channel not in plan.index.channels:
            remedy = f"the channels of [source.channels] are: {known}"
            yield Finding.error(f"there is no channel '{channel}'", f"{plan.loaded.path}, {key}", remedy)


def _readable(plan: Plan, every_file: bool) -> Iterator[Finding]:
    """Read the first image whole, and the headers of all where they are not too many."""
    try:
        if plan.wells:
            plate, well = plan.wells[0]
            site = plan.index.sites(plate, well)[0]
            plan.index.read(plate, well, site, plan.index.times(plate, well, site)[0])
        if every_file or plan.index.frame["path"].nunique() <= MOST_HEADERS:
            plan.index.verify()
    except CocultureError as error:
        yield from (Finding("error", problem) for problem in error.problems)
