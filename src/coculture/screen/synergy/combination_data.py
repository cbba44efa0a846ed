"""Responses to several drugs over their doses: checked, averaged over replicates, and indexed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coculture.errors import DataError, InputError
from coculture.screen.group_statistics import Floats, Integers

WHERE = "combination"


@dataclass(frozen=True)
class Combination:
    """Wells of one set of drugs, alone and together.

    Attributes
    ----------
    drugs : names, two or three.
    doses : (wells, drugs) doses >= 0 in base units.
    inhibition : (wells,) effect in percent: 0 as the controls, 100 nothing left. Below 0 and above 100 are taken as they are.

    Raises
    ------
    InputError : for other numbers of drugs, shapes that do not fit, negative or missing doses.
    DataError : if no well holds all drugs with a finite effect.
    """

    drugs: tuple[str, ...]
    doses: Floats
    inhibition: Floats

    def __post_init__(self) -> None:
        doses, effect = np.asarray(self.doses, dtype=np.float64), np.asarray(self.inhibition, dtype=np.float64)
        if len(self.drugs) not in (2, 3) or len(set(self.drugs)) != len(self.drugs):
            raise InputError(f"{len(self.drugs)} drugs: {', '.join(self.drugs)}", WHERE, "give two or three different drugs")
        if doses.shape != (effect.size, len(self.drugs)):
            raise InputError(f"doses have shape {doses.shape} for {effect.size} wells", WHERE, "give one column of doses a drug")
        if not (np.isfinite(doses).all() and (doses >= 0).all()):
            raise InputError("a dose is missing or negative", WHERE, "give doses of 0 or more; 0 where a drug was left out")
        kept = np.isfinite(effect)
        if not (kept & (doses > 0).all(axis=1)).any():
            raise DataError(
                f"no well holds {' and '.join(self.drugs)} together with a number to score",
                WHERE,
                "check treatments and read-out",
            )
        object.__setattr__(self, "doses", doses[kept])
        object.__setattr__(self, "inhibition", effect[kept])

    @cached_property
    def table(self) -> DoseTable:
        """The wells averaged over replicates."""
        points, code = np.unique(self.doses, axis=0, return_inverse=True)
        code = code.reshape(-1)
        count = np.bincount(code)
        mean = np.bincount(code, self.inhibition) / count
        squares = float(((self.inhibition - mean[code]) ** 2).sum())
        return DoseTable(points, mean, count, squares, int(count.sum() - count.size))


@dataclass(frozen=True)
class Line:
    """Points along one drug's doses with the others held: rows of the table, and the row without the drug or -1."""

    drug: int
    points: Integers
    base: int


@dataclass(frozen=True)
class DoseTable:
    """One row a dose combination.

    Attributes
    ----------
    doses : (points, drugs). Sorted.
    response : (points,) mean inhibition in percent.
    count : (points,) wells.
    squares, df : sum of squares between replicates and its degrees of freedom, 0 without replicates.
    """

    doses: Floats
    response: Floats
    count: Integers
    squares: float
    df: int

    @cached_property
    def order(self) -> Integers:
        """Number of drugs given at each point."""
        return np.asarray((self.doses > 0).sum(axis=1))

    @cached_property
    def together(self) -> Integers:
        """Rows at which all drugs are given: the points a score is the mean over."""
        return np.flatnonzero(self.order == self.doses.shape[1])

    @cached_property
    def row_of(self) -> dict[tuple[float, ...], int]:
        """Row of each dose combination."""
        return {tuple(map(float, doses)): row for row, doses in enumerate(self.doses)}

    @cached_property
    def control(self) -> int:
        """Row without any drug, -1 where there is none."""
        return self.row_of.get((0.0,) * self.doses.shape[1], -1)

    @cached_property
    def single(self) -> Integers:
        """(points, drugs) row of each drug alone at the point's dose; the control's for dose 0; -1 where there is none."""
        rows = np.full(self.doses.shape, -1, dtype=np.int64)
        for point, doses in enumerate(self.doses):
            for drug, dose in enumerate(doses):
                alone = [0.0] * doses.size
                alone[drug] = float(dose)
                rows[point, drug] = self.row_of.get(tuple(alone), -1)
        return rows

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line of points along one drug over a background of at least one other, low orders first."""
        found: dict[tuple[int, tuple[float, ...]], list[int]] = {}
        for point in np.argsort(self.order, kind="stable"):
            for drug in np.flatnonzero(self.doses[point] > 0):
                if self.order[point] > 1:
                    background = self.doses[point].copy()
                    background[drug] = 0.0
                    found.setdefault((int(drug), tuple(map(float, background))), []).append(int(point))
        return tuple(
            Line(drug, np.array(rows, dtype=np.int64), self.row_of.get(background, -1))
            for (drug, background), rows in found.items()
        )

    def alone(self, drug: int) -> Integers:
        """Rows of one drug alone, with the control, by rising dose."""
        others = np.delete(self.doses, drug, axis=1)
        return np.flatnonzero((others == 0).all(axis=1))
