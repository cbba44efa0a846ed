"""Excess over Bliss independence: measured minus ``1 - prod(1 - y_i)`` of the measured single agents."""

from __future__ import annotations

from coculture.compounds.combination.bliss import bliss
from coculture.screen.synergy.base import Prepared, Surface, SynergyModel


def _apply(data: Prepared) -> Surface:
    return Surface(bliss(list(data.observed_single.T), full=100.0), data.response)


MODEL = SynergyModel("Bliss", _apply)
