"""What does a full set of features cost beside cp-measure, and do the two agree?

Two scenes: ``human``, three real channels of 512 × 512 (with ``--data``, the folder that holds example_images), and
``drawn``, two channels of 1920 × 1920 with 1,600 textured cells that touch. One core, CPU time, both programs in one run on
the same pixels and labels; ours is the median of three after one run that compiles or loads the cache, cp-measure's is one
run after importing. Bars: 10 times faster in total; 95 % of the features with the same definition within 1e-6 (relative,
99th percentile over cells); 400 MB at most on the larger; 60 s at most to compile, once.

    python benchmarks/features.py [--data FOLDER] [--details] [--accelerated]

cp-measure is in the extra 'bench'; without it only our times are shown. ``--accelerated`` lets it use numba where it can.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
import tifffile
from scipy import ndimage
from scipy.spatial import cKDTree
from skimage.feature import peak_local_max
from skimage.filters import gaussian, threshold_otsu
from skimage.measure import label as joined
from skimage.segmentation import watershed

from coculture.imaging.measure.field import measure_field
from coculture.imaging.measure.names import to_cellprofiler
from coculture.imaging.measure.objects import FieldObjects
from machine import describe

FAMILIES = ("shape", "moments", "zernike", "intensity", "radial", "texture", "granularity", "correlation")
PEER = {
    "shape": ("sizeshape", "feret"),
    "moments": (),
    "zernike": ("zernike", "radial_zernikes"),
    "intensity": ("intensity",),
    "radial": ("radial_distribution",),
    "texture": ("texture",),
    "granularity": ("granularity",),
    "correlation": ("pearson", "manders_fold", "rwc", "costes"),
}
FULL_SCALE = 255.0
Peer = dict[str, np.ndarray]


def human(folder: Path) -> FieldObjects:
    """Three channels of human cells; nuclei by Otsu's threshold and the distance from the edge."""
    paths = sorted((folder / "example_images" / "ExampleHuman" / "images").glob("*.tif"))
    pixels = np.stack([tifffile.imread(path) for path in paths]).astype(np.float32)
    smooth = gaussian(pixels[0], 1.0)
    bright = smooth > threshold_otsu(smooth)
    inside = gaussian(ndimage.distance_transform_edt(bright), 1.0)
    peaks = peak_local_max(inside, min_distance=6, labels=joined(bright), exclude_border=False)
    seeds = np.zeros(bright.shape, dtype=np.int32)
    seeds[tuple(peaks.T)] = np.arange(1, len(peaks) + 1)
    return as_objects(pixels, watershed(-inside, seeds, mask=bright), 20)


def drawn(size: int = 1920, cells: int = 1600) -> FieldObjects:
    """Discs cut where they meet, with smooth and fine texture and holes of background."""
    draw = np.random.default_rng(0)
    centres = draw.uniform(0, size, (cells, 2))
    places = np.indices((size, size)).reshape(2, -1).T + 0.5
    far, nearest = cKDTree(centres).query(places, distance_upper_bound=26)
    labels = np.where(np.isfinite(far), np.append(1 + np.arange(cells), 0)[nearest], 0).reshape(size, size)
    grain = [gaussian(draw.normal(size=(size, size)), width) * width for width in (2.0, 5.0)]
    first = 25 + 60 * (labels > 0) * (1 + grain[0]) + 3 * draw.normal(size=(size, size))
    second = 20 + 0.4 * first * (1 + grain[1]) + 4 * draw.normal(size=(size, size))
    return as_objects(np.clip(np.rint([first, second]), 0, 255).astype(np.float32), labels, 20)


def as_objects(pixels: np.ndarray, labels: np.ndarray, smallest: int) -> FieldObjects:
    """Drop small objects, number the others without gaps (cp-measure does so itself), and make them nuclei."""
    counts = np.bincount(labels.ravel())
    kept = counts >= smallest
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)[labels]
    nothing = np.zeros_like(numbers)
    channels = tuple("abc"[: len(pixels)])
    return FieldObjects(pixels, channels, numbers, nothing, nothing, 1.0, FULL_SCALE)


def cpu_seconds(action: Callable[[], object], repeats: int) -> float:
    spent = []
    for _ in range(repeats):
        begin = time.process_time()
        action()
        spent.append(time.process_time() - begin)
    return float(np.median(spent))


def fresh(objects: FieldObjects) -> FieldObjects:
    """Return the same field without what earlier families left ready."""
    return FieldObjects(
        objects.pixels, objects.channels, objects.nuclei, objects.cells, objects.ring, objects.pixel_size_um, objects.full_scale
    )


def ours(objects: FieldObjects, families: tuple[str, ...] = FAMILIES) -> pd.DataFrame:
    return measure_field(fresh(objects), families, parts=("nucleus",))


def peer_functions(accelerated: bool) -> dict[str, Callable[..., Peer]] | None:
    """Return cp-measure's functions by name, or None, saying why, where it is missing."""
    try:
        import cp_measure
        from cp_measure.bulk import get_core_measurements, get_correlation_measurements
    except ImportError as error:
        print(f"cp-measure is left out: {error}. Install it with: pip install 'coculture[bench]'\n")
        return None
    if accelerated:
        cp_measure.set_accelerator("numba")
    return get_core_measurements() | get_correlation_measurements()


def peer(objects: FieldObjects, functions: dict[str, Callable[..., Peer]], wanted: tuple[str, ...]) -> Peer:
    """Measure with cp-measure: shapes once, stains once a channel, correlations once a pair; names as CellProfiler's."""
    labels = objects.nuclei
    images = {name: image.astype(np.float64) / FULL_SCALE for name, image in zip(objects.channels, objects.pixels, strict=True)}
    found: Peer = {}
    for name in wanted:
        if name in ("sizeshape", "zernike", "feret"):
            found |= {f"AreaShape_{key}": value for key, value in functions[name](labels, images["a"]).items()}
        elif name in ("pearson", "manders_fold", "rwc", "costes"):
            for one in images:
                for other in [key for key in images if key > one]:
                    asked = {"scale_max": 255} if name == "costes" else {}
                    values = functions[name](images[one], images[other], labels, **asked)
                    found |= {of_pair(key, one, other): value for key, value in values.items()}
        else:
            for channel, image in images.items():
                found |= {of_channel(key, channel): value for key, value in functions[name](labels, image).items()}
    return {f"Nuclei_{key}": np.asarray(value, dtype=np.float64) for key, value in found.items()}


def of_pair(key: str, one: str, other: str) -> str:
    name = key.removeprefix("Correlation_").replace("Pearson", "Correlation")
    return (
        f"Correlation_{name[:-2]}_{other}_{one}"
        if name.endswith("_2")
        else f"Correlation_{name.removesuffix('_1')}_{one}_{other}"
    )


def of_channel(key: str, channel: str) -> str:
    """Put the channel where CellProfiler has it."""
    parts = key.split("_")
    if parts[0] == "RadialDistribution":
        return "_".join((*parts[:2], channel, *parts[2:]))
    if parts[0] in ("Intensity", "Location", "Granularity"):
        return f"{key}_{channel}"
    return f"Texture_{parts[0]}_{channel}_{'_'.join(parts[1:])}"


def differences(mine: pd.DataFrame, other: Peer) -> pd.DataFrame:
    """Relative difference of every shared feature: 99th percentile over cells, and cells defined in one program only."""
    rows = []
    for name in mine.columns:
        if name not in other:
            continue
        a, b = mine[name].to_numpy(dtype=np.float64), other[name].copy()
        if ("_Intensity_" in name and "MassDisplacement" not in name) or "ZernikeMagnitude" in name:
            b *= FULL_SCALE
        both = np.isfinite(a) & np.isfinite(b)
        floor = 1e-9 * max(float(np.abs(b[both]).max(initial=0.0)), 1e-12)
        apart = np.abs(a - b)
        if "Phase" in name:
            apart = np.minimum(apart, 2 * np.pi - apart)
        relative = apart[both] / np.maximum(np.abs(b[both]), floor)
        at99 = float(np.quantile(relative, 0.99)) if relative.size else np.nan
        rows.append((name.removeprefix("Nuclei_"), at99, int((np.isfinite(a) != np.isfinite(b)).sum())))
    return pd.DataFrame(rows, columns=["feature", "apart", "one_only"])


def compare(name: str, objects: FieldObjects, functions: dict[str, Callable[..., Peer]] | None, details: bool) -> None:
    counts = np.bincount(objects.nuclei.ravel())[1:]
    channels, height, width = objects.pixels.shape
    print(
        f"### {name}: {height} × {width}, {channels} channels, {len(counts)} objects of {np.median(counts):.0f} pixels (median)\n"
    )
    begin = time.process_time()
    table = ours(objects)
    print(f"first run, compiling or loading: {time.process_time() - begin:.1f} s CPU\n")
    if functions is not None:  # imports and, where it compiles, compiling
        peer(objects, functions, ("feret", "intensity", "texture"))
    print("| family | features | ours, s | cp-measure, s | ratio |\n|---|---|---|---|---|")
    mine_total, other_total = 0.0, 0.0
    other: Peer = {}
    for family in FAMILIES:
        mine = cpu_seconds(lambda family=family: ours(objects, (family,)), 3)
        mine_total += mine
        begin = time.process_time()
        if functions is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                other |= peer(objects, functions, PEER[family])
        spent = time.process_time() - begin
        other_total += spent
        n = sum(f"nucleus_{family}_" in column for column in table.columns)
        print(f"| {family} | {n} | {mine:.3f} | {spent:.2f} | {spent / mine:.0f} |")
    whole = cpu_seconds(lambda: ours(objects), 3)
    print(f"| all, each alone | {table.shape[1] - 4} | {mine_total:.3f} | {other_total:.2f} | {other_total / mine_total:.1f} |")
    print(
        f"| **all at once** | {table.shape[1] - 4} | **{whole:.3f}** | **{other_total:.2f}** | **{other_total / whole:.1f}** |\n"
    )
    if functions is not None:
        agreement(differences(to_cellprofiler(table, pixel_size_um=1.0), other), details)


def agreement(found: pd.DataFrame, details: bool) -> None:
    same = found["apart"] <= 1e-6
    print(f"{len(found)} features shared, {same.sum()} ({100 * same.mean():.1f} %) within 1e-6 at the 99th percentile\n")
    rest = found[~same | (found["one_only"] > 0)]
    print("| differs | features | worst at the 99th percentile | cells defined in one program only |\n|---|---|---|---|")
    group = rest["feature"].str.replace(r"_\d.*$|_[abc]_.*$|_[abc]$", "", regex=True)
    for kind, rows in rest.groupby(group):
        print(f"| {kind} | {len(rows)} | {rows['apart'].max():.2g} | {rows['one_only'].max()} |")
    if details:
        print(rest.to_string())
    print()


def peak_memory(objects: FieldObjects) -> None:
    """Measure in a process of its own, which only loads the pixels, and print the most memory it held."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "field.npz"
        np.savez(path, pixels=objects.pixels, labels=objects.nuclei)
        command = [sys.executable, __file__, "--memory-of", str(path)]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def most_memory() -> float:
    """Return the most memory this process has held, in MB (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def memory_of(path: Path) -> None:
    stored = np.load(path)
    objects = as_objects(stored["pixels"], stored["labels"], 1)
    before = most_memory()
    ours(objects)
    after = most_memory()
    print(f"most memory of a process that measures 'drawn': {after:.0f} MB ({before:.0f} MB before the first feature)")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, default=os.environ.get("COCULTURE_DATA"))
    asked.add_argument("--details", action="store_true")
    asked.add_argument("--accelerated", action="store_true")
    asked.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.memory_of is not None:
        memory_of(given.memory_of)
        return
    print(describe() + "\n")
    functions = peer_functions(given.accelerated)
    if given.data is None:
        print("the scene 'human' is left out: give --data or COCULTURE_DATA\n")
    else:
        compare("human", human(Path(given.data)), functions, given.details)
    large = drawn()
    compare("drawn", large, functions, given.details)
    peak_memory(large)


if __name__ == "__main__":
    main()
