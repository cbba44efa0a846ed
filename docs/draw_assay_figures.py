"""Draw the pictures of the ready assays: a control well and a treated one at their ends, and every well's numbers.

    python docs/draw_assay_figures.py RESULTS [ASSAY ...]

RESULTS holds one results folder an assay, as ``coculture run examples/assays/NAME/screen.toml -o RESULTS/NAME`` writes it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from PIL import Image

from coculture.movie.encoders.base import Frame
from coculture.movie.make import painter_of
from coculture.movie.wanted import Wanted
from coculture.movie.well import read_well

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
CONTROL = "vehicle"


@dataclass(frozen=True)
class Figure:
    """What is shown of an assay.

    Attributes
    ----------
    treated : the treatment whose well is shown beside a control's.
    numbers : number of the wells = what it is called.
    wanted : what is drawn of the wells.
    """

    treated: str
    numbers: dict[str, str]
    wanted: Wanted


FIGURES = {
    "paracrine_growth": Figure(
        "tocilizumab 0.1 uM",
        {"tumour_growth": "tumour cells", "fibroblasts": "fibroblasts", "dead_tumour": "share dead"},
        Wanted(tracks=False, contacts=False, longest=520),
    ),
    "t_cell_killing": Figure(
        "AMG 487 1 uM",
        {"recruited": "T cells at a tumour cell", "killed": "share killed", "t_cells": "T cells"},
        Wanted(longest=560),
    ),
    "neutrophil_chemotaxis": Figure(
        "SB 225002 1 uM",
        {"up_the_gradient": "forward migration index", "speed": "speed, µm/min", "neutrophils": "neutrophils"},
        Wanted(contacts=False, longest=560),
    ),
    "notch": Figure(
        "DAPT 10 uM",
        {"pattern": "SD of Delta", "senders": "share of senders", "cells": "cells"},
        Wanted(tracks=False, contacts=False, longest=520),
    ),
}


def last_picture(results: Path, wells: pd.DataFrame, treatment: str, wanted: Wanted) -> Frame:
    """Return the last time point of the first well of a treatment, with its caption."""
    row = wells[wells["shown"] == treatment].iloc[0]
    paint = painter_of(read_well(results, str(row["well"]), wanted), wanted)
    end = len(paint.times_min) - 1
    return paint.caption.around(paint.picture(end), paint.times_min[end], paint.counts(end))


def draw_numbers(axes: Axes, wells: pd.DataFrame, number: str, label: str, order: list[str]) -> None:
    """Draw one dot a well and one bar a mean, treatments from top to bottom."""
    for place, treatment in enumerate(order):
        values = wells.loc[wells["shown"] == treatment, number].to_numpy(float)
        axes.plot(values, np.full(len(values), place) + np.linspace(-0.15, 0.15, len(values)), "o", ms=3.5, color="#4d4d4d")
        axes.plot([values.mean()] * 2, [place - 0.3, place + 0.3], lw=2, color="#d55e00")
    axes.set_yticks(range(len(order)), order)
    axes.invert_yaxis()
    axes.set_xlabel(label)
    lowest, highest = wells[number].min(), wells[number].max()
    if lowest >= 0:
        axes.set_xlim(0, highest * 1.08)


def ordered(wells: pd.DataFrame) -> list[str]:
    """Return the treatments: the vehicle, then by compound and dose."""
    given = wells[wells["shown"] != CONTROL].drop_duplicates("shown").sort_values(["compound", "dose"])
    return [CONTROL, *given["shown"]]


def draw(name: str, results: Path) -> None:
    """Write the picture of one assay."""
    asked = FIGURES[name]
    wells = pd.read_parquet(results / "wells.parquet")
    wells["shown"] = wells["treatment"].where(wells["role"] != "negative", CONTROL)
    pictures = [last_picture(results, wells, treatment, asked.wanted) for treatment in (CONTROL, asked.treated)]
    ratio = pictures[0].shape[1] / pictures[0].shape[0]
    upright = ratio < 1.15
    with plt.style.context(ROOT / "examples" / "pictures.mplstyle"):
        size = (11, 3.2 + 10 / (2 * ratio)) if not upright else (11, 3.2 + 6.4)
        figure = plt.figure(figsize=size, layout="constrained")
        above, below = figure.subfigures(2, 1, height_ratios=(size[1] - 3.2, 3.2))
        for axes, picture in zip(above.subplots(1, 2), pictures, strict=True):
            axes.imshow(picture, interpolation="lanczos")
            axes.axis("off")
        for axes, (number, label) in zip(below.subplots(1, len(asked.numbers), sharey=True), asked.numbers.items(), strict=True):
            draw_numbers(axes, wells, number, label, ordered(wells))
        path = IMAGES / f"assay_{name}.png"
        figure.savefig(path, dpi=100)
    plt.close(figure)
    with Image.open(path) as drawn:
        drawn.convert("RGB").quantize(200, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KiB")


def main() -> None:
    """Draw the assays named, or all that have results."""
    mpl.use("Agg")
    folder, *names = sys.argv[1:]
    for name in names or FIGURES:
        if (Path(folder) / name / "wells.parquet").exists():
            draw(name, Path(folder) / name)


if __name__ == "__main__":
    main()
