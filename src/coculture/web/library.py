"""Which results folders are shown: those that were named, or lie in a folder that was, and nothing else on the disk."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coculture.errors import FileError
from coculture.web.screen_folder import ScreenFolder

DEPTH = 2
"""How many folders below a named one results are looked for."""

MARKS = ("ledger.jsonl", "wells.parquet", "run.json")
"""A folder that holds one of these is a results folder."""


def is_results_folder(folder: Path) -> bool:
    """Tell whether a run or an analysis wrote into this folder."""
    return any((folder / mark).is_file() for mark in MARKS)


@dataclass
class Library:
    """The results folders that are shown.

    A screen is known by a short name of letters, digits and hyphens made from its folder's; pages name screens by it
    alone, so that no path ever comes from outside.

    Attributes
    ----------
    roots : the folders that were named when the workbench was started.
    """

    roots: tuple[Path, ...]
    _screens: dict[str, ScreenFolder] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, folders: Sequence[Path]) -> Library:
        """Return the library of some folders.

        Raises
        ------
        FileError : if one is no folder, or there are no results in it.
        """
        roots = tuple(folder.resolve() for folder in folders)
        for root in roots:
            if not root.is_dir():
                raise FileError(
                    "there is no such folder", str(root), "name a folder that 'coculture run' wrote, or one that holds some"
                )
        library = cls(roots)
        if not library.screens():
            remedy = f"name a folder that 'coculture run' wrote, or one in which such folders lie, at most {DEPTH} folders down"
            raise FileError("there are no results here", ", ".join(map(str, roots)), remedy)
        return library

    def screens(self) -> dict[str, ScreenFolder]:
        """Return every screen by its name; looked for anew each time, since runs begin and end."""
        found = [folder for root in self.roots for folder in _results_in(root, DEPTH)]
        with self._lock:
            known = {screen.folder: screen for screen in self._screens.values()}
            self._screens = {}
            for folder in dict.fromkeys(found):
                self._screens[self._free_name(folder)] = known.get(folder) or ScreenFolder(folder)
            return dict(self._screens)

    def screen(self, name: str) -> ScreenFolder | None:
        """Return the screen of that name, None where there is none."""
        with self._lock:
            known = self._screens.get(name)
        if known is not None and known.folder.is_dir():
            return known
        return self.screens().get(name)

    def _free_name(self, folder: Path) -> str:
        own = folder.name if folder.name != "results" else f"{folder.parent.name}-results"
        stem = re.sub(r"[^A-Za-z0-9]+", "-", own).strip("-").lower() or "screen"
        name, number = stem, 1
        while name in self._screens:
            number += 1
            name = f"{stem}-{number}"
        return name


def _results_in(folder: Path, depth: int) -> list[Path]:
    """Return the results folders at or below a folder; links to elsewhere are not followed."""
    if is_results_folder(folder):
        return [folder]
    if depth == 0:
        return []
    below = sorted(path for path in folder.iterdir() if path.is_dir() and not path.is_symlink() and not path.name.startswith("."))
    return [results for path in below for results in _results_in(path, depth - 1)]
