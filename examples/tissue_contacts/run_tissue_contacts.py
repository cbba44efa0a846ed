"""Which types of cells lie beside one another in tissue: contacts of three types in mass cytometry, with their exact null.

    python examples/tissue_contacts/run_tissue_contacts.py DATA [PICTURE]

DATA is the folder of the three pancreas crops that come with the R package cytomapper
(https://github.com/BodenmillerGroup/cytomapper): ``E34_mask.tiff`` and its sisters, and ``cells.csv``. A pixel is 1 µm.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import tifffile
from numpy.typing import NDArray

from coculture.interactions.contacts import touching_pairs
from coculture.interactions.heterotypic.enrichment import enrichment
from coculture.interactions.neighbours.touching import graph_from_contacts

CROPS = ("E34", "G01", "J02")
PIXEL_SIZE_UM = 1.0
GAP_UM = 2.0
"""Outlines up to this far apart touch: the masks leave a line of a pixel between neighbours."""

COLOURS = {"A": "#0072B2", "B": "#E69F00", "C": "#009E73"}


@dataclass(frozen=True)
class Crop:
    """One crop: its cells (one row each), contacts, label image, and contacts of each pair of types beside chance."""

    name: str
    cells: pd.DataFrame
    contacts: pd.DataFrame
    labels: NDArray[np.int32]
    table: pd.DataFrame


def read_crop(folder: Path, name: str) -> tuple[pd.DataFrame, NDArray[np.int32]]:
    """Return the cells of a crop and its label image."""
    labels = tifffile.imread(folder / f"{name}_mask.tiff").astype(np.int32)
    cells = pd.read_csv(folder / "cells.csv")
    return cells[cells["ImageName"] == f"{name}_imc.tiff"].reset_index(drop=True), labels


def measure(folder: Path, name: str) -> Crop:
    """Find the contacts of a crop, and judge each pair of types against all arrangements of the types over its cells."""
    cells, labels = read_crop(folder, name)
    contacts = touching_pairs(labels, PIXEL_SIZE_UM, gap_um=GAP_UM)
    graph = graph_from_contacts(contacts, cells["CellNb"].to_numpy())
    return Crop(name, cells, contacts, labels, enrichment(graph, cells["CellType"]).table)


def draw(crops: list[Crop], path: Path) -> None:
    """Draw the contact graph of each crop, and below it the heat map of z."""
    import matplotlib.pyplot as plt

    plt.style.use(Path(__file__).resolve().parent.parent / "pictures.mplstyle")
    figure, axes = plt.subplots(2, len(crops), figsize=(9.2, 5.5), height_ratios=(1.22, 1))
    for column, crop in enumerate(crops):
        _draw_cells(axes[0, column], crop)
        shown = _draw_table(axes[1, column], crop)
    bar = figure.colorbar(shown, ax=axes[1], shrink=0.85, aspect=22, extend="both", ticks=(-10, -5, 0, 5, 10))
    bar.set_label("z against exchanged types")
    bar.outline.set_visible(False)
    handles = [plt.Line2D([], [], marker="o", ls="", color=colour, label=f"type {kind}") for kind, colour in COLOURS.items()]
    handles.append(plt.Line2D([], [], color="#777777", lw=0.8, label="contact of\nunlike types"))
    axes[0, -1].legend(handles=handles, loc="center left", bbox_to_anchor=(1.02, 0.5), handletextpad=0.4)
    figure.savefig(path)
    plt.close(figure)


def _draw_cells(axis: object, crop: Crop) -> None:
    """Draw cells as dots, as large as the cell, joined where they touch; like types in their colour, unlike ones in grey."""
    kind = crop.cells["CellType"].str[-1].to_numpy()
    areas, centres = centres_of(crop)
    place = dict(zip(crop.cells["CellNb"], range(len(crop.cells)), strict=True))
    for one, other in crop.contacts[["cell_a", "cell_b"]].itertuples(index=False):
        ends = [place[one], place[other]]
        alike = kind[ends[0]] == kind[ends[1]]
        tint = COLOURS[kind[ends[0]]] if alike else "#777777"
        axis.plot(*centres[ends].T, color=tint, lw=1.6 if alike else 0.7, alpha=0.6 if alike else 0.9, zorder=1)
    axis.scatter(*centres.T, s=0.55 * areas, c=[COLOURS[letter] for letter in kind], edgecolor="white", lw=0.6, zorder=2)
    height, width = crop.labels.shape
    axis.set(xlim=(-2, width + 2), ylim=(height + 2, -2), aspect="equal")
    axis.set_title(f"{crop.name}  ·  {len(crop.cells)} cells, {len(crop.contacts)} contacts", fontsize=8.5)
    axis.set_axis_off()


def centres_of(crop: Crop) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return area (µm²) and centre (x, y; µm) of every cell of the table."""
    rows, columns = np.indices(crop.labels.shape) + 0.5
    numbers = crop.cells["CellNb"].to_numpy()
    counts = np.bincount(crop.labels.ravel())
    sums = [np.bincount(crop.labels.ravel(), values.ravel())[numbers] for values in (columns, rows)]
    centres = np.column_stack(sums) / counts[numbers][:, None] * PIXEL_SIZE_UM
    return counts[numbers] * PIXEL_SIZE_UM**2, centres


def _draw_table(axis: object, crop: Crop) -> object:
    """Draw z of each pair of types; below it the contacts found and, after "of", those chance would bring."""
    types = list(COLOURS)
    z = np.full((len(types), len(types)), np.nan)
    for row in crop.table.itertuples():
        column, line = sorted((types.index(row.type_a[-1]), types.index(row.type_b[-1])))
        z[line, column] = row.z
        tint = "white" if abs(row.z) > 6.5 else "#222222"
        words = f"{row.z:+.1f}\n{row.observed:.0f} of {row.expected:.0f}".replace("-", "−")
        axis.text(column, line, words, ha="center", va="center", fontsize=8, color=tint, linespacing=1.4)
    shown = axis.imshow(z, cmap="PuOr_r", vmin=-10, vmax=10)
    axis.set_xticks(range(len(types)), types)
    axis.set_yticks(range(len(types)), types)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    return shown


def main() -> None:
    """Print the three tables and draw the picture where one is asked for."""
    crops = [measure(Path(sys.argv[1]), name) for name in CROPS]
    for crop in crops:
        print(f"\n{crop.name}\n{crop.table[['type_a', 'type_b', 'observed', 'expected', 'z', 'p_value']].to_string(index=False)}")
    if len(sys.argv) > 2:
        draw(crops, Path(sys.argv[2]))


if __name__ == "__main__":
    main()
