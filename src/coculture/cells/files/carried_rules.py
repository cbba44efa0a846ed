"""Rules that a culture's file takes over from a file of the cell-behaviour hypothesis grammar."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from coculture.cells.files.culture_keys import RulesSection
from coculture.cells.files.places import Place
from coculture.cells.files.rules_csv import parse_grammar_rules
from coculture.cells.model import CellModel, Rule
from coculture.errors import InputError, Problem
from coculture.typed_file.complaints import did_you_mean
from coculture.typed_file.reading import read_text


def with_carried_rules(model: CellModel, asked: RulesSection | None, place: Place, folder: Path) -> CellModel:
    """Return the model with the rules of ``asked.grammar_csv`` beside its own, and what reading them had to say as notes.

    Parameters
    ----------
    model : the culture without them.
    asked : the section ``[rules]``; None leaves the model as it is.
    place : of the section, for messages.
    folder : where the path starts.

    Raises
    ------
    FileError : if there is no such file, or it is no text.
    InputError : with every fault of the section and of the file: file, line, column and remedy.
    """
    if asked is None:
        return model
    unknown = [name for name in asked.um_per_unit if name not in model.solutes]
    if unknown:
        raise InputError(_unknown_solute(name, model, place) for name in unknown)
    path = folder / asked.grammar_csv
    text = read_text(path, "rules file", f"{place.file} names it; paths start at that file's folder")
    found = parse_grammar_rules(text, str(path), model, own_saturations=asked.own_saturations, um_per_unit=asked.um_per_unit)
    doubles = [rule for rule in found.rules if _subject(rule) in {_subject(own) for own in model.rules}]
    if doubles:
        raise InputError(_double(rule, str(path), place) for rule in doubles)
    return dataclasses.replace(model, rules=(*model.rules, *found.rules), notes=(*model.notes, *found.notes))


def _subject(rule: Rule) -> tuple[str, str, str, str]:
    return rule.cell_type, rule.signal, rule.direction, rule.behaviour


def _unknown_solute(name: str, model: CellModel, place: Place) -> Problem:
    remedy = did_you_mean(name, model.solutes) + f"there is: {', '.join(model.solutes) or 'none'}"
    return place.problem(f"unknown solute '{name}'", ("um_per_unit", name), remedy)


def _double(rule: Rule, file: str, place: Place) -> Problem:
    what = f"'{rule.signal}' {rule.direction} '{rule.behaviour}' in '{rule.cell_type}' is a rule of {file} and a [[rule]]"
    return place.problem(what, ("grammar_csv",), "keep one of the two")
