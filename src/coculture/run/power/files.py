"""The files of a power calculation."""

from __future__ import annotations

import json
from pathlib import Path

from coculture import __version__
from coculture.run.power.study import PowerStudy
from coculture.spreadsheet_cells import LINE_END
from coculture.store.atomic import write_bytes
from coculture.store.spreadsheet import safe_for_spreadsheets
from coculture.store.tables import write_table

TABLES = ("power", "level", "densities")
FACTS_FILE = "power.json"


def write_study(study: PowerStudy, folder: Path) -> None:
    """Write the tables as Parquet and as CSV, the pilot wells as Parquet, and what was asked as JSON.

    Raises
    ------
    FileError : if a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        table = getattr(study, name)
        write_table(table, folder / f"{name}.parquet")
        write_bytes(folder / f"{name}.csv", safe_for_spreadsheets(table).to_csv(index=False, lineterminator=LINE_END).encode())
    write_table(study.wells.reset_index(drop=True), folder / "pilot_wells.parquet")
    facts = {"version": __version__, **study.facts, "notes": list(study.notes)}
    write_bytes(folder / FACTS_FILE, (json.dumps(facts, indent=1, ensure_ascii=False) + "\n").encode())
