"""One field of view: from the camera's pixels and the plate's light to cells, contacts and quality."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.imaging.measure.field import measure_field
from coculture.imaging.measure.objects import FieldObjects
from coculture.imaging.quality import QualitySettings, field_quality
from coculture.imaging.read.field import Field
from coculture.imaging.segment.base import NUCLEI, CellSettings, NucleusSettings
from coculture.imaging.segment.compartments import RingSettings, perinuclear_ring
from coculture.imaging.segment.methods import segment_cells, segment_nuclei
from coculture.sources.contact_pairs import ContactSettings, contact_pairs

ONE_TYPE = "cell"
"""Type of every cell where types are not told apart."""


@dataclass(frozen=True)
class FieldSettings:
    """How one field is segmented, measured and judged.

    Attributes
    ----------
    nuclei_channel : channel of the nuclear stain.
    nuclei, cells, ring : see :mod:`coculture.imaging.segment`.
    families : families of features, see :mod:`coculture.imaging.measure.families`.
    quality : when a field is flagged.
    contacts : which cells count as neighbours.
    territories : how stain-independent outlines are drawn beside outlines that follow a stain.
    """

    nuclei_channel: str = "dna"
    nuclei: NucleusSettings = field(default_factory=NucleusSettings)
    cells: CellSettings = field(default_factory=CellSettings)
    ring: RingSettings = field(default_factory=RingSettings)
    families: tuple[str, ...] = ("shape", "intensity")
    quality: QualitySettings = field(default_factory=QualitySettings)
    contacts: ContactSettings = field(default_factory=ContactSettings)
    territories: CellSettings = field(default_factory=CellSettings)


@dataclass(frozen=True)
class FieldAnalysis:
    """What one field came to.

    Attributes
    ----------
    field : the field as it was read.
    cells : rows of the cell table.
    contacts : rows of the contact table.
    territory_contacts : the same on territories, which no stain can move; None where the outlines are territories anyway.
    quality : rows of the field table.
    labels : name → int32 (Y, X): ``nuclei`` and ``cells``.
    """

    field: Field
    cells: pd.DataFrame
    contacts: pd.DataFrame
    territory_contacts: pd.DataFrame | None
    quality: pd.DataFrame
    labels: dict[str, NDArray[np.int32]]


def analyse_field(seen: Field, even: NDArray[np.float32], settings: FieldSettings) -> FieldAnalysis:
    """Segment, measure and judge one field.

    Parameters
    ----------
    seen : the field as the camera gave it.
    even : (C, Y, X) the same pixels, evenly lit.
    settings : how.

    Raises
    ------
    InputError : if a channel that is asked for is not there.
    DataError : if the pixels cannot be segmented.
    """
    size = seen.pixel_size_um
    nuclei = segment_nuclei(_channel(even, seen, settings.nuclei_channel, "nuclei.channel"), settings.nuclei, size)
    followed = settings.cells.channel
    stain = None if followed is None else _channel(even, seen, followed, "cells.channel")
    outlines = segment_cells(nuclei, stain, settings.cells, size)
    cells = outlines.labels
    ring = perinuclear_ring(nuclei, cells, settings.ring, size)
    ceiling = seen.max_value if np.isfinite(seen.max_value) else None
    objects = FieldObjects(even, seen.channels, nuclei, cells, ring, size, ceiling)
    place: dict[str, Any] = {"plate": seen.plate, "well": seen.well, "site": seen.site, "t_min": seen.t_min}
    measured = _as_cells(measure_field(objects, settings.families)).assign(**place)
    on_territories = None
    if outlines.basis != NUCLEI:
        territories = segment_cells(nuclei, None, settings.territories, size).labels
        on_territories = contact_pairs(territories, measured, size, settings.contacts).assign(**place)
    return FieldAnalysis(
        field=seen,
        cells=measured,
        contacts=contact_pairs(cells, measured, size, settings.contacts).assign(**place),
        territory_contacts=on_territories,
        quality=field_quality(seen.pixels, seen.channels, nuclei, seen.max_value, settings.quality).assign(**place),
        labels={"nuclei": nuclei, "cells": cells},
    )


def _channel(even: NDArray[np.float32], seen: Field, name: str, key: str) -> NDArray[np.float32]:
    if name not in seen.channels:
        raise InputError(f"there is no channel '{name}'", key, f"the channels are {', '.join(seen.channels)}")
    image: NDArray[np.float32] = even[seen.channels.index(name)]
    return image


def _as_cells(measured: pd.DataFrame) -> pd.DataFrame:
    """Return the measured cells with what a single image cannot know: untracked, of one type, alive, on the floor."""
    return measured.assign(track_id=measured["cell_id"], parent_id=-1, cell_type=ONE_TYPE, alive=True, phase="", z_um=0.0)
