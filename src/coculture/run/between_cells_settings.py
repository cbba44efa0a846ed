"""From the recipe's sections on what happens between cells to the settings of the microscope."""

from __future__ import annotations

from coculture.imaging.track.settings import TrackSettings
from coculture.interactions.motion.settings import MotionSettings
from coculture.run.recipe.recipe import Recipe
from coculture.sources.arrangement import ArrangementSettings
from coculture.sources.contact_pairs import ContactSettings
from coculture.sources.over_time import CommunicationSettings, DynamicsSettings, TimeSettings
from coculture.sources.well_summary import NumberSettings


def track_settings(recipe: Recipe) -> TrackSettings | None:
    """Return how cells are linked over time, None where they are not to be."""
    asked = recipe.tracking
    if asked.method == "none":
        return None
    return TrackSettings(
        method=asked.method,
        maximum_gap=asked.maximum_gap_frames,
        divisions=asked.divisions,
        drift=asked.drift,
        features=asked.features,
        feature_weight=asked.feature_weight,
        search_radius_um=asked.search_radius_um,
        persistence=asked.persistence,
    )


def contact_settings(recipe: Recipe) -> ContactSettings:
    """Return which cells are neighbours."""
    asked = recipe.contacts
    return ContactSettings(
        neighbours=asked.neighbours,
        gap_um=recipe.cells.contact_gap_um if asked.gap_um is None else asked.gap_um,
        k=asked.k,
        ways=asked.ways or "either",
        longest_um=asked.longest_um,
        longest_over_median=asked.longest_over_median,
        least_length_um=asked.least_length_um,
    )


def number_settings(recipe: Recipe) -> NumberSettings:
    """Return what is asked about what happens between cells."""
    contacts, motion, told = recipe.contacts, recipe.motion, recipe.communication
    return NumberSettings(
        arrangement=ArrangementSettings(recipe.arrangement.density_radius_um, recipe.arrangement.radii_um),
        time=TimeSettings(
            motion=MotionSettings(**motion.model_dump()),
            dynamics=DynamicsSettings(contacts.bridge_frames, contacts.long_min, contacts.horizon_min),
        ),
        communication=CommunicationSettings(told.signals, tuple((one.signal, one.donor, one.receiver) for one in told.transfer)),
    )
