"""Killers beside their targets: NK cells on a sheet of MCF-7 cells, and an effector cell filmed from below.

    python examples/killing_coculture/run_killing_coculture.py DATA [PICTURE]

DATA is the folder of the co-culture field of celldetective's tests (https://github.com/celldetective/celldetective):
``sample_4ch.tif`` (bright field, dead nuclei, effectors, nuclei of the targets), ``sample_nuclei_labels.tif`` and the film
``ricm_effector_demo``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import tifffile
from numpy.typing import NDArray
from scipy import ndimage

from coculture.imaging.segment import CellSettings, NucleusSettings, segment_cells, segment_nuclei
from coculture.imaging.segment.phase_contrast import PhaseContrast
from coculture.imaging.track.linking import link
from coculture.imaging.track.settings import TrackSettings
from coculture.interactions.contacts import touching_pairs
from coculture.interactions.heterotypic.enrichment import permutation_enrichment
from coculture.interactions.neighbours.touching import graph_from_contacts
from coculture.randomness import stream

PIXEL_SIZE_UM = 0.3112
"""Pixel size and channels as celldetective's documentation gives them for its co-cultures of MCF-7 and NK cells."""

DEAD, EFFECTOR, NUCLEUS = 1, 2, 3
TARGETS, EFFECTORS = "MCF-7", "NK"
REACH_UM = 8.0
"""How far a target extends beyond its nucleus; in the bright-field image the sheet is closed at this distance."""

FILM_PIXEL_UM = 0.2
EFFECTOR_UM = 20.0
COLOURS = {TARGETS: "#0072B2", EFFECTORS: "#D55E00"}

LEAST_BODY_UM2 = 20.0
NOISE_DEVIATIONS = 6.0


@dataclass(frozen=True)
class Field:
    """One field: nuclei, outlines of targets and effectors in one label image, cells, contacts, and numbers of dead targets."""

    nuclei: NDArray[np.int32]
    labels: NDArray[np.int32]
    cells: pd.DataFrame
    contacts: pd.DataFrame
    enrichment: pd.DataFrame
    dead: NDArray[np.int64]

    def count(self, cell_type: str) -> int:
        """Return how many cells of a type there are."""
        return int((self.cells["cell_type"] == cell_type).sum())


def marked_bodies(image: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return bodies that stand out of a channel that is empty elsewhere, outlined at half their height; 20 µm² or more.

    A field may hold two such bodies or none, so that no histogram can say where to cut; the noise can: 6 robust deviations.
    """
    smooth = ndimage.gaussian_filter(np.asarray(image, np.float32), 2.0)
    above = smooth - np.median(smooth)
    labels, number = ndimage.label(above > NOISE_DEVIATIONS * 1.4826 * np.median(np.abs(above)))
    heights = ndimage.labeled_comprehension(
        above, labels, np.arange(number + 1), lambda body: np.percentile(body, 90), float, 0.0
    )
    labels[above < 0.5 * heights[labels]] = 0
    small = np.bincount(labels.ravel()) * PIXEL_SIZE_UM**2 < LEAST_BODY_UM2
    return np.where(small[labels], 0, labels).astype(np.int32)


def measure(channels: NDArray[np.float32]) -> Field:
    """Find targets by their nuclei and effectors by their stain, draw both, and count who touches whom."""
    nuclei = segment_nuclei(channels[NUCLEUS], NucleusSettings(), PIXEL_SIZE_UM)
    targets = segment_cells(nuclei, None, CellSettings(options={"reach_um": REACH_UM}), PIXEL_SIZE_UM).labels
    bodies = marked_bodies(channels[EFFECTOR])
    last = int(nuclei.max())
    labels = np.where(bodies > 0, bodies + last, targets).astype(np.int32)
    cells = cell_table(labels, last, PIXEL_SIZE_UM)
    contacts = touching_pairs(labels, PIXEL_SIZE_UM)
    graph = graph_from_contacts(contacts, cells["cell_id"].to_numpy())
    table = permutation_enrichment(graph, cells["cell_type"], stream(1, "killing"), names=(TARGETS, EFFECTORS))
    dead = np.setdiff1d(nuclei[marked_bodies(channels[DEAD]) > 0], [0])
    return Field(nuclei, labels, cells, contacts, table, dead)


def cell_table(labels: NDArray[np.int32], last_target: int, pixel_size_um: float) -> pd.DataFrame:
    """Return one row a cell: number, type, centre and area. Numbers above ``last_target`` are effectors."""
    numbers = np.unique(labels)[1:]
    rows, columns = np.indices(labels.shape) + 0.5
    counts = np.bincount(labels.ravel())[numbers]
    places = [np.bincount(labels.ravel(), axis.ravel())[numbers] / counts * pixel_size_um for axis in (columns, rows)]
    kinds = np.where(numbers > last_target, EFFECTORS, TARGETS)
    areas = counts * pixel_size_um**2
    return pd.DataFrame({"cell_id": numbers, "cell_type": kinds, "x_um": places[0], "y_um": places[1], "area_um2": areas})


@dataclass(frozen=True)
class Film:
    """An effector cell filmed by reflection interference contrast: outlines, and its track."""

    labels: NDArray[np.int32]
    track: pd.DataFrame


def film_cell(frames: NDArray[np.float32]) -> Film:
    """Outline the cell in every frame by its texture, and follow its centre. One frame is called a minute."""
    method = PhaseContrast(diameter_um=EFFECTOR_UM, roughness=1.0, growth_share=0.0)
    labels = np.stack([method.segment(np.asarray(frame, np.float32), FILM_PIXEL_UM) for frame in frames])
    parts = [cell_table(one, 0, FILM_PIXEL_UM).assign(t_min=float(time)) for time, one in enumerate(labels)]
    return Film(labels, link(pd.concat(parts, ignore_index=True), TrackSettings(search_radius_um=EFFECTOR_UM / 2, drift=False)))


def draw(field: Field, film: Film, path: Path) -> None:
    """Draw outlines and contacts of the field, the place of an effector close up, and the filmed cell's outlines over time."""
    import matplotlib.pyplot as plt

    plt.style.use(Path(__file__).resolve().parent.parent / "pictures.mplstyle")
    figure, axes = plt.subplots(1, 3, figsize=(9.4, 3.6))
    _draw_field(axes[0], field)
    axes[0].set_title(f"{field.count(TARGETS)} targets, {field.count(EFFECTORS)} effector")
    _draw_field(axes[1], field)
    largest = field.cells[field.cells["cell_type"] == EFFECTORS].nlargest(1, "area_um2").iloc[0]
    x, y = largest["x_um"], largest["y_um"]
    axes[1].set(xlim=(x - 32, x + 32), ylim=(y + 33, y - 33))
    axes[1].set_title("An effector and its target")
    _draw_film(axes[2], film)
    figure.savefig(path)
    plt.close(figure)


def _draw_field(axis: object, field: Field) -> None:
    height, width = field.labels.shape
    extent = (0, width * PIXEL_SIZE_UM, height * PIXEL_SIZE_UM, 0)
    kind = field.cells.set_index("cell_id")
    for number, cell in kind.iterrows():
        tint = COLOURS[cell["cell_type"]]
        filled = cell["cell_type"] == EFFECTORS
        _outline(axis, field.labels == number, extent, tint, 0.8, filled)
        _outline(axis, field.nuclei == number, extent, tint, 0.5, False)
    for one, other in field.contacts[["cell_a", "cell_b"]].itertuples(index=False):
        mixed = kind.loc[one, "cell_type"] != kind.loc[other, "cell_type"]
        ends = kind.loc[[one, other], ["x_um", "y_um"]].to_numpy().T
        axis.plot(*ends, color="#D55E00" if mixed else "#999999", lw=1.8 if mixed else 0.6, zorder=3)
    axis.set(aspect="equal", xlim=extent[:2], ylim=extent[2:])
    axis.set_axis_off()


def _draw_film(axis: object, film: Film) -> None:
    import matplotlib.pyplot as plt

    height, width = film.labels.shape[1:]
    extent = (0, width * FILM_PIXEL_UM, height * FILM_PIXEL_UM, 0)
    shades = plt.get_cmap("viridis")(np.linspace(0, 0.88, len(film.labels)))
    for labels, shade in zip(film.labels, shades, strict=True):
        _outline(axis, labels > 0, extent, shade, 1.1, False)
    axis.plot(film.track["x_um"], film.track["y_um"], color="#333333", lw=0.8, zorder=2)
    axis.scatter(film.track["x_um"], film.track["y_um"], c=shades, s=16, zorder=3)
    axis.set(aspect="equal", xlim=extent[:2], ylim=extent[2:])
    axis.plot([4, 14], [34.5, 34.5], color="#333333", lw=2)
    axis.text(9, 34, "10 µm", ha="center", va="bottom", fontsize=8)
    axis.set_title("An effector, filmed: six outlines")
    axis.set_axis_off()


def _outline(axis: object, mask: NDArray[np.bool_], extent: tuple[float, ...], tint: object, width: float, filled: bool) -> None:
    if not mask.any():
        return
    soft = ndimage.gaussian_filter(np.pad(mask, 1).astype(float), 1.0)[1:-1, 1:-1]
    columns = np.linspace(extent[0], extent[1], mask.shape[1], endpoint=False) + extent[1] / mask.shape[1] / 2
    rows = np.linspace(extent[3], extent[2], mask.shape[0], endpoint=False) + extent[2] / mask.shape[0] / 2
    if filled:
        axis.contourf(columns, rows, soft, levels=[0.5, 2], colors=[tint], alpha=0.6)
    axis.contour(columns, rows, soft, levels=[0.5], colors=[tint], linewidths=width)


def main() -> None:
    """Print what was found and draw the picture where one is asked for."""
    folder = Path(sys.argv[1])
    field = measure(tifffile.imread(folder / "sample_4ch.tif").astype(np.float32))
    film = film_cell(tifffile.imread(folder / "ricm_effector_demo" / "W1" / "100" / "movie" / "stack.tif"))
    print(field.cells["cell_type"].value_counts().to_string())
    print(field.enrichment[["type_a", "type_b", "observed", "expected", "z", "p_value", "arrangements"]].to_string(index=False))
    print(f"dead targets: {len(field.dead)}; filmed cell: {film.track['area_um2'].mean():.0f} µm² in {len(film.track)} frames")
    if len(sys.argv) > 2:
        draw(field, film, Path(sys.argv[2]))


if __name__ == "__main__":
    main()
