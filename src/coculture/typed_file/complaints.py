"""Turn pydantic's errors into sentences: which key, what was found, what is allowed, what to do."""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from coculture.errors import Problem
from coculture.typed_file.key_lines import KeyPath, line_of

_MEMBERS = ("int", "str", "float", "bool")
_WANTED = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list in [brackets]",
    "dict_type": "a table of key = value lines",
    "model_type": "a table of key = value lines",
    "model_attributes_type": "a table of key = value lines",
    "finite_number": "a finite number",
}


def did_you_mean(word: str, allowed: typing.Iterable[str]) -> str:
    """Return 'did you mean …?' for the nearest allowed word, or '' where none is near."""
    near = difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'? " if near else ""


def models_of(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield every model an annotation may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from models_of(part)


def _has_tag(model: type[BaseModel], tag: str) -> bool:
    annotations = [field.annotation for field in model.model_fields.values()]
    return any(typing.get_origin(annotation) is Literal and tag in typing.get_args(annotation) for annotation in annotations)


def _walk(recipe: type[BaseModel], location: KeyPath) -> tuple[KeyPath, list[type[BaseModel]]]:
    """Follow ``location`` from the recipe; return it without pydantic's union tags, and the models that hold its last key."""
    models: list[type[BaseModel]] = [recipe]
    holders: list[type[BaseModel]] = models
    path: list[str | int] = []
    for part in location:
        if isinstance(part, int):
            path.append(part)
            continue
        tagged = [model for model in models if len(models) > 1 and _has_tag(model, part)]
        if tagged:
            models = tagged
            continue
        path.append(part)
        holders = models
        fields = [model.model_fields[part] for model in models if part in model.model_fields]
        models = [found for field in fields for found in models_of(field.annotation)]
    return tuple(path), holders


def _without_member(location: KeyPath) -> KeyPath:
    """Return ``location`` without the name pydantic puts last where a value may be of several types."""
    last = str(location[-1]) if location else ""
    return location[:-1] if last in _MEMBERS or last.startswith("literal[") else location


def _dotted(path: KeyPath) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _section_that_has(recipe: type[BaseModel], key: str) -> str:
    sections = recipe.model_fields.items()
    homes = [name for name, field in sections if any(key in model.model_fields for model in models_of(field.annotation))]
    return f"'{key}' belongs in [{homes[0]}]. " if homes else ""


def _allowed(error: ErrorDetails) -> list[str]:
    expected = str(error.get("ctx", {}).get("expected") or error.get("ctx", {}).get("expected_tags") or "")
    return [word.strip().strip("'") for word in expected.replace(" or ", ", ").split(",") if word.strip()]


def _sentences(error: ErrorDetails, path: KeyPath, holders: list[type[BaseModel]], recipe: type[BaseModel]) -> tuple[str, str]:
    """Return what is wrong and the remedy, for one of pydantic's errors."""
    kind, found = error["type"], error["input"]
    key = str(path[-1]) if path else ""
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        keys = sorted({name for model in holders for name in model.model_fields})
        hint = did_you_mean(key, keys) or _section_that_has(recipe, key)
        return f"unknown key '{key}'", f"{hint}allowed here: {', '.join(keys)}"
    if kind == "missing":
        return f"key '{key}' is missing", _meaning(key, holders)
    if kind in ("literal_error", "union_tag_invalid"):
        allowed = _allowed(error)
        value = str(context.get("tag", found)) if kind == "union_tag_invalid" else found
        return f"found {value!r}", f"{did_you_mean(str(value), allowed)}use one of: {', '.join(allowed)}"
    if kind == "union_tag_not_found":
        return f"key '{_tag_key(error)}' is missing", f"use one of: {', '.join(_tags(key, holders, _tag_key(error)))}"
    if kind == "value_error":
        return str(context.get("error", error["msg"])), _meaning(key, holders)
    if kind in _WANTED:
        return f"found {found!r}", f"write {_WANTED[kind]}"
    if kind == "too_short":
        return f"found {found!r}", f"give at least {context.get('min_length')}"
    if kind == "string_too_short":
        return f"found {found!r}", f"give at least {context.get('min_length')} character"
    if kind == "string_pattern_mismatch":
        return f"found {found!r}", "begin with a letter; use letters, digits and _"
    return f"found {found!r}", error["msg"].replace("Input should", "it should")


def _tag_key(error: ErrorDetails) -> str:
    """Return the key that tells the members of a union apart."""
    return str(error.get("ctx", {}).get("discriminator", "kind")).strip("'")


def _tags(key: str, holders: list[type[BaseModel]], tag_key: str) -> list[str]:
    """Return the values of ``tag_key`` that the models under ``key`` take."""
    annotations = [model.model_fields[key].annotation for model in holders if key in model.model_fields]
    models = [found for annotation in annotations for found in models_of(annotation) if tag_key in found.model_fields]
    return [str(value) for model in models for value in typing.get_args(model.model_fields[tag_key].annotation)]


def _meaning(key: str, holders: list[type[BaseModel]]) -> str:
    described = [model.model_fields[key].description for model in holders if key in model.model_fields]
    return f"{key}: {described[0]}" if described and described[0] else ""


def merged(problems: typing.Iterable[Problem]) -> list[Problem]:
    """Join problems that differ only in their remedy: a value that may be of several types is refused once for each."""
    remedies: dict[tuple[str, str], dict[str, None]] = {}
    for problem in problems:
        remedies.setdefault((problem.what, problem.where), {})[problem.remedy] = None
    return [Problem(what, where, " or ".join(filter(None, found))) for (what, where), found in remedies.items()]


def problem_of(error: ErrorDetails, recipe: type[BaseModel], file: str, lines: dict[KeyPath, int]) -> Problem:
    """Return one of pydantic's errors as a :class:`Problem` that names file, line and key."""
    path, holders = _walk(recipe, _without_member(error["loc"]))
    if error["type"].startswith("union_tag"):
        shown: KeyPath = (*path, _tag_key(error))
    else:
        shown = path
    what, remedy = _sentences(error, path, holders, recipe)
    line = line_of(shown, lines)
    place = f"{file}, line {line}" if line else file
    return Problem(what, f"{place}, {_dotted(shown)}" if shown else place, remedy)
