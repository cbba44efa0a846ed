"""Put numbers in the place of a design file's formulas."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from coculture.chip.geometry.chip import DesignParameter
from coculture.chip.geometry.design_file import ParameterKeys
from coculture.chip.geometry.file_place import FilePlaces
from coculture.chip.geometry.formula import evaluate
from coculture.errors import InputError, Problem
from coculture.typed_file.complaints import did_you_mean

_NO_SUFFIX = ("count", "fraction")


def declared_parameters(tree: Mapping[str, Any], places: FilePlaces) -> dict[str, DesignParameter]:
    """Return the parameters that ``[parameters]`` declares, each at its default.

    Tables that are not as they should be are left out: the reading of the whole file says what is wrong with them.

    Raises
    ------
    InputError : if a name does not end with its unit, or a default is outside its bounds or no whole number.
    """
    declared: dict[str, DesignParameter] = {}
    problems: list[Problem] = []
    tables = tree.get("parameters", {})
    for name, table in tables.items() if isinstance(tables, dict) else ():
        try:
            keys = ParameterKeys.model_validate(table)
        except ValidationError:
            continue
        where = places.at("parameters", name)
        if keys.unit not in _NO_SUFFIX and not name.endswith(f"_{keys.unit}"):
            what = f"the name '{name}' does not carry its unit '{keys.unit}'"
            problems.append(Problem(what, where, f"call it {name}_{keys.unit}"))
        parameter = DesignParameter(name, keys.default, keys.default, keys.unit, keys.meaning, keys.source, keys.least, keys.most)
        problems += _faults(parameter, keys.default, places.at("parameters", name, "default"))
        declared[name] = parameter
    if problems:
        raise InputError(problems)
    return declared


def with_values(declared: Mapping[str, DesignParameter], values: Mapping[str, float], design: str) -> dict[str, DesignParameter]:
    """Return the parameters with other values.

    Raises
    ------
    InputError : with every value that names no parameter, is no number, out of bounds, or not whole where it counts.
    """
    changed = dict(declared)
    problems: list[Problem] = []
    for name, value in values.items():
        if name not in declared:
            names = ", ".join(declared) or "none"
            remedy = f"{did_you_mean(name, declared)}parameters: {names}"
            problems.append(Problem(f"there is no parameter '{name}'", design, remedy))
            continue
        faults = _faults(declared[name], value, f"{design}, {name}")
        problems += faults
        if not faults:
            old = declared[name]
            changed[name] = DesignParameter(
                name, float(value), old.default, old.unit, old.meaning, old.source, old.least, old.most
            )
    if problems:
        raise InputError(problems)
    return changed


def _faults(parameter: DesignParameter, value: object, where: str) -> list[Problem]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return [Problem(f"found {value!r}", where, f"write a finite number ({parameter.meaning})")]
    if parameter.unit == "count" and not float(value).is_integer():
        return [Problem(f"found {value!r}", where, f"write a whole number ({parameter.meaning})")]
    if parameter.least is not None and value < parameter.least:
        return [Problem(f"found {value:g}, below {parameter.least:g}", where, f"give at least {parameter.least:g}")]
    if parameter.most is not None and value > parameter.most:
        return [Problem(f"found {value:g}, above {parameter.most:g}", where, f"give at most {parameter.most:g}")]
    return []


def resolved(tree: Mapping[str, Any], parameters: Mapping[str, DesignParameter], places: FilePlaces) -> dict[str, Any]:
    """Return the file's content with every formula worked out.

    ``[derived]`` is worked out first, in its order; each may name those above it.

    Raises
    ------
    InputError : with every formula that cannot be worked out, and every number written as the bare name of a parameter.
    """
    problems: list[Problem] = []
    values: dict[str, float] = {name: parameter.value for name, parameter in parameters.items()}
    derived: dict[str, Any] = {}
    given = tree.get("derived", {})
    for name, content in given.items() if isinstance(given, dict) else ():
        derived[name] = _filled(content, values, ("derived", name), places, problems)
        if isinstance(derived[name], int | float):
            values[name] = derived[name]
    filled = {
        key: content if key in ("parameters", "derived") else _filled(content, values, (key,), places, problems)
        for key, content in tree.items()
    }
    if problems:
        raise InputError(problems)
    return filled | ({"derived": derived} if derived else {})


def _filled(
    content: Any, values: Mapping[str, float], path: tuple[str | int, ...], places: FilePlaces, problems: list[Problem]
) -> Any:
    if isinstance(content, dict):
        return {key: _filled(value, values, (*path, key), places, problems) for key, value in content.items()}
    if isinstance(content, list):
        return [_filled(value, values, (*path, number), places, problems) for number, value in enumerate(content)]
    if isinstance(content, str) and content in values:
        problems.append(Problem(f"found the text {content!r}, a parameter's name", places.at(*path), f'write "={content}"'))
    if not isinstance(content, str) or not content.startswith("="):
        return content
    try:
        return evaluate(content[1:], values, places.at(*path))
    except InputError as error:
        problems.extend(error.problems)
        return 1.0
