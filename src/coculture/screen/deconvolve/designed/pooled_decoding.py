"""Decoding of pools: which few of many ingredients, and which pairs of them, carry the activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import numpy as np
import pandas as pd

from coculture import __version__
from coculture.errors import DataError, InputError
from coculture.randomness import stream
from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.deconvolve.fractions import unit_columns
from coculture.screen.group_statistics import Floats

METHOD = "forward selection with permutation stop"
FEWEST_WELLS = 8


@dataclass(frozen=True)
class Decoded:
    """Candidates of a pooled experiment, in the order in which they were found.

    Attributes
    ----------
    table : one row a candidate: ``term``, ``kind`` (main or pair), ``first``, ``second`` (ingredients; '' for none), ``effect``
        and ``standard_error`` (of the joint fit; both are flattered by the search), ``step_p`` (of the step that took it, over
        all terms).
    settings, method, version : how.
    """

    table: pd.DataFrame
    settings: Mapping[str, str | int | float | bool]
    method: str = METHOD
    version: str = __version__

    @property
    def singles(self) -> tuple[str, ...]:
        """Candidates that act by themselves."""
        return tuple(self.table.loc[self.table["kind"] == "main", "first"])

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Candidates that act together."""
        rows = self.table[self.table["kind"] == "pair"]
        return tuple(zip(rows["first"], rows["second"], strict=True))


def decode(
    wells: DesignedWells, level: float = 0.1, pairs: bool = True, most: int = 12, permutations: int = 500, seed: int = 0
) -> Decoded:
    """Find the ingredients and pairs that carry the response of pools.

    The term (an ingredient, or the product of two) whose column has the largest correlation with what is not yet explained
    is taken, as long as the permuted residuals' largest correlation over **all** terms reaches it in less than ``level``
    of the permutations (max-T; Freedman & Lane 1983). Then every term taken is exchanged for the one that leaves the smallest
    residual beside the others, until nothing changes.

    The p-values of steps are a guide to stop; claims come from :func:`~coculture.screen.deconvolve.designed.confirmation.confirm`
    on fresh wells.

    Parameters
    ----------
    level : chance of a step on noise alone, above 0, below 1.
    pairs : whether products of two ingredients are searched too.
    most : most candidates.

    Raises
    ------
    InputError : if a number is out of range, or the design has more than two levels.
    DataError : if there are fewer than eight wells.
    """
    if wells.design.level_count != 2:
        raise InputError(f"the design has {wells.design.level_count} levels", "decode", "use effects for more levels")
    if not 0 < level < 1 or most < 1 or permutations < 1:
        what = f"level is {level:g}, most {most}, permutations {permutations}"
        raise InputError(what, "decode", "give a level in (0, 1), 1 or more candidates and permutations")
    if wells.response.size < FEWEST_WELLS:
        raise DataError(f"{wells.response.size} pools", "decode", f"test at least {FEWEST_WELLS}")
    columns, terms = _columns(wells, pairs)
    most = min(most, wells.response.size // 4)
    chosen, step_p = _forward(columns, wells.response, level, most, permutations, stream(seed, "deconvolve", "decode"))
    chosen = _exchanged(columns, wells.response, chosen)
    table = _table(wells, columns, terms, chosen, step_p)
    settings: dict[str, str | int | float | bool] = {"design": wells.design.kind, "level": level, "pairs": pairs, "most": most}
    return Decoded(table, MappingProxyType(settings | {"permutations": permutations, "seed": seed, "terms": len(terms)}))


def _columns(wells: DesignedWells, pairs: bool) -> tuple[Floats, list[tuple[int, int]]]:
    """Return the (wells, terms) columns; a term (i, i) is an ingredient."""
    x = wells.shares
    terms = [(one, one) for one in range(x.shape[1])]
    if pairs:
        terms += list(combinations(range(x.shape[1]), 2))
    first, second = np.array(terms).T
    return x[:, first] * x[:, second], terms


def _forward(
    columns: Floats, response: Floats, level: float, most: int, permutations: int, random: np.random.Generator
) -> tuple[list[int], dict[int, float]]:
    chosen: list[int] = []
    step_p: dict[int, float] = {}
    while len(chosen) < most:
        basis = _basis(columns, chosen)
        residual = response - basis @ (basis.T @ response)
        left = columns - basis @ (basis.T @ columns)
        vague = (left**2).sum(axis=0) < 0.05 * ((columns - columns.mean(axis=0)) ** 2).sum(axis=0) + 1e-9
        unit = np.where(vague, 0.0, unit_columns(left))
        size = float(np.linalg.norm(residual))
        if size < 1e-9 * max(float(np.linalg.norm(response)), 1e-300):
            break
        strength = np.abs(residual @ unit) / size
        best = int(np.argmax(strength))
        shuffled = random.permuted(np.tile(residual, (permutations, 1)), axis=1)
        shuffled -= (shuffled @ basis) @ basis.T
        chance = (np.abs(shuffled @ unit) / np.linalg.norm(shuffled, axis=1, keepdims=True)).max(axis=1)
        p = float(((chance >= strength[best] - 1e-12).sum() + 1) / (permutations + 1))
        if p >= level:
            break
        chosen.append(best)
        step_p[best] = p
    return chosen, step_p


def _basis(columns: Floats, chosen: list[int]) -> Floats:
    """Return an orthonormal basis of the constant and the chosen columns."""
    return np.asarray(np.linalg.qr(np.column_stack((np.ones(len(columns)), columns[:, chosen])))[0])


def _squares(columns: Floats, response: Floats, chosen: list[int]) -> float:
    basis = _basis(columns, chosen)
    residual = response - basis @ (basis.T @ response)
    return float(residual @ residual)


def _exchanged(columns: Floats, response: Floats, chosen: list[int]) -> list[int]:
    """Exchange each term for the one that leaves the smallest residual beside the others, until nothing changes."""
    now = list(chosen)
    for _ in range(5):
        before = list(now)
        for place in range(len(now)):
            others = now[:place] + now[place + 1 :]
            basis = _basis(columns, others)
            residual = response - basis @ (basis.T @ response)
            unit = unit_columns(columns - basis @ (basis.T @ columns))
            unit[:, others] = 0
            best = int(np.argmax(np.abs(residual @ unit)))
            if _squares(columns, response, [*others, best]) < _squares(columns, response, now) * (1 - 1e-9):
                now[place] = best
        if now == before:
            break
    return now


def _table(
    wells: DesignedWells, columns: Floats, terms: list[tuple[int, int]], chosen: list[int], step_p: dict[int, float]
) -> pd.DataFrame:
    names, n = wells.design.ingredients, wells.response.size
    matrix = np.column_stack((np.ones(n), columns[:, chosen]))
    value = np.linalg.lstsq(matrix, wells.response)[0]
    residual = wells.response - matrix @ value
    error = np.sqrt(np.diag(np.linalg.pinv(matrix.T @ matrix)) * (residual @ residual) / max(n - matrix.shape[1], 1))
    rows = []
    for place, term in enumerate(chosen):
        first, second = names[terms[term][0]], names[terms[term][1]] if terms[term][0] != terms[term][1] else ""
        text = f"{first} × {second}" if second else first
        rows.append(
            (text, "pair" if second else "main", first, second, value[place + 1], error[place + 1], step_p.get(term, np.nan))
        )
    return pd.DataFrame(rows, columns=["term", "kind", "first", "second", "effect", "standard_error", "step_p"])
