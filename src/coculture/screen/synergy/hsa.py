"""Excess over the highest single agent: measured minus the larger of the measured single agents."""

from __future__ import annotations

from coculture.compounds.combination.hsa import highest_single_agent
from coculture.screen.synergy.base import Prepared, Surface, SynergyModel


def _apply(data: Prepared) -> Surface:
    return Surface(highest_single_agent(list(data.observed_single.T)), data.response)


MODEL = SynergyModel("HSA", _apply)
