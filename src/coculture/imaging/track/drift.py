"""Shift of the whole field from frame to frame: a stage that creeps or jumps.

The shift between two frames is where the vectors from detections to those of the next frame pile up (voting), refined by the
median residual of mutual nearest neighbours. It is taken for drift only where it is certain: it must bring clearly more
detections onto one another than no shift does, or the median must differ from zero by five standard errors.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from coculture.imaging.track.film import Film, film_of
from coculture.imaging.track.settings import TrackSettings

Floats = NDArray[np.float64]

_MOST_VOTERS = 200
_WINDOW = 4.0
_BIN = 0.2
_CLEARLY_MORE = 1.3
_STANDARD_ERRORS = 5.0
_FEWEST = 8


def estimate_drift(detections: pd.DataFrame) -> pd.DataFrame:
    """Estimate how far the field has shifted since the first time point.

    Parameters
    ----------
    detections : ``t_min``, ``x_um`` and ``y_um`` of one field.

    Returns
    -------
    t_min, dx_um, dy_um: one row a time point; add to a place of the first time point to find it again.

    Raises
    ------
    InputError : if a column is missing or not finite.
    """
    film = film_of(detections, TrackSettings(features=()))
    shift = field_shift(film)
    return pd.DataFrame({"t_min": film.times, "dx_um": shift[:, 0], "dy_um": shift[:, 1]})


def correct_drift(detections: pd.DataFrame, drift: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the detections with the field's shift taken out of ``x_um`` and ``y_um``.

    Parameters
    ----------
    detections : ``t_min``, ``x_um`` and ``y_um`` of one field.
    drift : what :func:`estimate_drift` returned; None estimates it.

    Raises
    ------
    InputError : if a column is missing or not finite.
    """
    film_of(detections, TrackSettings(features=()))
    shift = (estimate_drift(detections) if drift is None else drift).set_index("t_min")
    result = detections.copy()
    for position, moved in (("x_um", "dx_um"), ("y_um", "dy_um")):
        result[position] = detections[position] - detections["t_min"].map(shift[moved])
    return result


def field_shift(film: Film) -> Floats:
    """Return (frames, 2), the field's shift since the first frame, µm."""
    shift = np.zeros((film.frames, 2))
    here = np.column_stack((film.x, film.y))
    for f in range(film.frames - 1):
        one, two = here[film.start[f] : film.start[f + 1]], here[film.start[f + 1] : film.start[f + 2]]
        shift[f + 1] = shift[f] + shift_between(one, two)
    return shift


def shift_between(one: Floats, two: Floats) -> Floats:
    """Return the shift (2,) that carries most of the points ``one`` onto points of ``two``, or zero where none is certain."""
    none = np.zeros(2)
    if min(len(one), len(two)) < _FEWEST:
        return none
    tree = cKDTree(two)
    spacing = float(np.median(tree.query(_some(two), k=2)[0][:, 1]))
    one = _some(one)
    if spacing <= 0:
        return none
    far = _voted(one, two, tree, spacing)
    jumped = far if _overlap(tree, one + far, spacing) > _CLEARLY_MORE * _overlap(tree, one, spacing) else none
    return np.asarray(jumped + _crept(one + jumped, two, tree, spacing))


def _voted(one: Floats, two: Floats, tree: cKDTree, spacing: float) -> Floats:
    """Return the most frequent vector from a point to a point of the other frame, within a few spacings."""
    window, width = _WINDOW * spacing, _BIN * spacing
    near = tree.query_ball_point(one, window, return_sorted=True)
    found = np.concatenate([np.asarray(rows, np.int64) for rows in near])
    if not len(found):
        return np.zeros(2)
    vectors = two[found] - np.repeat(one, [len(rows) for rows in near], axis=0)
    edges = np.arange(-window - width, window + 2 * width, width)
    votes = np.histogram2d(vectors[:, 0], vectors[:, 1], bins=(edges, edges))[0]
    smooth = sum(votes[1 + i : votes.shape[0] - 1 + i, 1 + j : votes.shape[1] - 1 + j] for i in (-1, 0, 1) for j in (-1, 0, 1))
    peak = np.array(np.unravel_index(int(np.argmax(smooth)), smooth.shape)) + 1
    middle = edges[peak] + width / 2
    close = np.abs(vectors - middle).max(axis=1) <= 1.5 * width
    return np.asarray(np.median(vectors[close], axis=0)) if close.any() else np.zeros(2)


def _overlap(tree: cKDTree, points: Floats, spacing: float) -> float:
    """Return how well points lie on those of the tree: the mean of exp(-d² / 2h²), h a fifth of the spacing."""
    distance = tree.query(points)[0]
    return float(np.mean(np.exp(-0.5 * (distance / (_BIN * spacing)) ** 2)))


def _crept(one: Floats, two: Floats, tree: cKDTree, spacing: float) -> Floats:
    """Return the median residual of mutual nearest neighbours where it is five standard errors from zero."""
    distance, partner = tree.query(one)
    back = cKDTree(one).query(two)[1]
    mutual = (back[partner] == np.arange(len(one))) & (distance < spacing)
    residual = two[partner[mutual]] - one[mutual]
    if len(residual) < _FEWEST:
        return np.zeros(2)
    median = np.median(residual, axis=0)
    spread = 1.4826 * np.median(np.abs(residual - median), axis=0)
    error = 1.2533 * spread / np.sqrt(len(residual))
    certain = float(np.sum((median / np.maximum(error, 1e-9)) ** 2)) > _STANDARD_ERRORS**2
    return np.asarray(median) if certain else np.zeros(2)


def _some(points: Floats) -> Floats:
    """Return at most some hundred points, evenly along their order."""
    if len(points) <= _MOST_VOTERS:
        return points
    return np.asarray(points[np.linspace(0, len(points) - 1, _MOST_VOTERS).round().astype(int)])
