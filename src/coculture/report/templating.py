"""From what a section holds to its HTML, in the language that is spoken."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from coculture.report.language import language, mark, retell, say, texts
from coculture.report.words.numbers import paragraph, sentence_case

TEMPLATES = Path(__file__).parent / "templates"


class Numbering:
    """Counts the figures and tables of one page."""

    def __init__(self) -> None:
        self._counts = {"Figure": 0, "Table": 0}

    def __call__(self, kind: str) -> str:
        """Return ``Figure 1.``, ``Figure 2.``, … ; ``kind`` is Figure or Table."""
        self._counts[kind] += 1
        return say({"Figure": mark("Figure {n}."), "Table": mark("Table {n}.")}[kind], n=self._counts[kind])


def environment_of(*folders: Path) -> Environment:
    """Return templates from some folders and then the report's, so that other pages can show its sections.

    A template says its texts by ``say("{n} wells", n=3)``, as the code does; it may have marks of HTML in them.
    """
    environment = Environment(
        loader=FileSystemLoader([*folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["sentences"] = paragraph
    environment.filters["sentence_case"] = sentence_case
    environment.filters["retell"] = retell
    environment.globals["say"] = said_in_html
    environment.globals["spoken_language"] = language
    return environment


def said_in_html(text: str, /, **values: object) -> Markup:
    """Return a template's text in the language that is spoken, its places filled with escaped values."""
    return Markup(texts(language()).get(text, text)).format(**values)
