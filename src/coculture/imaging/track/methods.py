"""Every linker by name."""

from __future__ import annotations

from coculture.errors import InputError
from coculture.imaging.track.base import Linker
from coculture.imaging.track.likelihood import link_by_likelihood
from coculture.imaging.track.nearest_neighbour import link_nearest

METHODS: dict[str, Linker] = {"likelihood": link_by_likelihood, "nearest": link_nearest}


def linker_of(name: str) -> Linker:
    """Return the linker of that name.

    Raises
    ------
    InputError : if there is none.
    """
    if name not in METHODS:
        raise InputError(f"there is no way of linking named '{name}'", "method", "use one of: " + ", ".join(METHODS))
    return METHODS[name]
