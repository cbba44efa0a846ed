"""Nuclei by InstanSeg, with the user's own weights."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from coculture.errors import InputError, MissingExtraError
from coculture.imaging.segment.base import Image, Labels
from coculture.imaging.segment.weights import weights_path


@dataclass(frozen=True)
class InstanSeg:
    """Embeddings of a trained network (Goldsborough et al. 2024, arXiv:2408.15954).

    Attributes
    ----------
    diameter_um : refused; the method scales the image by its pixel size to that of its training.
    weights : path of the model's TorchScript file.
    gpu : whether to ask for a graphics card.
    """

    diameter_um: float | None = None
    weights: str | None = None
    gpu: bool = False

    def __post_init__(self) -> None:
        if self.diameter_um is not None:
            raise InputError(
                "method 'instanseg' takes its scale from the pixel size, not from a diameter",
                "nuclei.diameter_um",
                "leave it out, and make sure that source.pixel_size_um is right",
            )

    def segment(self, image: Image, pixel_size_um: float) -> Labels:
        """Return one label a nucleus.

        Raises
        ------
        InputError, FileError : if no weights are given, or they are not there.
        MissingExtraError : if InstanSeg is not installed.
        """
        path = weights_path(self.weights, "instanseg")
        engine, torch = _engine()
        model: Any = engine(torch.jit.load(str(path)), device="cuda" if self.gpu else "cpu", verbosity=0)
        found = model.eval_small_image(image[np.newaxis], pixel_size=pixel_size_um, target="nuclei", return_image_tensor=False)
        on_host = found.cpu() if hasattr(found, "cpu") else found
        return np.ascontiguousarray(np.asarray(on_host)[0, 0], dtype=np.int32)


def _engine() -> tuple[Any, Any]:
    try:
        engine = import_module("instanseg").InstanSeg
        torch = import_module("torch")
    except ImportError as error:
        raise MissingExtraError.for_extra("instanseg-torch", "instanseg", "nuclei.method 'instanseg'") from error
    return engine, torch
