"""Several curves fitted at once, with some parameters common to all of them.

All curves have one residual variance. The parameters are found by least squares (scipy) from the curves' own fits;
their covariance is the inverse of the observed information times the residual variance, as for a single curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from coculture import __version__
from coculture.compounds.dose_curve.axis import axis_position
from coculture.errors import InputError
from coculture.screen.dose_response.base import CurveModel
from coculture.screen.dose_response.derivatives import gradient, information, inverse_information
from coculture.screen.dose_response.fitted_curve import fitted_curve
from coculture.screen.dose_response.information_criterion import aic, log_likelihood
from coculture.screen.dose_response.models import single_model
from coculture.screen.dose_response.one_curve import checked_curve
from coculture.screen.group_statistics import Floats, Integers


@dataclass(frozen=True)
class SharedFit:
    """Curves fitted together.

    Attributes
    ----------
    model, unit, shared : what was fitted; ``shared`` names the common parameters.
    curves : names of the curves.
    joint, covariance : all free parameters, and their covariance.
    places : (curves, p) which of ``joint`` each curve's parameters are.
    squares, df, n : of the whole.
    confidence, version : settings.
    """

    model: CurveModel
    unit: str
    shared: tuple[str, ...]
    curves: tuple[str, ...]
    joint: Floats
    covariance: Floats
    places: Integers
    squares: float
    df: int
    n: int
    confidence: float
    version: str = field(default=__version__)

    def values(self, curve: str) -> Floats:
        """Return the parameters of one curve; InputError if there is no such curve."""
        return np.asarray(self.joint[self.places[self.place(curve)]])

    def place(self, curve: str) -> int:
        """Return the number of a curve; InputError if there is none of this name."""
        if curve not in self.curves:
            raise InputError(f"no curve is called '{curve}'", remedy="use one of: " + ", ".join(self.curves))
        return self.curves.index(curve)

    @property
    def log_likelihood(self) -> float:
        """Log-likelihood for normal errors of one variance."""
        return float(log_likelihood(self.squares, self.n))

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return float(aic(self.squares, self.n, self.joint.size))


def fit_shared(
    dose: ArrayLike,
    response: ArrayLike,
    curve: Sequence[str],
    unit: str = "uM",
    *,
    model: str = "logistic-4",
    shared: Sequence[str] = (),
    confidence: float = 0.95,
) -> SharedFit:
    """Fit curves together.

    Parameters
    ----------
    dose, response : (n,) doses >= 0 in ``unit`` and finite responses.
    curve : (n,) name of the curve each belongs to.
    unit, model : as for one curve.
    shared : names of the model's parameters that all curves have in common.
    confidence : level of intervals asked of it later.

    Raises
    ------
    InputError : a name is not one of the model's parameters, or a curve alone cannot be fitted.
    """
    chosen = single_model(model)
    if unknown := set(shared) - set(chosen.parameters):
        remedy = "use some of: " + ", ".join(chosen.parameters)
        raise InputError(f"the model {model} has no parameter '{sorted(unknown)[0]}'", remedy=remedy)
    doses, responses = checked_curve(dose, response)
    names = tuple(dict.fromkeys(str(name) for name in curve))
    owner = np.array([names.index(str(name)) for name in curve], dtype=np.int64)
    if owner.size != doses.size:
        raise InputError(f"{owner.size} names of curves for {doses.size} doses", remedy="give one name for each dose")
    alone = [fitted_curve(doses[owner == i], responses[owner == i], unit, model=model) for i in range(len(names))]
    own = np.stack([fit.values for fit in alone])
    places = _places(chosen, len(names), set(shared))
    joint = np.array([own[places == j].mean() for j in range(places.max() + 1)])
    position = axis_position(doses, unit)
    joint, squares = _least_squares(chosen, joint, places, owner, position, responses)
    covariance, df = _covariance(chosen, joint, places, owner, position, responses, squares)
    return SharedFit(chosen, unit, tuple(shared), names, joint, covariance, places, squares, df, doses.size, confidence)


def _places(model: CurveModel, n_curves: int, shared: set[str]) -> Integers:
    places, next_free = np.empty((n_curves, model.n_parameters), dtype=np.int64), 0
    for j, name in enumerate(model.parameters):
        if name in shared:
            places[:, j] = next_free
            next_free += 1
        else:
            places[:, j] = next_free + np.arange(n_curves)
            next_free += n_curves
    return places


def _joint_steps(model: CurveModel, joint: Floats, places: Integers) -> Floats:
    steps = np.empty(joint.size)
    steps[places.ravel()] = model.steps(joint[places]).ravel()
    return steps


def _least_squares(
    model: CurveModel, joint: Floats, places: Integers, owner: Integers, position: Floats, response: Floats
) -> tuple[Floats, float]:
    def fitted(free: Floats) -> Floats:
        return model.curve(position, free[..., places][..., owner, :])

    def jacobian(free: Floats) -> Floats:
        steps = _joint_steps(model, free, places) * 0.1
        return gradient(lambda v: fitted(v[0]), free[None], steps[None])

    found = optimize.least_squares(
        lambda free: fitted(free) - response, joint, jacobian, x_scale="jac", xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    return np.asarray(found.x), float(2.0 * found.cost)


def _covariance(
    model: CurveModel, joint: Floats, places: Integers, owner: Integers, position: Floats, response: Floats, squares: float
) -> tuple[Floats, int]:
    mine = places[owner]

    def curve(at: Floats, free: Floats) -> Floats:
        return model.curve(at, np.take_along_axis(free, mine, axis=-1))

    one = np.zeros(owner.size, dtype=np.int64)
    steps = _joint_steps(model, joint, places)[None]
    observed, expected = information(curve, position, np.ones(owner.size), response, one, joint[None], steps)
    df = owner.size - joint.size
    return inverse_information(observed, expected)[0] * squares / df, df


@dataclass(frozen=True)
class NestedTest:
    """The F-test of a fit with common parameters against one with fewer of them: statistic, degrees of freedom, p-value."""

    f: float
    df: tuple[int, int]
    p: float


def nested_test(small: SharedFit, large: SharedFit) -> NestedTest:
    """Test whether the common parameters of ``small`` cost more than chance, against ``large`` with more free parameters.

    ``F = ((S_small - S_large) / q) / (S_large / df_large)`` with q the number of parameters saved. With all but the location
    shared against none this is the test of parallelism.

    Raises
    ------
    InputError : if ``small`` does not have fewer parameters, or the two are of different data or models.
    """
    saved = small.df - large.df
    if saved <= 0 or small.n != large.n or small.model.name != large.model.name or small.curves != large.curves:
        raise InputError("the two fits are not nested", remedy="give the fit with more shared parameters first, of the same data")
    f = max(small.squares - large.squares, 0.0) / saved / (large.squares / large.df)
    return NestedTest(f, (saved, large.df), float(stats.f.sf(f, saved, large.df)))
