"""Measure one field: one row a cell, the families that are asked for side by side."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np
import pandas as pd

from coculture.imaging.measure.families import family
from coculture.imaging.measure.kernels.shape import shape_statistics
from coculture.imaging.measure.objects import FieldObjects


def measure_field(objects: FieldObjects, families: Sequence[str], parts: Sequence[str] | None = None) -> pd.DataFrame:
    """Measure every cell of one field.

    Parameters
    ----------
    objects : pixels and labels.
    families : names of :data:`~coculture.imaging.measure.families.FAMILIES`.
    parts : ``nucleus``, ``ring``, ``cell``: only these, in families that measure several; by default all the family has.

    Returns
    -------
    One row a cell, rising by number: ``cell_id``, ``x_um`` and ``y_um`` (centre of the nucleus, from the image's top-left
    corner), ``area_um2`` (of the outline), then the features. A feature that is not defined for a cell is NaN there; the
    family's page says when.

    Raises
    ------
    InputError : if a family is not known.
    """
    nuclei, cells = objects.nucleus_pixels, objects.cell_pixels
    centre = shape_statistics(nuclei.starts, nuclei.pixels, objects.nuclei.shape[1])
    columns: dict[str, np.ndarray] = {
        "cell_id": objects.ids.astype(np.int64),
        "x_um": centre[:, 1] * objects.pixel_size_um,
        "y_um": centre[:, 2] * objects.pixel_size_um,
        "area_um2": cells.counts * objects.pixel_size_um**2,
    }
    for name in families:
        columns |= _measured(objects, family(name), parts)
    return pd.DataFrame(columns)


def _measured(objects: FieldObjects, chosen: ModuleType, parts: Sequence[str] | None) -> dict[str, np.ndarray]:
    own = getattr(chosen, "PARTS", None)
    if parts is None or own is None:
        found: dict[str, np.ndarray] = chosen.measure(objects)
    else:
        found = chosen.measure(objects, [part for part in own if part in parts])
    return found
