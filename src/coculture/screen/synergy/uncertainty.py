"""How sure a synergy score is: the noise of one well, and a parametric bootstrap of everything fitted on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from coculture.randomness import stream
from coculture.screen.group_statistics import Floats
from coculture.screen.synergy.base import Prepared, SynergyModel
from coculture.screen.synergy.combination_data import DoseTable
from coculture.screen.synergy.settings import SynergySettings
from coculture.screen.synergy.zero_interaction import FEWEST_POINTS, line_curve

LINE_PARAMETERS = 3
"""Parameters of a curve along a line: its background is given."""


@dataclass(frozen=True)
class Noise:
    """Standard deviation of one well in percent, its degrees of freedom, and ``source``: ``replicates``, ``residuals`` or ''."""

    sd: float = np.nan
    df: int = 0
    source: str = ""

    def half_width(self, error: Floats, confidence: float) -> Floats:
        """Return half the interval of numbers with these standard errors; NaN where nothing tells the noise."""
        quantile = float(stats.t.isf((1.0 - confidence) / 2.0, self.df)) if self.df else np.nan
        return np.asarray(quantile * error)

    def p_value(self, value: float, error: float) -> float:
        """Return the two-sided p of a number against 0, NaN where nothing tells the noise."""
        if not np.isfinite(error) or self.df < 1:
            return np.nan
        return float(2.0 * stats.t.sf(abs(value) / error, self.df)) if error > 0 else float(value == 0)


def noise_of(measured: DoseTable, prepared: Prepared) -> Noise:
    """Return the noise between replicates, pooled; without replicates that of the residuals about curves along the lines."""
    if measured.df > 0:
        return Noise(float(np.sqrt(measured.squares / measured.df)), measured.df, "replicates")
    exact = Prepared(prepared.table, prepared.response, "exact")
    table, squares, df = prepared.table, 0.0, 0
    for line in table.lines:
        if line.base >= 0 and line.points.size > max(LINE_PARAMETERS, FEWEST_POINTS):
            curve = line_curve(exact, line, float(exact.response[line.base]))
            squares += float(((curve.at(table.doses[line.points, line.drug]) - exact.response[line.points]) ** 2).sum())
            df += line.points.size - LINE_PARAMETERS
    if not df:
        return Noise()
    return Noise(float(np.sqrt(squares / df)), max(df // table.doses.shape[1], 1), "residuals")


def standard_errors(
    prepared: Prepared, models: Sequence[SynergyModel], noise: Noise, settings: SynergySettings, drugs: Sequence[str]
) -> Floats:
    """Return (models, points + 1) standard errors of each point's synergy and, last, of the score.

    Noise is added to every point and everything is fitted again. The standard error is half the width of the central
    68.3 percent of what comes out: single fits that jump do not rule it.
    """
    table = prepared.table
    if not settings.bootstraps or not np.isfinite(noise.sd):
        return np.full((len(models), table.count.size + 1), np.nan)
    draws = stream(settings.seed, "synergy", *drugs)
    spread = noise.sd / np.sqrt(np.maximum(table.count, 1))
    repeated = np.empty((settings.bootstraps, len(models), table.count.size + 1))
    for repeat in range(settings.bootstraps):
        shaken = Prepared(table, prepared.response + spread * draws.standard_normal(spread.size), settings.convention)
        for place, model in enumerate(models):
            synergy = model.apply(shaken).synergy
            repeated[repeat, place, :-1] = synergy
            repeated[repeat, place, -1] = synergy[table.together].mean()
    low, high = np.quantile(repeated, (0.1587, 0.8413), axis=0)
    return np.asarray((high - low) / 2.0)
