"""From a virtual plan to the job of a run: the virtual chip as source, and the fingerprint of recipe and inputs."""

from __future__ import annotations

import numpy as np

from coculture.errors import InputError
from coculture.imaging.render.scene import Optics
from coculture.run.between_cells_settings import contact_settings, number_settings
from coculture.run.composition_file import composition_path, read_composition
from coculture.run.execute import Job
from coculture.run.microscope_settings import readout_rules
from coculture.run.recipe.render import Render
from coculture.run.recipe.virtual import Gap
from coculture.run.state import state_of
from coculture.run.virtual_plan import VirtualPlan
from coculture.sources.virtual_chip.gap_numbers import GapSettings
from coculture.sources.virtual_chip.photographs import PhotographSettings
from coculture.sources.virtual_chip.seeding import Seeding
from coculture.sources.virtual_chip.settings import VirtualSettings
from coculture.sources.virtual_chip.source import VirtualChipSource
from coculture.sources.virtual_chip.vessels.base import Vessel
from coculture.sources.virtual_chip.vessels.chip import OpenCells
from coculture.store.checksums import hash_file


def virtual_settings(plan: VirtualPlan) -> VirtualSettings:
    """Return how the wells of a plan live and are read out."""
    recipe, source = plan.loaded.settings, plan.source
    return VirtualSettings(
        model=plan.model,
        vessel=plan.vessel,
        seedings=tuple(
            Seeding(one.cell_type, one.cells, one.spread, one.region or "", _corners(one.rectangle_um)) for one in source.seeding
        ),
        read_out_min=source.read_out_min,
        seed=recipe.screen.seed,
        drugs=plan.drugs.drugs,
        substances=plan.drugs.substances,
        carriers=plan.drugs.carriers,
        genes=source.genes,
        delivered=source.dosing == "delivered",
        apart=source.apart,
        contacts=contact_settings(recipe),
        numbers=number_settings(recipe),
        readouts=readout_rules(recipe),
        photographs=None if source.render is None else photograph_settings(source.render, recipe.screen.seed),
        keep_images=recipe.store.images,
        gap=None if source.gap is None else gap_settings(source.gap, plan.vessel),
        keep_medium=recipe.store.medium,
    )


def photograph_settings(asked: Render, seed: int) -> PhotographSettings:
    """Return how wells are photographed."""
    optics = Optics(
        psf_sigma_um=asked.psf_sigma_um,
        focus_offset_um=asked.focus_offset_um,
        vignetting=asked.vignetting,
        bleed_through=asked.bleed_through,
        photons_per_grey=asked.photons_per_grey,
        read_noise=asked.read_noise,
    )
    markers = {
        kind: {channel: (levels[0], levels[1], levels[2]) for channel, levels in per_channel.items()}
        for kind, per_channel in asked.markers.items()
    }
    return PhotographSettings(
        asked.channels, asked.pixel_size_um, markers, asked.nucleus_fraction, asked.variation, optics, asked.tiff, seed
    )


def gap_settings(asked: Gap, vessel: Vessel) -> GapSettings:
    """Return the gap, where its region lies.

    Raises
    ------
    InputError : if the vessel has no such region.
    """
    corners = _corners(asked.rectangle_um)
    if corners is None:
        place = vessel.region(asked.region or "")
        if not isinstance(place, OpenCells):
            raise InputError("a plain well has no regions", "source.gap.region", "give rectangle_um")
        rows, columns = np.divmod(place.cells, place.columns)
        ends = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        corners = _corners(tuple(float(end) * place.pitch_um for end in ends))
    assert corners is not None
    return GapSettings(corners, asked.bridge_um, asked.along, asked.fronts)


def virtual_job(plan: VirtualPlan, notes: tuple[str, ...] = ()) -> Job:
    """Return the job of a plan.

    Parameters
    ----------
    plan : what the recipe came to.
    notes : what a reader of the results must know from before the run.
    """
    hashes = {file.name: hash_file(file) for file in (plan.map_file, *plan.culture_files)}
    table = composition_path(plan.loaded)
    return Job(
        recipe=plan.loaded.settings,
        source=VirtualChipSource(plan.plate_map, virtual_settings(plan)),
        state=state_of(plan.loaded.settings, {}, "".join(hashes.values())),
        inputs_hashes=hashes | ({table.name: hash_file(table)} if table else {}),
        notes=notes,
        composition=read_composition(plan.loaded),
    )


def _corners(given: tuple[float, ...] | None) -> tuple[float, float, float, float] | None:
    return None if given is None else (given[0], given[1], given[2], given[3])
