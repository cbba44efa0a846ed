"""What an address asks for, found or refused: the screen, its plate, its well."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from coculture.web.library import Library
from coculture.web.screen_folder import ScreenContents


def library_of(request: Request) -> Library:
    """Return the workbench's library."""
    library: Library = request.app.state.library
    return library


def screen_contents(request: Request, screen: str) -> ScreenContents:
    """Return the contents of the screen an address names.

    Raises
    ------
    HTTPException : 404 where there is none of that name.
    """
    found = library_of(request).screen(screen)
    if found is None:
        raise HTTPException(404)
    return found.contents


Screen = Annotated[ScreenContents, Depends(screen_contents)]
"""A page's argument: the contents of the screen in its address, ``/screens/{screen}/…``."""


def known(value: str, among: tuple[str, ...]) -> str:
    """Return ``value``, which has to be one of ``among``.

    Raises
    ------
    HTTPException : 404 otherwise.
    """
    if value not in among:
        raise HTTPException(404)
    return value
