"""Nuclei against hand-made masks: average precision, mistakes and time of the built-in preset, beside a plain peer.

Question: does one preset, without a parameter per image, reach an average precision of 0.78 at IoU 0.5 over 303 real images
(Data Science Bowl 2018) at 0.06 s per image on one core? Peers: Otsu's threshold with a distance watershed, run here with
scikit-image; CellProfiler reaches 0.71 (quoted, not run here).

    python benchmarks/nuclei_segmentation.py [--refit]

The weights of the merge rule and the preset's numbers were chosen on the fitting half alone; the other half is reported beside
it. ``--refit`` fits the weights again and prints them. Times are CPU seconds, the mean over images, after compilation. Needs the
folder of real data: COCULTURE_DATA.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage
from scipy.optimize import minimize
from skimage.feature import peak_local_max
from skimage.filters import threshold_otsu
from skimage.segmentation import watershed

from coculture.imaging.segment.kernels import label_moments
from coculture.imaging.segment.merging import MergeRule, neighbouring_pairs, pair_features
from coculture.imaging.segment.watershed import Watershed
from machine import describe
from nuclei_truth import TrueImage, read_images, score

Method = Callable[[NDArray[np.float32]], NDArray[np.int32]]
RIDGE = 1e-3


def otsu_and_distance(image: NDArray[np.float32]) -> NDArray[np.int32]:
    """Otsu's threshold, holes filled, watershed of the distance to the rim from its peaks; the best of ten settings tried."""
    mask = ndimage.binary_fill_holes(image > threshold_otsu(image))
    distance = ndimage.gaussian_filter(ndimage.distance_transform_edt(mask), 1.0)
    pieces, _ = ndimage.label(mask)
    peaks = peak_local_max(distance, min_distance=8, labels=pieces, exclude_border=False)
    seeds = np.zeros(image.shape, dtype=np.int32)
    seeds[tuple(peaks.T)] = np.arange(1, len(peaks) + 1)
    labels = watershed(-distance, seeds, mask=mask)
    labels[np.bincount(labels.ravel())[labels] < 20] = 0
    return labels


def judged(images: list[TrueImage], method: Method) -> pd.DataFrame:
    """Score a method on every image; ``seconds`` is its CPU time."""
    method(images[0].image)
    rows = []
    for one in images:
        start = time.process_time()
        found = method(one.image)
        seconds = time.process_time() - start
        rows.append({"fitting": one.fitting, "seconds": seconds} | score(one.truth, found))
    return pd.DataFrame(rows)


def refitted(images: list[TrueImage], method: Watershed) -> MergeRule:
    """Fit the merge rule by logistic regression (ridge 1e-3 on standardised features) on the fitting half."""
    parts = [_pairs_of(one, method) for one in images if one.fitting]
    features = np.concatenate([features for features, _ in parts])
    signs = np.where(np.concatenate([same for _, same in parts]), 1.0, -1.0)
    centre, spread = features.mean(axis=0), features.std(axis=0)
    design = np.column_stack([np.ones(len(features)), (features - centre) / spread])

    def loss(weights: NDArray[np.float64]) -> float:
        return float(np.logaddexp(0, -signs * (design @ weights)).mean() + RIDGE * (weights[1:] ** 2).sum())

    best = minimize(loss, np.zeros(design.shape[1])).x
    weights = best[1:] / spread
    return MergeRule(*np.round([best[0] - weights @ centre, *weights], 2).tolist())


def _pairs_of(one: TrueImage, method: Watershed) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Features of the neighbouring fragments of one image, and whether the hand-made masks call the pair one nucleus."""
    found = method.fragments(one.image, 1.0)
    if found is None:
        return np.empty((0, 7)), np.empty(0, dtype=np.bool_)
    pairs = neighbouring_pairs(found.labels, found.above)
    highest = int(found.labels.max(initial=0))
    span = int(one.truth.max()) + 1
    shared = np.bincount(found.labels.ravel().astype(np.int64) * span + one.truth.ravel(), minlength=(highest + 1) * span)
    owner = shared.reshape(highest + 1, span).argmax(axis=1)
    known = (owner[pairs.first] > 0) & (owner[pairs.second] > 0)
    sums = label_moments(found.labels, found.above, highest)
    features = pair_features(sums, pairs, 0.0, np.pi / 4 * found.diameter**2)
    return features[known], (owner[pairs.first] == owner[pairs.second])[known]


def main() -> None:
    """Print one table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--refit", action="store_true")
    asked = options.parse_args()
    images = read_images(Path(os.environ["COCULTURE_DATA"]) / "nuclei")
    preset = Watershed()
    if asked.refit:
        preset = dataclasses.replace(preset, merge_rule=refitted(images, preset))
        print(preset.merge_rule)
    print(describe())
    fitting = sum(one.fitting for one in images)
    print(f"{len(images)} images, {fitting} in the fitting half, {sum(int(one.truth.max() > 0) for one in images)} with nuclei\n")
    print("| method | images | AP@0.5 | AP@0.75 | missed | merged | split | CPU s per image |\n|---|---|---|---|---|---|---|---|")
    methods: dict[str, Method] = {
        "watershed preset": lambda image: preset.segment(image, 1.0),
        "Otsu and distance watershed": otsu_and_distance,
    }
    for name, method in methods.items():
        rows = judged(images, method)
        for part, chosen in (("fitting half", rows["fitting"]), ("held-out half", ~rows["fitting"]), ("all", rows["ap50"] >= 0)):
            print(_row(name, part, rows[chosen]))


def _row(name: str, part: str, rows: pd.DataFrame) -> str:
    counts = " | ".join(f"{int(rows[kind].sum()):,}" for kind in ("missed", "merged", "split"))
    precision = f"{rows['ap50'].mean():.3f} | {rows['ap75'].mean():.3f}"
    return f"| {name} | {part} | {precision} | {counts} | {rows['seconds'].mean():.3f} |"


if __name__ == "__main__":
    main()
