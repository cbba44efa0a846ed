"""The check of a virtual screen: do recipe, culture, vessel, plate map and compounds fit together?"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from coculture.errors import CocultureError, Problem
from coculture.run.check.analysis import check_analysis
from coculture.run.check.finding import Finding, errors_of, named
from coculture.run.check.mixtures import check_mixtures
from coculture.run.check.output import check_output
from coculture.run.check.readouts import check_virtual_readouts
from coculture.run.check.report import CheckReport
from coculture.run.check.time import check_time
from coculture.run.check.wells import check_wells
from coculture.run.recipe.recipe import Recipe
from coculture.run.virtual_job import virtual_settings
from coculture.run.virtual_plan import VirtualPlan
from coculture.sources.virtual_chip.carriers.doses import CELL_DOSES
from coculture.sources.virtual_chip.drug_targets import targets_of
from coculture.sources.virtual_chip.gap_numbers import gap_number_names
from coculture.sources.virtual_chip.read_outs import feature_names
from coculture.sources.virtual_chip.source import VirtualChipSource
from coculture.typed_file.complaints import did_you_mean

OF_IMAGES = ("illumination", "nuclei", "cell_types", "measure", "quality")
"""Sections that speak of images only."""

TRIAL_TICKS = 10
"""How many phenotype ticks one well lives when it is tried."""


def check_virtual_plan(plan: VirtualPlan, results: Path) -> list[Finding]:
    """Find everything that is wrong with a virtual plan, short of trying it."""
    recipe, file, wells = plan.loaded.settings, str(plan.loaded.path), plan.plate_map.wells
    types, is_series = plan.model.type_names, len(plan.source.read_out_min) > 1
    return [
        *check_wells(wells, where=str(plan.map_file), curves=recipe.dose_response.model != "none"),
        *check_analysis(recipe, wells, file=file),
        *check_mixtures(plan.loaded, wells),
        *check_virtual_readouts(recipe, file, _names(plan), types, is_series=is_series),
        *check_time(recipe, file, is_series=is_series),
        *_images(recipe, file),
        *_ticks(plan, file),
        *_seeding(plan, file),
        *_solutes(plan, file),
        *_ports(plan, file),
        *_effects(plan, file),
        *_gap(plan, file),
        *_markers(plan, file),
        *check_output(results, n_wells=len(wells), image_bytes=0),
    ]


def _names(plan: VirtualPlan) -> tuple[str, ...]:
    """Return the features of cells, and the numbers of wells that only some virtual screens have."""
    doses = CELL_DOSES if plan.drugs.carriers else ()
    gap = gap_number_names(plan.model.type_names) if plan.source.gap is not None else ()
    return (*feature_names(plan.model), *doses, *gap)


def _gap(plan: VirtualPlan, file: str) -> Iterator[Finding]:
    asked = plan.source.gap
    if asked is None:
        return
    if asked.region is not None and asked.region not in plan.vessel.region_names:
        yield _unknown("region", asked.region, plan.vessel.region_names, f"{file}, source.gap.region")
    if plan.source.read_out_every_min is None:
        yield Finding.error("a gap's closing needs several read-outs", f"{file}, source.gap", "give source.read_out_every_min")


def try_virtual_plan(plan: VirtualPlan, findings: list[Finding]) -> CheckReport:
    """Let one well live for a short while where nothing is wrong so far, and report everything."""
    facts: tuple[str, ...] = (_facts(plan), *plan.notes)
    if not errors_of(findings):
        tried, fact = _tried(plan)
        findings, facts = findings + tried, (*facts, *([fact] if fact else []))
    return CheckReport(findings, facts)


def _facts(plan: VirtualPlan) -> str:
    width, height = plan.vessel.size_um
    return (
        f"{len(plan.plate_map.wells)} virtual wells of {width:g} x {height:g} µm for {plan.source.hours:g} h, "
        f"{len(plan.model.types)} cell types, {len(plan.model.solutes)} solutes, {len(plan.drugs.drugs)} drugs"
    )


def _tried(plan: VirtualPlan) -> tuple[list[Finding], str]:
    """Let the first negative control, and the first well that is dosed, live for some ticks."""
    settings, wells = virtual_settings(plan), plan.plate_map.wells
    end = min(TRIAL_TICKS * plan.model.steps.phenotype_min, settings.read_out_min[-1])
    source = VirtualChipSource(plan.plate_map, replace(settings, read_out_min=(end,), readouts=(), photographs=None))
    first = wells[wells["role"] == "negative"].head(1)
    dosed = wells[wells["treatment"] != ""].head(1)
    said = ""
    with tempfile.TemporaryDirectory() as folder:
        for row in (*first.itertuples(), *dosed.itertuples()):
            try:
                source.prepare(Path(folder))
                seen = source.observe(Path(folder), str(row.plate), str(row.well))
            except CocultureError as error:
                where = f"{plan.loaded.path}, tried on {row.plate} {row.well}"
                return [Finding("error", Problem(one.what, _joined(where, one.where), one.remedy)) for one in error.problems], ""
            said = f"tried on {row.plate} {row.well} for {end:g} min: {len(seen.cells)} cells"
    return [], said


def _joined(where: str, within: str) -> str:
    return f"{where}, {within}" if within else where


def _images(recipe: Recipe, file: str) -> Iterator[Finding]:
    for name in OF_IMAGES:
        usual = Recipe.model_fields[name].default
        if getattr(recipe, name) != usual:
            yield Finding.warning(f"[{name}] has nothing to work on: virtual wells are no images", file, "leave it out")


def _ticks(plan: VirtualPlan, file: str) -> Iterator[Finding]:
    tick = plan.model.steps.contact_min
    every = plan.source.read_out_every_min
    for key, time in (("hours", 60 * plan.source.hours), ("read_out_every_min", every)):
        if time is not None and abs(time / tick - round(time / tick)) > 1e-6:
            what = f"{time:g} min is no whole number of the culture's contact steps of {tick:g} min"
            yield Finding.error(what, f"{file}, source.{key}", f"give a multiple of {tick:g} min, such as {tick * 100:g}")


def _seeding(plan: VirtualPlan, file: str) -> Iterator[Finding]:
    types, regions, (width, height) = plan.model.type_names, plan.vessel.region_names, plan.vessel.size_um
    for number, one in enumerate(plan.source.seeding, start=1):
        where = f"{file}, source.seeding[{number}]"
        if one.cell_type not in types:
            yield _unknown("cell type", one.cell_type, types, f"{where}.cell_type")
        if one.region is not None and one.region not in regions:
            yield _unknown("region", one.region, regions, f"{where}.region")
        if one.rectangle_um is not None and (one.rectangle_um[2] > width or one.rectangle_um[3] > height):
            what = f"the rectangle reaches beyond {width:g} x {height:g} µm"
            yield Finding.error(what, f"{where}.rectangle_um", "give left, top, right, bottom inside")


def _solutes(plan: VirtualPlan, file: str) -> Iterator[Finding]:
    said: list[tuple[str, Iterable[str]]] = []
    if plan.source.well is not None:
        said = [("well.start_um", plan.source.well.start_um), ("well.border_um", plan.source.well.border_um)]
    if plan.source.chip is not None:
        said = [("chip.start_um", plan.source.chip.start_um)]
        said += [(f"chip.port.{name}.holds_um", port.holds_um) for name, port in plan.source.chip.port.items()]
    for key, names in said:
        for name in names:
            if name not in plan.model.solutes:
                yield _unknown("solute", name, plan.model.solutes, f"{file}, source.{key}")


def _ports(plan: VirtualPlan, file: str) -> Iterator[Finding]:
    from coculture.sources.virtual_chip.vessels.chip import ChipVessel

    vessel, asked = plan.vessel, plan.source.chip
    if asked is None or not isinstance(vessel, ChipVessel) or not asked.port:
        return
    known = [port.name for port in vessel.grid.ports]
    strange = [name for name in asked.port if name not in known]
    for name in strange:
        yield _unknown("port", name, known, f"{file}, source.chip.port")
    missing = [name for name in known if name not in asked.port]
    if missing:
        remedy = "give every port a pressure or a flow; flow_ul_per_min = 0 closes one"
        yield Finding.error(f"nothing is said of the ports {named(missing)}", f"{file}, source.chip.port", remedy)


def _effects(plan: VirtualPlan, file: str) -> Iterator[Finding]:
    """Name effects that find nothing to act on: an error where the recipe declares them, else a warning."""
    declared = {one.name for one in plan.source.compound}
    for drug, effect, why in targets_of(plan.drugs.drugs.values(), plan.model, plan.source.genes).missed:
        what = f"'{drug}' has an effect with nothing to act on ({effect}): {why}"
        if drug in declared:
            yield Finding.error(what, f"{file}, compound '{drug}'", "name what the culture has, or leave the effect out")
        else:
            yield Finding.warning(what, file, "name the culture's solute in [source.genes], or take it as without this effect")
    dosed = set(plan.plate_map.wells["compound"].astype(str))
    carried = {one.drug for one in plan.source.carrier}
    for name in sorted(declared - carried):
        if not any(name in one for one in dosed):
            yield Finding.warning(f"'{name}' is declared and dosed in no well", f"{file}, source.compound", "leave it out")


def _markers(plan: VirtualPlan, file: str) -> Iterator[Finding]:
    asked = plan.source.render
    if asked is None:
        return
    for kind, channels in asked.markers.items():
        if kind not in plan.model.type_names:
            yield _unknown("cell type", kind, plan.model.type_names, f"{file}, source.render.markers")
        for channel in channels:
            if channel not in asked.channels:
                yield _unknown("channel", channel, asked.channels, f"{file}, source.render.markers.{kind}")


def _unknown(kind: str, name: str, known: Iterable[str], where: str) -> Finding:
    listed = tuple(known)
    return Finding.error(
        f"there is no {kind} '{name}'", where, f"{did_you_mean(name, listed)}there is: {named(listed, 12) or 'none'}"
    )
