"""A wound of a cell sheet, open and a day later: find the gap in both images and say how much of it has closed.

    python examples/wound_healing/run_wound_healing.py DATA [PICTURE]

DATA is the folder that holds ``ExampleWoundHealing/images`` of the CellProfiler examples
(https://github.com/CellProfiler/examples). Their pixel size is not stored: lengths here are pixels of the files.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib.image
import numpy as np
from numpy.typing import NDArray

from coculture.imaging.segment.gap import GapSettings, find_texture_threshold, segment_gap
from coculture.interactions.motion.front.gap_closure import GapClosure, fit_gap_closure, front_length, gap_areas

BINNED = 2
"""The images are binned by two before texture is measured: the grain of the camera goes, cells stay."""

SETTINGS = GapSettings(window_um=25, smallest_island_um2=3000)
HOURS = 24


@dataclass(frozen=True)
class Wound:
    """The pair of images, binned, the mask of the gap in each, and the closure between them."""

    images: tuple[NDArray[np.float64], NDArray[np.float64]]
    gaps: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    closure: GapClosure


def read_image(path: Path) -> NDArray[np.float64]:
    """Return a photograph as one grey channel (Y, X), binned."""
    grey = matplotlib.image.imread(path).mean(axis=2)
    height, width = (side // BINNED for side in grey.shape)
    blocks = grey[: height * BINNED, : width * BINNED].reshape(height, BINNED, width, BINNED)
    return np.asarray(blocks.mean(axis=(1, 3)))


def measure(folder: Path, settings: GapSettings = SETTINGS) -> Wound:
    """Find the gap before and after with one threshold for both, and fit its closure."""
    first, last = (read_image(folder / "images" / f"DMSO_B5_{name}.JPG") for name in ("t0", "t24"))
    threshold = find_texture_threshold([first, last], settings, BINNED)
    opened = segment_gap(first, threshold, settings, BINNED)
    left = segment_gap(last, threshold, settings, BINNED, within=opened)
    times = np.array([0.0, HOURS * 60.0])
    closure = fit_gap_closure(times, gap_areas([opened, left], BINNED), front_length(opened, BINNED))
    return Wound((first, last), (opened, left), closure)


def draw(wound: Wound, path: Path) -> None:
    """Draw both images with the gap tinted and outlined."""
    import matplotlib.pyplot as plt
    from matplotlib.colors import PowerNorm

    plt.style.use(Path(__file__).resolve().parent.parent / "pictures.mplstyle")
    figure, axes = plt.subplots(1, 2, figsize=(8.6, 3.2))
    shares = [gap.mean() for gap in wound.gaps]
    words = (
        f"0 h: the gap is {shares[0]:.0%} of the image".replace("%", " %"),
        f"{HOURS} h: {wound.closure.closed_percent:.0f} % of it has closed",
    )
    for axis, image, gap, title in zip(axes, wound.images, wound.gaps, words, strict=True):
        low, high = np.percentile(image, [0.1, 99.5])
        axis.imshow(image, cmap="gray", norm=PowerNorm(0.6, low, high, clip=True), interpolation="antialiased")
        tint = np.zeros((*gap.shape, 4))
        tint[gap] = (0.0, 0.62, 0.45, 0.28)
        axis.imshow(tint, interpolation="antialiased")
        axis.contour(gap, [0.5], colors="#33e0b0", linewidths=0.9)
        axis.set_title(title)
        axis.set_axis_off()
    figure.savefig(path)
    plt.close(figure)


def main() -> None:
    """Print the closure and draw the picture where one is asked for."""
    wound = measure(Path(sys.argv[1]) / "ExampleWoundHealing")
    closure = wound.closure
    print(f"gap: {wound.gaps[0].mean():.1%} of the image at 0 h, {wound.gaps[1].mean():.1%} at {HOURS} h")
    print(f"closed: {closure.closed_percent:.1f} %; each front {closure.speed_um_per_min * 60:.1f} pixels/h")
    if len(sys.argv) > 2:
        draw(wound, Path(sys.argv[2]))


if __name__ == "__main__":
    main()
