"""Rules of a culture's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coculture.cells.files.behaviour_names import BehaviourNames, named_in, range_fault
from coculture.cells.files.culture_keys import CultureFile, RuleSection
from coculture.cells.files.places import Place
from coculture.cells.model import CellType, Rule
from coculture.cells.signals import SIGNALS, SignalNames, expanded_signals
from coculture.errors import Problem
from coculture.typed_file.complaints import did_you_mean

_KINDS = {"solute": "solute", "type": "cell type", "internal": "number inside cells", "receptor": "receptor"}


def rules_of(keys: CultureFile, types: Sequence[CellType], names: BehaviourNames) -> tuple[Rule, ...]:
    """Return the rules, behaviours by the model's names; they were found faultless by :func:`rule_faults`."""
    cycles = {one.name: one.cycle for one in types}
    rules = []
    for one in keys.rule:
        inside = names.of(cycles[one.cell_type])[one.behaviour][0]
        rules.append(Rule(**{**one.model_dump(), "behaviour": inside}))
    return tuple(rules)


def rule_faults(
    keys: CultureFile, types: Mapping[str, CellType], names: BehaviourNames, signals: SignalNames, place: Place
) -> Iterable[Problem]:
    """Yield what is wrong in the rules."""
    for number, rule in enumerate(keys.rule):
        here = place.part("rule", number)
        if rule.cell_type not in types:
            remedy = did_you_mean(rule.cell_type, types) + f"there is: {', '.join(types)}"
            yield here.problem(f"unknown cell type '{rule.cell_type}'", ("cell_type",), remedy)
            continue
        yield from _behaviour_faults(rule, types[rule.cell_type], names, here)
        yield from _signal_faults(rule, signals, here)


def _behaviour_faults(rule: RuleSection, kind: CellType, names: BehaviourNames, here: Place) -> Iterable[Problem]:
    fault = names.fault(rule.behaviour, kind.cycle)
    if fault:
        yield here.problem(fault[0], ("behaviour",), fault[1])
        return
    fault = range_fault(rule.saturation, names.of(kind.cycle)[rule.behaviour][1]) or _direction_fault(rule, kind, names)
    if fault:
        yield here.problem(fault[0], ("saturation",), fault[1])


def _direction_fault(rule: RuleSection, kind: CellType, names: BehaviourNames) -> tuple[str, str] | None:
    base = _base(rule.behaviour, kind, names)
    if (rule.saturation - base) * (1 if rule.direction == "increases" else -1) >= 0:
        return None
    side = "above" if rule.direction == "increases" else "below"
    what = f"'{rule.direction}' the behaviour from {base:g} to {rule.saturation:g}"
    return what, f"give a value {side} {base:g}, its base value in '{kind.name}', or turn the direction round"


def _base(name: str, kind: CellType, names: BehaviourNames) -> float:
    """Return a behaviour's value without rules; names are those of the file."""
    if name in kind.behaviours:
        return kind.behaviours[name]
    for phase in kind.cycle.phases:
        if name == f"exit_{phase.name}_per_min":
            return 1.0 / phase.mean_min
    return names.of(kind.cycle)[name][1].default


def _signal_faults(rule: RuleSection, signals: SignalNames, here: Place) -> Iterable[Problem]:
    known = [name for name, _, _ in expanded_signals(signals)]
    if rule.signal in known:
        return
    for kind, named in named_in(rule.signal, SIGNALS):
        listed = getattr(signals, kind)
        near = did_you_mean(named, listed) or did_you_mean(rule.signal, known)
        what = f"'{rule.signal}' names the {_KINDS[kind]} '{named}', which the culture does not have"
        yield here.problem(what, ("signal",), f"{near}there is: {', '.join(listed) or 'none'}")
        return
    remedy = did_you_mean(rule.signal, known) + "the page on rules lists all signals"
    yield here.problem(f"unknown signal '{rule.signal}'", ("signal",), remedy)
