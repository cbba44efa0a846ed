"""How the channels of a field are turned into light: which are shown, in which colour, between which greys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import HTTPException

from coculture.movie.colours import channel_colour
from coculture.movie.light import windows_of
from coculture.store.images.documents import site_folder
from coculture.store.images.reading import field_facts

DARKEST, BRIGHTEST = 1.0, 99.8
"""Percentiles of a channel's greys that are black and full light unless a reader says otherwise."""

_TOLD = re.compile(r"(?P<low>-?\d{1,12}(\.\d{1,6})?),(?P<high>-?\d{1,12}(\.\d{1,6})?),(?P<colour>[0-9a-f]{6}),(?P<name>.{1,100})")


@dataclass(frozen=True)
class Light:
    """One channel as light.

    Attributes
    ----------
    channel : its name.
    low, high : the greys that are black and full light.
    colour : of full light, ``rrggbb``.
    """

    channel: str
    low: float
    high: float
    colour: str

    @property
    def text(self) -> str:
        """The light as an address tells it."""
        return f"{self.low:g},{self.high:g},{self.colour},{self.channel}"

    @property
    def rgb(self) -> tuple[int, int, int]:
        """The colour as three bytes."""
        red, green, blue = bytes.fromhex(self.colour)
        return red, green, blue


def usual_lights(path: Path, well: str, site: int) -> tuple[Light, ...]:
    """Return every channel of a field between its percentiles over the first, middle and last time."""
    note = site_folder(path, well, site) / "zarr.json"
    return _lights(path, well, site, note.stat().st_mtime_ns if note.is_file() else 0)


@lru_cache(maxsize=256)
def _lights(path: Path, well: str, site: int, changed: int) -> tuple[Light, ...]:
    facts = field_facts(path, well, site)
    lights = []
    for number, (low, high) in enumerate(windows_of(path, well, site, facts, (DARKEST, BRIGHTEST))):
        colour = "{:02x}{:02x}{:02x}".format(*channel_colour(number, len(facts.channels)))
        lights.append(Light(facts.channels[number], low, high, colour))
    return tuple(lights)


def told_lights(told: Sequence[str], channels: Sequence[str]) -> tuple[Light, ...]:
    """Return the lights an address tells: ``low,high,rrggbb,channel`` each.

    Raises
    ------
    HTTPException : 400 where one cannot be understood, or its channel is not there.
    """
    lights = []
    for text in told:
        match = _TOLD.fullmatch(text)
        if match is None or match["name"] not in channels:
            raise HTTPException(400)
        low, high = float(match["low"]), float(match["high"])
        lights.append(Light(match["name"], low, max(high, low + 1e-6), match["colour"]))
    return tuple(lights)
