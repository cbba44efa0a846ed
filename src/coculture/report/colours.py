"""Colours that stay apart for colour-blind eyes.

Values are drawn with viridis (Smith and van der Walt 2015: lightness rises evenly, so it survives grey printing); roles
with the palette of Okabe and Ito (2008), set in the style sheet and always paired with a shape.
"""

from __future__ import annotations

import math

_VIRIDIS = ("440154", "482878", "3e4989", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725")
_ANCHORS = tuple((int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)) for text in _VIRIDIS)


def rgb(share: float) -> tuple[int, int, int]:
    """Return the colour of ``share`` between 0 (dark violet) and 1 (yellow) as three bytes; clipped at the ends.

    Raises
    ------
    ValueError : if ``share`` is not a number.
    """
    if math.isnan(share):
        raise ValueError("a missing value has no colour: draw it as missing")
    place = min(max(share, 0.0), 1.0) * (len(_ANCHORS) - 1)
    index = min(int(place), len(_ANCHORS) - 2)
    part = place - index
    low, high = _ANCHORS[index], _ANCHORS[index + 1]
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(low, high, strict=True))
    return red, green, blue


def colour(share: float) -> str:
    """Return the colour of ``share`` as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*rgb(share))


def is_dark(share: float) -> bool:
    """Tell whether white text reads better than black on the colour of ``share``."""
    red, green, blue = rgb(share)
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140
