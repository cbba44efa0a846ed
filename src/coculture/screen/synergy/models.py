"""Every reference model, by the name settings use."""

from __future__ import annotations

from coculture.errors import InputError
from coculture.screen.synergy import bliss, hsa, loewe, zero_interaction
from coculture.screen.synergy.base import SynergyModel

MODELS: dict[str, SynergyModel] = {module.MODEL.name: module.MODEL for module in (zero_interaction, hsa, bliss, loewe)}


def synergy_model(name: str) -> SynergyModel:
    """Return the model called ``name``; InputError names those there are."""
    if name not in MODELS:
        raise InputError(f"synergy model '{name}' is not known", "combinations.models", "use some of: " + ", ".join(MODELS))
    return MODELS[name]
