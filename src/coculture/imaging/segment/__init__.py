"""Outlines: nuclei by watershed, cells around their nuclei, the ring and the cytoplasm between.

>>> from coculture.imaging.segment import NucleusSettings, segment_nuclei
>>> nuclei = segment_nuclei(image, NucleusSettings("watershed"), pixel_size_um=0.65)

A method is a class in a file of its own; :mod:`coculture.imaging.segment.methods` knows its name. The door is lazy: the
command line starts without loading it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coculture.imaging.segment.base import CellOutlines as CellOutlines
    from coculture.imaging.segment.base import CellSettings as CellSettings
    from coculture.imaging.segment.base import NucleusSettings as NucleusSettings
    from coculture.imaging.segment.compartments import RingSettings as RingSettings
    from coculture.imaging.segment.compartments import cytoplasm as cytoplasm
    from coculture.imaging.segment.compartments import perinuclear_ring as perinuclear_ring
    from coculture.imaging.segment.methods import segment_cells as segment_cells
    from coculture.imaging.segment.methods import segment_nuclei as segment_nuclei

_DOOR = {
    "CellOutlines": "base",
    "CellSettings": "base",
    "NucleusSettings": "base",
    "RingSettings": "compartments",
    "cytoplasm": "compartments",
    "perinuclear_ring": "compartments",
    "segment_cells": "methods",
    "segment_nuclei": "methods",
}


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
