"""Write a commented recipe or design from a template."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from coculture.errors import FileError, InputError

RECIPES = ("images", "time-series", "wells", "combination", "mixture", "demo")
"""The recipes one can start from; the first is the default."""

TEMPLATES = (*RECIPES, "design")
"""Everything one can start from: recipes, and a design for ``coculture design``."""


def template_text(name: str) -> str:
    """Return the text of a template.

    Raises
    ------
    InputError : if there is no such template.
    """
    if name not in TEMPLATES:
        raise InputError(f"there is no template '{name}'", remedy="use one of: " + ", ".join(TEMPLATES))
    return files("coculture.run.templates").joinpath(f"{name}.toml").read_text(encoding="utf-8")


def write_new(path: Path, template: str = TEMPLATES[0]) -> None:
    """Write the template to ``path``, which must not exist yet.

    Raises
    ------
    InputError : if there is no such template.
    FileError : if the file is there already or its folder is not.
    """
    text = template_text(template)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise FileError("there is such a file already, and it is kept", str(path), "choose another name") from None
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror}", str(path), "check the folder and your rights there") from error
