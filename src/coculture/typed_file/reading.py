"""Read a TOML file into a typed model, or tell every fault of the file at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from coculture.errors import FileError, InputError
from coculture.typed_file.complaints import merged, problem_of
from coculture.typed_file.key_lines import key_lines

Model = TypeVar("Model", bound=BaseModel)

MOST_LEVELS = 50
"""How deep tables may lie in one another; what people write is at most six deep."""


def parse_toml(text: str, model: type[Model], file: str, *, tree: dict[str, Any] | None = None) -> Model:
    """Return the model a TOML text describes.

    Parameters
    ----------
    text : the TOML text.
    model : what it has to be.
    file : how errors call the file.
    tree : the text's content where the caller has changed it; None: parsed from the text, whose lines errors name.

    Raises
    ------
    InputError : one problem per fault of the text: TOML syntax, unknown key, missing key, value out of range.
    """
    if tree is None:
        tree = toml_tree(text, file)
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        lines = key_lines(text)
        problems = [problem_of(detail, model, file, lines) for detail in error.errors(include_url=False)]
        raise InputError(merged(problems)) from None


def toml_tree(text: str, file: str) -> dict[str, Any]:
    """Return the tables of a TOML text.

    Raises
    ------
    InputError : if it is not TOML.
    """
    try:
        tree = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # among them a number of more figures than Python reads
        raise InputError(f"this is not valid TOML: {error}", file, "see toml.io for the few rules; texts go in quotes") from error
    if _is_deeper(tree, MOST_LEVELS):
        raise InputError(f"tables lie in one another more than {MOST_LEVELS} deep", file, "look for dots or brackets too many")
    return tree


def _is_deeper(tree: Any, levels: int) -> bool:
    """Tell whether tables and lists lie in one another more than ``levels`` deep."""
    layer = [tree]
    for _ in range(levels):
        layer = [
            below for one in layer for below in (one.values() if isinstance(one, dict) else one) if isinstance(below, dict | list)
        ]
        if not layer:
            return False
    return True


def read_text(path: Path, what: str, remedy: str) -> str:
    """Return the text of a file a person wrote.

    Parameters
    ----------
    path : the file.
    what : what kind of file it is, in one word (``recipe``).
    remedy : what to do where there is no such file.

    Raises
    ------
    FileError : if the file is missing, a folder, or not UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileError(f"there is no such {what}", str(path), remedy) from None
    except IsADirectoryError:
        raise FileError(f"this is a folder, not a {what}", str(path), "name the .toml file in it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"the {what} cannot be read: {error}", str(path), f"a {what} is a UTF-8 text file") from error


def read_toml(path: Path, model: type[Model], what: str, remedy: str) -> Model:
    """Read the TOML file at ``path`` into ``model``; see :func:`read_text` and :func:`parse_toml`."""
    return parse_toml(read_text(path, what, remedy), model, str(path))
