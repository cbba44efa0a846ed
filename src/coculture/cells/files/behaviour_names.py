"""Check names and values of behaviours, and turn the names of phases into their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from coculture.cells.behaviours import BEHAVIOURS, Behaviour, expanded
from coculture.cells.model import CycleModel
from coculture.typed_file.complaints import did_you_mean

_HOME = {"solute": "is not in [solutes]", "type": "the culture does not have", "phase": "the type's cycle does not have"}


@dataclass(frozen=True)
class BehaviourNames:
    """What behaviours a culture has.

    Attributes
    ----------
    solutes, types : the culture's.
    """

    solutes: tuple[str, ...]
    types: tuple[str, ...]

    def of(self, cycle: CycleModel) -> dict[str, tuple[str, Behaviour]]:
        """Return by each name a file may write: the model's name and the behaviour; phases go by their own names."""
        phases = [phase.name for phase in cycle.phases]
        numbered = [f"phase_{number}" for number in range(len(phases))]
        written = expanded(self.solutes, self.types, phases)
        inside = expanded(self.solutes, self.types, numbered)
        return {name: full for (name, _), full in zip(written, inside, strict=True)}

    def fault(self, name: str, cycle: CycleModel) -> tuple[str, str] | None:
        """Return what is wrong with a behaviour's name and the remedy; None where nothing is."""
        known = self.of(cycle)
        if name in known:
            return None
        lists = {"solute": self.solutes, "type": self.types, "phase": tuple(phase.name for phase in cycle.phases)}
        for kind, named in named_things(name):
            listed = ", ".join(lists[kind]) or f"no {kind}"
            near = did_you_mean(named, lists[kind]) or did_you_mean(name, [one for one in known if one[:4] == name[:4]])
            return f"'{name}' names the {kind} '{named}', which {_HOME[kind]}", f"{near}there is: {listed}"
        return f"unknown behaviour '{name}'", did_you_mean(name, known) + "the page on cell types lists all behaviours"


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def named_things(name: str) -> list[tuple[str, str]]:
    """Return (kind, name) of what a behaviour's name may name: ``uptake_oxygen_per_min`` may name the solute ``oxygen``."""
    return named_in(name, BEHAVIOURS)


def named_in(name: str, table: Iterable[_Named]) -> list[tuple[str, str]]:
    """Return (kind, name) of what a name may name, by the patterns of a table of behaviours or signals."""
    found = []
    for one in table:
        kind = re.search(r"{(\w+)}", one.name)
        if kind is None:
            continue
        before, after = one.name.split(kind.group())
        if name.startswith(before) and name.endswith(after) and len(name) > len(before) + len(after):
            found.append((kind.group(1), name[len(before) : len(name) - len(after) or None]))
    return found


def range_fault(value: float, behaviour: Behaviour) -> tuple[str, str] | None:
    """Return what is wrong with a behaviour's value and the remedy; None where nothing is."""
    if behaviour.least <= value <= behaviour.most:
        return None
    unit = f" {behaviour.unit}" if behaviour.unit else ""
    allowed = f"at least {behaviour.least:g}" if value < behaviour.least else f"at most {behaviour.most:g}"
    return f"found {value:g}{unit}", f"it has to be {allowed}: {behaviour.meaning[0].lower()}{behaviour.meaning[1:]}"
