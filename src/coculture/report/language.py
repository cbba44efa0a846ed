"""The languages of report and workbench: which there are, which one is spoken now, and a text in it.

A text of a figure, a section or a sentence is written in English where it is used, ``say("{n} plates", n=3)``, and that English
text is its key in the catalogue of every other language: ``texts/<language>/*.toml``, lines of ``"English" = "translation"``,
one file a theme. A test finds every text that a catalogue lacks, and every text that is no longer used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from coculture.errors import FileError, InputError

FOLDER = Path(__file__).parent / "texts"

LANGUAGES: dict[str, str] = {"en": "English", "zh-Hant": "繁體中文"}
"""Tag of each language (BCP 47) and its own name."""

USUAL = "en"
TOLD = "told.toml"
"""The part of a catalogue that holds what tables tell."""

_PLACE = re.compile(r"\\\{(\w+)\\\}")
"""A place in an escaped text."""

_NOW: ContextVar[str] = ContextVar("language", default=USUAL)


def language() -> str:
    """Return the tag of the language that is spoken now."""
    return _NOW.get()


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Speak a language inside a ``with``: of this thread, or of this request.

    Raises
    ------
    InputError : if there is no such language.
    """
    if tag not in LANGUAGES:
        raise InputError(f"there is no language '{tag}'", "language", f"use one of: {', '.join(LANGUAGES)}")
    before = _NOW.set(tag)
    try:
        yield
    finally:
        _NOW.reset(before)


def say(text: str, /, **values: object) -> str:
    """Return a text in the language that is spoken, its places ``{name}`` filled with ``values``; in English where it is new."""
    return texts(_NOW.get()).get(text, text).format(**values)


def retell(text: str) -> str:
    """Return a text that a table holds in English in the language that is spoken; parts that no catalogue knows stay.

    The analysis writes its reasons and notes in English, with numbers and names in them, parted by semicolons. A catalogue
    holds them with places, ``"Z′ {z} is below 0"``, and what stands in a place is told in the same way.
    """
    if _NOW.get() == USUAL or not text:
        return text
    whole = _told(text)
    return whole if whole is not None else say(mark("; ")).join(_told(part) or part for part in text.split("; "))


def _told(text: str) -> str | None:
    known = texts(_NOW.get())
    if text in known and "{" not in text:
        return known[text].format()
    for pattern, translation in _patterns(_NOW.get()):
        found = pattern.fullmatch(text)
        if found:
            return translation.format(**{name: retell(value) for name, value in found.groupdict().items()})
    return None


@cache
def _patterns(tag: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what tables hold as patterns, with their translations: a fixed beginning first, of those the longest."""
    with (FOLDER / tag / TOLD).open("rb") as file:
        told = tomllib.load(file)
    ordered = sorted(told, key=lambda text: (text[0] == "{", -len(re.sub(r"\{\w+\}", "", text))))
    return tuple(
        (re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>(?:(?!; ).)+?)", re.escape(text))), told[text]) for text in ordered
    )


def mark(text: str) -> str:
    """Return ``text`` as it is: a text that is said later, by a variable, so that the catalogues know it."""
    return text


@cache
def texts(tag: str) -> Mapping[str, str]:
    """Return every text of a language by its English one; nothing for English itself.

    Raises
    ------
    FileError : if two files of a catalogue hold the same text.
    """
    found: dict[str, str] = {}
    for path in sorted((FOLDER / tag).glob("*.toml")) if tag != USUAL else ():
        with path.open("rb") as file:
            own = tomllib.load(file)
        twice = set(own) & set(found)
        if twice:
            raise FileError(f"the text '{min(twice)}' stands in another file too", str(path), "keep it once")
        found |= own
    return found
