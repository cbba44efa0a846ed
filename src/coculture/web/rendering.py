"""From a page's values to its HTML, in the reader's language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from coculture import __version__
from coculture.report.language import LANGUAGES, speaking
from coculture.report.templating import environment_of
from coculture.web.language import Words, wanted_language

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_COOKIE = "coculture-language"
A_YEAR = 365 * 24 * 3600


def words_for(request: Request) -> Words:
    """Return the strings of the language this reader wants."""
    asked, kept = request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)
    return Words(wanted_language(asked, kept, request.headers.get("accept-language")))


async def in_its_language(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
    """Let a page be made in its reader's language: what the report's rooms draw and say for it, too."""
    with speaking(words_for(request).language):
        return await go_on(request)


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page.

    Parameters
    ----------
    request : what was asked.
    template : name of its template.
    status : HTTP status.
    values : what the template may use beside ``t`` (the strings), ``languages``, ``here`` and ``version``.
    """
    words = words_for(request)
    here = request.url.remove_query_params("lang")
    switch = {tag: f"?{here.include_query_params(lang=tag).query}" for tag in LANGUAGES}
    text = (
        environment()
        .get_template(template)
        .render(
            t=words, language=words.language, languages=LANGUAGES, switch=switch, version=__version__, here=here.path, **values
        )
    )
    response = HTMLResponse(text, status)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, words.language, max_age=A_YEAR, samesite="lax", path="/")
    return response


@cache
def environment() -> Environment:
    """Return the templates: the pages' own, then the sections of the report."""
    return environment_of(TEMPLATES)
