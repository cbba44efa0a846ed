"""Write a recipe back as TOML, with every default filled in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coculture.run.recipe.recipe import Recipe


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Sequence):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    raise TypeError(f"a recipe holds no {type(value).__name__}")


def _key(key: str) -> str:
    bare = key and all(letter.isascii() and (letter.isalnum() or letter in "_-") for letter in key)
    return key if bare else _value(key)


def _is_tables(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and bool(value) and isinstance(value[0], Mapping)


def _lines(table: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the plain keys of a table first, then its sub-tables, as TOML wants them."""
    for key, value in table.items():
        if value is not None and not isinstance(value, Mapping) and not _is_tables(value):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        inner = f"{name}.{_key(key)}" if name else _key(key)
        if isinstance(value, Mapping):
            yield from ("", f"[{inner}]", *_lines(value, inner))
        elif _is_tables(value):
            for item in value:
                yield from ("", f"[[{inner}]]", *_lines(item, inner))


def recipe_text(recipe: Recipe) -> str:
    """Return the recipe as TOML text. Reading it back gives an equal recipe; keys that are not set are left out."""
    return "\n".join(_lines(recipe.model_dump(mode="python"), "")).lstrip("\n") + "\n"
