"""Which file is which plate, well, site, time and channel; and the pixels of one field of view.

>>> from coculture.imaging.read import open_images
>>> index = open_images(folder, "imagexpress", {"dna": "1", "gfp": "2"}, layout=Layout.of(96), pixel_size_um=0.65)
>>> field = index.read("plate-1", "A01", 1)

The door is lazy: naming the room costs nothing, using it brings pandas and the file libraries.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coculture.imaging.read.field import Field as Field
    from coculture.imaging.read.index import ImageIndex as ImageIndex
    from coculture.imaging.read.opening import open_images as open_images

_DOOR = {"Field": "field", "ImageIndex": "index", "open_images": "opening"}


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        return getattr(import_module(f"{__name__}.{_DOOR[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
