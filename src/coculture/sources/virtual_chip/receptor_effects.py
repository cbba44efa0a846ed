"""How a drug changes what a rule hears of a ligand.

A rule answers to a ligand by ``p = u/(1 + u)`` with ``u = (L/h)ⁿ``; where it answers to a receptor's occupancy o, L/Kd is
``o/(1 − o)``. A drug changes what is heard, at each cell by its own free concentration B:

=======================  ===========================================================================
competitive antagonist   L becomes L/DR with ``DR = 1 + (B/KB)^s`` (Gaddum, Schild): the curve moves to the right
signalling inhibitor     p becomes f p, f from 1 to what the inhibitor leaves
agonist                  p becomes ``(u + e x)/(1 + u + x)`` with ``x = (B/EC50)^s`` and e its efficacy
=======================  ===========================================================================

The rule is then asked with the signal that gives that p. An inverse agonist acts on a receptor without ligand, of which rules
know nothing: it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.model import Rule
from coculture.cells.process import World
from coculture.cells.processes.rules import RuleTable
from coculture.cells.signals import read_signals
from coculture.compounds.compound import Effect
from coculture.compounds.effects.pair import PairEffect
from coculture.sources.virtual_chip.drug import Drug
from coculture.sources.virtual_chip.exposure import Free

Floats = NDArray[np.float64]

_ALMOST_ONE = 1.0 - 1e-12


@dataclass(frozen=True)
class RuleEffect:
    """A drug's effect on what some rules hear.

    Attributes
    ----------
    drug : the drug.
    effect : on the ligand and its receptor.
    signals : names of the signals it changes: ``concentration_<solute>_um``, ``occupancy_<receptor>``.
    """

    drug: Drug
    effect: PairEffect
    signals: tuple[str, ...]


def acts_outside(effect: Effect) -> bool:
    """Tell whether an effect is on the outside of a cell: on a receptor, where only drug in the medium comes."""
    return isinstance(effect, PairEffect) and effect.action != "signalling inhibitor"


def follow_rules_with_drugs(
    world: World, table: RuleTable, effects: Sequence[RuleEffect], free: Free, within: Free | None = None
) -> None:
    """Set every behaviour that a rule changes, from signals as drugs leave them.

    ``free`` is what the medium holds at the cells, ``within`` what is free inside them; None: the same.
    """
    heard = read_signals(world, table.signals)
    signals = np.array([heard[table.signals.index(rule.signal)] for rule in table.rules])
    for one in effects:
        there = free if within is None or acts_outside(one.effect) else within
        dose = one.drug.in_unit(there[one.drug.name], one.effect.curve)
        for row, rule in enumerate(table.rules):
            if rule.signal in one.signals:
                signals[row] = heard_with(one.effect, rule, signals[row], dose)
    table.follow(world, signals, np.arange(len(table.rules), dtype=np.int64))


def heard_with(effect: PairEffect, rule: Rule, signal: Floats, dose: Floats) -> Floats:
    """Return the signal (n,) that makes a rule answer as it would beside the drug."""
    occupied = rule.signal.startswith("occupancy_")
    if occupied:
        share = np.clip(signal, 0.0, _ALMOST_ONE)
        bound, power = share / (1.0 - share), 1.0
    else:
        bound, power = np.maximum(signal, 0.0) / rule.half_max, rule.hill_power
    answer = _answer(effect, bound, power, dose)
    if occupied:
        return answer
    return np.asarray(rule.half_max * (answer / (1.0 - answer)) ** (1.0 / power))


def _answer(effect: PairEffect, bound: Floats, power: float, dose: Floats) -> Floats:
    """Return p, the share of the full answer, of a ligand at L/Kd ``bound``."""
    own = np.zeros(1)
    if effect.action == "agonist":
        own = (dose / effect.curve.half.value) ** effect.curve.slope.value
    pull = (bound / effect.dose_ratio(dose)) ** power
    efficacy = effect.largest.value if effect.action == "agonist" and effect.largest is not None else 0.0
    answer = effect.signal_factor(dose) * (pull + efficacy * own) / (1.0 + pull + own)
    return np.asarray(np.clip(answer, 0.0, _ALMOST_ONE) + np.zeros_like(bound))
