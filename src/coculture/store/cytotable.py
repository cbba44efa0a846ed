"""Single-cell profiles as CytoTable writes them, for pycytominer: one Parquet file, one row a cell.

Takes a table whose columns are CellProfiler's names (``Nuclei_AreaShape_Area``, ``Metadata_Well``). Which image a cell is of
becomes ``Metadata_ImageNumber``, counted over plate, well, site and time in their order, and ``Image_Metadata_Plate``,
``Image_Metadata_Well``, ``Image_Metadata_Site``; its number there ``Metadata_<objects>_ObjectNumber`` for each kind of object.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from coculture.errors import InputError
from coculture.store.tables import write_table

OBJECTS = ("Cells", "Cytoplasm", "Nuclei", "Ring")
IMAGE_KEYS = ("Metadata_Plate", "Metadata_Well", "Metadata_Site", "Metadata_T_min")
CELL_KEY = "Metadata_ObjectNumber"


def as_cytotable(frame: pd.DataFrame, *, first_image: int = 1) -> pd.DataFrame:
    """Return the table with CytoTable's key columns first, then other metadata, then features object by object.

    Parameters
    ----------
    frame : one row a cell, with ``Metadata_Plate``, ``Metadata_Well``, ``Metadata_ObjectNumber`` and at least one feature
        of ``Cells``, ``Cytoplasm``, ``Nuclei`` or ``Ring``; ``Metadata_Site`` and ``Metadata_T_min`` where there are several.
    first_image : number of its first image, for a table that is written well by well.

    Raises
    ------
    InputError : if one of these is missing, or a cell stands there twice.
    """
    _require(frame, ("Metadata_Plate", "Metadata_Well", CELL_KEY))
    features = {part: [name for name in frame.columns if name.startswith(f"{part}_")] for part in OBJECTS}
    measured = [part for part in OBJECTS if features[part]]
    if not measured:
        raise InputError(
            "no column is a feature in CellProfiler's names", "as_cytotable", "rename the features first (to_cellprofiler)"
        )
    keys = [name for name in IMAGE_KEYS if name in frame.columns]
    twice = frame.duplicated([*keys, CELL_KEY])
    if twice.any():
        cell = frame.loc[twice, [*keys, CELL_KEY]].iloc[0].to_dict()
        raise InputError(f"a cell stands there twice: {cell}", "as_cytotable", "keep one row a cell, image and time")
    image = frame.groupby(keys, sort=True).ngroup() + first_image
    out = pd.DataFrame({"Metadata_ImageNumber": image.astype("int64")}, index=frame.index)
    out = out.assign(**{f"Metadata_{part}_ObjectNumber": frame[CELL_KEY] for part in measured})
    out = out.assign(**{f"Image_{key}": frame[key] for key in keys})
    known = {*keys, CELL_KEY, *(name for part in measured for name in features[part])}
    others = [name for name in frame.columns if name not in known]
    columns = [frame[others], *(frame[features[part]] for part in measured)]
    return pd.concat([out, *columns], axis=1).reset_index(drop=True)


def write_cytotable(frame: pd.DataFrame, path: Path) -> None:
    """Write the table as CytoTable's Parquet, whole or not at all.

    Raises
    ------
    InputError : as :func:`as_cytotable`.
    FileError : if the file cannot be written.
    """
    write_table(as_cytotable(frame), path)


def _require(frame: pd.DataFrame, wanted: Sequence[str]) -> None:
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise InputError(f"no column {', '.join(missing)}", "as_cytotable", "rename the table first (to_cellprofiler)")
