"""Nuclei by StarDist, with the user's own weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coculture.errors import MissingExtraError
from coculture.imaging.segment.base import Image, Labels
from coculture.imaging.segment.weights import weights_path


@dataclass(frozen=True)
class StarDist:
    """Star-convex polygons of a trained network (Schmidt, Weigert, Broaddus & Myers 2018, MICCAI, LNCS 11071:265).

    Attributes
    ----------
    diameter_um : typical diameter of a nucleus; None leaves the scale of the image as it is.
    weights : path of the model's folder (it holds ``config.json``).
    trained_diameter_pixels : diameter the model was trained at; the image is scaled to it where ``diameter_um`` is given.
    low_percentile, high_percentile : grey levels that become 0 and 1.
    """

    diameter_um: float | None = None
    weights: str | None = None
    trained_diameter_pixels: float = 20.0
    low_percentile: float = 1.0
    high_percentile: float = 99.8

    def segment(self, image: Image, pixel_size_um: float) -> Labels:
        """Return one label a nucleus.

        Raises
        ------
        InputError, FileError : if no weights are given, or they are not there.
        MissingExtraError : if StarDist is not installed.
        """
        path = weights_path(self.weights, "stardist")
        model: Any = _models().StarDist2D(None, name=path.name, basedir=str(path.parent))
        low, high = np.percentile(image, [self.low_percentile, self.high_percentile])
        scaled = (image - np.float32(low)) / np.float32(max(high - low, 1e-6))
        scale = None if self.diameter_um is None else self.trained_diameter_pixels * pixel_size_um / self.diameter_um
        found = model.predict_instances(scaled, scale=scale)
        return np.ascontiguousarray(found[0], dtype=np.int32)


def _models() -> Any:
    try:
        from stardist import models
    except ImportError as error:
        raise MissingExtraError.for_extra("stardist", "stardist", "nuclei.method 'stardist'") from error
    return models
