"""What every segmentation method promises, what the recipe may ask of it, and what cells look like when it is done.

Label images are (Y, X) int32; 0 is background. A cell and its nucleus share one number, and numbers are never changed
after a method has given them: a filter leaves gaps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from coculture.errors import DataError, InputError

Image = NDArray[np.float32]
Labels = NDArray[np.int32]
Mask = NDArray[np.bool_]

NUCLEI = "nuclei"
"""Basis of outlines that rest on the nuclei alone."""


class NucleusSegmenter(Protocol):
    """Finds nuclei. Its fields are its options; it is built anew from the settings and holds no state."""

    def segment(self, image: Image, pixel_size_um: float) -> Labels:
        """Return one label a nucleus for a (Y, X) image of the nuclear stain, in grey levels."""
        ...


class CellSegmenter(Protocol):
    """Draws cells around nuclei that are already known."""

    @property
    def needs_stain(self) -> bool:
        """Whether the outline follows an image beside the nuclei."""
        ...

    def segment(self, nuclei: Labels, image: Image | None, pixel_size_um: float) -> Labels:
        """Return outlines with the nuclei's labels. Every nucleus lies within its cell."""
        ...


@dataclass(frozen=True)
class NucleusSettings:
    """How nuclei are found, and which are kept.

    Attributes
    ----------
    method : name of the method, see :data:`coculture.imaging.segment.methods.NUCLEUS_METHODS`.
    diameter_um : typical diameter of a nucleus; None lets the method estimate it on every image.
    minimum_area_um2, maximum_area_um2 : nuclei smaller or larger than this are left out; None sets no limit.
    touching_border : 'keep' or 'drop' nuclei cut by the edge of the image. Keep them where neighbours count, drop them
        where every nucleus must be whole.
    options : the method's own options by name; an unknown one is refused.
    """

    method: str = "watershed"
    diameter_um: float | None = None
    minimum_area_um2: float | None = None
    maximum_area_um2: float | None = None
    touching_border: Literal["keep", "drop"] = "keep"
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("diameter_um", "minimum_area_um2", "maximum_area_um2"):
            if getattr(self, name) is not None:
                require_number(f"nuclei.{name}", getattr(self, name), above=0)
        if self.touching_border not in ("keep", "drop"):
            raise InputError(f"found '{self.touching_border}'", "nuclei.touching_border", "use keep or drop")
        low, high = self.minimum_area_um2, self.maximum_area_um2
        if low is not None and high is not None and low >= high:
            raise InputError(
                f"{low} is not below maximum_area_um2 = {high}", "nuclei.minimum_area_um2", "swap or widen the limits"
            )


@dataclass(frozen=True)
class CellSettings:
    """How the outline of a cell is drawn around its nucleus.

    Attributes
    ----------
    method : 'territories' (rests on the nuclei) or 'propagation' (follows the stain of ``channel``).
    channel : the channel an outline follows; needed by a method that follows a stain, refused by one that does not.
    options : the method's own options by name; an unknown one is refused.
    """

    method: str = "territories"
    channel: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CellOutlines:
    """Cells, and what their outlines rest on.

    Attributes
    ----------
    labels : (Y, X) int32 with the nuclei's numbers.
    basis : :data:`NUCLEI`, or the name of the channel the outlines follow. A read-out of the channel that is also the
        basis is not independent of the outline: a treatment that moves the stain changes areas and contacts.
    """

    labels: Labels
    basis: str


def checked_image(image: NDArray[Any], where: str) -> Image:
    """Return ``image`` as (Y, X) float32.

    Raises
    ------
    InputError : if it has not two axes.
    DataError : if it holds values that are not numbers, or no pixel.
    """
    if image.ndim != 2:
        raise InputError(f"an image has two axes (y, x), found shape {image.shape}", where, "segment one channel at a time")
    if image.size == 0:
        raise DataError(f"the image holds no pixel (shape {image.shape})", where, "look at the file it came from")
    pixels = np.ascontiguousarray(image, dtype=np.float32)
    if not np.isfinite(pixels).all():
        raise DataError("the image holds NaN or infinite values", where, "look at the illumination correction and the file")
    return pixels


def checked_labels(labels: NDArray[Any], where: str) -> Labels:
    """Return ``labels`` as (Y, X) int32.

    Raises
    ------
    InputError : if it has not two axes, is not of whole numbers, or holds negative ones.
    """
    if labels.ndim != 2 or not np.issubdtype(labels.dtype, np.integer):
        raise InputError(
            f"labels are a (y, x) image of whole numbers, found shape {labels.shape} of {labels.dtype}",
            where,
            "give an int32 image in which 0 is background",
        )
    if labels.size and labels.min() < 0:
        raise InputError(f"labels are 0 or positive, found {labels.min()}", where, "0 is background")
    return np.ascontiguousarray(labels, dtype=np.int32)


def require_number(where: str, value: object, *, above: float | None = None, least: float | None = None) -> None:
    """Check that a setting is a finite number above, or not below, a limit.

    Raises
    ------
    InputError : naming the setting, what was found and what is allowed.
    """
    if above is not None:
        rule = f"must be a number above {above:g}"
    else:
        rule = "must be a number" if least is None else f"must be a number of {least:g} or more"
    sound = isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))
    if sound and (above is None or float(value) > above) and (least is None or float(value) >= least):  # type: ignore[arg-type]
        return
    raise InputError(f"{rule}, found {value!r}", where, "leave it out to use the default")
