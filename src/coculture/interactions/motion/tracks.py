"""Tracks: the points of every cell in order of time, in one flat set of arrays.

**Time.** The *time step* Δ is given, or is the median interval between consecutive points of all tracks. An interval is
regular if it lasts Δ within a tolerance (a quarter of Δ unless told otherwise), and a *gap* if it is longer. What sums along
the path (length, duration, speed) uses every interval with its own duration; across a gap the path is a straight line. What
compares steps with one another (turning angles, arrest, autocovariance) uses regular intervals only. What depends on a lag
(mean squared displacement) pairs points by their time, not by their number, and leaves out pairs whose lag is off every
multiple of Δ by more than the tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.motion.steps import Steps

AXES = ("x_um", "y_um", "z_um")
_PLACE = ("plate", "well", "site")
_TOLERANCE = 0.25


@dataclass(frozen=True, eq=False)
class Tracks:
    """Points of m tracks. Make one with :meth:`from_table` or :meth:`from_arrays`.

    Attributes
    ----------
    keys : one row a track: those of ``plate, well, site`` the table has, ``track_id``, ``cell_type`` (the one it was given most
        often; of equally frequent ones the first in the alphabet), and ``piece`` where tracks were cut at gaps.
    start : (m + 1,) int64; the points of track i are ``start[i]:start[i + 1]``, at least one.
    t_min : (n,) times, ascending within a track.
    positions : (n, d) µm, d = 1, 2 or 3.
    rows : (n,) int64, the row of the table (or arrays) each point came from.
    step_min : the time step Δ; NaN where no cell was seen twice.
    step_tolerance : how far, as a fraction of Δ, an interval or lag may be off and still count as regular.
    notes : what was left out, in words.
    """

    keys: pd.DataFrame
    start: NDArray[np.int64]
    t_min: NDArray[np.float64]
    positions: NDArray[np.float64]
    rows: NDArray[np.int64]
    step_min: float
    step_tolerance: float
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def from_table(
        cls,
        cells: pd.DataFrame,
        *,
        dimensions: int | None = None,
        step_min: float | None = None,
        step_tolerance: float = _TOLERANCE,
        living_only: bool = True,
    ) -> Tracks:
        """Read tracks from a cell table.

        Parameters
        ----------
        cells : columns ``t_min, track_id, x_um``, and ``y_um``, ``z_um`` as far as asked for; those of ``plate, well, site`` that
            exist tell tracks of the same number apart; ``cell_type`` and ``alive`` are used where they exist.
        dimensions : 1 (x), 2 (x, y) or 3. None: 3 where ``z_um`` varies, else 2.
        step_min : the time step, min. None: the median interval.
        step_tolerance : see the module's head; from 0 to below 0.5.
        living_only : leave out rows of dead cells, which drift but do not migrate; a note counts them.

        Raises
        ------
        InputError : if a column is missing, a number is not finite, or a setting cannot be used.
        DataError : if a track has two points at one time.
        """
        axes = _axes(cells, dimensions)
        _need(cells, ("t_min", "track_id", *axes))
        kept = np.arange(len(cells))
        notes: tuple[str, ...] = ()
        if living_only and "alive" in cells.columns and not bool(cells["alive"].all()):
            kept = np.flatnonzero(cells["alive"].to_numpy(bool))
            notes = (f"{len(cells) - len(kept)} of {len(cells)} rows are of dead cells and were left out",)
        table = cells.iloc[kept]
        named = table[[*(name for name in _PLACE if name in cells.columns), "track_id"]]
        types = table["cell_type"].astype(str).to_numpy(object) if "cell_type" in cells.columns else None
        points = table[list(axes)].to_numpy(np.float64)
        made = cls._build(named, table["t_min"].to_numpy(np.float64), points, types, step_min, step_tolerance)
        return replace(made, rows=kept[made.rows], notes=notes)

    @classmethod
    def from_arrays(
        cls,
        track_id: Any,
        t_min: Any,
        positions: Any,
        *,
        cell_type: Any = None,
        step_min: float | None = None,
        step_tolerance: float = _TOLERANCE,
    ) -> Tracks:
        """Read tracks from arrays: (n,) names or numbers of tracks, (n,) times, (n, d) positions, µm, in any order.

        Raises
        ------
        InputError, DataError : as :meth:`from_table`, or if the arrays do not fit one another.
        """
        points = np.asarray(positions, np.float64)
        if points.ndim != 2 or points.shape[1] not in (1, 2, 3):
            raise InputError(f"positions of shape {points.shape}", "positions", "give (n, 1), (n, 2) or (n, 3) numbers in µm")
        named = pd.DataFrame({"track_id": np.asarray(track_id)})
        times = np.asarray(t_min, np.float64)
        types = None if cell_type is None else np.asarray(cell_type).astype(str).astype(object)
        if not len(named) == len(times) == len(points) or (types is not None and len(types) != len(points)):
            raise InputError(
                f"{len(named)} track ids, {len(times)} times, {len(points)} positions", "tracks", "give one of each per point"
            )
        return cls._build(named, times, points, types, step_min, step_tolerance)

    @classmethod
    def _build(
        cls,
        named: pd.DataFrame,
        times: NDArray[np.float64],
        points: NDArray[np.float64],
        types: NDArray[Any] | None,
        step_min: float | None,
        tolerance: float,
    ) -> Tracks:
        if not (np.isfinite(times).all() and np.isfinite(points).all()):
            raise InputError("a time or a position is not a finite number", "tracks", "leave out points that were not measured")
        if not 0 <= tolerance < 0.5:
            raise InputError(f"a tolerance of {tolerance:g} time steps", "step_tolerance", "give a fraction from 0 to below 0.5")
        if step_min is not None and not (np.isfinite(step_min) and step_min > 0):
            raise InputError(f"a time step of {step_min} min", "step_min", "give minutes, > 0, or leave it out")
        code: NDArray[np.int64] = np.asarray(named.groupby(list(named.columns), sort=True).ngroup(), np.int64)
        order = np.lexsort((times, code))
        code, times = code[order], times[order]
        start = np.r_[0, np.flatnonzero(np.diff(code)) + 1, len(code)] if len(code) else np.zeros(1, np.int64)
        keys = named.iloc[order[start[:-1]]].reset_index(drop=True)
        same = np.flatnonzero((np.diff(times) <= 0) & (np.diff(code) == 0))
        if same.size:
            where = ", ".join(f"{name} {value}" for name, value in keys.iloc[code[same[0]]].items())
            raise DataError(
                f"{same.size} times a track has two points at one time, first at {times[same[0]]:g} min",
                where,
                "give every cell one position per time point",
            )
        keys["cell_type"] = "cell" if types is None else _commonest(types[order], code, len(keys))
        intervals = np.diff(times)[np.diff(code) == 0]
        step = float(np.median(intervals)) if step_min is None and intervals.size else step_min
        return cls(
            keys, start.astype(np.int64), times, points[order], order, float("nan") if step is None else float(step), tolerance
        )

    @property
    def n_tracks(self) -> int:
        """Number of tracks."""
        return len(self.start) - 1

    @property
    def dimensions(self) -> int:
        """Number of coordinates."""
        return int(self.positions.shape[1])

    @property
    def counts(self) -> NDArray[np.int64]:
        """Number of points of each track."""
        return np.diff(self.start)

    @cached_property
    def track(self) -> NDArray[np.int64]:
        """The track each point belongs to."""
        return np.repeat(np.arange(self.n_tracks), self.counts)

    @cached_property
    def steps(self) -> Steps:
        """The steps between consecutive points."""
        return Steps.between(self.start, self.t_min, self.positions, self.step_min, self.step_tolerance)

    @cached_property
    def frames(self) -> pd.DataFrame:
        """One row a field and time point, sorted: those of ``plate, well, site`` there are, and ``t_min``."""
        return self._framed[0]

    @cached_property
    def frame(self) -> NDArray[np.int64]:
        """The row of :attr:`frames` each point lies in."""
        return self._framed[1]

    @cached_property
    def _framed(self) -> tuple[pd.DataFrame, NDArray[np.int64]]:
        place = [name for name in _PLACE if name in self.keys.columns]
        named = self.keys[place].iloc[self.track].reset_index(drop=True).assign(t_min=self.t_min)
        code = named.groupby(list(named.columns), sort=True).ngroup().to_numpy(np.int64)
        frames = named.drop_duplicates().sort_values(list(named.columns), ignore_index=True)
        return frames, np.asarray(code, np.int64)

    def require_steps(self, asker: str) -> None:
        """Say that no cell was seen twice, where that is so.

        Raises
        ------
        DataError : if there is no step at all.
        """
        if not len(self.steps):
            raise DataError(
                f"no cell was seen twice, so there is no {asker}", "tracks", "track the cells over two time points or more"
            )

    def select(self, chosen: NDArray[np.bool_]) -> Tracks:
        """Return the tracks for which ``chosen`` (m,) is true; the time step stays."""
        points = np.repeat(chosen, self.counts)
        start = np.r_[0, np.cumsum(self.counts[chosen])].astype(np.int64)
        keys = self.keys[chosen].reset_index(drop=True)
        return replace(
            self, keys=keys, start=start, t_min=self.t_min[points], positions=self.positions[points], rows=self.rows[points]
        )

    def of_type(self, name: str) -> Tracks:
        """Return the tracks of one cell type."""
        return self.select((self.keys["cell_type"] == name).to_numpy(bool))

    def of_track(self, track_id: Any) -> Tracks:
        """Return the tracks of one number.

        Raises
        ------
        InputError : if there is none.
        """
        chosen = (self.keys["track_id"] == track_id).to_numpy(bool)
        if not chosen.any():
            raise InputError(f"there is no track '{track_id}'", "track_id")
        return self.select(chosen)

    def cut_at_gaps(self) -> Tracks:
        """Return every piece between gaps as a track of its own; ``keys`` gains ``piece``, counted from 1 within a track."""
        steps = self.steps
        cuts = steps.first[steps.gap] + 1
        start = np.union1d(self.start, cuts).astype(np.int64)
        owner = self.track[start[:-1]] if self.n_tracks else np.empty(0, np.int64)
        keys = self.keys.iloc[owner].reset_index(drop=True)
        keys["piece"] = np.arange(len(owner)) - np.searchsorted(start, self.start[owner]) + 1
        return replace(self, keys=keys, start=start)

    def longest_pieces(self) -> Tracks:
        """Return of each track its longest piece without a gap, the first of equally long ones (in points)."""
        pieces = self.cut_at_gaps()
        owner = np.cumsum(pieces.keys["piece"].to_numpy() == 1) - 1
        best = np.lexsort((np.arange(len(owner)), -pieces.counts, owner))
        chosen = np.zeros(len(owner), bool)
        chosen[best[np.r_[True, np.diff(owner[best]) > 0]] if len(owner) else best] = True
        return pieces.select(chosen)


def _axes(cells: pd.DataFrame, dimensions: int | None) -> Sequence[str]:
    if dimensions is None:
        flat = "z_um" not in cells.columns or not len(cells) or float(np.ptp(cells["z_um"].to_numpy(np.float64))) == 0
        return AXES[:2] if flat else AXES
    if dimensions not in (1, 2, 3):
        raise InputError(f"{dimensions} dimensions", "dimensions", "use 1, 2 or 3")
    return AXES[:dimensions]


def _need(cells: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [name for name in columns if name not in cells.columns]
    if missing:
        raise InputError(f"the cell table lacks {', '.join(missing)}", "cells")


def _commonest(types: NDArray[Any], code: NDArray[np.int64], n_tracks: int) -> NDArray[Any]:
    """Return the most frequent type of each track."""
    kind, names = pd.factorize(types, sort=True)
    if len(names) == 0:
        return np.empty(n_tracks, object)
    votes = np.bincount(code * len(names) + kind, minlength=n_tracks * len(names)).reshape(n_tracks, len(names))
    return np.asarray(np.asarray(names, object)[votes.argmax(axis=1)])
