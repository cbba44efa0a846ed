"""Every step, by the name recipes use."""

from __future__ import annotations

from coculture.errors import DataError, InputError
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps import (
    blocklist,
    centre,
    correlation,
    drop_missing,
    harmonize,
    reproducibility,
    robustize,
    sphere,
    standardize,
    tvn,
    variance,
)
from coculture.screen.profiles.steps.base import Step

STEPS: dict[str, Step] = {
    module.STEP.name: module.STEP
    for module in (
        drop_missing,
        blocklist,
        centre,
        standardize,
        robustize,
        variance,
        correlation,
        reproducibility,
        sphere,
        tvn,
        harmonize,
    )
}


def prepared(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return the profiles after all steps.

    Raises
    ------
    InputError : a step is not known.
    DataError : a step cannot be done with these wells, or no feature is left.
    """
    unknown = [name for name in settings.steps if name not in STEPS]
    if unknown:
        raise InputError(f"step '{unknown[0]}' is not known", "profiles.steps", "use some of: " + ", ".join(STEPS))
    for name in settings.steps:
        profiles = STEPS[name].apply(profiles, settings)
        if not profiles.features:
            raise DataError("no feature is left", f"profiles, step {name}", "ask for more features, or leave the step out")
    return profiles
