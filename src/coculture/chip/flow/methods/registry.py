"""Every flow method, by the name settings use."""

from __future__ import annotations

from coculture.chip.flow.methods import brinkman, brinkman_modes, duct_modes, hele_shaw
from coculture.chip.flow.methods.base import FlowMethod
from coculture.errors import InputError

FLOW_METHODS: dict[str, FlowMethod] = {
    module.METHOD.name: module.METHOD for module in (duct_modes, hele_shaw, brinkman, brinkman_modes)
}


def flow_method(name: str) -> FlowMethod:
    """Return the method called ``name``; InputError names those there are."""
    if name not in FLOW_METHODS:
        raise InputError(f"flow method '{name}' is not known", where="method", remedy="use one of: " + ", ".join(FLOW_METHODS))
    return FLOW_METHODS[name]
