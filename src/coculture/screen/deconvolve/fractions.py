"""What every ranking starts from: fractions with their features and their activities in one or several assays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from coculture.errors import DataError, InputError, Problem
from coculture.screen.group_statistics import Floats, Integers

FEWEST_FRACTIONS = 4
"""Below this many fractions no association can be told from chance."""


@dataclass(frozen=True)
class Fractions:
    """Fractions or extracts of one material.

    Attributes
    ----------
    names : fractions.
    features : names of the features (LC-MS peaks, contents of ingredients).
    contents : (fractions, features) how much of each feature is in each fraction, 0 or more, in any one unit a feature.
    assays : names of the assays.
    activities : (fractions, assays) activity; larger means more active.

    Raises
    ------
    InputError : if names and shapes disagree, a name stands twice, or a number is missing or infinite.
    DataError : if there are fewer than four fractions.
    """

    names: tuple[str, ...]
    features: tuple[str, ...]
    contents: Floats
    assays: tuple[str, ...]
    activities: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "contents", np.asarray(self.contents, dtype=np.float64))
        object.__setattr__(self, "activities", np.asarray(self.activities, dtype=np.float64))
        if problems := [*self._problems()]:
            raise InputError(problems)
        if len(self.names) < FEWEST_FRACTIONS:
            what = f"there are {len(self.names)} fractions, a ranking needs at least {FEWEST_FRACTIONS}"
            raise DataError(what, "fractions", "test more fractions")

    def _problems(self) -> list[Problem]:
        found = []
        rows = len(self.names)
        for name, table, labels in (("contents", self.contents, self.features), ("activities", self.activities, self.assays)):
            if table.shape != (rows, len(labels)):
                what = f"{name} has the shape {table.shape}, the names ask for {(rows, len(labels))}"
                found.append(Problem(what, "fractions", "give one row a fraction and one column a name"))
            elif not np.isfinite(table).all():
                row, column = np.argwhere(~np.isfinite(table))[0]
                what = f"{name} of '{self.names[row]}' has no number for '{labels[column]}'"
                found.append(Problem(what, "fractions", "leave the fraction or the column out; nothing is filled in"))
        for name, labels in (("fraction", self.names), ("feature", self.features), ("assay", self.assays)):
            repeated = sorted({label for label in labels if labels.count(label) > 1}) if len(set(labels)) < len(labels) else []
            if repeated:
                found.append(Problem(f"the {name} '{repeated[0]}' is there twice", "fractions", "give each a name of its own"))
            if not labels:
                found.append(Problem(f"there is no {name}", "fractions", f"give at least one {name}"))
        return found

    def activity(self, assay: str) -> Floats:
        """Return the (fractions,) activity in one assay.

        Raises
        ------
        InputError : if the assay is not known.
        DataError : if all fractions are equally active.
        """
        if assay not in self.assays:
            raise InputError(f"there is no assay '{assay}'", "fractions", "use one of: " + ", ".join(self.assays))
        values = self.activities[:, self.assays.index(assay)]
        if np.ptp(values) == 0:
            raise DataError(f"all fractions are equally active in '{assay}'", "fractions", "leave the assay out")
        return values

    def per_total(self) -> Fractions:
        """Return the fractions with contents divided by the fraction's total (total ion current, if these are ions)."""
        total = self.contents.sum(axis=1, keepdims=True)
        if not (total > 0).all():
            name = self.names[int(np.argmin(total))]
            raise DataError(f"the contents of '{name}' add up to {total.min():g}", "fractions", "leave the fraction out")
        return replace(self, contents=self.contents / total)

    def rows(self, chosen: Integers) -> Fractions:
        """Return the fractions at ``chosen``; one may be named more than once, as in a bootstrap."""
        names = tuple(f"{self.names[row]} #{place}" for place, row in enumerate(chosen))
        return replace(self, names=names, contents=self.contents[chosen], activities=self.activities[chosen])


def unit_columns(table: Floats) -> Floats:
    """Return columns centred and of length 1; constant columns become 0 (no association rather than a missing number)."""
    centred = table - table.mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    varies = length > 1e-12 * np.maximum(np.abs(table).max(axis=0), 1e-300) * np.sqrt(len(table))
    return np.asarray(np.where(varies, centred / np.where(varies, length, 1.0), 0.0))
