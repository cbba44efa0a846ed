"""Motion along a direction: forward-migration indices, and the displacement of the centre of mass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError, InputError
from coculture.interactions.motion.path import displacements, ratio, sum_per_track
from coculture.interactions.motion.steps import norms
from coculture.interactions.motion.tracks import Tracks


def unit_direction(direction: Sequence[float], dimensions: int) -> NDArray[np.float64]:
    """Return a direction as a unit vector.

    Raises
    ------
    InputError : if it is not ``dimensions`` finite numbers, or all are zero.
    """
    vector = np.asarray(direction, np.float64)
    if vector.shape != (dimensions,) or not np.isfinite(vector).all() or not vector.any():
        raise InputError(
            f"{tuple(direction)} is no direction in {dimensions} dimensions",
            "direction",
            "give x, y (and z) not all zero; y points down",
        )
    return np.asarray(vector / np.linalg.norm(vector))


def forward_migration(tracks: Tracks, direction: Sequence[float]) -> pd.DataFrame:
    """Return, one row a track, ``fmi_parallel`` and ``fmi_perpendicular``.

    ``FMI_∥ = (r_N − r₀) · e / L`` with e the unit vector along ``direction`` and L the path length (Foxman, Kunkel & Butcher
    1999, J Cell Biol 147:577). In the plane ``FMI_⊥`` is the same along e turned a quarter clockwise on the screen, (−e_y,
    e_x); in space it is the length of the displacement across e over L, never negative; in one dimension there is none. NaN
    for a cell that never moved.

    Raises
    ------
    InputError : if the direction cannot be used.
    """
    towards = unit_direction(direction, tracks.dimensions)
    vectors, length = displacements(tracks), sum_per_track(tracks, tracks.steps.length_um)
    along = vectors @ towards
    columns = {"fmi_parallel": ratio(along, length)}
    if tracks.dimensions == 2:
        columns["fmi_perpendicular"] = ratio(vectors @ np.array([-towards[1], towards[0]]), length)
    if tracks.dimensions == 3:
        columns["fmi_perpendicular"] = ratio(norms(vectors - along[:, None] * towards), length)
    return pd.DataFrame(columns)


@dataclass(frozen=True)
class CentreOfMass:
    """Mean displacement of the tracks.

    Attributes
    ----------
    displacement_um : (d,) mean of the tracks' displacements.
    standard_error_um : (d,) its standard error between tracks.
    length_um : length of the mean.
    n_tracks : tracks of two points or more.
    """

    displacement_um: tuple[float, ...]
    standard_error_um: tuple[float, ...]
    length_um: float
    n_tracks: int


def centre_of_mass(tracks: Tracks) -> CentreOfMass:
    """Return the displacement of the centre of mass, the mean of (r_N − r₀) over tracks, each counting the same.

    Tracks of different duration are mixed as they are; choose those that last as long where that matters.

    Raises
    ------
    DataError : if fewer than two tracks have two points.
    """
    vectors = displacements(tracks)[tracks.counts > 1]
    if len(vectors) < 2:
        raise DataError(f"{len(vectors)} tracks of two points or more", "tracks", "a mean displacement and its error need two")
    mean = vectors.mean(axis=0)
    error = vectors.std(axis=0, ddof=1) / np.sqrt(len(vectors))
    return CentreOfMass(
        tuple(float(part) for part in mean), tuple(float(part) for part in error), float(np.linalg.norm(mean)), len(vectors)
    )
