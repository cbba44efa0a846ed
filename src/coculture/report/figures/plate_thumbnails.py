"""Many plates at a glance: one pixel a well, as small pictures."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import imagecodecs
import numpy as np

from coculture.report.colours import rgb
from coculture.report.figures.plate_map import ColourRange, MappedWell


def plate_thumbnail(wells: Sequence[MappedWell], rows: int, columns: int, colours: ColourRange) -> str:
    """Return a PNG of ``columns`` × ``rows`` pixels as a data address; wells without a value are transparent."""
    pixels = np.zeros((rows, columns, 4), dtype=np.uint8)
    for well in wells:
        if well.value is not None:
            pixels[well.row, well.column] = (*rgb(colours.share(well.value)), 255)
    return "data:image/png;base64," + base64.b64encode(imagecodecs.png_encode(pixels, level=9)).decode()
