"""Read the rules of the published cell-behaviour hypothesis grammar (Johnson et al. 2023/2025), version 3 of its CSV.

One rule a line: ``cell type,signal,direction,behaviour,saturation,half-max,hill power,applies to dead``; a header, empty lines
and lines that begin with ``//`` or ``#`` are passed over, and tabs may stand for commas. The base of a behaviour is the cell
type's.

In the published form a behaviour has one maximum and one minimum, whatever the number of its rules: the largest saturation of
those that increase it and the smallest of those that decrease it. The reader follows that and says where saturations disagreed;
with ``own_saturations`` every rule keeps its own, as rules do here.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np

from coculture.cells.files.grammar_names import GrammarNames, plain
from coculture.cells.model import CellModel, Rule
from coculture.cells.rule_checks import rule_problems
from coculture.errors import InputError, Problem
from coculture.typed_file.reading import read_text

COLUMNS = ("cell type", "signal", "direction", "behaviour", "saturation", "half-max", "hill power", "applies to dead")
_DIRECTIONS: dict[str, Literal["increases", "decreases"]] = {
    "increases": "increases",
    "increase": "increases",
    "promotes": "increases",
    "decreases": "decreases",
    "decrease": "decreases",
    "inhibits": "decreases",
}
_NUMBER_FAULTS = {"the saturation is": 4, "the half-maximum is": 5, "the Hill power is": 6}
"""How faults of numbers begin, by the column they are in."""

Found = TypeVar("Found")
_NO_TYPES = np.zeros(0, np.int64)
_TRUTH = {"0": False, "false": False, "no": False, "1": True, "true": True, "yes": True}


@dataclass(frozen=True)
class GrammarRules:
    """Rules of a file.

    Attributes
    ----------
    rules : ready for a model.
    notes : what a user should know: saturations that disagreed, units that were taken for granted.
    """

    rules: tuple[Rule, ...]
    notes: tuple[str, ...]


def read_grammar_rules(
    path: Path, model: CellModel, *, own_saturations: bool = False, um_per_unit: Mapping[str, float] | None = None
) -> GrammarRules:
    """Read a file of the grammar; see :func:`parse_grammar_rules`. FileError if it cannot be read."""
    text = read_text(path, "rules file", "check the path")
    return parse_grammar_rules(text, str(path), model, own_saturations=own_saturations, um_per_unit=um_per_unit)


def parse_grammar_rules(
    text: str, file: str, model: CellModel, *, own_saturations: bool = False, um_per_unit: Mapping[str, float] | None = None
) -> GrammarRules:
    """Return the rules a text in the grammar's CSV says.

    Parameters
    ----------
    text, file : the text, and what messages call it.
    model : its types, solutes and numbers; its own rules are not looked at.
    own_saturations : False: one maximum and one minimum a behaviour, as published; True: every rule keeps its own.
    um_per_unit : µM in one unit of the file's concentrations, by solute; left out: taken as µM, and said in the notes.

    Raises
    ------
    InputError : with every fault: file, line, column, what is wrong and what to do.
    """
    reader = _Reader(file, model, GrammarNames.of(model), dict(um_per_unit or {}))
    try:
        found = [row for number, cells in _lines(text) for row in reader.rules_of(number, cells)]
    except csv.Error as error:
        raise InputError(
            f"the rules cannot be read: {error}", file, "a rule is one line of eight values, separated by commas"
        ) from error
    if not reader.problems:
        places = [f"{file}, line {line}" for _, line in found]
        reader.problems += map(_with_column, rule_problems(model, [one for one, _ in found], places))
    if reader.problems:
        raise InputError(reader.problems)
    rules, notes = (tuple(one for one, _ in found), []) if own_saturations else _as_published(found, file)
    return GrammarRules(rules, (*notes, *_against_base(found, file, model), *_unit_notes(rules, file, reader.um_per_unit)))


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, fields) of every line that holds a rule."""
    first = True
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip().removeprefix("\ufeff")
        if not stripped or stripped.startswith(("//", "#")):
            continue
        cells = next(csv.reader([stripped]))
        if len(cells) != len(COLUMNS) and "\t" in stripped:
            cells = next(csv.reader([stripped], delimiter="\t"))
        cells = [cell.strip() for cell in cells]
        if not (first and plain(cells[0]) in ("celltype", "cell")):
            yield number, cells
        first = False


@dataclass(eq=False)
class _Reader:
    """Turns lines into rules, and gathers what is wrong."""

    file: str
    model: CellModel
    names: GrammarNames
    um_per_unit: dict[str, float]
    problems: list[Problem] = field(default_factory=list)

    def rules_of(self, line: int, cells: list[str]) -> list[tuple[Rule, int]]:
        """Return the rules of a line: one, two where a name stands for two behaviours, none where the line is wrong."""
        where = f"{self.file}, line {line}"
        if len(cells) != len(COLUMNS) or not all(cells):
            what = f"{len(cells)} fields"
            if len(cells) == len(COLUMNS):
                empty = cells.index("")
                what, where = f"the field '{COLUMNS[empty]}' is empty", _column(where, empty)
            self.problems.append(Problem(what, where, "a rule has 8: " + ",".join(COLUMNS)))
            return []
        before = len(self.problems)
        kind = self._named(0, cells, self.names.types, where)
        signal = self._named(1, cells, self.names.signals, where)
        direction = _DIRECTIONS.get(cells[2].lower())
        if direction is None:
            self.problems.append(Problem(f"'{cells[2]}' is no direction", _column(where, 2), "write 'increases' or 'decreases'"))
        behaviours = self._named(3, cells, self.names.behaviours, where)
        saturation, half_max, power = (self._number(place, cells, where) for place in (4, 5, 6))
        dead = _TRUTH.get(cells[7].lower().removesuffix(".0"))
        if dead is None:
            self.problems.append(Problem(f"'applies to dead' is '{cells[7]}'", _column(where, 7), "write 0 or 1"))
        if len(self.problems) > before or kind is None or signal is None or direction is None or behaviours is None:
            return []
        half_max *= self._unit_of(signal)
        made = [Rule(kind, signal, direction, name, saturation, half_max, power, bool(dead)) for name in behaviours]
        return [(one, line) for one in made]

    def _named(self, place: int, cells: list[str], known: Mapping[str, Found], where: str) -> Found | None:
        kind, written = COLUMNS[place], cells[place]
        found = known.get(plain(written))
        if found is None:
            remedy = self.names.remedy(kind, written)
            self.problems.append(Problem(f"unknown {kind} '{written}'", _column(where, place), remedy))
        return found

    def _number(self, place: int, cells: list[str], where: str) -> float:
        try:
            return float(cells[place])
        except ValueError:
            what = f"'{COLUMNS[place]}' is '{cells[place]}'"
            self.problems.append(Problem(what, _column(where, place), "write a number with a decimal point"))
            return float("nan")

    def _unit_of(self, signal: str) -> float:
        solute = solute_of(signal, self.model)
        return self.um_per_unit.get(solute, 1.0) if solute else 1.0


def _column(where: str, place: int) -> str:
    """Return a place with its column, counted from 1."""
    return f"{where}, column {place + 1} ({COLUMNS[place]})"


def _with_column(problem: Problem) -> Problem:
    """Return a fault of a number with the column it stands in."""
    for start, place in _NUMBER_FAULTS.items():
        if problem.what.startswith(start):
            return dataclasses.replace(problem, where=_column(problem.where, place))
    return problem


def solute_of(signal: str, model: CellModel) -> str:
    """Return the solute whose concentration or gradient a signal is, '' where it is none's."""
    forms = ("concentration_{}_um", "inside_{}_um", "gradient_{}_um_per_um")
    return next((name for name in model.solutes for form in forms if form.format(name) == signal), "")


def _as_published(found: list[tuple[Rule, int]], file: str) -> tuple[tuple[Rule, ...], list[str]]:
    """Give all rules of a type, behaviour and direction one saturation; return them and what disagreed."""
    groups: dict[tuple[str, str, str], list[tuple[Rule, int]]] = {}
    for rule, line in found:
        groups.setdefault((rule.cell_type, rule.behaviour, rule.direction), []).append((rule, line))
    notes, chosen = [], {}
    for place, group in groups.items():
        values = [rule.saturation for rule, _ in group]
        chosen[place] = max(values) if place[2] == "increases" else min(values)
        if len(set(values)) > 1:
            lines = ", ".join(str(line) for _, line in group)
            notes.append(
                f"{file}, lines {lines}: rules by which signals {place[2].removesuffix('s')} {place[1]} in {place[0]} have "
                f"different saturations ({', '.join(f'{value:g}' for value in values)}); as published, all go to "
                f"{chosen[place]:g}. Read with own saturations to let each rule keep its own"
            )
    rules = [dataclasses.replace(rule, saturation=chosen[rule.cell_type, rule.behaviour, rule.direction]) for rule, _ in found]
    return tuple(rules), notes


def _against_base(found: list[tuple[Rule, int]], file: str, model: CellModel) -> Iterator[str]:
    """Yield rules whose saturation lies on the other side of the base than their direction says."""
    parameters = dataclasses.replace(model, rules=()).parameters(0, _NO_TYPES)
    for rule, line in found:
        kind = model.type_names.index(rule.cell_type)
        base = float(parameters.by_type[kind, parameters.number(rule.behaviour)])
        if (rule.saturation < base) if rule.direction == "increases" else (rule.saturation > base):
            side = "below" if rule.direction == "increases" else "above"
            yield (
                f"{file}, line {line}: {rule.signal} {rule.direction} {rule.behaviour} in {rule.cell_type} toward "
                f"{rule.saturation:g}, {side} its base of {base:g}"
            )


def _unit_notes(rules: tuple[Rule, ...], file: str, um_per_unit: Mapping[str, float]) -> Iterator[str]:
    taken = sorted({rule.signal for rule in rules if rule.signal.startswith(("concentration_", "inside_", "gradient_"))})
    said = [name for name in taken if not any(f"_{solute}_um" in name for solute in um_per_unit)]
    if said:
        yield f"{file}: half-maxima were taken in µM and µm for " + ", ".join(said)
