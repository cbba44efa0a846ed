"""What the results folder holds of one well: cells, contacts, images, medium, and what it was given."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from coculture.errors import FileError, InputError
from coculture.movie.wanted import Wanted
from coculture.store.images.field import FieldFacts
from coculture.store.images.plate import plate_images_path
from coculture.store.images.reading import field_facts
from coculture.store.medium import KeptMedium, medium_path, read_medium
from coculture.store.store_note import require_here
from coculture.store.tables import read_table, table_path, wells_with
from coculture.typed_file.complaints import did_you_mean

CELLS = ("site", "t_min", "cell_id", "track_id", "cell_type", "alive", "x_um", "y_um", "area_um2")
OF_SOLUTES = "cell_medium_"
CONTACTS = ("site", "t_min", "cell_a", "cell_b")


@dataclass(frozen=True, eq=False)
class KeptWell:
    """One well of a results folder.

    Attributes
    ----------
    results : the folder.
    plate, well, site : where.
    given : what it was given, in words.
    cells : the site's cells: site, t_min, cell_id, track_id, cell_type, alive, x_um, y_um, area_um2.
    contacts : the site's contacts: site, t_min, cell_a, cell_b.
    types : every type of the screen that this well has, sorted.
    medium : the medium, None where it was not kept.
    has_solutes : whether its virtual cells met solutes.
    images : what is kept of its images, None where nothing is.
    settings : the recipe as it was run.
    """

    results: Path
    plate: str
    well: str
    site: int
    given: str
    cells: pd.DataFrame
    contacts: pd.DataFrame
    types: tuple[str, ...]
    medium: KeptMedium | None
    has_solutes: bool
    images: FieldFacts | None
    settings: Mapping[str, Any]

    @property
    def is_virtual(self) -> bool:
        """Whether it was computed."""
        return bool(self.settings.get("source", {}).get("kind") == "virtual")

    @property
    def where(self) -> str:
        """The well in words."""
        return f"{self.plate} {self.well}"


def read_well(results: Path, well: str, wanted: Wanted) -> KeptWell:
    """Read one well.

    Raises
    ------
    FileError : if the folder holds no cells, or a file cannot be read.
    InputError : if there is no such well, plate or site, or several plates have one of that name.
    """
    if not results.is_dir():
        raise FileError("there is no such results folder", str(results), "name the folder that 'coculture run' wrote")
    plate, well = _found(results, well, wanted.plate)
    cells = _of(results, "cells", plate, well, CELLS)
    images = _images(results, plate, well, wanted.site)
    medium = medium_path(results, plate, well)
    sites = sorted({int(site) for site in cells["site"]} | ({wanted.site} if images is not None else set()))
    if wanted.site not in sites and len(cells):
        raise InputError(f"there is no site {wanted.site}", f"{plate} {well}", f"it has {', '.join(map(str, sites))}")
    contacts = _of(results, "contacts", plate, well, CONTACTS)
    here, pairs = (frame[frame["site"] == wanted.site].reset_index(drop=True) for frame in (cells, contacts))
    return KeptWell(
        results,
        plate,
        well,
        wanted.site,
        _given(results, plate, well),
        here,
        pairs,
        tuple(sorted({str(name) for name in cells["cell_type"].dropna() if str(name)})),
        read_medium(medium) if medium.exists() else None,
        any(name.startswith(OF_SOLUTES) for name in pq.read_schema(table_path(results, "cells", plate, well)).names),
        images,
        _settings(results),
    )


def _found(results: Path, well: str, plate: str | None) -> tuple[str, str]:
    """Return plate and well as the results call them."""
    known = list(wells_with(results, "cells"))
    if not any(name.upper() == _full(well, [name for _, name in known]) and plate in (None, one) for one, name in known):
        require_here(results, "cells")
    if not known:
        raise FileError("the folder holds no cells to show", str(results), "run a screen of images or of virtual wells first")
    plates = sorted({one for one, _ in known})
    if plate is not None and plate not in plates:
        raise InputError(f"there is no plate '{plate}'", str(results), f"{did_you_mean(plate, plates)}it has {', '.join(plates)}")
    wells = [(one, name) for one, name in known if plate in (None, one)]
    same = [(one, name) for one, name in wells if name.upper() == _full(well, [name for _, name in wells])]
    if not same:
        names = list(dict.fromkeys(name for _, name in wells))
        some = ", ".join(names[:8]) + (f", … ({len(names)} in all)" if len(names) > 8 else "")
        raise InputError(f"there is no well '{well}' with cells", str(results), f"{did_you_mean(well, names)}there is {some}")
    if len(same) > 1:
        there = ", ".join(one for one, _ in same)
        raise InputError(
            f"several plates have a well {well}: {there}", str(results), f"name one with --plate, as --plate '{same[0][0]}'"
        )
    return same[0]


def _full(well: str, names: list[str]) -> str:
    """Return a well's name in capitals, its column with two digits where that is how wells are named."""
    upper = well.upper()
    padded = f"{upper[:1]}0{upper[1:]}"
    return padded if upper not in names and padded in names else upper


def _of(results: Path, kind: str, plate: str, well: str, columns: tuple[str, ...]) -> pd.DataFrame:
    path = table_path(results, kind, plate, well)
    if kind == "contacts" and not path.exists():
        return pd.DataFrame({name: [] for name in columns})
    return read_table(path, columns)


def _images(results: Path, plate: str, well: str, site: int) -> FieldFacts | None:
    try:
        return field_facts(plate_images_path(results, plate), well, site)
    except FileError:
        return None


def _given(results: Path, plate: str, well: str) -> str:
    path = table_path(results, "wells")
    if not path.exists():
        return ""
    wells = read_table(path)
    row = wells[(wells["plate"] == plate) & (wells["well"] == well)]
    if row.empty:
        return ""
    treatment = str(row["treatment"].iloc[0] or "") if "treatment" in row else ""
    return treatment if treatment not in ("", "nan", "None", "<NA>") else str(row["role"].iloc[0])


def _settings(results: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads((results / "recipe.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
