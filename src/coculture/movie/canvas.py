"""A picture in the making: µm become pixels, discs and lines are drawn at twice the size and then halved, which smooths them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from coculture.movie.colours import PAPER, Colour
from coculture.movie.encoders.base import Frame

FINE = 2
"""How much larger than the picture everything is drawn."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class View:
    """The part of a well that is shown, and how large.

    Attributes
    ----------
    left_um, top_um, width_um, height_um : the part; x to the right, y down.
    pixels_per_um : size of the picture.
    """

    left_um: float
    top_um: float
    width_um: float
    height_um: float
    pixels_per_um: float

    @classmethod
    def fitting(cls, window_um: tuple[float, float, float, float], longest: int) -> View:
        """Return the view of a window (left, top, right, bottom) whose longer side has ``longest`` pixels."""
        left, top, right, bottom = window_um
        return cls(left, top, right - left, bottom - top, longest / max(right - left, bottom - top))

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return max(1, round(self.width_um * self.pixels_per_um)), max(1, round(self.height_um * self.pixels_per_um))

    def pixels(self, x_um: Floats, y_um: Floats) -> Floats:
        """Return (n, 2) places in fine pixels."""
        scale = self.pixels_per_um * FINE
        return np.column_stack(((x_um - self.left_um) * scale, (y_um - self.top_um) * scale))

    def length(self, um: float) -> float:
        """Return a length in fine pixels."""
        return um * self.pixels_per_um * FINE


@dataclass(eq=False)
class Canvas:
    """What is drawn on.

    Attributes
    ----------
    view : what is shown.
    ground : (Y, X, 3) the picture beneath, of the view's size; white without one.
    """

    view: View
    ground: Frame | None = None
    _image: Image.Image = field(init=False)
    _pen: ImageDraw.ImageDraw = field(init=False)

    def __post_init__(self) -> None:
        width, height = self.view.size
        fine = (width * FINE, height * FINE)
        beneath = Image.new("RGB", (width, height), PAPER) if self.ground is None else Image.fromarray(self.ground)
        self._image = beneath.resize(fine, Image.Resampling.NEAREST)
        self._pen = ImageDraw.Draw(self._image)

    def discs(self, places: Floats, radii: Floats, colours: Iterable[Colour], rims: Iterable[Colour]) -> None:
        """Draw discs at (n, 2) fine pixels, with radii in fine pixels."""
        width, height = self._image.size
        for (x, y), radius, colour, rim in zip(places, radii, colours, rims, strict=True):
            if -radius < x < width + radius and -radius < y < height + radius:
                around = max(1, round(min(2.0, radius / 4)))
                self._pen.ellipse(
                    (x - radius, y - radius, x + radius - 1, y + radius - 1), fill=colour, outline=rim, width=around
                )

    def lines(self, starts: Floats, ends: Floats, colours: Iterable[Colour], width: float) -> None:
        """Draw straight lines between (n, 2) places, ``width`` in pixels of the picture."""
        thick = max(1, round(width * FINE))
        for (x, y), (to_x, to_y), colour in zip(starts, ends, colours, strict=True):
            self._pen.line((x, y, to_x, to_y), fill=colour, width=thick)

    def path(self, places: Floats, colour: Colour, width: float) -> None:
        """Draw one line through (n, 2) places."""
        if len(places) > 1:
            self._pen.line(
                [(float(x), float(y)) for x, y in places], fill=colour, width=max(1, round(width * FINE)), joint="curve"
            )

    def finished(self) -> Frame:
        """Return the picture."""
        return np.asarray(self._image.reduce(FINE), np.uint8)
