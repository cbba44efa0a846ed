"""Control of the false discovery rate."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats


def benjamini_hochberg(p_values: Floats) -> Floats:
    """Return adjusted p-values (Benjamini & Hochberg 1995, J R Stat Soc B 57:289).

    ``q(i) = min over j >= i of m p(j) / j`` on the sorted p-values. NaN marks a test that was not made: it stays NaN
    and does not count in ``m``.
    """
    adjusted = np.full(p_values.shape, np.nan)
    made = np.flatnonzero(np.isfinite(p_values))
    order = made[np.argsort(p_values[made], kind="stable")]
    m = order.size
    stepped = p_values[order] * m / np.arange(1, m + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return adjusted
