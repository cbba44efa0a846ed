"""What was found in a folder, before it is compared with what the recipe asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from coculture.imaging.read.structure import FileStructure

Reader = Literal["tiff", "ome-zarr"]

NO_CHANNEL = ""
"""Channel of a file whose name is silent about it."""


@dataclass(frozen=True)
class Found:
    """Every plane of every file.

    Attributes
    ----------
    frame : one row a plane: plate, well, site, t, z (whole numbers as the files give them), channel (the files' own value,
        or the channel's number from 1 inside a file), path (relative, with ``/``), plane (page number in the file).
    structure : what each file holds.
    reader : which module reads the pixels.
    channel_names : other names of a channel's value, from the metadata.
    step_min : minutes that one step of ``t`` takes, None where the files do not say.
    notes : what a user should know and may ignore.
    """

    frame: pd.DataFrame
    structure: FileStructure
    reader: Reader
    channel_names: dict[str, str]
    step_min: float | None = None
    notes: tuple[str, ...] = ()
