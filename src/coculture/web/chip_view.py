"""The chip of a virtual screen as the results folder tells it: its grid, the flow kept with it, and pictures of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.field import FlowField
from coculture.chip.geometry.library import design_names, find_chip
from coculture.chip.geometry.raster import rasterise
from coculture.chip.grid import ChipGrid
from coculture.report.colours import rgb
from coculture.sources.virtual_chip.vessels.chip import FLOW_ARRAYS, FLOW_FILE
from coculture.web.screen_folder import ScreenContents
from coculture.web.tiles import png

MOST_PIXELS = 1200
GEL = (196, 176, 214)
OPEN = (226, 236, 244)
WALL = (92, 96, 102)
UM_PER_MIN_TO_UM_PER_S = 1 / 60
MAPS = ("geometry", "speed", "shear")

_COLOURS = np.array([rgb(share / 255) for share in range(256)], np.uint8)


@dataclass(frozen=True, eq=False)
class ShownChip:
    """A chip.

    Attributes
    ----------
    design : name of the design.
    grid : the chip cut into cells.
    flow : the flow, None in a chip at rest.
    """

    design: str
    grid: ChipGrid
    flow: FlowField | None

    @cached_property
    def speed_um_per_s(self) -> NDArray[np.float64]:
        """(Y, X) speed averaged over depth, 0 in walls."""
        if self.flow is None:
            return np.zeros(self.grid.shape)
        return np.hypot(*self.flow.velocity()) * UM_PER_MIN_TO_UM_PER_S

    def values(self, name: str) -> NDArray[np.float64] | None:
        """Return (Y, X) what a map shows, None for the geometry."""
        if name == "geometry" or self.flow is None:
            return None
        return self.speed_um_per_s if name == "speed" else self.flow.floor_shear_pa

    def highest(self, name: str) -> float:
        """Return the value of the strongest colour: the 99.5th percentile of the open cells."""
        values = self.values(name)
        inside = self.grid.open
        return float(np.percentile(values[inside], 99.5)) if values is not None and inside.any() else 0.0

    def picture(self, name: str) -> bytes:
        """Return a map as PNG: walls grey, gels violet where no value is shown."""
        every = max(1, -(-max(self.grid.shape) // MOST_PIXELS))
        shown = np.full((*self.grid.shape, 3), WALL, np.uint8)
        inside, values = self.grid.open, self.values(name)
        if values is None:
            shown[inside] = OPEN
            shown[inside & (self.grid.gel >= 0)] = GEL
        else:
            share = np.clip(values / max(self.highest(name), 1e-300), 0, 1)
            shown[inside] = _COLOURS[np.rint(255 * share[inside]).astype(np.intp)]
        return png(np.ascontiguousarray(shown[::every, ::every]))


def chip_of(contents: ScreenContents) -> ShownChip | None:
    """Return the chip of a screen, None where it has none or its design is not one that comes with the program.

    A design of the user's own lies in a file outside the results folder, and nothing outside it is read.
    """
    asked = _chip_section(contents.settings)
    design = str(asked.get("design", ""))
    if design not in design_names():
        return None
    told, pitch = asked.get("parameters"), asked.get("pitch_um")
    parameters = tuple(sorted((str(key), float(value)) for key, value in told.items())) if isinstance(told, Mapping) else ()
    kept = contents.folder / "prepared" / FLOW_FILE
    changed = kept.stat().st_mtime_ns if kept.is_file() else None
    return _chip(design, parameters, float(pitch) if isinstance(pitch, int | float) else None, str(contents.folder), changed)


@lru_cache(maxsize=8)
def _chip(
    design: str, parameters: tuple[tuple[str, float], ...], pitch_um: float | None, folder: str, flow_changed: int | None
) -> ShownChip:
    grid = rasterise(find_chip(design, dict(parameters)), pitch_um)
    if flow_changed is None:
        return ShownChip(design, grid, None)
    with np.load(Path(folder) / "prepared" / FLOW_FILE, allow_pickle=False) as kept:
        pressure, flow_x, flow_y, ports, shear = (kept[name] for name in FLOW_ARRAYS)
    return ShownChip(design, grid, FlowField(grid, pressure, flow_x, flow_y, ports, shear, "kept"))


def _chip_section(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    source = settings.get("source")
    found = source.get("chip") if isinstance(source, Mapping) else None
    return found if isinstance(found, Mapping) else {}
