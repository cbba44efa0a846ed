"""Colours of a movie: types of cells apart for colour-blind eyes, concentrations from white to blue, channels as light.

Types have the colours of Okabe and Ito (2008), the blues last, since blue is the medium.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]

TYPES: tuple[Colour, ...] = (
    (213, 94, 0),
    (0, 158, 115),
    (230, 159, 0),
    (204, 121, 167),
    (240, 228, 66),
    (0, 0, 0),
    (86, 180, 233),
)
DEAD: Colour = (150, 150, 150)
WALL: Colour = (72, 72, 76)
PAPER: Colour = (255, 255, 255)
INK: Colour = (25, 25, 28)
FAINT: Colour = (120, 120, 124)
CONTACT: Colour = (20, 20, 20)

_MEDIUM = ((255, 255, 255), (214, 230, 244), (159, 203, 229), (110, 168, 212), (70, 130, 188))
_LIGHT = ((70, 110, 255), (60, 230, 90), (255, 70, 60), (255, 60, 230), (60, 230, 230), (240, 220, 50), (230, 230, 230))


def type_colours(types: Sequence[str]) -> dict[str, Colour]:
    """Return the colour of every type, in the order given; after seven they begin again."""
    return {name: TYPES[number % len(TYPES)] for number, name in enumerate(types)}


def channel_colour(number: int, count: int) -> Colour:
    """Return the light in which a channel is shown; a single one is white."""
    return (255, 255, 255) if count == 1 else _LIGHT[number % len(_LIGHT)]


def darker(colour: Colour, share: float = 0.6) -> Colour:
    """Return a colour with a share of its light."""
    red, green, blue = (round(share * part) for part in colour)
    return red, green, blue


def medium_colours() -> NDArray[np.uint8]:
    """Return (256, 3) from no solute to the most of it."""
    anchors = np.array(_MEDIUM, float)
    places = np.linspace(0, len(anchors) - 1, 256)
    bands = [np.interp(places, np.arange(len(anchors)), anchors[:, band]) for band in range(3)]
    return np.asarray(np.rint(np.column_stack(bands)), np.uint8)
