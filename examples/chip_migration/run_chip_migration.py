"""Cells in an electric field in a microfluidic chip: find them without a stain, follow them, and say how far they go its way.

    python examples/chip_migration/run_chip_migration.py DATA [PICTURE]

DATA is the folder of the glioblastoma film that comes with Usiigaci (https://github.com/oist/Usiigaci, MIT): 37 phase-contrast
images in ``T98G_sample``, taken as ten minutes apart, and in ``tracks_reference`` the tracks that tool made of them. The field
lies along x.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import tifffile
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from coculture.imaging.segment.centres import body_centres
from coculture.imaging.segment.phase_contrast import PhaseContrast
from coculture.imaging.track.linking import link
from coculture.interactions.motion.settings import MotionSettings
from coculture.interactions.motion.track_table import track_metrics
from coculture.interactions.motion.tracks import Tracks

PIXEL_SIZE_UM = 0.87
BINNED = 2
"""Images are binned by two: a cell is 35 pixels wide then, and the film takes a quarter of the time."""

STEP_MIN = 10
CELL_RADIUS_UM = 30.0
LEAST_MIN = 180
"""Tracks shorter than half the film say little about where a cell goes."""

FIELD = (1.0, 0.0)
COLUMNS = ["track_id", "t_min", "x_um", "y_um"]


@dataclass(frozen=True)
class Migration:
    """Detections with their tracks, and outlines of the first and the last image."""

    cells: pd.DataFrame
    outlines: tuple[NDArray[np.int32], NDArray[np.int32]]


def read_film(folder: Path) -> list[NDArray[np.float32]]:
    """Return the images in order of time, binned."""
    return [binned(tifffile.imread(path)) for path in sorted((folder / "T98G_sample").glob("*.tif"))]


def binned(image: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Return the means of blocks of 2 x 2 pixels."""
    height, width = (side // BINNED for side in image.shape)
    blocks = image[: height * BINNED, : width * BINNED].reshape(height, BINNED, width, BINNED)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)


def measure(film: list[NDArray[np.float32]]) -> Migration:
    """Find the cells of every image and link them; a cell's place is the middle of its body."""
    method, size = PhaseContrast(), PIXEL_SIZE_UM * BINNED
    found = [body_centres(method.cores(image, size), size).assign(t_min=float(k * STEP_MIN)) for k, image in enumerate(film)]
    cells = link(pd.concat(found, ignore_index=True))
    return Migration(cells, (method.segment(film[0], size), method.segment(film[-1], size)))


def read_reference(folder: Path) -> pd.DataFrame:
    """Return the stored tracks with this project's columns. Their places are µm already."""
    table = pd.read_csv(folder / "tracks_reference" / "tracks.csv")
    return pd.DataFrame(
        {"track_id": table["particle"], "t_min": table["frame"] * STEP_MIN, "x_um": table["x"], "y_um": table["y"]}
    )


def long_tracks(cells: pd.DataFrame, every_min: int = STEP_MIN) -> Tracks:
    """Return the tracks that last half the film, seen every ``every_min``."""
    spans = cells.groupby("track_id")["t_min"].transform(np.ptp)
    kept = cells[(spans >= LEAST_MIN) & (cells["t_min"].round() % every_min == 0)]
    tracks = Tracks.from_arrays(kept["track_id"], kept["t_min"], kept[["x_um", "y_um"]])
    return tracks.select(tracks.counts > 2)


def summary(cells: pd.DataFrame, every_min: int = STEP_MIN) -> pd.Series:
    """Return number of tracks and medians of displacement, directness, and migration index along and across the field."""
    table = track_metrics(long_tracks(cells, every_min), MotionSettings(direction=FIELD))
    names = ["displacement_um", "directness", "fmi_parallel", "fmi_perpendicular"]
    return pd.concat([pd.Series({"tracks": len(table)}), table[names].median()])


def found_share(cells: pd.DataFrame, reference: pd.DataFrame) -> tuple[float, float]:
    """Return recall and precision of places: one-to-one matches within a cell radius, over the whole film."""
    matched = 0
    for time, here in reference.groupby("t_min"):
        ours = cells[cells["t_min"] == time]
        apart = np.hypot(*(here[[axis]].to_numpy() - ours[axis].to_numpy() for axis in ("x_um", "y_um")))
        cost = np.where(apart <= CELL_RADIUS_UM, apart, 1e6)
        matched += int((cost[linear_sum_assignment(cost)] < 1e6).sum())
    seen = cells["t_min"].isin(reference["t_min"].unique())
    return matched / len(reference), matched / int(seen.sum())


def draw(film: list[NDArray[np.float32]], result: Migration, reference: pd.DataFrame, path: Path) -> None:
    """Draw the first image with outlines and paths, both sets of paths from one origin, and the read-outs over the time step."""
    import matplotlib.pyplot as plt

    plt.style.use(Path(__file__).resolve().parent.parent / "pictures.mplstyle")
    figure = plt.figure(figsize=(9.6, 5.0))
    grid = figure.add_gridspec(2, 3, width_ratios=(1.75, 1, 1))
    _draw_image(figure.add_subplot(grid[:, 0]), film[-1], result)
    sets = (("coculture", result.cells, "#0072B2"), ("stored tracks", reference, "#D55E00"))
    for column, (name, cells, tint) in enumerate(sets, start=1):
        _draw_rose(figure.add_subplot(grid[0, column]), cells, name, tint)
    for column, (what, title) in enumerate((("directness", "Directness"), ("fmi_parallel", "Index along the field")), start=1):
        axis = figure.add_subplot(grid[1, column])
        for name, cells, tint in sets:
            steps = (10, 20, 30, 60)
            axis.plot(steps, [summary(cells, step)[what] for step in steps], "o-", color=tint, ms=4, label=name)
        axis.set(xlabel="time step, min", title=title, xticks=steps)
        axis.set_ylim((0, 1) if what == "directness" else (-1, 0))
    axis.legend(loc="upper right")
    figure.savefig(path)
    plt.close(figure)


def _draw_image(axis: object, image: NDArray[np.float32], result: Migration) -> None:
    from matplotlib.collections import LineCollection

    height, width = image.shape
    size = PIXEL_SIZE_UM * BINNED
    extent = (0, width * size, height * size, 0)
    axis.imshow(image, cmap="gray", extent=extent, vmin=np.percentile(image, 0.5), vmax=np.percentile(image, 99.3))
    columns, rows = (np.arange(width) + 0.5) * size, (np.arange(height) + 0.5) * size
    for number in np.unique(result.outlines[1])[1:]:
        axis.contour(columns, rows, result.outlines[1] == number, [0.5], colors="#ffe066", linewidths=0.7)
    spans = result.cells.groupby("track_id")["t_min"].transform(np.ptp)
    for _, track in result.cells[spans >= LEAST_MIN].groupby("track_id"):
        points = track.sort_values("t_min")[["x_um", "y_um"]].to_numpy()
        pieces = LineCollection(np.stack([points[:-1], points[1:]], axis=1), cmap="cool", lw=1.5)
        pieces.set_array(np.sort(track["t_min"].to_numpy())[1:])
        pieces.set_clim(0, 360)
        axis.add_collection(pieces)
    axis.plot([20, 120], [height * size - 20] * 2, color="white", lw=3)
    axis.text(70, height * size - 28, "100 µm", color="white", ha="center", va="bottom", fontsize=9)
    axis.set(xlim=extent[:2], ylim=extent[2:], title="After 6 h: outlines, and where cells came from")
    axis.set_axis_off()


def _draw_rose(axis: object, cells: pd.DataFrame, name: str, tint: str) -> None:
    spans = cells.groupby("track_id")["t_min"].transform(np.ptp)
    for _, track in cells[spans >= LEAST_MIN].groupby("track_id"):
        points = track.sort_values("t_min")[["x_um", "y_um"]].to_numpy()
        path = points - points[0]
        axis.plot(*path.T, color=tint, lw=0.6, alpha=0.55)
        axis.plot(*path[-1], "o", color=tint, ms=2)
    axis.axhline(0, color="#bbbbbb", lw=0.6, zorder=0)
    axis.axvline(0, color="#bbbbbb", lw=0.6, zorder=0)
    share = float((summary_of_ends(cells) < 0).mean())
    axis.set(xlim=(-180, 110), ylim=(120, -120), aspect="equal", title=f"{name}, µm")
    axis.text(-175, 112, f"{share:.0%} go left".replace("%", " %"), fontsize=8, color="#444444")
    axis.tick_params(labelsize=7)


def summary_of_ends(cells: pd.DataFrame) -> NDArray[np.float64]:
    """Return how far each long track went along x, µm."""
    tracks = long_tracks(cells)
    return np.asarray(tracks.positions[tracks.start[1:] - 1, 0] - tracks.positions[tracks.start[:-1], 0])


def main() -> None:
    """Print both sets of read-outs side by side and draw the picture where one is asked for."""
    folder = Path(sys.argv[1])
    film, reference = read_film(folder), read_reference(folder)
    result = measure(film)
    recall, precision = found_share(result.cells, reference)
    print(f"{len(result.cells)} detections; of {len(reference)} stored places {recall:.1%} found, precision {precision:.1%}")
    for step in (10, 20, 30, 60):
        sides = {"coculture": summary(result.cells, step), "stored": summary(reference, step)}
        print(f"\nsteps of {step} min\n{pd.DataFrame(sides).round(3).T.to_string()}")
    if len(sys.argv) > 2:
        draw(film, result, reference, Path(sys.argv[2]))


if __name__ == "__main__":
    main()
