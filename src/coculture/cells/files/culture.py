"""A culture's keys put together to a model, with every fault that only the whole shows."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass

from coculture.cells.behaviours import Behaviour
from coculture.cells.files import cell_types
from coculture.cells.files.behaviour_names import BehaviourNames, named_things, range_fault
from coculture.cells.files.culture_keys import CultureFile, CultureSection
from coculture.cells.files.places import Place
from coculture.cells.files.process_keys import settings_of
from coculture.cells.files.rules import rule_faults, rules_of
from coculture.cells.files.type_keys import TypeFile
from coculture.cells.model import CellModel, CellType, Steps
from coculture.cells.signals import SignalNames
from coculture.errors import InputError, Problem
from coculture.typed_file.complaints import did_you_mean


@dataclass(frozen=True)
class Culture:
    """Everything the files say.

    Attributes
    ----------
    keys, place : the culture's file.
    types : each type with its place.
    all_solutes : whether the solutes are whatever the types name, for a file that lists none.
    """

    keys: CultureFile
    place: Place
    types: tuple[tuple[TypeFile, Place], ...]
    all_solutes: bool = False

    @property
    def names(self) -> BehaviourNames:
        """What behaviours there are."""
        solutes = tuple(self.keys.solutes)
        if self.all_solutes:
            named = [pair for one, _ in self.types for name in one.behaviours for pair in named_things(name)]
            solutes = tuple(dict.fromkeys(thing for kind, thing in named if kind == "solute"))
        return BehaviourNames(solutes, tuple(one.name for one, _ in self.types))

    def model(self) -> CellModel:
        """Return the model.

        Raises
        ------
        InputError : with every fault found.
        """
        problems = list(self._faults())
        if problems:
            raise InputError(problems)
        types = tuple(self._type(one) for one, _ in self.types)
        settings = settings_of(self.keys)
        links: dict[str, object] = {**self.keys.links(), **settings}
        if any(one.model_dump(exclude_none=True) for one in self.keys.solutes.values()):
            links["solutes"] = dict(self.keys.solutes)
        culture = self.keys.culture
        return CellModel(
            types=types,
            solutes=self.names.solutes,
            rules=rules_of(self.keys, types, self.names),
            internal=self._internal(),
            halved=tuple(dict.fromkeys((*self.keys.halved, *self.keys.amounts()))),
            links=links,
            dimensions=culture.dimensions,
            steps=Steps(culture.mechanics_step_min, culture.contact_step_min, culture.phenotype_step_min),
            contact_gap_um=culture.contact_gap_um,
        )

    def _internal(self) -> tuple[str, ...]:
        """Names of everything kept inside cells: by types, by receptors and the like, by processes."""
        kept = [name for one, _ in self.types for name in one.internal]
        kept += (*self.keys.amounts(), *self.keys.levels())
        for section in settings_of(self.keys).values():
            kept += getattr(section, "internal_names", tuple)()
        return tuple(dict.fromkeys(kept))

    def _type(self, keys: TypeFile) -> CellType:
        made = cell_types.cell_type(keys)
        known = self.names.of(made.cycle)
        inside = {known[name][0]: value for name, value in made.behaviours.items() if name in known}
        inside |= {f"affinity_{other}": value for other, value in self.keys.affinity.get(keys.name, {}).items()}
        return dataclasses.replace(made, behaviours=inside)

    def _faults(self) -> Iterable[Problem]:
        if not self.types:
            yield self.place.problem("the culture has no cell type", (), "give [[cell_type]] or include = [...]")
            return
        yield from _clock_faults(self.keys.culture, self.place)
        yield from self._doubles()
        broken = False
        for keys, place in self.types:
            own = list(cell_types.faults(keys, place))
            broken = broken or bool(own)
            yield from own or self._behaviour_faults(keys, place)
        yield from self._affinity_faults()
        yield from self._halved_faults()
        if not broken:
            types = {one.name: cell_types.cell_type(one) for one, _ in self.types}
            yield from rule_faults(self.keys, types, self.names, self._signals(), self.place)
        for path, what, remedy in self.keys.link_faults(self.names.types, self.names.solutes, self._internal()):
            yield self.place.problem(what, path, remedy)
        for name, section in settings_of(self.keys).items():
            for path, what, remedy in getattr(section, "faults", lambda types, solutes: ())(self.names.types, self.names.solutes):
                yield self.place.part(name).problem(what, path, remedy)

    def _signals(self) -> SignalNames:
        receptors = tuple(one.name for one in self.keys.receptor)
        return SignalNames(self.names.solutes, self.names.types, self._internal(), receptors)

    def _doubles(self) -> Iterable[Problem]:
        seen: set[str] = set()
        for keys, place in self.types:
            if keys.name in seen:
                yield place.problem(f"a second cell type '{keys.name}'", ("name",), "give every type a name of its own")
            seen.add(keys.name)

    def _behaviour_faults(self, keys: TypeFile, place: Place) -> Iterable[Problem]:
        cycle = cell_types.cell_type(keys).cycle
        known = self.names.of(cycle)
        for section, given in (("behaviours", keys.behaviours), ("behaviours_where_present", keys.behaviours_where_present)):
            for name, value in given.items():
                fault = self.names.fault(name, cycle)
                if fault and section != "behaviours" and {kind for kind, _ in named_things(name)} & {"solute", "type"}:
                    continue
                fault = fault or self._value_fault(name, value, known[name][1])
                if fault:
                    yield place.problem(fault[0], (section, name), fault[1])

    def _value_fault(self, name: str, value: float, behaviour: Behaviour) -> tuple[str, str] | None:
        if behaviour.name.startswith("affinity_") and self.keys.affinity:
            return f"'{name}' is said twice", "the culture has an [affinity] matrix: say it there"
        return range_fault(value, behaviour)

    def _affinity_faults(self) -> Iterable[Problem]:
        matrix, types = self.keys.affinity, self.names.types
        if not matrix:
            return
        for row, given in matrix.items():
            if row not in types:
                remedy = did_you_mean(row, types) + f"there is: {', '.join(types)}"
                yield self.place.problem(f"unknown cell type '{row}'", ("affinity", row), remedy)
            for other in given:
                if other not in types:
                    remedy = did_you_mean(other, types) + f"there is: {', '.join(types)}"
                    yield self.place.problem(f"unknown cell type '{other}'", ("affinity", row, other), remedy)
        for row in types:
            missing = [other for other in types if other not in matrix.get(row, {})]
            if missing:
                yield self.place.problem(
                    f"the matrix lacks the affinity of '{row}' to " + ", ".join(f"'{other}'" for other in missing),
                    ("affinity", row) if row in matrix else ("affinity",),
                    f"say it for every pair of types: [affinity.{row}], " + ", ".join(f"{other} = 1.0" for other in missing),
                )

    def _halved_faults(self) -> Iterable[Problem]:
        kept = self._internal()
        for name in self.keys.halved:
            if name not in kept:
                remedy = (
                    did_you_mean(name, kept) + "name what a type keeps in [internal]: " + (", ".join(kept) or "nothing so far")
                )
                yield self.place.problem(f"no cell keeps '{name}'", ("halved",), remedy)


def _clock_faults(culture: CultureSection, place: Place) -> Iterable[Problem]:
    pairs = (
        ("contact_step_min", culture.contact_step_min, "mechanics_step_min", culture.mechanics_step_min),
        ("phenotype_step_min", culture.phenotype_step_min, "contact_step_min", culture.contact_step_min),
    )
    for name, step, below, smaller in pairs:
        ratio = step / smaller
        if not 1 - 1e-9 <= ratio < math.inf or abs(ratio - round(ratio)) > 1e-9 * ratio:
            yield place.problem(
                f"{step:g} min is no whole multiple of {below} ({smaller:g} min)",
                ("culture", name),
                f"give a multiple of {smaller:g} min",
            )
