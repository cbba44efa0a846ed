"""The sections of a culture's file that belong to one process each.

A module of :mod:`coculture.cells.processes` that needs settings holds ``SETTINGS``, a class derived from ``Section``. The
culture's file then takes a table of the process's name, and the process finds the section in ``model.links[name]``. Its method
``internal_names()``, where it has one, names the numbers the process keeps inside cells; ``faults(types, solutes)`` yields (key
path, what, remedy) of what only the whole culture shows.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from pydantic import create_model

from coculture.cells.files.culture_keys import CultureFile
from coculture.cells.simulation import PROCESSES
from coculture.typed_file.section import Section


def process_sections() -> dict[str, type[Section]]:
    """Return the sections of the processes that have one, by the process's name."""
    found = {}
    for name in PROCESSES:
        settings = getattr(import_module(f"coculture.cells.processes.{name}"), "SETTINGS", None)
        if settings is not None:
            found[name] = settings
    return found


def with_processes(base: type[CultureFile]) -> type[CultureFile]:
    """Return the keys of a culture's file with a section for each process that has one."""
    sections: dict[str, Any] = {name: (section | None, None) for name, section in process_sections().items()}
    return create_model(base.__name__, __base__=base, __doc__=base.__doc__, **sections)


def settings_of(keys: CultureFile) -> dict[str, Section]:
    """Return the sections that a file gave, by the process's name."""
    given = {name: getattr(keys, name, None) for name in process_sections()}
    return {name: section for name, section in given.items() if section is not None}
