"""The words of a page that are neither translated, nor names, nor units."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from coculture.report.reading import Results
from coculture.report.readouts import spoken

READ_ALOUD = ("title", "aria-label", "alt")
NOT_READ = ("style", "script", "pre")
EMPTY = ("br", "hr", "img", "input", "link", "meta")
WORD = re.compile(r"(?<![\w&;/.])[A-Za-z]{2,}[A-Za-z-]*(?![\w/])")

UNITS = frozenset(["µm", "µM", "nM", "uM", "mM", "pM", "fmol", "min", "nm", "ng", "ug", "mg", "mL", "SD", "CV"])
TERMS = frozenset(
    [
        "coculture",
        "CSV",
        "SHA",
        "CI",
        "SSMD",
        "MuSyC",
        "ZIP",
        "HSA",
        "Bliss",
        "Loewe",
        "Rayleigh",
        "Fürth",
        "LOESS",
        "AICc",
        "REML",
        "Benjamini",
        "Hochberg",
        "beta",
        "mAP",
        "neg",
        "pos",
        "Clopper",
        "Pearson",
        "Kleinman",
        "synergyfinder",
        "log",
        "EC",
    ]
)
"""What is written so in Chinese too: abbreviations, names of methods and of people."""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if self._skipped or tag in NOT_READ or (given.get("lang") == "en" and tag != "html"):
            if tag not in EMPTY:
                self._skipped.append(tag)
            return
        self.texts += [value for name in READ_ALOUD if (value := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag not in EMPTY:
            self._skipped.pop()

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if not self._skipped:
            self.texts += [value for name, value in attributes if name in READ_ALOUD and value]

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.texts.append(data)


def left_in_english(html: str, names: Iterable[str]) -> dict[str, str]:
    """Return every English word that is left -> the text it stands in.

    Parameters
    ----------
    html : the page. Settings, style and what is marked ``lang="en"`` do not count.
    names : names from the recipe and the tables, and of files; longer ones are taken out of the texts first.
    """
    page = _Page()
    page.feed(html)
    known = sorted({str(name) for name in names if name}, key=len, reverse=True)
    found: dict[str, str] = {}
    for text in page.texts:
        rest = text
        for name in known:
            rest = re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![a-z])", " ", rest, flags=re.IGNORECASE)
        rest = re.sub(r"[\w/]+\.(?:parquet|jsonl?|csv|toml|tif)|[a-z]+_[a-z_]+|doses/|fields/", " ", rest)
        found |= {word: text.strip()[:160] for word in WORD.findall(rest) if word not in UNITS | TERMS}
    return found


def names_in(results: Results) -> set[str]:
    """Return what recipe and tables call things: these are said as they are in every language."""
    return {
        *_texts_in(results.settings),
        *_texts_in(json.loads(json.dumps(dict(results.run), default=str))),
        *results.wells["compound"].dropna(),
        *(name for one in results.readouts for name in (one.name, one.label)),
        *results.plates,
        spoken(results.section("screen")["name"]),
        *results.conditions,
        *("Huanglian Jiedu Tang", "Huangqin", "Huanglian", "baicalin", "berberine", "geniposide", "translocation"),
        *("moderated-t", "percent-of-control", "watershed", "cell"),
    }


def _texts_in(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for key, value in found.items():
            yield str(key)
            yield from _texts_in(value)
    elif isinstance(found, list | tuple):
        for value in found:
            yield from _texts_in(value)
    elif isinstance(found, str) and found:
        yield found
