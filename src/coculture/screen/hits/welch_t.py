"""Welch's t-test: each treatment has its own variance."""

from __future__ import annotations

import numpy as np

from coculture.screen.hits.base import Comparison, Estimate, HitMethod, welch

FEW_WELLS = 6
"""Below this many wells beside many controls Welch's degrees of freedom are too many in the far tail."""


def welch_t(comparison: Comparison) -> Estimate:
    """Return Welch's standard error and degrees of freedom (Welch 1947, Biometrika 34:28); at least two wells each."""
    variance = np.where(comparison.n > 1, comparison.sd**2, np.nan)
    error, df = welch(variance, np.maximum(comparison.n - 1, 1).astype(np.float64), comparison)
    few = int(((comparison.n > 1) & (comparison.n < FEW_WELLS)).sum())
    remark = f"{few} treatments have fewer than {FEW_WELLS} wells, where Welch's test calls too many hits; prefer moderated-t"
    return Estimate(error, df, remark if few else "")


METHOD = HitMethod("welch-t", welch_t)
