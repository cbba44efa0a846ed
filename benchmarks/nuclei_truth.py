"""Hand-made masks of 303 real images: reading them, parting them without leaking, and scoring outlines against them.

Many of the images are cut from one field of view, so that an image chosen at random nearly always has a sibling on the other
side. Images of one size whose grey-level distributions are alike are therefore kept together (``same_field``), and whole
groups go to one half.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import pandas as pd
import tifffile
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

ALIKE = 0.5
"""Images closer than this in log2 grey levels (Euclidean, six quantiles and the spread) are taken for one field's."""


@dataclass(frozen=True)
class TrueImage:
    """One image, its hand-made labels, and whether it belongs to the half for fitting."""

    name: str
    image: NDArray[np.float32]
    truth: NDArray[np.int32]
    fitting: bool


def read_images(folder: Path) -> list[TrueImage]:
    """Read the data set: ``index.csv``, ``images/``, ``labels/``."""
    names = pd.read_csv(folder / "index.csv")["id"].tolist()
    images = [imageio.imread(folder / "images" / f"{name}.png") for name in names]
    truths = [tifffile.imread(folder / "labels" / f"{name}.tif").astype(np.int32) for name in names]
    half = fitting_half(images)
    parts = zip(names, images, truths, half, strict=True)
    return [TrueImage(name, image.astype(np.float32), truth, bool(fitting)) for name, image, truth, fitting in parts]


def same_field(images: list[NDArray[np.uint8]]) -> NDArray[np.int64]:
    """Number the groups of images that may show one field: same size, grey levels alike (single linkage)."""
    groups = np.zeros(len(images), dtype=np.int64)
    n_groups = 0
    for shape in sorted({image.shape for image in images}):
        own = [k for k, image in enumerate(images) if image.shape == shape]
        levels = np.array([_levels(images[k]) for k in own])
        found = fcluster(linkage(levels, "single"), ALIKE, "distance") - 1 if len(own) > 1 else np.zeros(1, dtype=np.int64)
        groups[own] = found + n_groups
        n_groups += int(found.max()) + 1
    return groups


def fitting_half(images: list[NDArray[np.uint8]]) -> NDArray[np.bool_]:
    """Deal whole groups, the largest first, to the half that has fewer images of that size so far."""
    groups = same_field(images)
    sizes = np.bincount(groups)
    half = np.zeros(len(images), dtype=np.bool_)
    dealt: dict[tuple[int, ...], list[int]] = {}
    for group in np.argsort(-sizes, kind="stable"):
        members = groups == group
        counts = dealt.setdefault(images[int(np.argmax(members))].shape, [0, 0])
        side = 0 if counts[0] <= counts[1] else 1
        counts[side] += int(sizes[group])
        half[members] = side == 0
    return half


def _levels(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    quantiles = np.quantile(image, [0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
    return np.log2(1 + np.append(quantiles, image.std()))


def score(truth: NDArray[np.int32], found: NDArray[np.int32]) -> dict[str, float]:
    """Compare outlines with the truth.

    ``ap50``, ``ap75``: TP / (TP + FP + FN), a pair being true where intersection over union exceeds 0.5 or 0.75 (Data Science
    Bowl 2018). ``missed``: true nuclei less than 30 % covered. ``merged``: outlines that hold most of two true nuclei or more.
    ``split``: true nuclei of which two or more outlines are mostly part.
    """
    table = _shared_pixels(truth, found)
    true_area, found_area = table.sum(axis=1)[1:], table.sum(axis=0)[1:]
    shared = table[1:, 1:]
    union = true_area[:, None] + found_area[None] - shared
    result: dict[str, float] = {}
    for percent in (50, 75):
        right = int((shared / np.maximum(union, 1) > percent / 100).sum())
        result[f"ap{percent}"] = right / max(len(true_area) + len(found_area) - right, 1)
    result["missed"] = int((shared.sum(axis=1) < 0.3 * true_area).sum())
    result["merged"] = int(((shared > 0.5 * true_area[:, None]).sum(axis=0) > 1).sum())
    result["split"] = int(((shared > 0.5 * found_area[None]).sum(axis=1) > 1).sum())
    return result


def _shared_pixels(truth: NDArray[np.int32], found: NDArray[np.int32]) -> NDArray[np.int64]:
    """Pixels shared by each pair of labels, background first on both sides."""
    true_ids, true_rows = np.unique(np.append(truth.ravel(), 0), return_inverse=True)
    found_ids, found_rows = np.unique(np.append(found.ravel(), 0), return_inverse=True)
    counts = np.bincount(true_rows[:-1] * len(found_ids) + found_rows[:-1], minlength=len(true_ids) * len(found_ids))
    return counts.reshape(len(true_ids), len(found_ids))
