"""A combination found in a well table: its data, and the units its doses are in."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.screen.synergy.combination_data import Combination


@dataclass(frozen=True)
class FoundCombination:
    """Attributes: ``data`` (doses and inhibition of its wells), ``units`` of each drug's doses."""

    data: Combination
    units: tuple[str, ...]
