"""The detections of one field over time, checked and in the one order every kernel expects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError, Problem
from coculture.imaging.track.settings import TrackSettings

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

NEEDED = ("t_min", "x_um", "y_um")
_USUAL_FEATURE = "area_um2"


@dataclass(frozen=True, eq=False)
class Film:
    """Detections sorted by frame, x, y, features and cell number.

    Attributes
    ----------
    x, y : (n,) positions, µm.
    frame : (n,) rank of the time point, from 0.
    start : (frames + 1,) row of each frame's first detection.
    block : (frames,) number of the uninterrupted stretch of film the frame belongs to.
    times : (frames,) time, min.
    stretch : (frames,) how much further cells move until the next frame than over a usual interval: √(interval / median).
    features : (n, k) natural logarithm of the features.
    feature_names : k names.
    order : (n,) row of the given table.
    """

    x: Floats
    y: Floats
    frame: Integers
    start: Integers
    block: Integers
    times: Floats
    stretch: Floats
    features: Floats
    feature_names: tuple[str, ...]
    order: Integers

    def __len__(self) -> int:
        return len(self.x)

    @property
    def frames(self) -> int:
        """Number of time points that have detections."""
        return len(self.times)

    @property
    def has_later(self) -> NDArray[np.bool_]:
        """(n,) whether the frame has a following one in its block."""
        joined = np.append(self.block[1:] == self.block[:-1], False)
        return np.asarray(joined[self.frame], np.bool_)

    @property
    def has_earlier(self) -> NDArray[np.bool_]:
        """(n,) whether the frame has a preceding one in its block."""
        joined = np.insert(self.block[1:] == self.block[:-1], 0, False)
        return np.asarray(joined[self.frame], np.bool_)

    def part(self, wanted: NDArray[np.bool_]) -> Film:
        """Return the film of some frames only; runs of consecutive frames become blocks."""
        kept = wanted[self.frame]
        frames = np.flatnonzero(wanted)
        rank = np.cumsum(wanted) - 1
        block = np.cumsum(np.insert((np.diff(frames) > 1) | (np.diff(self.block[frames]) != 0), 0, False))
        counts = np.diff(self.start)[frames]
        return Film(
            self.x[kept],
            self.y[kept],
            rank[self.frame[kept]],
            np.insert(np.cumsum(counts), 0, 0),
            block.astype(np.int64),
            self.times[frames],
            self.stretch[frames],
            np.ascontiguousarray(self.features[kept]),
            self.feature_names,
            self.order[kept],
        )

    def moved(self, shift: Floats) -> Film:
        """Return the film with ``shift`` (frames, 2), µm, taken from every position, in order again."""
        return _in_order(
            self.x - shift[self.frame, 0],
            self.y - shift[self.frame, 1],
            self.times[self.frame],
            self.features,
            self.feature_names,
            np.arange(len(self)),
            self.order,
        )


def film_of(detections: pd.DataFrame, settings: TrackSettings, where: str = "detections") -> Film:
    """Check the detections of one field and put them in order.

    Raises
    ------
    InputError : if a column is missing, a number is not finite, a feature is not positive, cells lie at several heights, or two
        rows are the same cell number of one time point. ``where`` is what the message calls the table.
    """
    names = _feature_names(detections, settings)
    _check_columns(detections, names, where)
    _check_numbers(detections, names, where)
    features = np.log(detections[list(names)].to_numpy(np.float64)) if names else np.zeros((len(detections), 0))
    rows = np.arange(len(detections))
    label: Integers = rows
    if "cell_id" in detections:
        label = detections["cell_id"].rank(method="dense").to_numpy().astype(np.int64)
    x, y, t = (detections[name].to_numpy(np.float64) for name in ("x_um", "y_um", "t_min"))
    return _in_order(x, y, t, features, names, label, rows)


def _in_order(x: Floats, y: Floats, t: Floats, features: Floats, names: tuple[str, ...], label: Integers, rows: Integers) -> Film:
    order = np.lexsort((label, *features.T, y, x, t))
    times, frame = np.unique(t[order], return_inverse=True)
    counts = np.bincount(frame, minlength=len(times))
    interval = np.diff(times)
    usual = float(np.median(interval)) if len(interval) else 1.0
    stretch = np.append(np.sqrt(interval / usual), 1.0)[: len(times)]
    return Film(
        np.ascontiguousarray(x[order]),
        np.ascontiguousarray(y[order]),
        frame.astype(np.int64),
        np.insert(np.cumsum(counts), 0, 0).astype(np.int64),
        np.zeros(len(times), np.int64),
        times,
        stretch,
        np.ascontiguousarray(features[order]),
        names,
        rows[order].astype(np.int64),
    )


def _feature_names(detections: pd.DataFrame, settings: TrackSettings) -> tuple[str, ...]:
    if settings.features is not None:
        return settings.features
    return (_USUAL_FEATURE,) if _USUAL_FEATURE in detections.columns else ()


def _check_columns(detections: pd.DataFrame, names: tuple[str, ...], where: str) -> None:
    missing = [name for name in (*NEEDED, *names) if name not in detections.columns]
    if missing:
        raise InputError(
            f"the table lacks {', '.join(missing)}", where, "give one row per cell and time point with these columns"
        )


def _check_numbers(detections: pd.DataFrame, names: tuple[str, ...], where: str) -> None:
    problems = [problem for name in (*NEEDED, *names) for problem in _number_problems(detections[name], where)]
    if "z_um" in detections and len(detections) and detections["z_um"].nunique() > 1:
        problems.append(Problem("cells lie at several heights (z_um)", where, "tracking is in the plane; project first"))
    if "cell_id" in detections:
        twice = detections.duplicated(["t_min", "cell_id"])
        if bool(twice.any()):
            row = detections[twice].iloc[0]
            what = f"cell_id {row['cell_id']:g} is there twice at t_min {row['t_min']:g}"
            problems.append(Problem(what, where, "link one site at a time, or keep plate, well and site in the table"))
    if problems:
        raise InputError(problems)


def _number_problems(column: pd.Series[float], where: str) -> list[Problem]:
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    needed = column.name in NEEDED
    bad = ~np.isfinite(values) if needed else ~(np.isfinite(values) & (values > 0))
    if not bad.any():
        return []
    wanted = "finite numbers" if needed else "positive numbers"
    remedy = "take those rows out" if needed else "take those rows out, or link by position alone with features=()"
    first = int(np.argmax(bad))
    return [Problem(f"{int(bad.sum())} values of {column.name} are not {wanted}, the first in row {first}", where, remedy)]
