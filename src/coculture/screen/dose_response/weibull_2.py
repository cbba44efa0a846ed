"""Weibull's second curve, fitted."""

from __future__ import annotations

import numpy as np

from coculture.compounds.dose_curve.weibull_2 import weibull_2_at
from coculture.screen.dose_response.kernels.terms import WEIBULL_2
from coculture.screen.dose_response.sigmoid_model import sigmoid_model
from coculture.screen.group_statistics import Floats


def _quantile(fraction: Floats, _: Floats) -> Floats:
    return np.asarray(np.log(-np.log1p(-fraction)))


METHOD = sigmoid_model("weibull-2", ("bottom", "top", "slope", "location"), WEIBULL_2, weibull_2_at, _quantile)
