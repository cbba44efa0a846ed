"""The logistic with a fifth parameter for asymmetry."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from coculture.compounds.dose_curve.logistic import logistic_5_at
from coculture.screen.dose_response.kernels.terms import LOGISTIC_5
from coculture.screen.dose_response.sigmoid_model import sigmoid_model
from coculture.screen.group_statistics import Floats

ASYMMETRY_BOUNDS = (0.05, 20.0)
"""Beyond them the curve is as good as one of Weibull's."""


def _quantile(fraction: Floats, power: Floats) -> Floats:
    return np.asarray(logit(fraction ** (1.0 / power)))


METHOD = sigmoid_model(
    "logistic-5",
    ("bottom", "top", "slope", "location", "asymmetry"),
    LOGISTIC_5,
    logistic_5_at,
    _quantile,
    asymmetry=(float(np.log(ASYMMETRY_BOUNDS[0])), float(np.log(ASYMMETRY_BOUNDS[1]))),
)
