"""The logistic with three parameters: the lower plateau is zero."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from coculture.compounds.dose_curve.logistic import logistic_at
from coculture.screen.dose_response.kernels.terms import LOGISTIC
from coculture.screen.dose_response.sigmoid_model import sigmoid_model
from coculture.screen.group_statistics import Floats


def _quantile(fraction: Floats, _: Floats) -> Floats:
    return np.asarray(logit(fraction))


METHOD = sigmoid_model("logistic-3", ("top", "slope", "location"), LOGISTIC, logistic_at, _quantile, fixed_bottom=True)
