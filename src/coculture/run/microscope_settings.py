"""From the recipe's sections to the settings of the microscope and of the rooms it uses."""

from __future__ import annotations

from coculture.imaging.quality import QualitySettings
from coculture.imaging.segment.base import CellSettings, NucleusSettings
from coculture.imaging.segment.compartments import RingSettings
from coculture.interactions.annotate.dead_stain import USUAL_SPREADS, DeadStain
from coculture.run.between_cells_settings import contact_settings, number_settings, track_settings
from coculture.run.cell_type_rule import cell_type_rule
from coculture.run.plan import Plan
from coculture.run.recipe.recipe import Recipe
from coculture.sources.field_analysis import FieldSettings
from coculture.sources.microscope import MicroscopeSettings, MicroscopeSource
from coculture.sources.source import Source
from coculture.sources.summary import ReadoutRule

USUAL_NUCLEUS_UM = 12.0
"""Diameter by which focus and debris are judged where the recipe does not say one."""


def microscope_source(plan: Plan) -> Source:
    """Return the microscope that observes the wells of a plan."""
    recipe = plan.loaded.settings
    settings = MicroscopeSettings(
        field=field_settings(recipe, plan.index.pixel_size_um),
        illumination=recipe.illumination.method,
        illumination_images=recipe.illumination.n_images,
        camera_offset=recipe.illumination.camera_offset,
        typing=cell_type_rule(plan),
        dead=dead_stain(recipe),
        tracking=track_settings(recipe),
        numbers=number_settings(recipe),
        readouts=readout_rules(recipe),
        keep_images=recipe.store.images,
    )
    return MicroscopeSource(plan.index, plan.plate_map, settings)


def field_settings(recipe: Recipe, pixel_size_um: float) -> FieldSettings:
    """Return how one field is segmented, measured and judged."""
    quality = QualitySettings(
        nucleus_diameter_px=(recipe.nuclei.diameter_um or USUAL_NUCLEUS_UM) / pixel_size_um,
        max_saturated_fraction=recipe.quality.max_saturated_fraction,
        max_debris_fraction=recipe.quality.max_debris_fraction,
    )
    nuclei, cells, measure = recipe.nuclei, recipe.cells, recipe.measure
    return FieldSettings(
        nuclei_channel=nuclei.channel,
        nuclei=NucleusSettings(
            method=nuclei.method,
            diameter_um=nuclei.diameter_um,
            minimum_area_um2=nuclei.minimum_area_um2,
            maximum_area_um2=nuclei.maximum_area_um2,
            touching_border=nuclei.touching_border,
            options=nuclei.options,
        ),
        cells=CellSettings(method=cells.method, channel=cells.channel, options=cells.options),
        ring=RingSettings(measure.ring_gap_um, measure.ring_width_um),
        families=measure.families,
        quality=quality,
        contacts=contact_settings(recipe),
    )


def dead_stain(recipe: Recipe) -> DeadStain | None:
    """Return how dead cells are told, None where the recipe does not say."""
    asked = recipe.dead_cells
    return None if asked is None else DeadStain(asked.feature, asked.dead, asked.threshold, asked.spreads or USUAL_SPREADS)


def readout_rules(recipe: Recipe) -> tuple[ReadoutRule, ...]:
    """Return how each readout of a well is made from its cells."""
    return tuple(
        ReadoutRule(asked.name, asked.feature or asked.column or "", asked.aggregate, asked.threshold, asked.cell_type, asked.of)
        for asked in recipe.readout
    )
