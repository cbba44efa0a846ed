"""Every curve model, by the name settings use."""

from __future__ import annotations

from coculture.errors import InputError
from coculture.screen.dose_response import logistic_4
from coculture.screen.dose_response.base import CurveModel

CURVE_MODELS: dict[str, CurveModel] = {module.METHOD.name: module.METHOD for module in (logistic_4,)}
NONE = "none"


def curve_model(name: str) -> CurveModel | None:
    """Return the model called ``name``, None for ``none``; InputError names those there are."""
    if name == NONE:
        return None
    if name not in CURVE_MODELS:
        remedy = "use one of: " + ", ".join((*CURVE_MODELS, NONE))
        raise InputError(f"dose-response model '{name}' is not known", where="analysis.dose_response", remedy=remedy)
    return CURVE_MODELS[name]
