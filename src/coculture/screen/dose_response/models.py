"""Every curve model, by the name settings use."""

from __future__ import annotations

from coculture.errors import InputError
from coculture.screen.dose_response import brain_cousens, cedergreen, logistic_3, logistic_4, logistic_5, weibull_1, weibull_2
from coculture.screen.dose_response.base import CurveModel

_MODULES = (logistic_3, logistic_4, logistic_5, weibull_1, weibull_2, brain_cousens, cedergreen)
CURVE_MODELS: dict[str, CurveModel] = {module.METHOD.name: module.METHOD for module in _MODULES}
NONE = "none"


def curve_model(name: str) -> CurveModel | None:
    """Return the model called ``name``, None for ``none``; InputError names those there are."""
    if name == NONE:
        return None
    if name not in CURVE_MODELS:
        remedy = "use one of: " + ", ".join((*CURVE_MODELS, NONE))
        raise InputError(f"dose-response model '{name}' is not known", where="analysis.dose_response", remedy=remedy)
    return CURVE_MODELS[name]
