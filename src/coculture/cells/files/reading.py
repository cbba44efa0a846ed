"""Read a culture's model from its files.

A culture's file holds what its cells do to each other: solutes, types, affinities, rules. Types come from ``include`` (whole) or
``like`` (with keys replaced), from files of one type each; those in :mod:`coculture.cells.types` come with the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coculture.cells.files.carried_rules import with_carried_rules
from coculture.cells.files.culture import Culture
from coculture.cells.files.culture_keys import CultureFile
from coculture.cells.files.places import Place
from coculture.cells.files.process_keys import with_processes
from coculture.cells.files.type_keys import TypeFile
from coculture.cells.model import CellModel
from coculture.errors import InputError
from coculture.typed_file.complaints import did_you_mean
from coculture.typed_file.reading import parse_toml, read_text, toml_tree

TYPES = Path(__file__).resolve().parents[1] / "types"
"""Folder of the types that come with the program."""


def known_types() -> tuple[str, ...]:
    """Return the names of the cell types that come with the program."""
    return tuple(sorted(path.stem for path in TYPES.glob("*.toml")))


def read_model(path: Path) -> CellModel:
    """Read the culture model in the file at ``path``; a file of one cell type is a culture of that type alone.

    Raises
    ------
    FileError : if the file, or one it includes, is missing or no text.
    InputError : with everything that is wrong in it: file, line, key and remedy of each fault.
    """
    return parse_model(read_text(path, "culture", "a culture is described in a TOML file"), str(path), path.parent)


def parse_model(text: str, file: str, folder: Path = Path()) -> CellModel:
    """Return the model a culture's text describes; files it includes are looked for in ``folder``. See :func:`read_model`."""
    tree = toml_tree(text, file)
    if "name" in tree and "cell_type" not in tree:
        place = Place.of(file, text)
        return Culture(CultureFile(), place, ((parse_toml(text, TypeFile, file), place),), all_solutes=True).model()
    begun = {**tree, "cell_type": [_begun(one, folder, file) for one in _tables(tree.get("cell_type"))]}
    keys_of = with_processes(CultureFile)
    culture = parse_toml(text, keys_of, file, tree=begun if "cell_type" in tree else tree)
    place = Place.of(file, text)
    included = []
    for name in culture.include:
        one = _type_text(name, folder, place.part("include"))
        included.append((parse_toml(one.text, TypeFile, one.file), one.place))
    own = [(one, place.part("cell_type", number)) for number, one in enumerate(culture.cell_type)]
    model = Culture(culture, place, (*included, *own)).model()
    return with_carried_rules(model, culture.rules, place.part("rules"), folder)


def files_read(path: Path) -> tuple[Path, ...]:
    """Return the files that a sound culture is read from: its own, types beside it that it names, and its rules' CSV."""
    tree = toml_tree(read_text(path, "culture", "a culture is described in a TOML file"), str(path))
    types = [*tree.get("include", ()), *(one.get("like", "") for one in _tables(tree.get("cell_type")))]
    named = [name for name in types if name.endswith(".toml")]
    if "rules" in tree:
        named.append(tree["rules"]["grammar_csv"])
    return (path, *(path.parent / name for name in dict.fromkeys(named)))


def load_types(*names: str, solutes: Sequence[str] = (), dimensions: int = 2) -> CellModel:
    """Return a culture of types that come with the program, without rules and with affinity 1 between all.

    Parameters
    ----------
    names : such as ``"tumour"``, ``"fibroblast"``; see :func:`known_types`.
    solutes : the solutes of the medium; what a type does with others is left out.
    dimensions : 2 or 3.

    Raises
    ------
    InputError : if there is no such type, or one is named twice.
    """
    lines = [f"include = [{', '.join(_quoted(name) for name in names)}]", "[culture]", f"dimensions = {dimensions}"]
    lines += [f"[solutes.{_quoted(name)}]" for name in solutes]
    return parse_model("\n".join(lines), "load_types")


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True)
class _TypeText:
    """A type's file."""

    text: str
    file: str

    @property
    def place(self) -> Place:
        return Place.of(self.file, self.text)


def _tables(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _type_text(name: str, folder: Path, place: Place) -> _TypeText:
    """Return the text of a type that comes with the program, or of a file."""
    if name.endswith(".toml"):
        path = folder / name
        return _TypeText(read_text(path, "cell type", f"{place.file} names it; paths start at that file's folder"), str(path))
    path = TYPES / f"{name}.toml"
    if name not in known_types():
        listed = f"these come with the program: {', '.join(known_types())}; a file of your own ends in .toml"
        raise InputError(place.problem(f"there is no cell type '{name}'", (), did_you_mean(name, known_types()) + listed))
    return _TypeText(path.read_text(encoding="utf-8"), path.name)


def _begun(tree: Any, folder: Path, file: str) -> Any:
    """Return a ``[[cell_type]]`` laid over the type it begins from; anything else as it is, for its faults to be told."""
    if not isinstance(tree, dict) or not isinstance(tree.get("like"), str) or not tree["like"]:
        return tree
    one = _type_text(tree["like"], folder, Place(file, {}).part("cell_type", "like"))
    base = parse_toml(one.text, TypeFile, one.file).model_dump(exclude_unset=True)
    base.pop("sources", None)
    if isinstance(tree.get("cycle"), dict) and "model" in tree["cycle"]:
        base.pop("cycle")  # another cycle has other phases
    return laid_over(base, tree)


def laid_over(base: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return ``base`` with the values of ``above`` in their places; tables are laid over key by key."""
    merged = dict(base)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged
