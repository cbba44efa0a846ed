"""What takes a moment to read is read before the first page asks for it."""

from __future__ import annotations

import logging
import threading

from coculture.compounds.library import standard_library
from coculture.errors import CocultureError
from coculture.web.library import Library
from coculture.web.screen_folder import ScreenContents

MOST_SCREENS = 20
"""Of more screens the others are read when they are looked at."""

log = logging.getLogger("coculture.web")


def warm(library: Library) -> threading.Thread:
    """Begin to read what pages need, beside whatever else goes on; return the thread, which ends by itself."""
    thread = threading.Thread(target=_read, args=(library,), name="warming", daemon=True)
    thread.start()
    return thread


def _read(library: Library) -> None:
    """Read the library of compounds, then of each screen what its plates, hits and cells are chosen by."""
    standard_library()
    for screen in list(library.screens().values())[:MOST_SCREENS]:
        try:
            _touch(screen.contents)
        except CocultureError:
            continue  # its page says why
        except Exception:
            log.debug("while reading %s ahead", screen.folder, exc_info=True)


def _touch(contents: ScreenContents) -> None:
    for _ in (contents.wells, contents.normalised, contents.readouts, contents.designs, contents.cell_types):
        pass
