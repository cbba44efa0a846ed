"""Where cells lie: a simple point process with a hard core and a wish of the types to touch, or to part.

Cells are laid down one by one. With attraction a > 0 a cell is put beside a cell of another type with probability a, else
anywhere free; with a < 0 it is, with probability -a, put where no cell of another type is in reach. No two centres come
closer than ``spacing`` times the sum of their radii. Attraction 0 is a random mixture: contacts between types then come
by chance alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError

_TRIES = 64
_ROUNDS = 60
_REACH = 1.15
"""Cells whose centres are nearer than this times the sum of their radii are in reach of each other."""


def scatter_cells(
    rng: np.random.Generator,
    counts_by_type: Mapping[str, int],
    radius_um: float | Mapping[str, float],
    size_um: tuple[float, float],
    attraction: float = 0.0,
    *,
    spacing: float = 0.85,
    margin_um: float = 0.0,
) -> pd.DataFrame:
    """Scatter cells in a field; return ``x_um``, ``y_um``, ``cell_type``, one row a cell in random order of types.

    Parameters
    ----------
    rng : the generator that decides everything.
    counts_by_type : how many cells of each type.
    radius_um : radius of a cell, the same for all or one a type.
    size_um : height and width of the field.
    attraction : from -1 (types part) over 0 (random mixture) to 1 (every cell next to another type, where there is one).
    spacing : least distance of two centres as a fraction of the sum of the radii; below 1, neighbours press on each other.
    margin_um : how far centres stay from the edge.

    Raises
    ------
    InputError : if attraction, spacing, size or a radius cannot be.
    DataError : if the field cannot hold that many cells.
    """
    _check(counts_by_type, radius_um, size_um, attraction, margin_um)
    types = rng.permutation(np.repeat(list(counts_by_type), list(counts_by_type.values())))
    radii = np.array([radius_um[name] if isinstance(radius_um, Mapping) else radius_um for name in types], float)
    placed = np.empty((len(types), 2))
    for number, own in enumerate(types):
        other = types[:number] != own
        wish = rng.random() < abs(attraction) and other.any()
        gaps = spacing * (radii[:number] + radii[number])
        reach = _REACH * (radii[:number] + radii[number])
        placed[number] = _place(rng, placed[:number], gaps, reach, other, size_um, margin_um, np.sign(attraction) if wish else 0)
    return pd.DataFrame({"x_um": placed[:, 1], "y_um": placed[:, 0], "cell_type": types.astype(str)})


def _place(
    rng: np.random.Generator,
    placed: NDArray[np.float64],
    gaps: NDArray[np.float64],
    reach: NDArray[np.float64],
    other: NDArray[np.bool_],
    size_um: tuple[float, float],
    margin_um: float,
    wish: float,
) -> NDArray[np.float64]:
    """Return (y, x) of one free place; a wish that cannot be met is given up half-way."""
    low, high = np.full(2, margin_um), np.array(size_um) - margin_um
    for attempt in range(_ROUNDS):
        wishing = wish if attempt < _ROUNDS // 2 else 0
        if wishing > 0:
            hosts = rng.choice(np.flatnonzero(other), _TRIES)
            turn = rng.uniform(0, 2 * np.pi, _TRIES)
            distance = gaps[hosts] * rng.uniform(1.0, 1.1, _TRIES)
            tries = placed[hosts] + np.stack([np.sin(turn), np.cos(turn)], axis=1) * distance[:, None]
        else:
            tries = rng.uniform(low, high, (_TRIES, 2))
        distances = np.linalg.norm(tries[:, None] - placed[None], axis=2)
        free = ((tries >= low) & (tries <= high)).all(axis=1) & (distances >= gaps).all(axis=1)
        if wishing < 0:
            free &= (distances[:, other] > reach[other]).all(axis=1)
        if free.any():
            return np.asarray(tries[int(np.argmax(free))])
    raise DataError(
        f"no free place for cell {len(placed) + 1} in a field of {size_um[0]:g} × {size_um[1]:g} µm",
        where="scatter_cells",
        remedy="give fewer or smaller cells, a larger field or a smaller spacing",
    )


def _check(
    counts_by_type: Mapping[str, int],
    radius_um: float | Mapping[str, float],
    size_um: tuple[float, float],
    attraction: float,
    margin_um: float,
) -> None:
    if not -1 <= attraction <= 1:
        raise InputError(f"an attraction of {attraction} cannot be", where="scatter_cells", remedy="give a number from -1 to 1")
    if min(size_um) <= 2 * margin_um:
        raise InputError(f"a field of {size_um} µm has no room inside a margin of {margin_um} µm", where="scatter_cells")
    if any(count < 0 for count in counts_by_type.values()):
        raise InputError("a count is below 0", where="scatter_cells", remedy="give counts of 0 or more")
    radii = radius_um if isinstance(radius_um, Mapping) else dict.fromkeys(counts_by_type, radius_um)
    wrong = [name for name in counts_by_type if not radii.get(name, 0) > 0]
    if wrong:
        raise InputError(f"no radius above 0 for the type {', '.join(wrong)}", where="scatter_cells", remedy="give one in µm")
