"""Every way to compare treatments with negative controls, by the name settings use."""

from __future__ import annotations

from coculture.errors import InputError
from coculture.screen.hits import moderated_t, welch_t
from coculture.screen.hits.base import HitMethod

HIT_METHODS: dict[str, HitMethod] = {module.METHOD.name: module.METHOD for module in (moderated_t, welch_t)}


def hit_method(name: str) -> HitMethod:
    """Return the method called ``name``; InputError names those there are."""
    if name not in HIT_METHODS:
        raise InputError(
            f"hit method '{name}' is not known", where="analysis.hit_method", remedy="use one of: " + ", ".join(HIT_METHODS)
        )
    return HIT_METHODS[name]
