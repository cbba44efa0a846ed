"""What a step is: a function from profiles to profiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings


@dataclass(frozen=True)
class Step:
    """One step by the name recipes use.

    Attributes
    ----------
    name : as ``profiles.steps`` names it.
    apply : from profiles and settings to profiles; raises DataError where the wells cannot support it.
    """

    name: str
    apply: Callable[[Profiles, ProfileSettings], Profiles]
