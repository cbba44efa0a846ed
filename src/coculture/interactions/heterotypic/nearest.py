"""How far the nearest cell of each type is, beside random labels or random places.

For an ordered pair (a, b) the statistic is the mean, over cells of type a, of the distance to the nearest *other* cell of type
b: the mean of the nearest-neighbour distance distribution G_ab (Diggle 2013, *Statistical Analysis of Spatial and
Spatio-Temporal Point Patterns*, section 4.3). It is not symmetric: few b amid many a are near to all of them or to none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.heterotypic.cell_types import CellTypes, stratum_codes
from coculture.interactions.heterotypic.permutation import shuffled_types
from coculture.interactions.heterotypic.window import Window
from coculture.interactions.kernels.distances import nearest_of_each_type
from coculture.interactions.neighbours.cell_list import CellList, checked_positions, padded_to_three

_LISTED = 32
_SAME = 1e-9


class _Finder:
    """The nearest cells of every cell, listed once, from which those of each type are read for any labels."""

    def __init__(self, positions: NDArray[np.float64]) -> None:
        self.points = padded_to_three(checked_positions(positions))
        k = min(_LISTED, max(len(self.points) - 1, 1))
        self.found, self.far = CellList.build(positions).nearest(k)

    def of(self, types: CellTypes) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return (n, T) rows of the nearest other cell of each type, and distances."""
        shape = (len(types), len(types.names))
        nearest, distance = np.empty(shape, np.int64), np.empty(shape)
        members = np.argsort(types.codes, kind="stable")
        start = np.r_[0, np.cumsum(types.counts)].astype(np.int64)
        nearest_of_each_type(self.found, self.far, types.codes, start, members, self.points, nearest, distance)
        return nearest, distance


def nearest_by_type(positions: NDArray[np.float64], types: Any, *, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return, for every cell, the distance to the nearest other cell of each type.

    Parameters
    ----------
    positions : (n, 2) or (n, 3), µm.
    types : (n,) names of the cells' types.
    names : types to report. None: those found.

    Returns
    -------
    One row a cell, in order: ``nearest_<type>_um`` (inf where there is no such cell) and ``nearest_<type>_row`` (-1 there).

    Raises
    ------
    InputError : if positions or types cannot be used.
    """
    known = CellTypes.of(types, names).for_cells(len(np.asarray(positions)))
    rows, far = _Finder(positions).of(known)
    columns: dict[str, NDArray[Any]] = {}
    for kind, name in enumerate(known.names):
        columns[f"nearest_{name}_um"], columns[f"nearest_{name}_row"] = far[:, kind], rows[:, kind]
    return pd.DataFrame(columns)


def nearest_distance_test(
    positions: NDArray[np.float64],
    types: Any,
    random: np.random.Generator,
    *,
    window: Window | None = None,
    strata: Any = None,
    n_simulations: int = 999,
    names: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Compare mean nearest distances between types with chance.

    Parameters
    ----------
    positions, types, names : as in :func:`nearest_by_type`.
    random : the stream to draw from.
    window : None exchanges labels on fixed positions. A window keeps the cells of type a where they are and draws those of type b
        uniformly from it (a with a: all are drawn): then crowding as such counts too, not only the types.
    strata : (n,) names; labels are exchanged within them only. Not with a window.
    n_simulations : how many, >= 19.

    Returns
    -------
    One row an ordered pair of types: ``type_a, type_b, n_a, n_b, mean_um, median_um, expected_um, sd_um, z, p_value, reason``.
    p is two-sided by counting, ``(1 + hits)/(1 + n)`` for the rarer side, doubled, at most 1.

    Raises
    ------
    InputError : if an argument cannot be used, or a window is given together with strata.
    DataError : if a cell lies outside the window.
    """
    if n_simulations < 19:
        raise InputError(f"{n_simulations} simulations", "n_simulations", "ask for at least 19")
    if window is not None and strata is not None:
        raise InputError("strata keep positions, a window draws them", "strata", "give one of the two")
    points = checked_positions(positions) if window is None else window.require(positions)
    known = CellTypes.of(types, names).for_cells(len(points))
    finder = _Finder(points)
    far = finder.of(known)[1]
    if window is None:
        places = stratum_codes(strata, len(points))
        draws = (shuffled_types(known, places, random) for _ in range(n_simulations))
        seen = np.stack([_by_pair(finder.of(drawn)[1], drawn, np.mean) for drawn in draws])
    else:
        seen = np.stack([_drawn(points, known, window, random) for _ in range(n_simulations)])
    return _table(known, _by_pair(far, known, np.mean), _by_pair(far, known, np.median), seen)


def _by_pair(far: NDArray[np.float64], types: CellTypes, middle: Callable[..., Any]) -> NDArray[np.float64]:
    """Return the (T, T) mean or median over the cells of type a of the distance to type b; NaN where there is none."""
    values = np.full((len(types.names),) * 2, np.nan)
    for kind in range(len(types.names)):
        own = far[types.codes == kind]
        if len(own):
            values[kind] = np.where(np.isfinite(own).all(axis=0), middle(np.where(np.isfinite(own), own, 0.0), axis=0), np.nan)
    return values


def _drawn(points: NDArray[np.float64], types: CellTypes, window: Window, random: np.random.Generator) -> NDArray[np.float64]:
    """Return the (T, T) means with the cells of each type b drawn uniformly from the window."""
    values = np.full((len(types.names),) * 2, np.nan)
    for b, number in enumerate(types.counts):
        if not number:
            continue
        listed = CellList.build(window.sample(int(number), random))
        for a in range(len(types.names)):
            if a == b:
                values[a, b] = listed.nearest(1)[1].mean() if number > 1 else np.nan
            elif types.counts[a]:
                values[a, b] = listed.nearest(1, points[types.codes == a])[1].mean()
    return values


def _table(
    types: CellTypes, observed: NDArray[np.float64], median: NDArray[np.float64], seen: NDArray[np.float64]
) -> pd.DataFrame:
    first, second = np.divmod(np.arange(len(types.names) ** 2), max(len(types.names), 1))
    names, own = np.array(types.names, dtype=object), observed[first, second]
    drawn = seen[:, first, second]
    lower, upper = ((1 + (side * (drawn - own) <= _SAME).sum(axis=0)) / (1 + len(drawn)) for side in (1, -1))
    absent = np.isnan(own)
    sd = np.where(absent, np.nan, drawn.std(axis=0, ddof=1))
    still = ~absent & ~(sd > _SAME)
    free = ~absent & ~still
    expected = np.where(absent, np.nan, drawn.mean(axis=0))
    return pd.DataFrame(
        {
            "type_a": names[first],
            "type_b": names[second],
            "n_a": types.counts[first],
            "n_b": types.counts[second],
            "mean_um": own,
            "median_um": median[first, second],
            "expected_um": expected,
            "sd_um": sd,
            "z": np.divide(own - expected, sd, out=np.full(len(own), np.nan), where=free),
            "p_value": np.where(free, np.minimum(1.0, 2 * np.minimum(lower, upper)), np.nan),
            "reason": np.where(absent, "too few cells", np.where(still, "labels cannot change it", "")),
        }
    )
