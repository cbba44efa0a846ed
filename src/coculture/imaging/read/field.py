"""One field of view at one time, as it came from the camera."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class Field:
    """The pixels of one field of view and what must be known to measure them.

    Attributes
    ----------
    pixels : (C, Y, X), native dtype (8 or 16 bit integer, or float). x to the right, y down.
    channels : C names, in the order of ``pixels``.
    pixel_size_um : width of a pixel in µm.
    plate, well, site : where the field lies; ``site`` counts from 1.
    t_min : time since the start of the plate's observation, min.
    max_value : highest value the camera can record; infinite for float images without a stated bit depth, whose
        saturation cannot be judged.
    """

    pixels: NDArray[Any]
    channels: tuple[str, ...]
    pixel_size_um: float
    plate: str
    well: str
    site: int
    t_min: float
    max_value: float

    def channel(self, name: str) -> NDArray[Any]:
        """Return the (Y, X) image of channel ``name``; KeyError where the field has no such channel."""
        if name not in self.channels:
            raise KeyError(f"no channel {name!r}; the field has {', '.join(self.channels)}")
        image: NDArray[Any] = self.pixels[self.channels.index(name)]
        return image
