"""Small chips as design texts, and what to do with them."""

from __future__ import annotations

from coculture.chip.geometry.chip import Chip
from coculture.chip.geometry.reading import parse_chip

HEAD = """
name = "small"
title = "A small chip"
source = "made for a test"
pitch_um = 10
frame = { width_um = 1000, height_um = 400 }
"""


def chip_of(parts: str, **parameters: float) -> Chip:
    """Return the chip of a frame of 1000 × 400 µm with ``parts``."""
    return parse_chip(HEAD + parts, "small.toml", parameters)


def chamber(name: str, x: float, y: float, width: float, height: float, depth: float = 100, more: str = "") -> str:
    """Return the text of a rectangular chamber."""
    return f"""
[[chamber]]
name = "{name}"
shape = {{ kind = "rectangle", x_um = {x}, y_um = {y}, width_um = {width}, height_um = {height} }}
depth_um = {depth}
{more}
"""


def shaped(kind: str, name: str, shape: str, more: str = "") -> str:
    """Return the text of a part that has a shape."""
    return f'\n[[{kind}]]\nname = "{name}"\nshape = {{ {shape} }}\n{more}\n'
