"""Read one file of the library: its keys, and that every number's source is among the file's sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coculture.compounds.carrier import Carrier
from coculture.compounds.compound import Compound
from coculture.compounds.files.carrier_keys import CarrierFile
from coculture.compounds.files.compound_keys import CompoundFile
from coculture.compounds.files.herb_keys import ExtractFile, FormulaFile, HerbFile
from coculture.compounds.formula import Formula
from coculture.compounds.herb import Extract, Herb
from coculture.errors import InputError, Problem
from coculture.typed_file.complaints import did_you_mean
from coculture.typed_file.key_lines import KeyPath, key_lines, line_of
from coculture.typed_file.reading import parse_toml, read_text, toml_tree

Entry = Compound | Herb | Extract | Formula | Carrier
AnyFile = CompoundFile | HerbFile | ExtractFile | FormulaFile | CarrierFile

OTHER_KINDS: dict[str, type[HerbFile] | type[ExtractFile] | type[FormulaFile] | type[CarrierFile]] = {
    "herb": HerbFile,
    "extract": ExtractFile,
    "formula": FormulaFile,
    "carrier": CarrierFile,
}
"""Kinds of files that are not a compound's."""


def read_entry(path: Path) -> Entry:
    """Read a compound, herb, extract, formula or carrier; its ``kind`` says which.

    Raises
    ------
    FileError : if the file is missing or no text.
    InputError : with everything that is wrong in it: file, line, key and remedy of each fault.
    """
    return parse_entry(read_text(path, "file of the library", "a compound is described in a TOML file"), str(path))


def parse_entry(text: str, file: str) -> Entry:
    """Return what the text describes; see :func:`read_entry`. ``file`` is how errors call it."""
    tree = toml_tree(text, file)
    kind = tree.get("kind")
    model: type[Any] = OTHER_KINDS.get(kind, CompoundFile) if isinstance(kind, str) else CompoundFile
    keys: AnyFile = parse_toml(text, model, file, tree=tree)
    if problems := list(_source_faults(tree, text, file)):
        raise InputError(problems)
    return keys.entry()


def _source_faults(tree: dict[str, Any], text: str, file: str) -> Iterator[Problem]:
    """Yield a problem for every number whose source is not among the file's, and every source nobody cites."""
    lines, known = key_lines(text), set(tree.get("sources", {}))
    cited = list(_citations({key: value for key, value in tree.items() if key != "sources"}, ()))
    for path, name in cited:
        if name not in known:
            hint = did_you_mean(name, known) + ("the file has: " + ", ".join(sorted(known)) if known else "the file has none")
            yield Problem(f"there is no source '{name}'", _where(file, path, lines), f"{hint}; add [sources.{name}]")
    for name in sorted(known - {name for _, name in cited} - _identity_sources(tree)):
        what = f"nothing cites the source '{name}'"
        yield Problem(what, _where(file, ("sources", name), lines), "cite it beside a number, or take it out")


def _identity_sources(tree: dict[str, Any]) -> set[str]:
    """Return the sources a note names in [brackets]: those of statements without a number."""
    return set(re.findall(r"\[([\w-]+)\]", str(tree.get("note", ""))))


def _citations(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key == "source" and isinstance(below, str):
                yield (*path, key), below
            else:
                yield from _citations(below, (*path, key))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from _citations(below, (*path, number))


def _where(file: str, path: KeyPath, lines: dict[KeyPath, int]) -> str:
    line = line_of(path, lines)
    dotted = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    return f"{file}, line {line}, {dotted}" if line else f"{file}, {dotted}"
