"""Where medium cannot get to, or cannot leave."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from coculture.chip.geometry.chip import Chip
from coculture.chip.grid import ChipGrid
from coculture.errors import Problem


def connection_problems(chip: Chip, grid: ChipGrid) -> Iterator[Problem]:
    """Yield inlets without an outlet, outlets without an inlet, and open space that no port reaches.

    Cells are joined through their sides; gel joins as fluid does. A chip without ports is a static well and has no such fault.
    """
    if not grid.ports:
        return
    pieces, number = ndimage.label(grid.open)
    flat = pieces.ravel()
    reached: dict[str, set[int]] = {"inlet": set(), "outlet": set()}
    for port in grid.ports:
        reached[port.kind] |= set(np.unique(flat[port.cells]).tolist())
    for drawn, port in zip(chip.ports, grid.ports, strict=True):
        other = "outlet" if port.kind == "inlet" else "inlet"
        if not set(np.unique(flat[port.cells]).tolist()) & reached[other]:
            where_to = f"no open way leads from the {port.kind} '{port.name}' to an {other}"
            remedy = f"join its channel to one that has an {other}, add an [[{other}]] there, or make the pitch smaller"
            yield Problem(where_to, drawn.place, remedy)
    cut_off = [piece for piece in range(1, number + 1) if piece not in reached["inlet"] | reached["outlet"]]
    yield from _cut_off(chip, grid, pieces, cut_off)


def _place_at(chip: Chip, x_um: float, y_um: float) -> str:
    """Return the place in the file of the channel or chamber at a point; the file where there is none."""
    x, y = np.array([x_um]), np.array([y_um])
    for part in chip.open_parts:
        if any(shape.contains(x, y)[0] for shape in part.shapes):
            return part.place
    return chip.file


def _cut_off(chip: Chip, grid: ChipGrid, pieces: NDArray[np.int32], cut_off: list[int]) -> Iterator[Problem]:
    windows = ndimage.find_objects(pieces)
    for piece in cut_off[:20]:
        window = windows[piece - 1]
        cells = pieces[window] == piece
        row, column = np.argwhere(cells)[0]
        x = (window[1].start + column + 0.5) * grid.pitch_um
        y = (window[0].start + row + 0.5) * grid.pitch_um
        region = int(grid.region[window][row, column])
        name = f", in the region '{grid.region_names[region]}'" if region >= 0 else ""
        what = f"{int(cells.sum())} open cells about x = {x:g}, y = {y:g} µm{name}, are cut off from every port"
        yield Problem(what, _place_at(chip, x, y), "join them with a channel, give them a port, or leave them out")
