"""Wells shown by their kept images: channels as coloured light, the outlines of cells in the colours of their types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from coculture.errors import InputError
from coculture.movie.canvas import Canvas, View
from coculture.movie.caption import Caption
from coculture.movie.colours import DEAD, Colour, channel_colour, type_colours
from coculture.movie.encoders.base import Frame
from coculture.movie.light import Window, added_light, rims, windows_of
from coculture.movie.overlay import Overlay
from coculture.movie.wanted import Wanted
from coculture.movie.well import KeptWell
from coculture.store.images.field import FieldFacts
from coculture.store.images.plate import plate_images_path
from coculture.store.images.reading import read_labels, read_pixels
from coculture.typed_file.complaints import did_you_mean

DARKEST, BRIGHTEST = 1.0, 99.7
"""Percentiles of the greys of a channel, over the first, middle and last image, that become black and full light."""

_ON_DARK: Colour = (255, 255, 255)
_PLAIN: Colour = (255, 220, 80)


@dataclass(frozen=True, eq=False)
class ImagedWell:
    """The painter of an imaged well.

    Attributes
    ----------
    well : the well.
    wanted : what is shown.
    """

    well: KeptWell
    wanted: Wanted

    @cached_property
    def times_min(self) -> tuple[float, ...]:
        """Times of the images."""
        return self._facts.t_min

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the user should know."""
        told = []
        if self.wanted.tracks and not self._overlay.has_tracks and len(self.times_min) > 1:
            told.append("no tracks: the cells of this well were not followed")
        if self.wanted.outlines and not self._facts.labels:
            told.append("no outlines: none were kept")
        return tuple(told)

    @cached_property
    def caption(self) -> Caption:
        """The caption: types with their numbers, then channels."""
        light = tuple((self._facts.channels[number], self._light[number]) for number in self._channels)
        key = (*self._colours.items(), ("dead", DEAD), *light)
        site = f" · site {self.well.site}" if self.well.site != 1 else ""
        return Caption(f"{self.well.where}{site} · {self.well.given}", self._view.pixels_per_um, key)

    def counts(self, number: int) -> Sequence[int | None]:
        """Return the living cells of each type and the dead; channels are not counted."""
        found = self._overlay.counts(self.times_min[number], tuple(self._colours))
        return [*found, *(None for _ in self._channels)]

    def picture(self, number: int) -> Frame:
        """Return the image of a time point with what is drawn over it."""
        t_min = self.times_min[number]
        ground = self._composite(number)
        if self.wanted.outlines and self._facts.labels:
            self._draw_outlines(ground, number, t_min)
        canvas = Canvas(self._view, ground)
        self._overlay.draw_tracks(canvas, t_min, dark=False)
        self._overlay.draw_contacts(canvas, t_min)
        return canvas.finished()

    @cached_property
    def _facts(self) -> FieldFacts:
        assert self.well.images is not None
        return self.well.images

    @cached_property
    def _path(self) -> Path:
        return plate_images_path(self.well.results, self.well.plate)

    @cached_property
    def _channels(self) -> tuple[int, ...]:
        """Numbers of the channels that are shown.

        Raises
        ------
        InputError : if there is none of that name.
        """
        known = self._facts.channels
        for name in self.wanted.channels:
            if name not in known:
                remedy = f"{did_you_mean(name, known)}there is: {', '.join(known)}"
                raise InputError(f"there is no channel '{name}'", self.well.where, remedy)
        return tuple(known.index(name) for name in self.wanted.channels) or tuple(range(len(known)))

    @cached_property
    def _light(self) -> dict[int, Colour]:
        return {number: channel_colour(place, len(self._channels)) for place, number in enumerate(self._channels)}

    @cached_property
    def _colours(self) -> dict[str, Colour]:
        return type_colours(self.well.types)

    @cached_property
    def _overlay(self) -> Overlay:
        return Overlay(self.well, self.wanted, self._colours, contact=_ON_DARK)

    @cached_property
    def _view(self) -> View:
        height, width = self._facts.height, self._facts.width
        pixel = self._facts.pixel_size_um
        return View.fitting((0.0, 0.0, width * pixel, height * pixel), min(self.wanted.longest, max(height, width)))

    @cached_property
    def _level(self) -> int:
        """The smallest kept size that is no smaller than the picture."""
        longest = max(self._facts.height, self._facts.width)
        level = 0
        while level + 1 < self._facts.levels and longest / 2 ** (level + 1) >= max(self._view.size):
            level += 1
        return level

    @cached_property
    def _windows(self) -> tuple[Window, ...]:
        """The window of every channel of the field."""
        return windows_of(self._path, self.well.well, self.well.site, self._facts, (DARKEST, BRIGHTEST))

    def _pixels(self, number: int, level: int) -> NDArray[np.generic]:
        return read_pixels(self._path, self.well.well, self.well.site, level, t_index=number)

    def _composite(self, number: int) -> Frame:
        """Return the channels as light, added up."""
        pixels, (width, height) = self._pixels(number, self._level), self._view.size
        shown = (
            (_resized(pixels[channel], (width, height)), self._windows[channel], self._light[channel])
            for channel in self._channels
        )
        return added_light(shown, (height, width))

    def _draw_outlines(self, ground: Frame, number: int, t_min: float) -> None:
        """Draw the rim of every outline in the colour of its cell's type."""
        name = "cells" if "cells" in self._facts.labels else self._facts.labels[0]
        labels = read_labels(self._path, self.well.well, self.well.site, name, self._level, t_index=number)
        width, height = self._view.size
        rows = (np.arange(height) * labels.shape[0] / height).astype(np.intp)
        columns = (np.arange(width) * labels.shape[1] / width).astype(np.intp)
        labels = labels[np.ix_(rows, columns)]
        rim = rims(labels) & (labels > 0)
        ground[rim] = self._of_labels(t_min, int(labels.max(initial=0)))[labels[rim]]

    def _of_labels(self, t_min: float, highest: int) -> NDArray[np.uint8]:
        """Return (highest + 1, 3) the colour of every label: that of its cell's type."""
        table = np.full((highest + 1, 3), _PLAIN, np.uint8)
        cells = self._overlay.cells_at(t_min)
        for cell, kind, alive in cells[["cell_id", "cell_type", "alive"]].itertuples(index=False):
            if 0 <= int(cell) <= highest:
                table[int(cell)] = self._colours.get(str(kind), _PLAIN) if alive else DEAD
        return table


def _resized(grey: NDArray[np.generic], size: tuple[int, int]) -> NDArray[np.float32]:
    """Return (Y, X) greys at another (width, height)."""
    image = Image.fromarray(np.ascontiguousarray(grey, np.float32))
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR), np.float32)
