"""The library: every compound, herb, extract, formula and carrier, found by any of its names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

from coculture.compounds.carrier import Carrier
from coculture.compounds.compound import Compound
from coculture.compounds.files.reading import Entry, parse_entry, read_entry
from coculture.compounds.formula import Formula
from coculture.compounds.herb import Extract, Herb
from coculture.compounds.naming import folded
from coculture.errors import InputError, Problem
from coculture.typed_file.complaints import did_you_mean

Wanted = TypeVar("Wanted", Compound, Herb, Extract, Formula, Carrier)
FOLDERS = ("compounds", "herbs", "formulas", "carriers")
WITHOUT = " without "


class Library:
    """Entries and their names.

    Parameters
    ----------
    entries : by the file each came from.

    Raises
    ------
    InputError : if two entries share a name, or an entry names one that is not there.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._files = {entry.name: file for file, entry in entries.items()}
        self._entries: dict[str, Entry] = {}
        problems = list(self._add_all(entries))
        problems += self._missing(entries)
        if problems:
            raise InputError(problems)

    def _add_all(self, entries: Mapping[str, Entry]) -> Iterator[Problem]:
        for file, entry in entries.items():
            for name in entry.names.all:
                other = self._entries.setdefault(folded(name), entry)
                if other is not entry:
                    first = self._files.get(other.name, "")
                    yield Problem(f"the name '{name}' is also one of '{other.name}' ({first})", file, "a name means one thing")

    def _missing(self, entries: Mapping[str, Entry]) -> Iterator[Problem]:
        for file, entry in entries.items():
            for name, wanted in _named(entry):
                found = self._entries.get(folded(name))
                if not isinstance(found, wanted):
                    kinds = " or ".join(kind.__name__.lower() for kind in wanted)
                    hint = did_you_mean(name, [one.name for one in self if isinstance(one, wanted)])
                    yield Problem(f"there is no {kinds} '{name}'", file, f"{hint}add its file")

    def __iter__(self) -> Iterator[Entry]:
        """Yield every entry once, sorted by name."""
        unique = {entry.name: entry for entry in self._entries.values()}
        return iter(unique[name] for name in sorted(unique, key=folded))

    def of_kind(self, kind: type[Wanted]) -> list[Wanted]:
        """Return the entries of one kind, sorted by name."""
        return [entry for entry in self if isinstance(entry, kind)]

    def find(self, name: str) -> Entry:
        """Return the entry with that name: English, Chinese (simplified or traditional), pinyin, Latin, or a code.

        Tones, spaces, hyphens and capitals do not matter. ``X without Y`` is the formula X without the herb Y.

        Raises
        ------
        InputError : if there is none.
        """
        found = self._entries.get(folded(name))
        if found is not None:
            return found
        if WITHOUT in name:
            whole, _, out = name.partition(WITHOUT)
            formula = self.get(whole, Formula)
            return formula.without(*(self.get(one, Herb).name for one in out.split(" and ")))
        names = {known: entry for entry in self for known in entry.names.all}
        hint = did_you_mean(name, names)
        raise InputError(f"there is no '{name}' in the library", "", f"{hint}'coculture compounds list' names all entries")

    def get(self, name: str, kind: type[Wanted]) -> Wanted:
        """Return the entry with that name if it is of that kind; InputError otherwise."""
        found = self.find(name)
        if not isinstance(found, kind):
            raise InputError(f"'{name}' is no {kind.__name__.lower()} but a {type(found).__name__.lower()}", name)
        return found

    def file_of(self, entry: Entry) -> str:
        """Return the file an entry came from, '' for a formula with herbs left out."""
        return self._files.get(entry.name, "")

    def with_files(self, paths: Iterable[Path]) -> Library:
        """Return a library that also holds the entries of these files.

        Raises
        ------
        FileError, InputError : if a file is missing or wrong, or its names are taken.
        """
        return Library({self._files[one.name]: one for one in self} | {str(path): read_entry(path) for path in paths})


def _named(entry: Entry) -> Iterator[tuple[str, tuple[type[Entry], ...]]]:
    """Yield the names of other entries that an entry holds, and what they have to be."""
    if isinstance(entry, Herb | Extract):
        yield from ((one.compound, (Compound,)) for one in entry.ingredients)
    if isinstance(entry, Extract):
        yield entry.of, (Herb, Formula)
    if isinstance(entry, Formula):
        yield from ((one.herb, (Herb,)) for one in entry.members)
    if isinstance(entry, Carrier):
        yield entry.drug, (Compound,)


@cache
def standard_library() -> Library:
    """Return the library that comes with the program."""
    home = resources.files("coculture.compounds") / "data"
    files = [
        (f"{folder}/{item.name}", item)
        for folder in FOLDERS
        for item in sorted((home / folder).iterdir(), key=lambda one: one.name)
        if item.name.endswith(".toml")
    ]
    return Library({file: parse_entry(item.read_text(encoding="utf-8"), file) for file, item in files})


def find(name: str) -> Entry:
    """Return an entry of the program's library by any of its names; InputError if there is none."""
    return standard_library().find(name)
