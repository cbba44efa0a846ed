"""One curve fitted, with everything that can be asked of it later."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from coculture import __version__
from coculture.compounds.dose_curve.axis import axis_position
from coculture.errors import DataError
from coculture.screen.dose_response.area import area_of_curve
from coculture.screen.dose_response.base import CurveFits, CurveModel
from coculture.screen.dose_response.curve_data import CurveSet, one_curve_set
from coculture.screen.dose_response.flat_test import flat_p_values
from coculture.screen.dose_response.information_criterion import aic, aicc, log_likelihood
from coculture.screen.dose_response.model_choice import can_fit
from coculture.screen.dose_response.models import single_model
from coculture.screen.dose_response.one_curve import checked_curve
from coculture.screen.dose_response.robust import checked_robust, reweighted, weights_of
from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class FittedCurve:
    """A fitted curve.

    Attributes
    ----------
    model : the curve model; ``model.parameters`` names ``values``.
    unit : unit of dose.
    values, covariance : parameters and their covariance (inverse observed information times residual variance).
    squares, df, n : residual sum of squares, degrees of freedom, number of observations (sums of weights if robust).
    p_flat : of the F-test against a flat line.
    direction : +1 where the response rises with dose, -1 where it falls.
    tested : lowest and highest dose above zero.
    robust, confidence : settings.
    version : version of coculture.
    levels : the data as the fit saw them.
    """

    model: CurveModel
    unit: str
    values: Floats
    covariance: Floats
    squares: float
    df: float
    n: float
    p_flat: float
    direction: float
    tested: tuple[float, float]
    robust: str
    confidence: float
    levels: CurveSet = field(repr=False)
    version: str = __version__

    def parameter(self, name: str) -> float:
        """Return the parameter called ``name``."""
        return float(self.values[self.model.parameters.index(name)])

    @property
    def standard_errors(self) -> Floats:
        """Standard errors of ``values``, NaN where they cannot be had."""
        with np.errstate(invalid="ignore"):
            return np.asarray(np.sqrt(np.diagonal(self.covariance)))

    @property
    def residual_sd(self) -> float:
        """Residual standard deviation."""
        return float(np.sqrt(self.squares / self.df))

    @property
    def log_likelihood(self) -> float:
        """Log-likelihood for normal errors."""
        return float(log_likelihood(self.squares, self.n))

    @property
    def aic(self) -> float:
        """Akaike's criterion, the error variance counted as a parameter."""
        return float(aic(self.squares, self.n, self.model.n_parameters))

    @property
    def aicc(self) -> float:
        """AIC for small samples."""
        return float(aicc(self.squares, self.n, self.model.n_parameters))

    @property
    def auc(self) -> float:
        """Mean of the curve over the tested doses on their axis (``dose_response.area``)."""
        low, high = axis_position(self.tested, self.unit)
        return area_of_curve(self.model, self.values, float(low), float(high))

    def response(self, dose: ArrayLike) -> Floats:
        """Return the curve at doses >= 0 in its unit."""
        return self.model.curve(axis_position(dose, self.unit), self.values)


def fitted_curve(
    dose: ArrayLike,
    response: ArrayLike,
    unit: str = "uM",
    *,
    model: str = "logistic-4",
    robust: str = "none",
    confidence: float = 0.95,
) -> FittedCurve:
    """Fit one curve and keep it.

    Parameters
    ----------
    dose, response : (n,) doses >= 0 in ``unit`` and finite responses.
    unit : ``uM``, ``ug/mL`` or ``step``.
    model : name of one model.
    robust : ``none``, ``huber``, ``tukey`` or ``student-t``.
    confidence : level of the limits asked of it later.

    Raises
    ------
    InputError : shapes differ, a number is not finite, a dose is negative, a unit, model or method is not known.
    DataError : too few doses or wells for the model.
    """
    doses, responses = checked_curve(dose, response)
    chosen, single = single_model(model), checked_robust(robust) != "none"
    levels = one_curve_set(doses, responses, unit, single_wells=single)
    if not can_fit(levels, chosen)[0]:
        what = f"{int(levels.frame['n_doses'].iloc[0])} doses above zero and {doses.size} wells cannot carry the model {model}"
        needs = f"it needs {chosen.fewest_doses} doses and {chosen.n_parameters + 1} wells"
        remedy = needs + (", and concentrations, not steps" if chosen.concentrations_only else "")
        raise DataError(what, remedy=remedy)
    if single:
        levels = reweighted(levels, weights_of(levels, chosen, robust))
        if levels.total_weight[0] < chosen.n_parameters + 1:
            raise DataError(f"{robust} weights leave {levels.total_weight[0]:.1f} wells", remedy="fit without robust weights")
    return curve_of_fit(chosen, levels, chosen.fit(levels, confidence), unit, robust, confidence)


def curve_of_fit(model: CurveModel, levels: CurveSet, fits: CurveFits, unit: str, robust: str, confidence: float) -> FittedCurve:
    """Return the only curve of a set of fits."""
    n = float(levels.total_weight[0])
    return FittedCurve(
        model=model,
        unit=unit,
        values=fits.values[0],
        covariance=fits.covariance[0],
        squares=float(fits.squares[0]),
        df=n - model.n_parameters,
        n=n,
        p_flat=float(flat_p_values(levels, fits.squares, model.n_parameters)[0]),
        direction=float(np.sign(fits.slope[0])),
        tested=(float(levels.frame["lowest"].iloc[0]), float(levels.frame["highest"].iloc[0])),
        robust=robust,
        confidence=confidence,
        levels=levels,
    )


def compared_models(curves: list[FittedCurve]) -> pd.DataFrame:
    """Return models fitted to the same data, best first: model, log_likelihood, aic, aicc and Akaike weight (of AICc)."""
    rows = [(c.model.name, c.model.n_parameters, c.log_likelihood, c.aic, c.aicc) for c in curves]
    table = pd.DataFrame(rows, columns=["model", "n_parameters", "log_likelihood", "aic", "aicc"])
    share = np.exp(-0.5 * (table["aicc"] - table["aicc"].min()))
    return table.assign(weight=share / share.sum()).sort_values("aicc").reset_index(drop=True)
