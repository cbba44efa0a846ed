"""Behaviours answer to signals: rules.

A rule says that a signal s increases or decreases a behaviour from its base b₀ toward a saturation, with a half-maximum and a
Hill power: its effect is ``u = (s/half_max)ⁿ``. Several rules of one behaviour combine as

``b↑ = b₀ + Σ (Mᵢ − b₀) uᵢ/(1 + Σ uᵢ)`` over the rules that increase it, then
``b = b↑ + Σ (mⱼ − b↑) dⱼ/(1 + Σ dⱼ)`` over those that decrease it.

Every rule keeps its own saturation: whatever other rules are added, a signal alone takes the behaviour to its own M. Signals
share the saturation by their effects. A rule with a constitutive share b has ``u/(1 + u) = (b + v)/(1 + v)`` with ``v =
(s/half_max)ⁿ``, a receptor in two states (:mod:`coculture.compounds.binding.two_state`): from b without the signal to 1. Where
all rules of a direction have one saturation this is the multivariate form of the published cell-behaviour hypothesis grammar
(Johnson et al. 2025, Cell), ``b↑ = b₀ + (M − b₀) U/(1 + U)`` with ``U = Σ uᵢ``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.responding import follow_rules
from coculture.cells.model import CellModel, Rule
from coculture.cells.parameters import Parameters
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.cells.signals import read_signals

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rules:
    """The process; see the module's head."""

    pace: str = "phenotype"

    def is_active(self, world: World) -> bool:
        """Tell whether the model has rules."""
        return bool(world.model.rules)

    def go_on(self, world: World, minutes: float) -> None:
        """Set every behaviour that a rule changes, from the present signals."""
        table = world.kept.get("rules")
        if not isinstance(table, RuleTable) or table.model is not world.model:
            table = world.kept["rules"] = RuleTable.of(world.model, world.parameters)
        table.apply(world)


@dataclass(frozen=True, eq=False)
class RuleTable:
    """The rules as arrays, grouped by type and behaviour; see :func:`coculture.cells.kernels.responding.follow_rules`."""

    model: CellModel
    signals: tuple[str, ...]
    group_start: Integers
    column: Integers
    base: NDArray[np.float64]
    rule_start: Integers
    rules: tuple[Rule, ...]

    @cached_property
    def of_rule(self) -> Integers:
        """(rules,) which of the signals each hears."""
        return np.array([self.signals.index(rule.signal) for rule in self.rules], dtype=np.int64)

    @cached_property
    def answers(self) -> tuple[Flags, Floats, Floats, Floats, Flags]:
        """(rules,) each: whether the behaviour rises, saturation, half-maximum, Hill power, whether the dead follow."""
        rules = self.rules
        return (
            np.array([rule.direction == "increases" for rule in rules]),
            np.array([rule.saturation for rule in rules]),
            np.array([rule.half_max for rule in rules]),
            np.array([rule.hill_power for rule in rules], dtype=np.float64),
            np.array([rule.applies_to_dead for rule in rules]),
        )

    @classmethod
    def of(cls, model: CellModel, parameters: Parameters) -> RuleTable:
        """Sort a model's rules."""
        groups: dict[tuple[int, int], list[Rule]] = {}
        for rule in model.rules:
            place = (model.type_names.index(rule.cell_type), parameters.number(rule.behaviour))
            groups.setdefault(place, []).append(rule)
        ordered = sorted(groups)
        kinds, behaviours = np.array(ordered, dtype=np.int64).T
        rules = tuple(rule for place in ordered for rule in groups[place])
        return cls(
            model=model,
            signals=tuple(sorted({rule.signal for rule in rules})),
            group_start=np.searchsorted(kinds, np.arange(len(model.types) + 1)).astype(np.int64),
            column=parameters.column[behaviours],
            base=parameters.by_type[kinds, behaviours],
            rule_start=np.concatenate([[0], np.cumsum([len(groups[place]) for place in ordered])]).astype(np.int64),
            rules=rules,
        )

    def apply(self, world: World) -> None:
        """Set the behaviours of every cell."""
        of_rule, signals = self.of_rule, read_signals(world, self.signals)
        if any(rule.constitutive for rule in self.rules):
            signals = np.array([heard_by(rule, signals[row]) for rule, row in zip(self.rules, of_rule, strict=True)])
            of_rule = np.arange(len(self.rules), dtype=np.int64)
        self.follow(world, signals, of_rule)

    def follow(self, world: World, signals: NDArray[np.float64], of_rule: Integers) -> None:
        """Set the behaviours of every cell, given signals (any, n) and which of them each rule hears."""
        cells = world.cells
        follow_rules(
            signals, cells.type, cells.state != LIVING,
            self.group_start, self.column, self.base, self.rule_start,
            of_rule, *self.answers, world.parameters.by_cell,
        )  # fmt: skip


def heard_by(rule: Rule, signal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the signal (n,) that has the effect which this one and the rule's constitutive share have together."""
    if not rule.constitutive:
        return signal
    own = np.clip(signal / rule.half_max, 0.0, 1e15) ** rule.hill_power
    together = (own + rule.constitutive) / (1.0 - rule.constitutive)
    return np.asarray(rule.half_max * together ** (1.0 / rule.hill_power))


PROCESS = Rules()
