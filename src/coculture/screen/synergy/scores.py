"""Scores of one combination: reference models, intervals and p-values, a value always and what it rests on in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture import __version__
from coculture.screen.group_statistics import Floats
from coculture.screen.synergy.base import Prepared, Surface
from coculture.screen.synergy.combination_data import Combination, DoseTable
from coculture.screen.synergy.models import synergy_model
from coculture.screen.synergy.settings import SynergySettings
from coculture.screen.synergy.single_agents import with_single_agents
from coculture.screen.synergy.uncertainty import Noise, noise_of, standard_errors

OK, ESTIMATED = "ok", "estimated"
UNKNOWN_NOISE = "no interval: neither replicates nor lines of four doses tell the noise"


@dataclass(frozen=True)
class SynergyResult:
    """Scores of one combination.

    Attributes
    ----------
    drugs : names.
    scores : one row a model: model, score (mean synergy in percent over the points with all drugs), score_low, score_high,
        p_value (two-sided, score = 0), peak (largest synergy of a point), status (``ok``, or ``estimated`` where single
        agents or the control were missing) and reason.
    surface : one row a model and point with two or more drugs: dose_1.., n_wells, response, effect, expected, synergy,
        synergy_low, synergy_high; all but doses and wells in percent inhibition.
    noise : of one well, and where it comes from.
    settings : as asked.
    version : of this package.
    """

    drugs: tuple[str, ...]
    scores: pd.DataFrame
    surface: pd.DataFrame
    noise: Noise
    settings: SynergySettings
    version: str = __version__

    def score(self, model: str) -> float:
        """Return the score of one model."""
        return float(self.scores["score"].to_numpy()[self.scores["model"].tolist().index(model)])


def score_combination(data: Combination, settings: SynergySettings | None = None) -> SynergyResult:
    """Score one combination by every model of the settings, with intervals (:mod:`.uncertainty`).

    Raises
    ------
    InputError : for a model that is not known.
    """
    asked = settings or SynergySettings()
    models = [synergy_model(name) for name in asked.models]
    table, notes = with_single_agents(data.table)
    prepared = Prepared(table, table.response, asked.convention)
    surfaces = [model.apply(prepared) for model in models]
    noise = noise_of(data.table, prepared) if asked.bootstraps else Noise()
    errors = standard_errors(prepared, models, noise, asked, data.drugs)
    if asked.bootstraps and not noise.source:
        notes = (*notes, UNKNOWN_NOISE)
    halves = noise.half_width(errors, asked.confidence)
    named = [(model.name, surface) for model, surface in zip(models, surfaces, strict=True)]
    rows = [
        _score_row(name, surface, table, noise, error, half, notes)
        for (name, surface), error, half in zip(named, errors, halves, strict=True)
    ]
    points = [_points(name, table, surface, half[:-1]) for (name, surface), half in zip(named, halves, strict=True)]
    return SynergyResult(data.drugs, pd.DataFrame(rows), pd.concat(points, ignore_index=True), noise, asked)


def _score_row(
    model: str, surface: Surface, table: DoseTable, noise: Noise, error: Floats, half: Floats, notes: tuple[str, ...]
) -> dict[str, object]:
    synergy = surface.synergy[table.together]
    score = float(synergy.mean())
    estimated = bool((table.count == 0).any())
    return {
        "model": model,
        "score": score,
        "score_low": score - float(half[-1]),
        "score_high": score + float(half[-1]),
        "p_value": noise.p_value(score, float(error[-1])),
        "peak": float(synergy.max()),
        "status": ESTIMATED if estimated else OK,
        "reason": "; ".join((*notes, surface.note) if surface.note else notes),
    }


def _points(model: str, table: DoseTable, surface: Surface, half: Floats) -> pd.DataFrame:
    shown = np.flatnonzero(table.order > 1)
    columns = {f"dose_{drug + 1}": table.doses[shown, drug] for drug in range(table.doses.shape[1])}
    synergy = surface.synergy
    return pd.DataFrame(
        {
            "model": model,
            **columns,
            "n_wells": table.count[shown],
            "response": table.response[shown],
            "effect": surface.effect[shown],
            "expected": surface.expected[shown],
            "synergy": synergy[shown],
            "synergy_low": (synergy - half)[shown],
            "synergy_high": (synergy + half)[shown],
        }
    )
