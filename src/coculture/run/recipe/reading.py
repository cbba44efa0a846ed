"""Read a recipe: from a file to validated settings, or every problem of the file at once."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError

from coculture.errors import FileError, InputError
from coculture.run.recipe.complaints import merged, problem_of
from coculture.run.recipe.key_lines import key_lines
from coculture.run.recipe.recipe import LoadedRecipe, Recipe


def parse_recipe(text: str, file: str = "recipe") -> Recipe:
    """Return the recipe a TOML text describes.

    Parameters
    ----------
    text : the TOML text.
    file : how errors call the file.

    Raises
    ------
    InputError : one problem per fault of the text: TOML syntax, unknown key, missing key, value out of range.
    """
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"this is not valid TOML: {error}", file, "see toml.io for the few rules; texts go in quotes") from error
    try:
        return Recipe.model_validate(tree)
    except ValidationError as error:
        lines = key_lines(text)
        problems = [problem_of(detail, Recipe, file, lines) for detail in error.errors(include_url=False)]
        raise InputError(merged(problems)) from None


def read_recipe(path: Path, *, images: Path | None = None) -> LoadedRecipe:
    """Read and validate the recipe at ``path``.

    Parameters
    ----------
    path : the TOML file.
    images : folder of images to use instead of the one the recipe names.

    Raises
    ------
    FileError : if the file is missing or not UTF-8 text.
    InputError : with every problem of the file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileError("there is no such recipe", str(path), "'coculture new screen.toml' writes one to start from") from None
    except IsADirectoryError:
        raise FileError("this is a folder, not a recipe", str(path), "name the .toml file in it") from None
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"the recipe cannot be read: {error}", str(path), "a recipe is a UTF-8 text file") from error
    return LoadedRecipe(path=path.absolute(), settings=parse_recipe(text, str(path)), images_override=images)
