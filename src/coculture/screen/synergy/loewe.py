"""Excess over Loewe additivity: measured minus the additive effect of the drugs' own curves."""

from __future__ import annotations

import numpy as np

from coculture.compounds.combination.loewe import loewe
from coculture.screen.group_statistics import Floats
from coculture.screen.synergy.base import Prepared, Surface, SynergyModel
from coculture.screen.synergy.curve_fits import least_squares_curve

STEPS = 100
"""Trial effects of the published search."""


def _apply(data: Prepared) -> Surface:
    expected = _solved(data) if data.exact else _searched(data)
    fallback = "" if data.exact or not any(curve.fallback for curve in data.curves) else "a curve was fitted on the log axis"
    return Surface(expected, data.response, fallback)


def _solved(data: Prepared) -> Floats:
    """Solve the equation on curves refitted with one base, the mean of the bases fitted first."""
    table = data.table
    base = float(np.mean([curve.lower for curve in data.curves]))
    effects = []
    for drug in range(table.doses.shape[1]):
        rows = table.alone(drug)
        effects.append(least_squares_curve(table.doses[rows, drug], data.response[rows], base).effect)
    return loewe(effects, list(table.doses.T))


def _searched(data: Prepared) -> Floats:
    """Follow synergyfinder 3: the trial effect whose combination index lies nearest to 1.

    Trial effects are ``STEPS`` even steps between the lowest and the highest plateau of all drugs. A drug that does not reach a
    trial adds 0 to its index; one that lies above it rules it out. Points measured above the highest plateau expect the
    largest effect any one drug would have at the sum of all doses, which asks for doses in one unit.
    """
    table = data.table
    lowest = min(min(curve.lower, curve.upper) for curve in data.curves)
    highest = max(max(curve.lower, curve.upper) for curve in data.curves)
    trials = np.linspace(lowest, highest, STEPS)
    index = np.zeros((table.doses.shape[0], STEPS))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for drug, curve in enumerate(data.curves):
            logit = np.log((curve.upper - trials) / (trials - curve.lower))
            per_dose = np.exp(-(curve.place + logit / curve.slope))
            per_dose = np.where(np.isnan(per_dose), 0.0, per_dose)
            per_dose = np.where(trials < min(curve.lower, curve.upper), np.inf, per_dose)
            index += table.doses[:, drug, None] * per_dose
        distance = np.abs(index - 1.0)
    distance = np.where(np.isfinite(distance), distance, np.inf)
    singles = data.fitted_single.max(axis=1)
    expected = np.where(np.isfinite(distance.min(axis=1)), trials[distance.argmin(axis=1)], singles)
    total = table.doses.sum(axis=1)
    beyond = np.max([curve.at(total) for curve in data.curves], axis=0)
    return np.asarray(np.where(data.response > highest, beyond, expected))


MODEL = SynergyModel("Loewe", _apply)
