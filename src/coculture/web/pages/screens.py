"""The first page: every screen there is, how it stands, and what it asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, Request, Response

from coculture.errors import CocultureError
from coculture.web.asked import library_of
from coculture.web.rendering import page
from coculture.web.screen_folder import ScreenFolder
from coculture.web.standing import Standing, standing_of

router = APIRouter()


@dataclass(frozen=True)
class Listed:
    """One screen in the list.

    Attributes
    ----------
    key : its name in addresses.
    trouble : why its folder cannot be read, '' where it can.
    date : when it was last written to, to the minute, in this machine's time.
    kind : ``images``, ``wells`` or ``virtual``; '' where no recipe says.
    bytes : size of its tables.
    """

    key: str
    name: str
    folder: str
    standing: Standing
    n_plates: int
    n_wells: int
    n_treatments: int
    date: str
    bytes: int
    kind: str = ""
    trouble: str = ""


@router.get("/")
def screens(request: Request) -> Response:
    """Show every screen."""
    listed = [_listed(key, screen) for key, screen in library_of(request).screens().items()]
    return page(request, "screens.html.j2", screens=sorted(listed, key=lambda one: one.date, reverse=True))


def _listed(key: str, screen: ScreenFolder) -> Listed:
    folder = screen.folder
    date, size = _written(folder)
    try:
        contents, standing = screen.contents, standing_of(folder)
        wells, source = contents.wells, contents.settings.get("source")
        kind = str(source.get("kind", "")) if isinstance(source, dict) else ""
        treated = wells.loc[wells["role"] == "treatment", ["compound", "dose"]].drop_duplicates() if len(wells) else wells
        name, counts = contents.name, (len(contents.plates), len(wells), len(treated))
        return Listed(key, name, str(folder), standing, *counts, date, size, kind)
    except CocultureError as error:
        return Listed(key, folder.name, str(folder), Standing("stopped", 0, ()), 0, 0, 0, date, size, trouble=str(error))


def _written(folder: Path) -> tuple[str, int]:
    """Return when a folder's own files were last written, and how large its tables are together."""
    files = [path.stat() for path in folder.iterdir() if path.is_file()]
    last = max((file.st_mtime for file in files), default=folder.stat().st_mtime)
    return datetime.fromtimestamp(last).strftime("%Y-%m-%d %H:%M"), sum(file.st_size for file in files)
