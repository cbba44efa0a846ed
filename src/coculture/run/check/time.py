"""Do the sections on time fit the time points there are?"""

from __future__ import annotations

from coculture.run.check.finding import Finding
from coculture.run.recipe.recipe import Recipe

OF_TIME = ("tracking", "motion")
"""Sections that speak of time series only."""

CONTACT_KEYS = ("bridge_frames", "long_min", "horizon_min")
"""Keys of ``[contacts]`` that do."""


def check_time(recipe: Recipe, file: str, *, is_series: bool) -> list[Finding]:
    """Name what the recipe says about time where there is none, or where no cell is followed."""
    tracked = is_series and recipe.tracking.method != "none"
    if tracked:
        return []
    why = "[tracking] method is 'none'" if is_series else "there is one time point"
    said = [name for name in OF_TIME if getattr(recipe, name) != type(getattr(recipe, name))()]
    said = [name for name in said if not (is_series and name == "tracking")]
    usual = type(recipe.contacts)()
    said += [f"contacts.{key}" for key in CONTACT_KEYS if getattr(recipe.contacts, key) != getattr(usual, key)]
    if not is_series and recipe.tracking.method == "none":
        said = [name for name in said if name != "tracking"]
    return [Finding.warning(f"{name} has nothing to work on: {why}", file, "leave it out") for name in said]
