"""Fit of MuSyC to two drugs: synergy of potency, efficacy and cooperativity, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import optimize, stats

from coculture import __version__
from coculture.compounds.combination.musyc import Musyc, state_shares
from coculture.errors import InputError
from coculture.screen.group_statistics import Floats
from coculture.screen.synergy.combination_data import Combination, DoseTable
from coculture.screen.synergy.curve_fits import least_squares_curve
from coculture.screen.synergy.single_agents import with_single_agents

EFFECTS = ("e0", "e1", "e2", "e3")
SHAPES = ("h1", "h2", "c1", "c2", "alpha12", "alpha21", "gamma12", "gamma21")
SLOPE_LIMITS, ALPHA_LIMITS, GAMMA_LIMITS = np.log((0.2, 8.0)), np.log((1e-3, 1e3)), np.log((0.2, 5.0))
BEYOND = 3.0
"""How far, in natural logarithms, an EC50 may lie outside the tested doses."""
COARSE, FINE = 1e-4, 1e-11
"""Tolerances of the first descents and of the last."""
STARTS = ((0.0, 0.0), (1.5, 1.5), (-1.5, -1.5), (1.5, -1.5), (-1.5, 1.5))
"""Logarithms of alpha12 and alpha21 from which the fit starts."""


@dataclass(frozen=True)
class MusycFit:
    """A fitted MuSyC surface.

    Attributes
    ----------
    model : the parameters; doses in the units they came in, effects in percent inhibition.
    parameters : one row a parameter and for ``beta``: parameter, value, low, high (NaN where the points do not determine it).
    squares : residual sum of squares over points, weighted by wells. ``df``: points less parameters.
    status : ``ok``; ``at limit`` where a parameter lies on its bound; ``undetermined`` where there are too few points.
    reason : in words, '' for nothing.
    version : of this package.
    """

    model: Musyc
    parameters: pd.DataFrame
    squares: float
    df: int
    status: str
    reason: str
    version: str = __version__


def fit_musyc(data: Combination, cooperativity: bool = False, confidence: float = 0.95) -> MusycFit:
    """Fit MuSyC by least squares, the four effects projected out (Golub & Pereyra 1973), from several starts.

    Parameters
    ----------
    data : two drugs, best with their single agents; missing ones are estimated and said.
    cooperativity : whether gamma12 and gamma21 are fitted too; they are 1 otherwise.
    confidence : level of the intervals, from the curvature at the optimum (t, degrees of freedom ``df``); shapes on the
        logarithmic scale.

    Raises
    ------
    InputError : for three drugs.
    """
    if len(data.drugs) != 2:
        raise InputError(f"MuSyC is fitted to two drugs, found {len(data.drugs)}", "MuSyC", "fit the pairs one by one")
    table, notes = with_single_agents(data.table)
    free = SHAPES if cooperativity else SHAPES[:6]
    start, low, high = _start(table, len(free))
    weight = np.sqrt(np.maximum(table.count, 1))
    tries = [_descend(table, weight, start, alphas, low, high, COARSE) for alphas in STARTS]
    first = min(tries, key=lambda found: float(found.cost)).x
    best = _descend(table, weight, first, first[4:6], low, high, FINE)
    shape = _full(best.x)
    effects, residual = _project(table, weight, shape)
    model = Musyc(*map(float, effects), *map(float, np.exp(shape)))
    df = table.count.size - 4 - len(free)
    frame = _parameters(table, weight, effects, best.x, free, model, df, float(residual @ residual), confidence)
    limited = [name for name, x, a, b in zip(free, best.x, low, high, strict=True) if min(x - a, b - x) < 1e-6]
    status = "undetermined" if df < 1 else "at limit" if limited else "ok"
    reasons = [*notes, *(f"{name} lies at its limit" for name in limited), *(["more parameters than points"] if df < 1 else [])]
    return MusycFit(model, frame, float(residual @ residual), df, status, "; ".join(reasons))


def _start(table: DoseTable, n_free: int) -> tuple[Floats, Floats, Floats]:
    """Return start, lower and upper limits of the logarithms of the free shapes, from the drugs' own curves."""
    slopes, places, ranges = [], [], []
    for drug in range(2):
        rows = table.alone(drug)
        dose = table.doses[rows, drug]
        curve = least_squares_curve(dose, table.response[rows])
        tested = np.log(dose[dose > 0])
        slopes.append(np.log(abs(curve.slope)))
        places.append(curve.place)
        ranges.append((tested.min() - BEYOND, tested.max() + BEYOND))
    limits = [SLOPE_LIMITS, SLOPE_LIMITS, *ranges, ALPHA_LIMITS, ALPHA_LIMITS, GAMMA_LIMITS, GAMMA_LIMITS]
    low, high = np.array(limits, dtype=np.float64).T[:, :n_free]
    start = np.array([*slopes, *places, 0.0, 0.0, 0.0, 0.0])[:n_free]
    return np.clip(start, low + 1e-3, high - 1e-3), low, high


def _full(free: Floats) -> Floats:
    return np.concatenate([free, np.zeros(len(SHAPES) - free.size)])


def _project(table: DoseTable, weight: Floats, shape: Floats) -> tuple[Floats, Floats]:
    """Return the best effects of the four states for given shapes, and the weighted residuals."""
    with np.errstate(over="ignore"):
        shares = np.column_stack(state_shares(table.doses[:, 0], table.doses[:, 1], tuple(map(float, np.exp(shape)))))
    design, target = shares * weight[:, None], table.response * weight
    effects = np.asarray(np.linalg.lstsq(design, target, rcond=1e-10)[0], dtype=np.float64)
    return effects, target - design @ effects


def _descend(
    table: DoseTable, weight: Floats, start: Floats, alphas: ArrayLike, low: Floats, high: Floats, tolerance: float
) -> optimize.OptimizeResult:
    first = start.copy()
    first[4:6] = alphas
    return optimize.least_squares(
        lambda free: _project(table, weight, _full(free))[1],
        first,
        bounds=(low, high),
        xtol=tolerance,
        ftol=tolerance,
        gtol=tolerance,
    )


def _parameters(
    table: DoseTable,
    weight: Floats,
    effects: Floats,
    free: Floats,
    names: tuple[str, ...],
    model: Musyc,
    df: int,
    squares: float,
    confidence: float,
) -> pd.DataFrame:
    """Return the table of parameters with intervals from the curvature over effects and shapes together."""
    values = np.concatenate([effects, free])

    def predicted(at: Floats) -> Floats:
        with np.errstate(over="ignore"):
            shares = state_shares(table.doses[:, 0], table.doses[:, 1], tuple(map(float, np.exp(_full(at[4:])))))
        return np.asarray(weight * sum(e * share for e, share in zip(at[:4], shares, strict=True)))

    steps = np.maximum(np.abs(values), 1.0) * 1e-5
    jacobian = np.column_stack([(predicted(values + e) - predicted(values - e)) / (2 * e.sum()) for e in np.diag(steps)])
    half = np.full(values.size, np.nan)
    half_beta = np.nan
    if df > 0 and np.linalg.matrix_rank(jacobian) == values.size:
        covariance = np.linalg.inv(jacobian.T @ jacobian) * squares / df
        quantile = float(stats.t.isf((1 - confidence) / 2, df))
        half = quantile * np.sqrt(np.maximum(np.diag(covariance), 0.0))
        slope = _beta_gradient(effects, model)
        half_beta = quantile * float(np.sqrt(max(float(slope @ covariance[:4, :4] @ slope), 0.0)))
    shapes = np.asarray(free, dtype=np.float64)
    value = np.concatenate([effects, np.exp(shapes), [model.beta]])
    with np.errstate(over="ignore"):
        low = np.concatenate([effects - half[:4], np.exp(shapes - half[4:]), [model.beta - half_beta]])
        high = np.concatenate([effects + half[:4], np.exp(shapes + half[4:]), [model.beta + half_beta]])
    return pd.DataFrame({"parameter": [*EFFECTS, *names, "beta"], "value": value, "low": low, "high": high})


def _beta_gradient(effects: Floats, model: Musyc) -> Floats:
    """Return the derivative of beta by the four effects."""
    shapes = tuple(getattr(model, name) for name in SHAPES)
    steps = np.maximum(np.abs(effects), 1.0) * 1e-6
    betas = [[Musyc(*map(float, effects + sign * move), *shapes).beta for sign in (1, -1)] for move in np.diag(steps)]
    return np.array([(up - down) / (2 * step) for (up, down), step in zip(betas, steps, strict=True)])
