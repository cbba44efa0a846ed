"""Draw the pictures of three ready assays: gap closure, nano-carrier against free drug, a herbal formula taken apart.

    python docs/draw_gap_carrier_herb_figures.py RESULTS

RESULTS holds one results folder an assay, as ``coculture run examples/assays/NAME/screen.toml -o RESULTS/NAME`` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection

from coculture.store.tables import read_table, read_wells, table_path

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
BLUE, RED, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"


def saved(figure: plt.Figure, name: str) -> None:
    """Write a picture without a date, so that the same results give the same bytes."""
    figure.savefig(IMAGES / f"{name}.png", metadata={"Software": None})
    plt.close(figure)


def sheet(axes: Axes, results: Path, well: str, title: str) -> None:
    """Draw the cells of a gap's well at its end; tumour cells blue, fibroblasts red."""
    cells = read_wells(results, "cells", ["well", "t_min", "cell_type", "alive", "x_um", "y_um", "cell_size_radius_um"])
    last = cells[(cells["well"] == well) & (cells["t_min"] == cells["t_min"].max()) & cells["alive"]]
    width = 2 * last["cell_size_radius_um"]
    colours = last["cell_type"].map({"tumour": BLUE, "fibroblast": RED})
    places = last[["x_um", "y_um"]].to_numpy()
    axes.add_collection(
        EllipseCollection(
            width, width, 0.0, units="x", offsets=places, transOffset=axes.transData, facecolors=colours, alpha=0.75
        )
    )
    for edge in (220, 460):
        axes.axvline(edge, color="0.5", lw=0.8, ls="--")
    axes.set(xlim=(0, 680), ylim=(360, 0), aspect="equal", xticks=[], yticks=[], title=title)


def strip(axes: Axes, wells: pd.DataFrame, column: str, label: str) -> None:
    """Draw every well's number by treatment."""
    order = wells.groupby(["compound", "dose"], sort=False)[column].mean().sort_values(ascending=False).index
    names = [name if name == "DMSO" else f"{name} {dose:g} µM" for name, dose in order]
    for place, (name, dose) in enumerate(order):
        values = wells.loc[(wells["compound"] == name) & (wells["dose"] == dose), column]
        axes.plot(values, [place] * len(values), "o", ms=4, color="0.4" if name == "DMSO" else BLUE, alpha=0.7)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.axvline(0, color="0.8", lw=0.6)
    axes.set_xlabel(label)


def gap_closure(results: Path) -> None:
    """Draw a control's and a slowed well at the end, and the speed of the fronts in every well."""
    wells = read_table(table_path(results, "wells"))
    figure, axes = plt.subplots(1, 3, figsize=(10.5, 2.7), width_ratios=(1.1, 1.1, 1))
    control = wells.loc[wells["compound"] == "DMSO", "well"].iloc[0]
    slowed = wells.loc[(wells["compound"] == "blebbistatin") & (wells["dose"] == 50), "well"].iloc[0]
    sheet(axes[0], results, control, "control, 24 h")
    sheet(axes[1], results, slowed, "blebbistatin 50 µM, 24 h")
    strip(axes[2], wells, "well_gap_closing_um_per_min", "speed of each front, µm/min")
    saved(figure, "assay_gap_closure")


def nano_carrier(results: Path) -> None:
    """Draw the doses over time of 0.3 µM in three forms, and what is left of the tumour cells by dose."""
    wells = read_table(table_path(results, "wells"))
    told = wells[["plate", "well", "compound", "dose", "role"]]
    doses = read_wells(results, "doses").merge(told, on=["plate", "well"])
    doses = doses[(doses["dose"] == 0.3) & (doses["role"] == "treatment")]
    figure, axes = plt.subplots(1, 4, figsize=(12, 2.9), sharey=False)
    lines = {"administered": "0.6", "landed": "#E69F00", "delivered": RED, "released": BLUE, "intracellular": GREEN}
    for place, (form, rows) in zip(axes, doses.groupby("substance", sort=True), strict=False):
        over = rows[rows["t_min"] > 0].groupby("t_min").mean(numeric_only=True)
        for name, colour in lines.items():
            place.semilogy(over.index / 60, over[f"{name}_fmol"], color=colour, label=name)
        place.set(title=form, xlabel="hours", ylim=(0.01, 200))
    axes[0].set_ylabel("doxorubicin in the well, fmol")
    axes[0].legend(fontsize=7, loc="lower right")
    asked = wells[wells["role"] == "treatment"]
    control = wells.loc[wells["role"] == "negative", "n_tumour"].mean()
    for (form, rows), colour in zip(asked.groupby("compound"), (BLUE, RED, GREEN), strict=False):
        means = 100 * rows.groupby("dose")["n_tumour"].mean() / control
        axes[3].semilogx(means.index, means, "o-", color=colour, ms=4, label=form)
    axes[3].set(title="tumour cells", xlabel="doxorubicin administered, µM", ylabel="% of controls", ylim=(0, 105))
    axes[3].legend(fontsize=7)
    saved(figure, "assay_nano_carrier")


def herbal_formula(results: Path) -> None:
    """Draw each herb's effect left out of the formula and alone, with intervals."""
    effects = read_table(results / "mixture_effects.parquet")
    effects = effects[effects["readout"] == "killed"]
    whole = float(effects.loc[effects["kind"] == "whole", "effect"].iloc[0])
    figure, axes = plt.subplots(figsize=(6.5, 2.8))
    herbs = list(effects.loc[effects["kind"] == "left out", "ingredient"])
    for kind, colour, shift in (("left out", RED, -0.12), ("alone", BLUE, 0.12)):
        rows = effects[effects["kind"] == kind].set_index("ingredient").loc[herbs]
        away = [rows["effect"] - rows["effect_low"], rows["effect_high"] - rows["effect"]]
        places = [place + shift for place in range(len(herbs))]
        axes.errorbar(rows["effect"], places, xerr=away, fmt="o", color=colour, ms=5, lw=1.2, label=WORDS[kind])
    roles = effects[effects["kind"] == "left out"].set_index("ingredient")["formula_role"]
    axes.set_yticks(range(len(herbs)), [f"{name}\n({ROLES.get(roles[name], '')})" for name in herbs])
    axes.invert_yaxis()
    axes.axvline(0, color="0.7", lw=0.8)
    axes.axvline(whole, color="0.4", lw=0.8, ls="--")
    axes.text(whole, -0.45, " the whole formula", fontsize=7, color="0.4")
    axes.set_xlabel("effect on the share of tumour cells killed, with 95 % interval")
    axes.legend(fontsize=7, loc="lower right")
    saved(figure, "assay_herbal_formula")


WORDS = {"left out": "the whole less the whole without it", "alone": "alone less nothing"}
ROLES = {"君": "sovereign", "臣": "minister", "佐": "assistant", "使": "envoy"}


def main() -> None:
    """Draw all three, or those whose results are there."""
    plt.style.use(ROOT / "examples" / "pictures.mplstyle")
    folder = Path(sys.argv[1])
    for name, draw in (("gap_closure", gap_closure), ("nano_carrier", nano_carrier), ("herbal_formula", herbal_formula)):
        if (folder / name).is_dir():
            draw(folder / name)


if __name__ == "__main__":
    main()
