"""Can a model follow its rules? Names, numbers and doubles, said before anything lives."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from coculture.cells.behaviours import Behaviour, expanded
from coculture.cells.model import CellModel, Rule
from coculture.cells.signals import SignalNames, expanded_signals
from coculture.errors import Problem
from coculture.typed_file.complaints import did_you_mean


def rule_problems(model: CellModel, rules: Sequence[Rule] | None = None, places: Sequence[str] = ()) -> Iterator[Problem]:
    """Yield what is wrong with rules.

    Parameters
    ----------
    model : whose types, solutes and numbers they are about.
    rules : None for the model's own.
    places : where each rule stands, for the messages; by their numbers where none are given.
    """
    behaviours = dict(expanded(model.solutes, model.type_names, model.phase_names))
    signals = [name for name, _, _ in expanded_signals(SignalNames.of(model))]
    seen: dict[tuple[str, str, str, str], str] = {}
    for number, rule in enumerate(model.rules if rules is None else rules):
        where = places[number] if places else f"rule {number + 1}"
        for kind, name, known in (
            ("cell type", rule.cell_type, model.type_names),
            ("signal", rule.signal, signals),
            ("behaviour", rule.behaviour, list(behaviours)),
        ):
            if name not in known:
                yield Problem(f"unknown {kind} '{name}'", where, did_you_mean(name, known) + _listed(kind, known))
        yield from _number_faults(rule, where, behaviours.get(rule.behaviour))
        subject = (rule.cell_type, rule.signal, rule.direction, rule.behaviour)
        if subject in seen:
            what = f"'{rule.signal}' {rule.direction} '{rule.behaviour}' in '{rule.cell_type}' a second time"
            yield Problem(what, where, f"keep one of the two; the first is {seen[subject]}")
        seen.setdefault(subject, where)


def _listed(kind: str, known: Sequence[str]) -> str:
    return "there is: " + ", ".join(known) if kind == "cell type" else f"the page on rules lists all {kind}s"


def _number_faults(rule: Rule, where: str, behaviour: Behaviour | None) -> Iterator[Problem]:
    for value, name, remedy in (
        (rule.half_max, "half-maximum", "give the signal at which the effect is half, above 0"),
        (rule.hill_power, "Hill power", "give a power above 0: 1 is gradual, 4 is a switch, 8 is sharp"),
    ):
        if not (value > 0 and math.isfinite(value)):
            yield Problem(f"the {name} is {value:g}", where, remedy)
    if not 0 <= rule.constitutive < 1:
        remedy = "give the share of the full effect that is there without the signal, 0 or more and below 1"
        yield Problem(f"the constitutive share is {rule.constitutive:g}", where, remedy)
    if rule.direction not in ("increases", "decreases"):
        yield Problem(f"'{rule.direction}' is no direction", where, "write 'increases' or 'decreases'")
    low, high = (behaviour.least, behaviour.most) if behaviour else (-math.inf, math.inf)
    if not (math.isfinite(rule.saturation) and low <= rule.saturation <= high):
        remedy = f"'{rule.behaviour}' lies between {low:g} and {high:g}"
        yield Problem(f"the saturation is {rule.saturation:g}", where, remedy)
