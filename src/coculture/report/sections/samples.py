"""Which wells the crops show: the controls and the top hits, each by its most typical well that has images."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import CocultureError, FileError
from coculture.report.language import say
from coculture.report.pictures import Crop, cut
from coculture.report.reading import Results
from coculture.report.readouts import Readout
from coculture.report.records import records
from coculture.report.sections.compared import MOST_HITS, MOST_TREATMENTS, varied_hits, wells_of
from coculture.report.sections.plates import given
from coculture.report.words.numbers import significant, text_of
from coculture.store.images.documents import sites
from coculture.store.images.field import FieldImages
from coculture.store.images.plate import plate_images_path
from coculture.store.images.reading import read_field
from coculture.store.object_store import StoreError
from coculture.store.tables import read_table, table_path

MOST_TRIED = 12
"""Wells of a treatment in which images are looked for."""


@dataclass(frozen=True)
class Sample:
    """A well to show.

    Attributes
    ----------
    name : what it was given, with its rank where it is a hit.
    plate, well, site : where the field lies.
    value : its primary read-out in words.
    crop : the piece of the field that is shown.
    channels : names of the crop's channels.
    types : type of the cell of each label, '' for a label that is in no table.
    """

    name: str
    plate: str
    well: str
    site: int
    value: str
    crop: Crop
    channels: tuple[str, ...]
    types: dict[int, str]


def samples(results: Results) -> Iterator[Sample]:
    """Yield the negative control, the positive control, then hits: of the primary read-out first, then of the others."""
    wells = results.wells
    for role in ("negative", "positive"):
        sample = _typical(results, wells[wells["role"] == role], results.primary, "")
        if sample is not None:
            yield sample
    shown: set[tuple[str, str]] = set()
    for place, readout in enumerate(results.readouts):
        most = MOST_HITS if place == 0 else min(MOST_HITS, len(shown) + 1)
        lead = say("hit: ") if place == 0 else say("hit by {label}: ", label=readout.label)
        for row in varied_hits(results.hits[results.hits["readout"] == readout.name])[:MOST_TREATMENTS]:
            treatment = (text_of(row["compound"]), str(row["dose"]))
            if len(shown) >= most or treatment in shown:
                continue
            sample = _typical(results, wells_of(wells, row), readout, lead)
            if sample is not None:
                shown.add(treatment)
                yield sample


def _typical(results: Results, wells: pd.DataFrame, readout: Readout | None, lead: str) -> Sample | None:
    """Return the well whose read-out is nearest to the wells' median and that has images; None where none has."""
    name = readout.name if readout else ""
    if name in wells:
        values = wells[name].astype(float)
        wells = wells.assign(distance=(values - values.median()).abs())
        wells = wells.sort_values(["distance", "plate", "well"], kind="stable")
    for row in records(wells.head(MOST_TRIED)):
        plate, well = str(row["plate"]), str(row["well"])
        field = _field(results, plate, well)
        if field is None:
            continue
        said = f"{readout.label} {significant(row[name])}" if readout and name in row else ""
        what = lead + given(row["role"], row["compound"], row["dose"], text_of(row["dose_unit"]))
        types = _types(results, plate, well, field)
        return Sample(what, plate, well, field.site, said, cut(field), field.channels, types)
    return None


def _field(results: Results, plate: str, well: str) -> FieldImages | None:
    path = plate_images_path(results.folder, plate)
    try:
        return read_field(path, well, sites(path, well)[0])
    except StoreError:
        raise
    except (FileError, IndexError):
        return None


def _types(results: Results, plate: str, well: str, field: FieldImages) -> dict[int, str]:
    """Return the type of each cell of the field, by its label; empty where there is no table of cells."""
    try:
        path = table_path(results.folder, "cells", plate, well)
        cells = read_table(path, ["site", "t_min", "cell_id", "cell_type"])
    except StoreError:
        raise
    except CocultureError:
        return {}
    here = cells[(cells["site"] == field.site) & (cells["t_min"] == field.t_min)]
    return {int(label): str(name) for label, name in zip(here["cell_id"], here["cell_type"], strict=True)}


def place_of(plate: str, well: str, site: int) -> str:
    """Return where a field lies, in words; without the plate where ``plate`` is ''."""
    if plate:
        return say("plate {plate}, well {well}, field {site}", plate=plate, well=well, site=site)
    return say("well {well}, field {site}", well=well, site=site)


def labels_of_type(labels: NDArray[np.int32], types: dict[int, str], wanted: str) -> NDArray[np.int32]:
    """Return the label image with only the cells of the type ``wanted``."""
    keep = [label for label, name in types.items() if name == wanted]
    return np.where(np.isin(labels, keep), labels, 0).astype(np.int32)
