"""The workbench as a whole: its pages, its protection, and what a reader sees when something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from coculture import __version__
from coculture.errors import CocultureError, InputError
from coculture.web.library import Library
from coculture.web.pages import cell, cells, chip, compare, compound, hits, mixtures, pictures, plate, screens, well
from coculture.web.protection import LOOPBACK, Protection
from coculture.web.rendering import in_its_language, page

STATIC = Path(__file__).parent / "static"
REPORT_STYLE = Path(__file__).parents[1] / "report" / "templates" / "report.css"
PAGES = (screens, plate, well, pictures, cell, cells, hits, compound, mixtures, chip, compare)
"""The pages, in the order in which their addresses are tried."""

log = logging.getLogger("coculture.web")


def create_app(folders: Sequence[Path], *, host: str = LOOPBACK[0], token: str = "") -> FastAPI:
    """Return the workbench on some results folders.

    Parameters
    ----------
    folders : results folders, or folders in which some lie.
    host : the address it will be bound to. Any but the machine's own loopback needs a token.
    token : a secret that a reader has to show once.

    Raises
    ------
    FileError : if a folder is not there or holds no results.
    InputError : if the address can be reached from elsewhere and there is no token.
    """
    if host not in LOOPBACK and not token:
        raise InputError(
            f"the address {host} can be reached from other machines, and there is no token",
            "host",
            "bind to 127.0.0.1, or give a token",
        )
    app = FastAPI(title="coculture", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.library = Library.of(folders)
    names = frozenset({*LOOPBACK, "[::1]", host}) if host in LOOPBACK else frozenset()
    app.middleware("http")(in_its_language)
    app.middleware("http")(Protection(names, token, _unforeseen))
    for room in PAGES:
        app.include_router(room.router)
    app.add_api_route("/style/report.css", lambda: FileResponse(REPORT_STYLE, media_type="text/css"), include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(HTTPException, _not_found)
    app.add_exception_handler(RequestValidationError, _bad_address)
    app.add_exception_handler(CocultureError, _told)
    return app


def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return page(request, "problem.html.j2", status, problems=(), kind="not_found" if status == 404 else "refused")


def _bad_address(request: Request, error: Exception) -> Response:
    return page(request, "problem.html.j2", 400, problems=(), kind="bad_address")


def _told(request: Request, error: Exception) -> Response:
    problems = error.problems if isinstance(error, CocultureError) else ()
    return page(request, "problem.html.j2", 422, problems=problems, kind="told")


def _unforeseen(request: Request, error: Exception) -> Response:
    log.error("while showing %s", request.url.path, exc_info=error)
    return page(request, "problem.html.j2", 500, problems=(), kind="unforeseen")
