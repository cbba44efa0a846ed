"""Z′ and robust Z′: the gap between the controls' three-sigma bands, as a fraction of the controls' distance."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats
from coculture.screen.quality.controls import Controls


def z_prime(controls: Controls) -> Floats:
    """Return ``1 - 3 (SD₊ + SD₋) / |mean₊ - mean₋|`` (Zhang, Chung & Oldenburg 1999, J Biomol Screen 4:67).

    Array over strata; 1 is perfect, 0 means touching bands. NaN where a group has fewer than two wells or the means
    are equal.
    """
    negative, positive = controls.negative, controls.positive
    return _gap(positive.mean - negative.mean, positive.sd + negative.sd)


def robust_z_prime(controls: Controls) -> Floats:
    """Return Z′ with median for mean and 1.4826 MAD for SD; NaN where a group has fewer than two wells."""
    negative, positive = controls.negative, controls.positive
    spread = np.where((negative.count > 1) & (positive.count > 1), positive.mad + negative.mad, np.nan)
    return _gap(positive.median - negative.median, spread)


def _gap(distance: Floats, spread: Floats) -> Floats:
    return 1.0 - 3.0 * spread / np.where(distance == 0, np.nan, np.abs(distance))
