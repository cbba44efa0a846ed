"""Cells a person has named: a few clicks, matched to the cells that were found there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from coculture.errors import DataError, InputError, Problem

FIELD = ["plate", "well", "site", "t_min"]
MOST_UNMATCHED = 0.2
"""Share of the labels that may lie on no cell; beyond it the labels belong to other images or another scale."""


@dataclass(frozen=True, eq=False)
class LabelledCells:
    """Cells whose type is known.

    Attributes
    ----------
    table : one row a cell: plate, well, site, t_min, x_um, y_um, cell_type.
    reach_um : how far from a cell's centre its label may lie.
    """

    table: pd.DataFrame = field(repr=False)
    reach_um: float = 10.0

    @property
    def wells(self) -> list[tuple[str, str]]:
        """The (plate, well) pairs that hold labels, sorted."""
        pairs = self.table[["plate", "well"]].drop_duplicates()
        return sorted(zip(pairs["plate"], pairs["well"], strict=True))


def labelled_rows(cells: pd.DataFrame, labels: LabelledCells) -> pd.DataFrame:
    """Return the rows of ``cells`` that carry a label, with the label as ``cell_type``, in the cells' order.

    A label belongs to the cell of its field whose centre is nearest.

    Raises
    ------
    DataError : if more than a fifth of the labels lie on no cell.
    InputError : if one cell is given two types.
    """
    found: dict[int, str] = {}
    lost: list[str] = []
    conflicts: list[Problem] = []
    fields = {key: rows for key, rows in cells.groupby(FIELD, sort=False).indices.items()}
    for key, group in labels.table.groupby(FIELD, sort=True):
        rows = fields.get(key)
        if rows is None:
            lost += [f"{_place(key)} (no cell was found in this field)"] * len(group)
            continue
        centres = cells[["x_um", "y_um"]].to_numpy(np.float64)[rows]
        away, nearest = KDTree(centres).query(group[["x_um", "y_um"]].to_numpy(np.float64))
        for distance, at, named, x, y in zip(away, nearest, group["cell_type"], group["x_um"], group["y_um"], strict=True):
            if distance > labels.reach_um:
                lost.append(f"{_place(key)} at x {x:g}, y {y:g} µm (the nearest cell is {distance:.1f} µm away)")
            elif found.setdefault(int(rows[at]), str(named)) != str(named):
                what = f"one cell is labelled '{found[int(rows[at])]}' and '{named}'"
                conflicts.append(Problem(what, f"labels, {_place(key)} at x {x:g}, y {y:g} µm", "take one of the labels out"))
    if conflicts:
        raise InputError(conflicts)
    if len(lost) > MOST_UNMATCHED * len(labels.table):
        raise DataError(
            f"{len(lost)} of {len(labels.table)} labels lie on no cell; the first: {lost[0]}",
            "cell_types.labels",
            "check plate, well, site and scale of the labels (µm from the top-left corner), or raise cell_types.reach_um",
        )
    order = sorted(found)
    return cells.iloc[order].assign(cell_type=[found[row] for row in order])


def _place(key: Any) -> str:
    plate, well, site, t_min = key
    return f"plate {plate}, well {well}, site {site}, {t_min:g} min"
