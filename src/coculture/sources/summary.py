"""From the cell table of one well to the well's numbers: counts, read-outs, and the median of every feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.plate.columns import is_feature

CellState = Literal["living", "dead", "all"]
"""Which cells of a well a number is made from."""

Aggregate = Callable[[NDArray[np.float64], float], float]

AGGREGATES: dict[str, Aggregate] = {
    "mean": lambda values, _: float(np.mean(values)),
    "median": lambda values, _: float(np.median(values)),
    "sd": lambda values, _: float(np.std(values, ddof=1)) if values.size > 1 else float("nan"),
    "fraction_above": lambda values, threshold: float(np.mean(values > threshold)),
    "fraction_below": lambda values, threshold: float(np.mean(values < threshold)),
}
"""How a feature of the cells becomes one number of the well."""


OF_THE_WELL = ("well_", "n_")
"""How names of a well's own numbers begin."""


@dataclass(frozen=True)
class ReadoutRule:
    """How one read-out of a well is made from its cells.

    Attributes
    ----------
    name : name of the read-out, the column of the well table.
    feature : a feature of the cell table, or a number of the well (``n_cells``, ``well_contacts_per_cell``).
    aggregate : a key of :data:`AGGREGATES`; without meaning for a number of the well.
    threshold : the value ``fraction_above`` and ``fraction_below`` compare with.
    cell_type : use only cells of this type; all where None.
    of : use only living cells, only dead ones, or all.
    """

    name: str
    feature: str
    aggregate: str = "median"
    threshold: float | None = None
    cell_type: str | None = None
    of: CellState = "living"

    def __post_init__(self) -> None:
        if self.aggregate not in AGGREGATES:
            raise InputError(
                f"unknown aggregate '{self.aggregate}'", f"readout {self.name}", "use one of: " + ", ".join(AGGREGATES)
            )
        if self.aggregate.startswith("fraction") and self.threshold is None:
            raise InputError(f"'{self.aggregate}' needs a threshold", f"readout {self.name}", "add threshold = …")


def cells_of(cells: pd.DataFrame, state: CellState) -> pd.DataFrame:
    """Return the living, the dead, or all cells."""
    if state == "all":
        return cells
    return cells[cells["alive"] if state == "living" else ~cells["alive"]]


def feature_medians(cells: pd.DataFrame) -> dict[str, float]:
    """Return the median over the living cells of every feature column; features no cell has are left out."""
    cells = cells_of(cells, "living")
    features = [name for name in cells.columns if is_feature(name)]
    if cells.empty or not features:
        return {}
    values = cells[features].to_numpy(dtype=np.float64)
    measured = np.isfinite(values).any(axis=0)
    medians = np.nanmedian(values[:, measured], axis=0) if measured.any() else np.empty(0)
    named = (name for name, has_cells in zip(features, measured, strict=True) if has_cells)
    return {name: float(value) for name, value in zip(named, medians, strict=True)}


def type_counts(cells: pd.DataFrame, cell_types: Sequence[str]) -> dict[str, int]:
    """Return ``n_cells`` and ``n_<type>`` of living cells; types that were not seen count zero."""
    living = cells_of(cells, "living")
    counts = {"n_cells": len(living)}
    if len(cell_types) > 1:
        seen = living["cell_type"].value_counts()
        counts |= {f"n_{name}": int(seen.get(name, 0)) for name in cell_types}
    return counts


def dead_numbers(cells: pd.DataFrame, cell_types: Sequence[str]) -> dict[str, float | int]:
    """Return ``n_dead`` and ``well_dead_fraction`` of all cells and of each type; no fraction where there is no cell."""
    groups = {"": cells}
    if len(cell_types) > 1:
        groups |= {f"_{name}": cells[cells["cell_type"] == name] for name in cell_types}
    found: dict[str, float | int] = {}
    for name, group in groups.items():
        dead = len(cells_of(group, "dead"))
        found[f"n_dead{name}"] = dead
        if len(group):
            found[f"well_dead_fraction{name}"] = dead / len(group)
    return found


def apply_rules(cells: pd.DataFrame, numbers: Mapping[str, float | int | str], rules: Sequence[ReadoutRule]) -> dict[str, float]:
    """Return the read-outs of one well.

    A read-out that has no cell to rest on is left out rather than filled with NaN; the well table then has a gap
    there, which the screen counts and names.

    Raises
    ------
    InputError : if a rule names a feature that the cell table does not have.
    """
    found: dict[str, float] = {}
    for rule in rules:
        if rule.feature in numbers:
            found[rule.name] = float(numbers[rule.feature])
            continue
        if rule.feature not in cells.columns:
            if cells.empty or rule.feature.startswith(OF_THE_WELL):
                continue  # a number of the well that this well does not have: no cell of a type, no contact
            raise InputError(
                f"no feature '{rule.feature}' was measured",
                f"readout {rule.name}",
                "measured: " + ", ".join(name for name in cells.columns if is_feature(name)),
            )
        chosen = cells_of(cells, rule.of)
        chosen = chosen if rule.cell_type is None else chosen[chosen["cell_type"] == rule.cell_type]
        values = chosen[rule.feature].to_numpy(dtype=np.float64)
        values = values[np.isfinite(values)]
        if values.size:
            number = AGGREGATES[rule.aggregate](values, rule.threshold if rule.threshold is not None else 0.0)
            if np.isfinite(number):
                found[rule.name] = number
    return found
