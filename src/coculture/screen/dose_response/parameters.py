"""The numbers of a fitted curve that may be shown: parameters the data do not determine are left out."""

from __future__ import annotations

import numpy as np

from coculture.compounds.dose_curve import axis_position
from coculture.screen.dose_response.base import CurveFits, CurveModel
from coculture.screen.dose_response.curve_data import CurveSet
from coculture.screen.dose_response.flat_test import flat_means, flat_squares
from coculture.screen.dose_response.information_criterion import aicc
from coculture.screen.dose_response.wording import Statement
from coculture.screen.group_statistics import Floats

PARAMETERS = ("bottom", "top", "slope", "residual_sd", "p_flat", "ec50_standard_error", "at_limit", "aicc")


def parameter_columns(
    curves: CurveSet, fits: CurveFits, statements: list[Statement], p_flat: Floats, model: CurveModel
) -> dict[str, Floats]:
    """Return the columns ``PARAMETERS`` of the fitted curves, arrays over curves.

    A curve without effect is the flat line: both plateaus are its mean, and it has no slope. Where the EC50 lies beyond
    the tested doses, the plateau on that side is NaN. The standard error of the EC50 is given with the EC50, and not
    where the slope lies on its bound.
    """
    flat = np.array([statement.status == "no effect" for statement in statements])
    unknown_bottom, unknown_top = _unknown_plateaus(curves, fits, statements)
    mean = flat_means(curves)
    df = curves.total_weight - model.n_parameters
    given = np.isfinite([statement.ec50 for statement in statements]) & ~fits.slope_at_limit
    return {
        "bottom": np.where(flat, mean, np.where(unknown_bottom, np.nan, fits.bottom)),
        "top": np.where(flat, mean, np.where(unknown_top, np.nan, fits.top)),
        "slope": np.where(flat, np.nan, fits.slope),
        "residual_sd": np.sqrt(np.where(flat, flat_squares(curves) / (curves.total_weight - 1), fits.squares / df)),
        "p_flat": p_flat,
        "ec50_standard_error": np.where(given, _ec50_errors(curves, fits), np.nan),
        "aicc": np.where(
            flat,
            aicc(flat_squares(curves), curves.total_weight, 1),
            aicc(fits.squares, curves.total_weight, model.n_parameters),
        ),
        "at_limit": (fits.slope_at_limit & ~flat).astype(np.float64),
    }


def _unknown_plateaus(curves: CurveSet, fits: CurveFits, statements: list[Statement]) -> tuple[Floats, Floats]:
    """Return flags of the bottom and the top that lie beyond the tested doses."""
    beyond = np.array([statement.status == "beyond range" for statement in statements])
    above = np.zeros(len(curves.frame), dtype=bool)
    for unit in curves.frame["dose_unit"].unique():
        rows = (curves.frame["dose_unit"] == unit).to_numpy()
        above[rows] = fits.midpoint[rows] > axis_position(curves.frame.loc[rows, "highest"], str(unit))
    has_zero = np.isneginf(curves.position[curves.offsets[:-1]])
    end, start = beyond & above, beyond & ~above & ~has_zero
    rising = fits.slope > 0
    return np.where(rising, start, end).astype(bool), np.where(rising, end, start).astype(bool)


def _ec50_errors(curves: CurveSet, fits: CurveFits) -> Floats:
    """Return the standard error of the EC50 itself: on a concentration axis EC50 times that of its logarithm."""
    error = fits.midpoint_error
    ordinal = (curves.frame["dose_unit"] == "step").to_numpy()
    return np.where(ordinal, error, np.exp(np.where(ordinal, 0.0, fits.midpoint)) * error)
