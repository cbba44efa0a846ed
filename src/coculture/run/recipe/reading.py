"""Read a recipe: from a file to validated settings, or every problem of the file at once."""

from __future__ import annotations

from pathlib import Path

from coculture.run.recipe.recipe import LoadedRecipe, Recipe
from coculture.typed_file.reading import parse_toml, read_text


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
    return parse_toml(text, Recipe, file)


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
    text = read_text(path, "recipe", "'coculture new screen.toml' writes one to start from")
    return LoadedRecipe(path=path.absolute(), settings=parse_recipe(text, str(path)), images_override=images)
