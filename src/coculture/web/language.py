"""The pages' languages: which there are, which one a reader wants, and a string in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from coculture.report.language import LANGUAGES, USUAL

FOLDER = Path(__file__).parent / "words"


class Words:
    """The strings of one language: ``words("plate.title", plate="P1")``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._strings = catalogue(language)

    def __call__(self, key: str, **values: object) -> str:
        """Return a string with its places filled.

        Raises
        ------
        KeyError : if the catalogue has no such string, which a test rules out.
        """
        return self._strings[key].format(**values)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every string of a language by its dotted key."""
    with (FOLDER / f"{language}.toml").open("rb") as file:
        tree = tomllib.load(file)
    return {f"{section}.{key}": text for section, strings in tree.items() for key, text in strings.items()}


def wanted_language(asked: str | None, kept: str | None, accepted: str | None) -> str:
    """Return the language of a page.

    Parameters
    ----------
    asked : what the address says (``?lang=``).
    kept : what the reader chose before.
    accepted : the browser's ``Accept-Language``.
    """
    for tag in (asked, kept):
        if tag in LANGUAGES:
            return str(tag)
    for part in (accepted or "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.startswith("zh"):
            return "zh-Hant"
        if tag.startswith("en"):
            return "en"
    return USUAL
