"""Centre: the plate's negative controls come to zero, its spread stays."""

from __future__ import annotations

from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step
from coculture.screen.profiles.steps.plate_controls import control_rows, medians


def centre(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return ``x - median(the plate's negative controls)`` for every feature."""
    plates, rows = control_rows(profiles, "centre")
    return profiles.changed(
        profiles.values - medians(profiles, rows)[plates], "each plate was centred on the median of its negative controls"
    )


STEP = Step("centre", centre)
