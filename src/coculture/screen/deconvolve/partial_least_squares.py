"""Partial least squares: VIP and selectivity ratio of each feature."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture.errors import InputError
from coculture.screen.deconvolve.fractions import Fractions
from coculture.screen.deconvolve.ranking import Ranking, ranks
from coculture.screen.group_statistics import Floats

NAME = "partial-least-squares"
MOST_COMPONENTS = 3


@dataclass(frozen=True)
class LatentModel:
    """A PLS1 model of centred and scaled data (NIPALS; Wold, Sjöström & Eriksson 2001, Chemom Intell Lab Syst 58:109).

    Attributes
    ----------
    weights, loadings : (features, components).
    scores : (fractions, components).
    response : (components,) loading of the activity.
    scaled : (fractions, features) what was fitted.
    coefficients : (features,) of the scaled features.
    """

    weights: Floats
    loadings: Floats
    scores: Floats
    response: Floats
    scaled: Floats
    coefficients: Floats


def standardised(table: Floats, mean: Floats, sd: Floats) -> Floats:
    """Return the columns less ``mean`` over ``sd``; columns that do not vary become 0."""
    varies = sd > 1e-12 * np.maximum(np.abs(mean), 1e-300)
    return np.asarray(np.where(varies, (table - mean) / np.where(varies, sd, 1.0), 0.0))


def fit(contents: Floats, activity: Floats, components: int) -> LatentModel:
    """Fit ``components`` latent variables, fewer if the activity is used up before."""
    x = standardised(contents, contents.mean(axis=0), contents.std(axis=0, ddof=1))
    y = (activity - activity.mean()) / activity.std(ddof=1)
    start, rest, w, p, t, q = y @ y, x.copy(), [], [], [], []
    for _ in range(components):
        direction = rest.T @ y
        length = np.linalg.norm(direction)
        if length < 1e-9 or y @ y < 1e-12 * start:
            break
        w.append(direction / length)
        t.append(rest @ w[-1])
        square = t[-1] @ t[-1]
        p.append(rest.T @ t[-1] / square)
        q.append(y @ t[-1] / square)
        rest = rest - np.outer(t[-1], p[-1])
        y = y - q[-1] * t[-1]
    if not w:
        empty = np.zeros((x.shape[1], 0))
        return LatentModel(empty, empty, np.zeros((len(x), 0)), np.zeros(0), x, np.zeros(x.shape[1]))
    weights, loadings = np.column_stack(w), np.column_stack(p)
    coefficients = weights @ np.linalg.solve(loadings.T @ weights, np.array(q))
    return LatentModel(weights, loadings, np.column_stack(t), np.array(q), x, coefficients)


def importance(model: LatentModel) -> Floats:
    """Return the variable importance in projection: ``√(p Σₐ SSₐ w²ₐ / Σₐ SSₐ)``; its mean square is 1."""
    explained = model.response**2 * (model.scores**2).sum(axis=0)
    total = explained.sum()
    if total == 0:
        return np.zeros(model.weights.shape[0])
    return np.asarray(np.sqrt(model.weights.shape[0] * (model.weights**2 @ explained) / total))


def selectivity_ratio(model: LatentModel) -> Floats:
    """Return explained over residual variance of each feature on the target projection (Kvalheim 2010, J Chemom 24:496)."""
    length = np.linalg.norm(model.coefficients)
    if length == 0:
        return np.zeros(model.coefficients.size)
    target = model.scaled @ (model.coefficients / length)
    explained = (model.scaled.T @ target) ** 2 / (target @ target)
    total = (model.scaled**2).sum(axis=0)
    residual = np.maximum(total - explained, 1e-12 * np.maximum(total, 1e-300))
    return np.asarray(np.where(total > 0, explained / residual, 0.0))


def predictive_squares(contents: Floats, activity: Floats, components: int) -> Floats:
    """Return Q² of leave-one-fraction-out for 1 to ``components`` components: 1 − Σ(y − ŷ)² / Σ(y − ȳ₋ᵢ)²."""
    errors, base = np.zeros(components), 0.0
    for out in range(activity.size):
        kept = np.arange(activity.size) != out
        x, y = contents[kept], activity[kept]
        if np.ptp(y) == 0:
            continue
        new = standardised(contents[out], x.mean(axis=0), x.std(axis=0, ddof=1))
        base += float((activity[out] - y.mean()) ** 2)
        model = fit(x, y, components)
        for number in range(1, components + 1):
            a = min(number, model.response.size)
            b = model.weights[:, :a] @ np.linalg.solve(model.loadings[:, :a].T @ model.weights[:, :a], model.response[:a])
            errors[number - 1] += float((activity[out] - y.mean() - y.std(ddof=1) * (new @ b)) ** 2)
    return np.asarray(1 - errors / base)


def partial_least_squares(fractions: Fractions, assay: str, components: int | None = None) -> Ranking:
    """Rank features by their VIP; the selectivity ratio stands beside it.

    Parameters
    ----------
    components : latent variables; None takes the number (at most 3) with the best Q² of leave-one-out.

    Returns
    -------
    Ranking : ``score`` and ``vip``, ``selectivity_ratio``, ``coefficient`` (of scaled features; its sign is the direction).
        A note says when the model does not predict left-out fractions (Q² ≤ 0): then the ranking has no ground.

    Raises
    ------
    InputError : if ``components`` is below 1 or leaves no degree of freedom.
    """
    activity = fractions.activity(assay)
    most = min(MOST_COMPONENTS, activity.size - 3) if components is None else components
    if not 1 <= most <= activity.size - 2:
        raise InputError(f"components is {most}", "partial least squares", f"give 1 to {activity.size - 2}")
    predicted = predictive_squares(fractions.contents, activity, most)
    chosen = components or int(np.argmax(predicted)) + 1
    model = fit(fractions.contents, activity, chosen)
    vip = importance(model)
    table = pd.DataFrame(
        {
            "feature": fractions.features,
            "score": vip,
            "rank": ranks(vip),
            "vip": vip,
            "selectivity_ratio": selectivity_ratio(model),
            "coefficient": model.coefficients,
        }
    )
    q2 = float(predicted[chosen - 1])
    notes = () if q2 > 0 else (f"the model does not predict left-out fractions (Q² = {q2:.2f}): its ranking has no ground",)
    return Ranking(assay, NAME, table, {"components": chosen, "q_squared": q2}, notes)
