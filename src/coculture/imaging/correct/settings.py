"""What the estimate of an illumination field may assume."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Method = Literal["median-smooth", "basic", "none"]


@dataclass(frozen=True)
class IlluminationSettings:
    """Settings of :func:`estimate_illumination`.

    Attributes
    ----------
    offset : grey level the camera adds to every pixel (its reading in the dark). Subtracted before estimation and by
        :func:`correct`; with 0, a real offset makes the field look flatter than it is.
    minimum_images : fewer images are refused, since the cells' own pattern would be taken for the light's.
    most_images : images kept in memory; beyond that every second, every fourth, ... is used.
    reduced_side : pixels of the longer side at which the field is estimated.
    lowest : fields darker than this fraction of their mean somewhere are refused as implausible.
    """

    offset: float = 0.0
    minimum_images: int = 8
    most_images: int = 384
    reduced_side: int = 128
    lowest: float = 0.2
