"""How well a model pays for its parameters: log-likelihood, AIC and AICc of least-squares fits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from coculture.screen.group_statistics import Floats


def log_likelihood(squares: ArrayLike, n: ArrayLike) -> Floats:
    """Return the log-likelihood of normal errors at their best variance: ``-n/2 (ln(2 pi S / n) + 1)``."""
    s, count = np.asarray(squares, dtype=np.float64), np.asarray(n, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(-0.5 * count * (np.log(2.0 * np.pi * s / count) + 1.0))


def aic(squares: ArrayLike, n: ArrayLike, n_parameters: int) -> Floats:
    """Return Akaike's criterion; the error variance counts as a parameter."""
    return 2.0 * (n_parameters + 1) - 2.0 * log_likelihood(squares, n)


def aicc(squares: ArrayLike, n: ArrayLike, n_parameters: int) -> Floats:
    """Return AIC with the small-sample term ``2 k (k + 1) / (n - k - 1)``, k = parameters + 1 (Hurvich & Tsai 1989).

    Infinite where there are not more than k + 1 observations: such a model may not be chosen.
    """
    k = n_parameters + 1
    left = np.asarray(n, dtype=np.float64) - k - 1.0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(left > 0, aic(squares, n, n_parameters) + 2.0 * k * (k + 1) / left, np.inf)
