"""Which class a method's name stands for. Loaded when asked for, so that a plug-in costs nothing where it is not used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from importlib import import_module
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.imaging.segment.base import (
    NUCLEI,
    CellOutlines,
    CellSegmenter,
    CellSettings,
    Labels,
    NucleusSegmenter,
    NucleusSettings,
    checked_image,
    checked_labels,
)
from coculture.imaging.segment.filters import drop_by_area, drop_touching_border

NUCLEUS_METHODS = {
    "watershed": "watershed:Watershed",
    "phase-contrast": "phase_contrast:PhaseContrast",
    "cellpose": "cellpose:Cellpose",
    "stardist": "stardist:StarDist",
    "instanseg": "instanseg:InstanSeg",
}
"""Method name → 'module:class' in this package."""

CELL_METHODS = {
    "territories": "territories:Territories",
    "propagation": "propagation:Propagation",
}


def nucleus_segmenter(settings: NucleusSettings) -> NucleusSegmenter:
    """Build the nucleus method the settings name.

    Raises
    ------
    InputError : if the method or one of its options is unknown.
    """
    options = {"diameter_um": settings.diameter_um, **settings.options}
    return cast(NucleusSegmenter, _build("nuclei", NUCLEUS_METHODS, settings.method, options))


def cell_segmenter(settings: CellSettings) -> CellSegmenter:
    """Build the cell method the settings name.

    Raises
    ------
    InputError : if the method or one of its options is unknown, or a channel is missing or not of use.
    """
    method = cast(CellSegmenter, _build("cells", CELL_METHODS, settings.method, settings.options))
    if method.needs_stain and not settings.channel:
        raise InputError(
            f"method '{settings.method}' follows a stain and no channel is named",
            "cells.channel",
            "name a channel that fills the cell and that no treatment moves, or use method 'territories'",
        )
    if not method.needs_stain and settings.channel:
        raise InputError(
            f"method '{settings.method}' rests on the nuclei and does not look at channel '{settings.channel}'",
            "cells.channel",
            "leave it out, or use method 'propagation'",
        )
    return method


def segment_nuclei(image: NDArray[Any], settings: NucleusSettings, pixel_size_um: float) -> Labels:
    """Find the nuclei of one field.

    Parameters
    ----------
    image : (Y, X) nuclear stain, grey levels, evenly lit.
    settings : method, options and filters.
    pixel_size_um : width of a pixel.

    Returns
    -------
    labels : (Y, X) int32, 0 is background. Nuclei a filter left out leave gaps in the numbers.

    Raises
    ------
    InputError : if the settings or shapes cannot be used.
    DataError : if the image holds values that are not numbers.
    MissingExtraError : if the method needs a library that is not installed.
    """
    _check_pixel_size(pixel_size_um)
    method = nucleus_segmenter(settings)
    labels = method.segment(checked_image(image, "nuclei.channel"), pixel_size_um)
    labels = drop_by_area(labels, settings.minimum_area_um2, settings.maximum_area_um2, pixel_size_um)
    return drop_touching_border(labels) if settings.touching_border == "drop" else labels


def segment_cells(nuclei: NDArray[Any], image: NDArray[Any] | None, settings: CellSettings, pixel_size_um: float) -> CellOutlines:
    """Draw a cell around every nucleus.

    Parameters
    ----------
    nuclei : (Y, X) labels of :func:`segment_nuclei`.
    image : (Y, X) image of ``settings.channel``; None for a method that rests on the nuclei.
    settings : method and options.
    pixel_size_um : width of a pixel.

    Returns
    -------
    outlines : labels with the nuclei's numbers, and what they rest on.

    Raises
    ------
    InputError : if the settings cannot be used, or the image is missing or of another shape than the nuclei.
    """
    _check_pixel_size(pixel_size_um)
    method = cell_segmenter(settings)
    nuclei = checked_labels(nuclei, "nuclei")
    if not method.needs_stain:
        return CellOutlines(method.segment(nuclei, None, pixel_size_um), NUCLEI)
    if image is None:
        raise InputError(f"method '{settings.method}' was given no image", "cells.channel", f"read channel '{settings.channel}'")
    if image.shape != nuclei.shape:
        raise InputError(
            f"image of shape {image.shape} for nuclei of shape {nuclei.shape}", "cells.channel", "use one field's images"
        )
    stain = checked_image(image, "cells.channel")
    return CellOutlines(method.segment(nuclei, stain, pixel_size_um), str(settings.channel))


def _build(section: str, known: Mapping[str, str], method: str, options: Mapping[str, Any]) -> object:
    if method not in known:
        raise InputError(f"unknown method '{method}'", f"{section}.method", "use one of: " + ", ".join(known))
    module, name = known[method].split(":")
    kind = getattr(import_module(f"coculture.imaging.segment.{module}"), name)
    allowed = [field.name for field in fields(kind)]
    unknown = [option for option in options if option not in allowed]
    if unknown:
        raise InputError(
            f"method '{method}' has no option " + ", ".join(f"'{option}'" for option in unknown),
            f"{section}.options",
            "its options are: " + ", ".join(allowed),
        )
    return kind(**options)


def _check_pixel_size(pixel_size_um: float) -> None:
    if not (np.isfinite(pixel_size_um) and pixel_size_um > 0):
        raise InputError(f"must be above 0, found {pixel_size_um}", "pixel_size_um", "say how many µm a pixel is wide")
