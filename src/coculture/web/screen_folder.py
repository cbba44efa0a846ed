"""One results folder, read when a page asks and kept until a file of it changes."""

from __future__ import annotations

import glob
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from coculture.plate.layout import Layout
from coculture.report.analysis_scale import AnalysisScale, scale_of
from coculture.report.places import layout_of
from coculture.report.reading import Results, read_results, settings_of
from coculture.report.readouts import Readout, readouts_of
from coculture.store.names import folder_name
from coculture.store.provenance import RUN_FILE, read_run_json
from coculture.store.store_note import left_in_store
from coculture.store.tables import read_table
from coculture.web.enclosed import require_enclosed

WATCHED = ("run.json", "recipe.toml", "wells.parquet", "normalised.parquet", "hits.parquet", "quality.parquet", "ledger.jsonl")
"""Files whose change makes a folder be read anew."""


MANY_FILES = "read_parquet(?, hive_partitioning = false, union_by_name = true)"
"""The tables of many wells as one, in SQL."""


class ScreenFolder:
    """A results folder and what has been read of it.

    Attributes
    ----------
    folder : the folder; everything is read below it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._contents: tuple[tuple[int, ...], ScreenContents] | None = None

    @property
    def contents(self) -> ScreenContents:
        """What the folder holds now."""
        now = tuple(_changed(self.folder / name) for name in WATCHED)
        with self._lock:
            if self._contents is None or self._contents[0] != now:
                self._contents = (now, ScreenContents(self.folder))
            return self._contents[1]


class ScreenContents:
    """The tables of one results folder as they were at one moment; each is read once, when it is first asked for.

    Raises
    ------
    FileError : if a table of the folder is a link.
    """

    def __init__(self, folder: Path) -> None:
        require_enclosed(folder)
        self.folder = folder
        self._lock = threading.Lock()

    @cached_property
    def run(self) -> Mapping[str, Any]:
        """What ``run.json`` holds; empty where the run has not ended."""
        return read_run_json(self.folder) if (self.folder / RUN_FILE).exists() else {}

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """The recipe as it was run; empty where there is none."""
        return settings_of(self.folder, self.run)

    @cached_property
    def wells(self) -> pd.DataFrame:
        """The table of wells, empty where the run has not got to it."""
        return self._table("wells")

    @cached_property
    def normalised(self) -> pd.DataFrame:
        """One row a well and read-out."""
        return self._table("normalised")

    @cached_property
    def quality(self) -> pd.DataFrame:
        """One row a plate and read-out."""
        return self._table("quality")

    @cached_property
    def readouts(self) -> tuple[Readout, ...]:
        """The read-outs, the primary one first."""
        named = list(dict.fromkeys(self.normalised["readout"])) if "readout" in self.normalised else []
        return readouts_of(self.settings, named)

    @cached_property
    def plates(self) -> tuple[str, ...]:
        """Names of the plates, sorted."""
        return tuple(sorted({str(name) for name in self.wells["plate"]})) if "plate" in self.wells else ()

    @cached_property
    def designs(self) -> Mapping[str, int]:
        """Plate → a number that plates share whose wells were given the same; those are replicates of each other."""
        if "plate" not in self.wells:
            return {}
        wells = self.wells.reindex(columns=["well", "role", "compound", "dose", "dose_unit", "condition"])
        given = pd.util.hash_pandas_object(wells.astype(str), index=False).groupby(self.wells["plate"].astype(str))
        return {str(plate): hash(frozenset(own)) for plate, own in given}

    @cached_property
    def cell_columns(self) -> tuple[str, ...]:
        """Columns of the cell tables, as the first of each plate has them; none where no cells were kept."""
        firsts = (next(plate.glob("well=*.parquet"), None) for plate in sorted((self.folder / "cells").glob("plate=*")))
        tables = (self.ask("DESCRIBE FROM read_parquet(?)", [glob.escape(path.as_posix())]) for path in firsts if path)
        return tuple(dict.fromkeys(str(name) for table in tables for name in table["column_name"]))

    @cached_property
    def cell_types(self) -> tuple[str, ...]:
        """The cell types that occur, sorted; none where no cells were kept."""
        if not self.cell_columns:
            return ()
        question = f"SELECT DISTINCT cell_type FROM {MANY_FILES} WHERE cell_type IS NOT NULL ORDER BY cell_type"
        return tuple(str(name) for name in self.ask(question, [self.cell_files()])["cell_type"])

    @property
    def cells_elsewhere(self) -> str:
        """The address of the object store in which cells of this screen lie that were not brought here; '' where all are here."""
        note = left_in_store(self.folder, "cells")
        return note.url if note else ""

    def has_cells(self, plate: str) -> bool:
        """Tell whether cells of a plate were kept."""
        return next((self.folder / "cells" / f"plate={folder_name(plate)}").glob("well=*.parquet"), None) is not None

    def cell_files(self, plate: str = "") -> str:
        """Return which files hold the cells of a plate, or of all, as a pattern."""
        own = glob.escape(f"plate={folder_name(plate)}") if plate else "plate=*"
        return f"{glob.escape((self.folder / 'cells').as_posix())}/{own}/well=*.parquet"

    def file(self, kind: str) -> str:
        """Return where a table of the whole screen lies, as a pattern that no character of the folder's name disturbs."""
        return glob.escape((self.folder / f"{kind}.parquet").as_posix())

    @cached_property
    def layout(self) -> Layout | None:
        """The plates' layout, None where the wells cannot be placed."""
        return layout_of(self.settings, self.wells) if "well" in self.wells else None

    @property
    def name(self) -> str:
        """What the screen is called."""
        section = self.settings.get("screen")
        named = section.get("name") if isinstance(section, Mapping) else ""
        return str(named or self.folder.name)

    def scale_of(self, readout: str) -> AnalysisScale:
        """Return the scale on which a read-out is judged."""
        return scale_of(self.settings, readout)

    @cached_property
    def results(self) -> Results:
        """What the report's figures are drawn from, without the tables that have one file a well."""
        return read_results(self.folder, with_fields=False)

    def ask(self, question: str, values: Sequence[Any] = ()) -> pd.DataFrame:
        """Return the answer to a question in SQL.

        Parameters
        ----------
        question : fixed text with ``?`` where ``values`` go; nothing a reader typed may stand in it. Tables are files,
            ``read_parquet(?)`` with :meth:`file`, or :data:`MANY_FILES` with :meth:`cell_files`.
        values : one a question mark.
        """
        with self._lock:
            return self._database.execute(question, list(values)).df()

    def has(self, kind: str) -> bool:
        """Tell whether the folder has a table of the whole screen of that name."""
        return (self.folder / f"{kind}.parquet").is_file()

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        """A database in memory that may read nothing outside the folder, whatever a question says."""
        database = duckdb.connect(":memory:")
        database.execute("SET parquet_metadata_cache = true")
        database.execute("SET allowed_directories = [$1]", [self.folder.as_posix() + "/"])
        database.execute("SET enable_external_access = false")
        database.execute("SET lock_configuration = true")
        return database

    def _table(self, kind: str) -> pd.DataFrame:
        return read_table(self.folder / f"{kind}.parquet") if self.has(kind) else pd.DataFrame()


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
