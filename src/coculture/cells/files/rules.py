"""Rules of a culture's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coculture.cells.files.behaviour_names import BehaviourNames, range_fault
from coculture.cells.files.culture_keys import CultureFile, RuleSection
from coculture.cells.files.places import Place
from coculture.cells.model import CellType, Rule
from coculture.errors import Problem
from coculture.typed_file.complaints import did_you_mean


def rules_of(keys: CultureFile, types: Sequence[CellType], names: BehaviourNames) -> tuple[Rule, ...]:
    """Return the rules, behaviours by the model's names; they were found faultless by :func:`rule_faults`."""
    cycles = {one.name: one.cycle for one in types}
    rules = []
    for one in keys.rule:
        inside = names.of(cycles[one.cell_type])[one.behaviour][0]
        rules.append(Rule(**{**one.model_dump(), "behaviour": inside}))
    return tuple(rules)


def rule_faults(keys: CultureFile, types: Mapping[str, CellType], names: BehaviourNames, place: Place) -> Iterable[Problem]:
    """Yield what is wrong in the rules."""
    for number, rule in enumerate(keys.rule):
        here = place.part("rule", number)
        if rule.cell_type not in types:
            remedy = did_you_mean(rule.cell_type, types) + f"there is: {', '.join(types)}"
            yield here.problem(f"unknown cell type '{rule.cell_type}'", ("cell_type",), remedy)
            continue
        yield from _behaviour_faults(rule, types[rule.cell_type], names, here)
        yield from _signal_faults(rule, names, here)


def _behaviour_faults(rule: RuleSection, kind: CellType, names: BehaviourNames, here: Place) -> Iterable[Problem]:
    fault = names.fault(rule.behaviour, kind.cycle)
    if fault:
        yield here.problem(fault[0], ("behaviour",), fault[1])
        return
    fault = range_fault(rule.saturation, names.of(kind.cycle)[rule.behaviour][1])
    if fault:
        yield here.problem(fault[0], ("saturation",), fault[1])


def _signal_faults(rule: RuleSection, names: BehaviourNames, here: Place) -> Iterable[Problem]:
    yield from ()
