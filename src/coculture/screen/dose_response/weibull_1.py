"""Weibull's first curve, fitted."""

from __future__ import annotations

import numpy as np

from coculture.compounds.dose_curve.weibull_1 import weibull_1_at
from coculture.screen.dose_response.kernels.terms import WEIBULL_1
from coculture.screen.dose_response.sigmoid_model import sigmoid_model
from coculture.screen.group_statistics import Floats


def _quantile(fraction: Floats, _: Floats) -> Floats:
    return np.asarray(-np.log(-np.log(fraction)))


METHOD = sigmoid_model("weibull-1", ("bottom", "top", "slope", "location"), WEIBULL_1, weibull_1_at, _quantile)
