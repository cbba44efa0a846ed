"""Treatments with a single well: judged against the spread of the negative controls alone."""

from __future__ import annotations

import numpy as np

from coculture.screen.hits.base import Comparison, Estimate

MAD_EFFICIENCY = 0.3675
"""A MAD of n normal values is as precise as a standard deviation of 0.3675 n values (Rousseeuw & Croux 1993, JASA 88:1273)."""


def single_well(comparison: Comparison) -> Estimate:
    """Return the error of one well's distance from its controls: ``robust SD √(1 + 1/n₋)``.

    The well is taken to vary as the controls do. Because that spread is estimated by a MAD, the test is a t-test with
    ``0.3675 (n₋ - 1)`` degrees of freedom and not a normal one, which with ten controls would call noise a hit.
    """
    single = comparison.n == 1
    error = comparison.control_sd * np.sqrt(1.0 + 1.0 / np.maximum(comparison.n_negative, 1))
    df = np.maximum(MAD_EFFICIENCY * (comparison.n_negative - 1), 1.0)
    return Estimate(np.where(single, error, np.nan), np.where(single, df, np.nan))


def with_single_wells(comparison: Comparison, estimate: Estimate) -> Estimate:
    """Return the estimate with treatments of one well judged by :func:`single_well`."""
    single = single_well(comparison)
    alone = comparison.n == 1
    return Estimate(
        np.where(alone, single.standard_error, estimate.standard_error), np.where(alone, single.df, estimate.df), estimate.remark
    )


def single_well_note(n_negative: int) -> str:
    """Return what a row judged this way says."""
    return f"one well: judged by robust z against {n_negative} negative controls, not by replicates"
