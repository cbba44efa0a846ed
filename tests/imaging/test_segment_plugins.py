"""Trained networks: what is asked of the user, and what is handed to the library. The libraries are stood in for."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from coculture.errors import FileError, InputError, MissingExtraError
from coculture.imaging.segment import NucleusSettings, segment_nuclei

IMAGE = np.arange(12, dtype=np.float32).reshape(3, 4)
FOUND = np.array([[0, 1, 1, 0], [0, 0, 0, 0], [2, 2, 0, 0]], dtype=np.uint16)
METHODS = ("cellpose", "stardist", "instanseg")


@pytest.fixture
def weights(tmp_path: Path) -> str:
    path = tmp_path / "own_model"
    path.write_text("weights")
    return str(path)


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **contents: Any) -> None:
    module = ModuleType(name)
    for key, value in contents.items():
        setattr(module, key, value)
    monkeypatch.setitem(sys.modules, name, module)


@pytest.mark.parametrize("method", METHODS)
def test_without_weights_nothing_is_downloaded_and_the_user_is_told(method: str) -> None:
    with pytest.raises(InputError, match=r"does not download any(.|\n)*name its file or folder"):
        segment_nuclei(IMAGE, NucleusSettings(method), 1.0)


@pytest.mark.parametrize("method", METHODS)
def test_weights_that_are_not_there_are_named(method: str, tmp_path: Path) -> None:
    absent = str(tmp_path / "nowhere")
    with pytest.raises(FileError, match=r"nowhere: no such file or folder(.|\n)*nuclei.options.weights"):
        segment_nuclei(IMAGE, NucleusSettings(method, options={"weights": absent}), 1.0)


@pytest.mark.parametrize(("method", "library"), [("cellpose", "cellpose"), ("stardist", "stardist"), ("instanseg", "instanseg")])
def test_a_missing_library_comes_with_its_remedy(
    method: str, library: str, weights: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)  # import raises ImportError
    with pytest.raises(MissingExtraError, match=rf"not installed(.|\n)*coculture\[{method}\]"):
        segment_nuclei(IMAGE, NucleusSettings(method, options={"weights": weights}), 1.0)


def test_cellpose_is_given_the_weights_and_the_diameter_in_pixels(weights: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    class Model:
        def __init__(self, **options: Any) -> None:
            asked.update(options)

        def eval(self, image: np.ndarray, **options: Any) -> tuple[np.ndarray, list[int], list[int]]:
            asked.update(options)
            return FOUND, [], []

    stand_in(monkeypatch, "cellpose", models=SimpleNamespace(CellposeModel=Model))
    settings = NucleusSettings("cellpose", diameter_um=10.0, options={"weights": weights, "flow_threshold": 0.6})
    labels = segment_nuclei(IMAGE, settings, 0.5)
    assert labels.dtype == np.int32
    np.testing.assert_array_equal(labels, FOUND)
    assert asked["pretrained_model"] == weights
    assert (asked["diameter"], asked["flow_threshold"], asked["gpu"]) == (20.0, 0.6, False)


def test_stardist_is_given_its_folder_a_scaled_image_and_a_scale(weights: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    class Model:
        def __init__(self, config: None, **options: Any) -> None:
            asked.update(options)

        def predict_instances(self, image: np.ndarray, **options: Any) -> tuple[np.ndarray, dict[str, int]]:
            asked.update(options, high=float(image.max()))
            return FOUND, {}

    stand_in(monkeypatch, "stardist", models=SimpleNamespace(StarDist2D=Model))
    settings = NucleusSettings("stardist", diameter_um=10.0, options={"weights": weights})
    np.testing.assert_array_equal(segment_nuclei(IMAGE, settings, 0.25), FOUND)
    assert (asked["name"], asked["basedir"]) == (Path(weights).name, str(Path(weights).parent))
    assert asked["scale"] == pytest.approx(0.5)
    assert asked["high"] == pytest.approx(1.0, abs=0.05)


def test_instanseg_refuses_a_diameter_it_would_not_use(weights: str) -> None:
    with pytest.raises(InputError, match=r"not from a diameter(.|\n)*pixel_size_um"):
        segment_nuclei(IMAGE, NucleusSettings("instanseg", diameter_um=12.0, options={"weights": weights}), 1.0)


def test_instanseg_is_given_the_script_and_the_pixel_size(weights: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    class Engine:
        def __init__(self, model: str, **options: Any) -> None:
            asked.update(options, model=model)

        def eval_small_image(self, image: np.ndarray, **options: Any) -> np.ndarray:
            asked.update(options, shape=image.shape)
            return FOUND[np.newaxis, np.newaxis].astype(np.float32)

    stand_in(monkeypatch, "torch", jit=SimpleNamespace(load=lambda path: f"loaded {path}"))
    stand_in(monkeypatch, "instanseg", InstanSeg=Engine)
    settings = NucleusSettings("instanseg", options={"weights": weights})
    np.testing.assert_array_equal(segment_nuclei(IMAGE, settings, 0.5), FOUND)
    assert asked["model"] == f"loaded {weights}"
    assert (asked["pixel_size"], asked["shape"], asked["device"]) == (0.5, (1, 3, 4), "cpu")
