"""The designs that come with the program."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from coculture.chip.geometry.chip import Chip
from coculture.chip.geometry.reading import parse_chip, read_chip
from coculture.errors import InputError
from coculture.typed_file.complaints import did_you_mean

_FOLDER = resources.files("coculture.chip") / "designs"


def design_names() -> tuple[str, ...]:
    """Return the names of the designs, sorted."""
    return tuple(sorted(item.name.removesuffix(".toml") for item in _FOLDER.iterdir() if item.name.endswith(".toml")))


def design_text(name: str) -> str:
    """Return the file of the design called ``name``.

    Raises
    ------
    InputError : if there is none of that name.
    """
    names = design_names()
    if name not in names:
        hint = did_you_mean(name, names)
        raise InputError(f"there is no design '{name}'", "", f"{hint}designs: {', '.join(names)}; or name a .toml file")
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def load_design(name: str, /, **parameters: float) -> Chip:
    """Return one of the program's designs, with the parameters that are named changed.

    For instance ``load_design("lane3", gel_width_um=1000)``. ``load_design(name).parameters`` tells what may be changed.

    Raises
    ------
    InputError : if there is no such design or parameter, or a value cannot be.
    """
    return parse_chip(design_text(name), f"{name}.toml", parameters)


def find_chip(design: str, parameters: Mapping[str, float] | None = None) -> Chip:
    """Return a chip by the name of a design or the path of a file.

    Raises
    ------
    FileError, InputError : if there is no such design or file, or it is not as it should be.
    """
    path = Path(design)
    if path.suffix or path.exists() or len(path.parts) > 1:
        return read_chip(path, parameters)
    return load_design(design, **(parameters or {}))
