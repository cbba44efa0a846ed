"""A linear mixed model with a random intercept and slope for each unit, by restricted maximum likelihood (REML).

    y = X β + b_u + g_u x + e,    (b, g) ~ N(0, σ² φ_u Λ Λ'),    e ~ N(0, σ² φ_u)

Λ is lower triangular (intercept and slope may be correlated), φ_u are known factors. With A_u = I + Λ' Z_u' Z_u Λ the profiled
criterion is

    (n − p) ln r² + Σ ln |A_u| + ln |X' V⁻¹ X|

(Bates et al. 2015, J Stat Softw 67:1, whose parametrisation this is), minimised over the three numbers of Λ. Units enter through
their sums of products only, so that its cost does not grow with wells. In a complete design whose slope varies between units the
slope's standard error is that of the paired t-test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from coculture.screen.group_statistics import Floats, Integers

STARTS = ((1.0, 0.0, 0.5), (0.3, 0.0, 1.5))
CLOSE = {"ftol": 1e-13, "gtol": 1e-7}
LARGEST = 1e3
"""Bound of the random parts in residual standard deviations."""


@dataclass(frozen=True)
class MixedFit:
    """A fit.

    Attributes
    ----------
    coefficients, covariance : (p,) fixed part, (p, p).
    criterion : −2 ln of the restricted likelihood, up to a constant.
    variance : residual variance.
    random : (2, 2) Λ.
    """

    coefficients: Floats
    covariance: Floats
    criterion: float
    variance: float
    random: Floats


@dataclass(frozen=True)
class _Sums:
    """Sums of products: of each unit (u, …), and over all rows."""

    zz: Floats
    zx: Floats
    zy: Floats
    xx: Floats
    xy: Floats
    yy: float
    n: int


def mixed_fit(y: Floats, x: Floats, slope: Floats, unit: Integers, factors: Floats) -> MixedFit | None:
    """Fit the model; None where the fixed part cannot be told apart or nothing is left over.

    Parameters
    ----------
    y : (n,) values.
    x : (n, p) fixed part.
    slope : (n,) the number whose slope differs between units.
    unit : (n,) unit of each row, 0..units-1.
    factors : (units,) known variance factors.
    """
    if y.size <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        return None
    scale = 1.0 / np.sqrt(factors[unit])
    sums = _sums(y * scale, x * scale[:, None], np.column_stack([np.ones(y.size), slope]), unit, factors.size)
    bounds = [(0.0, LARGEST), (-LARGEST, LARGEST), (0.0, LARGEST)]
    found = [
        optimize.minimize(lambda t: _criterion(t, sums)[0], start, method="L-BFGS-B", bounds=bounds, options=CLOSE)
        for start in STARTS
    ]
    best = min(found, key=lambda one: float(one.fun))
    criterion, coefficients, information, rest = _criterion(best.x, sums)
    variance = rest / (sums.n - x.shape[1])
    return MixedFit(coefficients, variance * np.linalg.inv(information), criterion, variance, _triangle(best.x))


def _sums(y: Floats, x: Floats, z: Floats, unit: Integers, n_units: int) -> _Sums:
    def by_unit(products: Floats) -> Floats:
        total = np.zeros((n_units, *products.shape[1:]))
        np.add.at(total, unit, products)
        return total

    return _Sums(
        zz=by_unit(z[:, :, None] * z[:, None, :]),
        zx=by_unit(z[:, :, None] * x[:, None, :]),
        zy=by_unit(z * y[:, None]),
        xx=x.T @ x,
        xy=x.T @ y,
        yy=float(y @ y),
        n=y.size,
    )


def _triangle(theta: NDArray[np.float64]) -> Floats:
    return np.array([[theta[0], 0.0], [theta[1], theta[2]]])


def _criterion(theta: NDArray[np.float64], sums: _Sums) -> tuple[float, Floats, Floats, float]:
    """Return criterion, coefficients, X' V⁻¹ X and r² at Λ(theta)."""
    random = _triangle(theta)
    a = np.eye(2) + random.T @ sums.zz @ random
    whole = random @ np.linalg.inv(a) @ random.T
    information = sums.xx - np.einsum("uip,uij,ujq->pq", sums.zx, whole, sums.zx)
    right = sums.xy - np.einsum("uip,uij,uj->p", sums.zx, whole, sums.zy)
    coefficients = np.linalg.solve(information, right)
    rest = max(sums.yy - float(np.einsum("ui,uij,uj->", sums.zy, whole, sums.zy)) - float(right @ coefficients), 1e-300)
    value = (sums.n - right.size) * np.log(rest) + np.log(np.linalg.det(a)).sum() + np.linalg.slogdet(information)[1]
    return float(value), coefficients, information, rest
