"""Every curve model, by the name settings use."""

from __future__ import annotations

from coculture.errors import InputError
from coculture.screen.dose_response import brain_cousens, cedergreen, logistic_3, logistic_4, logistic_5, weibull_1, weibull_2
from coculture.screen.dose_response.base import CurveModel
from coculture.screen.dose_response.model_choice import ModelChoice

_MODULES = (logistic_3, logistic_4, logistic_5, weibull_1, weibull_2, brain_cousens, cedergreen)
CURVE_MODELS: dict[str, CurveModel] = {module.METHOD.name: module.METHOD for module in _MODULES}
BEST = ModelChoice("best", (logistic_4.METHOD, logistic_5.METHOD, weibull_1.METHOD, weibull_2.METHOD, brain_cousens.METHOD))
NONE = "none"
NAMES = (*CURVE_MODELS, BEST.name, NONE)


def curve_model(name: str) -> CurveModel | ModelChoice | None:
    """Return the model called ``name``, the choice for ``best``, None for ``none``; InputError names those there are."""
    if name == NONE:
        return None
    if name == BEST.name:
        return BEST
    if name not in CURVE_MODELS:
        remedy = "use one of: " + ", ".join(NAMES)
        raise InputError(f"dose-response model '{name}' is not known", where="analysis.dose_response", remedy=remedy)
    return CURVE_MODELS[name]


def single_model(name: str) -> CurveModel:
    """Return the model called ``name``; InputError if it is none that one fit can have."""
    model = curve_model(name)
    if not isinstance(model, CurveModel):
        raise InputError(f"'{name}' is not one curve model", remedy="use one of: " + ", ".join(CURVE_MODELS))
    return model
