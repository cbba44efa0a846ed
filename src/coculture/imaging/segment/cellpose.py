"""Nuclei by Cellpose, with the user's own weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from coculture.errors import MissingExtraError
from coculture.imaging.segment.base import Image, Labels
from coculture.imaging.segment.weights import weights_path


@dataclass(frozen=True)
class Cellpose:
    """Flow fields of a trained network (Stringer, Wang, Michaelos & Pachitariu 2021, Nat. Methods 18:100).

    Attributes
    ----------
    diameter_um : typical diameter of a nucleus; None leaves the scale of the image as it is.
    weights : path of the model's file.
    flow_threshold, cell_probability : Cellpose's own thresholds.
    gpu : whether to ask for a graphics card.
    """

    diameter_um: float | None = None
    weights: str | None = None
    flow_threshold: float = 0.4
    cell_probability: float = 0.0
    gpu: bool = False

    def segment(self, image: Image, pixel_size_um: float) -> Labels:
        """Return one label a nucleus.

        Raises
        ------
        InputError, FileError : if no weights are given, or they are not there.
        MissingExtraError : if Cellpose is not installed.
        """
        path = weights_path(self.weights, "cellpose")
        model: Any = _models().CellposeModel(gpu=self.gpu, pretrained_model=str(path))
        diameter = None if self.diameter_um is None else self.diameter_um / pixel_size_um
        found = model.eval(image, diameter=diameter, flow_threshold=self.flow_threshold, cellprob_threshold=self.cell_probability)
        return np.ascontiguousarray(found[0], dtype=np.int32)


def _models() -> Any:
    try:
        from cellpose import models
    except ImportError as error:
        raise MissingExtraError.for_extra("cellpose", "cellpose", "nuclei.method 'cellpose'") from error
    return models
