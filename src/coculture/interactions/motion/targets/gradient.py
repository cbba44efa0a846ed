"""Up the gradient of a field: a concentration, a stiffness, an electric potential."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from coculture.errors import InputError
from coculture.interactions.motion.steps import norms, units
from coculture.interactions.motion.tracks import Tracks


@dataclass(frozen=True, eq=False)
class UpGradient:
    """The way a field rises most steeply.

    Attributes
    ----------
    field : (Y, X) or (Z, Y, X) values; the first sits at (0.5, 0.5) pixels.
    pixel_size_um : side of a pixel, µm.
    least_slope : field units per µm; where the field is flatter there is no direction.
    """

    field: NDArray[np.float64]
    pixel_size_um: float
    least_slope: float = 0.0

    def __post_init__(self) -> None:
        values = np.asarray(self.field, np.float64)
        if values.ndim not in (2, 3) or min(values.shape) < 2 or not np.isfinite(values).all():
            raise InputError(
                f"a field of shape {values.shape}", "field", "give (Y, X) or (Z, Y, X) finite numbers, 2 or more each way"
            )
        if not (np.isfinite(self.pixel_size_um) and self.pixel_size_um > 0):
            raise InputError(f"pixel size {self.pixel_size_um}", "pixel_size_um", "give the side of a pixel in µm, > 0")
        if not (np.isfinite(self.least_slope) and self.least_slope >= 0):
            raise InputError(f"a least slope of {self.least_slope}", "least_slope", "give a number >= 0")
        object.__setattr__(self, "field", values)

    def __str__(self) -> str:
        return "up the gradient of a field"

    def directions(self, tracks: Tracks, points: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the directions of steepest rise, interpolated linearly; beyond the field's edge those at the edge.

        Raises
        ------
        InputError : if the field has not as many dimensions as the tracks.
        """
        if self.field.ndim != tracks.dimensions:
            raise InputError(
                f"a field in {self.field.ndim} dimensions for tracks in {tracks.dimensions}", "target", "give both in the same"
            )
        place = (tracks.positions[points][:, ::-1] / self.pixel_size_um - 0.5).T
        slopes = np.gradient(self.field, self.pixel_size_um)
        rise = np.column_stack([map_coordinates(slope, place, order=1, mode="nearest") for slope in slopes[::-1]])
        rise[norms(rise) <= self.least_slope] = 0
        return units(rise)
