"""One dose-response curve from arrays, for a notebook or a test."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from coculture.errors import DataError, InputError
from coculture.screen.dose_response.curve_data import one_curve_set
from coculture.screen.dose_response.models import curve_model
from coculture.screen.dose_response.robust import checked_robust
from coculture.screen.dose_response.table import fitted_table
from coculture.screen.group_statistics import Floats
from coculture.screen.results import CURVE_COLUMNS


def fit_curve(
    dose: ArrayLike,
    response: ArrayLike,
    unit: str = "uM",
    *,
    model: str = "logistic-4",
    confidence: float = 0.95,
    flat_level: float = 0.05,
    robust: str = "none",
) -> tuple[pd.Series, pd.DataFrame]:
    """Fit one curve.

    Parameters
    ----------
    dose : (n,) doses >= 0 in ``unit``; dose 0 lies on the plateau from which the curve starts.
    response : (n,) finite responses.
    unit : ``uM``, ``ug/mL`` or ``step``.
    model : name of the model.
    confidence : level of the intervals.
    flat_level : level of the test against a flat line.
    robust : ``none``, ``huber``, ``tukey`` or ``student-t``.

    Returns
    -------
    The curve as a row of the table of curves, and the curve as points (dose, fitted, low, high).

    Raises
    ------
    InputError : shapes differ, a number is not finite, a dose is negative, the unit or the model is not known.
    DataError : no dose is above 0.
    """
    doses, responses = checked_curve(dose, response)
    single = checked_robust(robust) != "none"
    chosen = curve_model(model)
    if chosen is None:
        raise InputError("the model 'none' fits no curve", remedy="name a curve model")
    rows, band = fitted_table(one_curve_set(doses, responses, unit, single), chosen, confidence, flat_level, robust)
    names = [column.name for column in CURVE_COLUMNS if column.name in rows]
    return rows.iloc[0][names], band[["dose", "fitted", "low", "high"]]


def checked_curve(dose: ArrayLike, response: ArrayLike) -> tuple[Floats, Floats]:
    """Return doses and responses as arrays of one shape (n,), all finite, with a dose above 0.

    Raises
    ------
    InputError : shapes differ or a number is not finite.
    DataError : no dose is above 0.
    """
    doses, responses = np.asarray(dose, dtype=np.float64), np.asarray(response, dtype=np.float64)
    if doses.ndim != 1 or doses.shape != responses.shape:
        raise InputError(
            f"doses {doses.shape} and responses {responses.shape} differ in shape", remedy="give one response per dose"
        )
    if not (np.isfinite(doses).all() and np.isfinite(responses).all()):
        raise InputError("a dose or response is not a finite number", remedy="leave out wells without a value")
    if not (doses > 0).any():
        raise DataError("no dose is above 0", remedy="a curve needs treated wells")
    return doses, responses
