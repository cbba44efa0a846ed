"""How drugs change what a rule hears of a ligand.

A rule answers to a ligand by ``p = (b + v)/(1 + v)`` with ``v = (L/h)ⁿ`` and b its constitutive share, 0 in most; where it
answers to a receptor's occupancy o, L/Kd is ``o/(1 − o)``. A drug changes v and b, at each cell by its own concentration B:

=======================  ===========================================================================================
competitive antagonist   L becomes L/DR with ``DR = 1 + (B/KB)^s`` (Gaddum, Schild): the curve moves to the right, b stays
inverse agonist          likewise with y = (B/EC50)^s in the place of (B/KB)^s, and b becomes ``b (1 + r y)/(1 + y)``: at high
                         dose a share r of the constitutive activity is left
agonist                  v becomes ``v/(1 + y)``, and b ``(b + e y)/(1 + y)`` with e its efficacy
signalling inhibitor     p becomes f p, f from 1 to what the inhibitor leaves
=======================  ===========================================================================================

For n = 1 these are the two-state model (:mod:`coculture.compounds.binding.two_state`; Leff 1995), exactly. The rule is then
asked with the signal that gives that p. Several drugs act one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.model import Rule
from coculture.cells.process import World
from coculture.cells.processes.rules import RuleTable, heard_by
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
    for row, rule in enumerate(table.rules):
        beside = []
        for one in effects:
            if rule.signal in one.signals:
                there = free if within is None or acts_outside(one.effect) else within
                beside.append((one.effect, one.drug.in_unit(there[one.drug.name], one.effect.curve)))
        signals[row] = heard_beside(beside, rule, signals[row]) if beside else heard_by(rule, signals[row])
    table.follow(world, signals, np.arange(len(table.rules), dtype=np.int64))


def heard_beside(drugs: Sequence[tuple[PairEffect, Floats]], rule: Rule, signal: Floats) -> Floats:
    """Return the signal (n,) that makes a rule without constitutive share answer as this one does beside drugs at their doses."""
    if rule.signal.startswith("occupancy_"):
        return _heard_of_receptor(drugs, rule, signal)
    pull, base, left = (np.maximum(signal, 0.0) / rule.half_max) ** rule.hill_power, np.full(1, rule.constitutive), np.ones(1)
    for effect, dose in drugs:
        pull = pull / _competes(effect, dose) ** (1.0 if effect.action == "agonist" else rule.hill_power)
        base = _empty(effect, dose, base)
        left = left * _behind(effect, dose)
    return _asked(rule, left * (base + pull) / (1.0 + pull) + np.zeros_like(signal))


def heard_with(effect: PairEffect, rule: Rule, signal: Floats, dose: Floats) -> Floats:
    """Return what a rule hears beside one drug; see :func:`heard_beside`."""
    return heard_beside([(effect, dose)], rule, signal)


def _heard_of_receptor(drugs: Sequence[tuple[PairEffect, Floats]], rule: Rule, signal: Floats) -> Floats:
    """Return the occupancy a rule hears: drugs change what is occupied and what an empty receptor does."""
    share = np.clip(signal, 0.0, _ALMOST_ONE)
    bound, base, seen = share / (1.0 - share), np.full(1, rule.constitutive), np.zeros(1)
    left = np.ones(1)
    for effect, dose in drugs:
        bound = bound / _competes(effect, dose)
        if effect.action == "agonist":
            seen = _empty(effect, dose, seen)
        else:
            seen, base = seen / _competes(effect, dose), _empty(effect, dose, base)
        left = left * _behind(effect, dose)
    answer = np.clip(left * (seen + bound) / (1.0 + bound), 0.0, _ALMOST_ONE) + np.zeros_like(signal)
    if not rule.constitutive:
        return np.asarray(answer)
    pull = (answer / rule.half_max) ** rule.hill_power
    return _asked(rule, (left * base + pull) / (1.0 + pull))


def _competes(effect: PairEffect, dose: Floats) -> Floats:
    """Return by what the ligand's Kd grows."""
    if effect.action in ("agonist", "inverse agonist"):
        return np.asarray(1.0 + (dose / effect.curve.half.value) ** effect.curve.slope.value)
    return effect.dose_ratio(dose)


def _empty(effect: PairEffect, dose: Floats, base: Floats) -> Floats:
    """Return the activity of receptors without ligand."""
    own = _competes(effect, dose) - 1.0
    largest = 0.0 if effect.largest is None else effect.largest.value
    if effect.action == "agonist":
        return np.asarray((base + largest * own) / (1.0 + own))
    if effect.action == "inverse agonist":
        return np.asarray(base * (1.0 + largest * own) / (1.0 + own))
    return base


def _behind(effect: PairEffect, dose: Floats) -> Floats:
    """Return the share of the answer that is left behind the receptor."""
    return effect.signal_factor(dose) if effect.action == "signalling inhibitor" else np.ones(1)


def _asked(rule: Rule, answer: Floats) -> Floats:
    kept = np.clip(answer, 0.0, _ALMOST_ONE)
    return np.asarray(rule.half_max * (kept / (1.0 - kept)) ** (1.0 / rule.hill_power))
