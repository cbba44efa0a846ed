"""Segmentation of real images: hand-made masks, and a plate whose stain moves. Few images; benchmarks use them all."""

from __future__ import annotations

from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import pandas as pd
import pytest
import tifffile

from coculture.imaging.segment import CellSettings, NucleusSettings, segment_cells, segment_nuclei


def precision(truth: np.ndarray, found: np.ndarray) -> float:
    """TP / (TP + FP + FN) at an intersection over union of 0.5."""
    n_true, n_found = len(np.unique(truth)) - 1, len(np.unique(found)) - 1
    right = 0
    for number in np.unique(truth)[1:]:
        mine = truth == number
        ids, counts = np.unique(found[mine], return_counts=True)
        for other, shared in zip(ids, counts, strict=True):
            if other and shared / ((found == other).sum() + mine.sum() - shared) > 0.5:
                right += 1
    return right / (n_true + n_found - right)


def test_hand_made_masks_are_met(shared_data: Path) -> None:
    """Every 25th image: far fewer than the benchmark's 303, enough to notice a broken method."""
    folder = shared_data / "nuclei"
    scores = []
    for name in pd.read_csv(folder / "index.csv")["id"].sort_values().iloc[::25]:
        truth = tifffile.imread(folder / "labels" / f"{name}.tif").astype(np.int32)
        image = imageio.imread(folder / "images" / f"{name}.png")
        scores.append(precision(truth, segment_nuclei(image, NucleusSettings(), 1.0)))
    assert np.mean(scores) > 0.74
    assert np.median(scores) > 0.8


def test_territories_keep_their_size_when_the_stain_moves(shared_data: Path) -> None:
    """Negative and positive controls of four rows: outlines on the nuclei keep their area, outlines on the stain do not."""
    pairs = (("01-A-01", "12-A-12"), ("14-B-02", "24-B-12"), ("60-E-12", "49-E-01"), ("72-F-12", "61-F-01"))
    change: dict[str, list[float]] = {"territories": [], "propagation": []}
    for pair in pairs:
        for method, ratios in change.items():
            negative, positive = (_median_area(shared_data / "translocation_plate", well, method) for well in pair)
            ratios.append(positive / negative)
    assert np.mean(change["territories"]) == pytest.approx(1, abs=0.04)
    assert change["territories"] == pytest.approx([1] * 4, abs=0.12)  # wells differ in density
    assert max(change["propagation"]) < 0.6


def _median_area(folder: Path, well: str, method: str) -> float:
    nuclei = segment_nuclei(tifffile.imread(folder / f"Channel2-{well}.tif"), NucleusSettings(touching_border="drop"), 1.0)
    settings = CellSettings(method, "gfp" if method == "propagation" else None)
    labels = segment_cells(nuclei, tifffile.imread(folder / f"Channel1-{well}.tif"), settings, 1.0).labels
    return float(np.median(np.bincount(labels.ravel())[np.unique(nuclei)[1:]]))
