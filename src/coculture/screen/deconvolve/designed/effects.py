"""Main effects, pair interactions and curvature of a designed experiment, by least squares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import numpy as np
import pandas as pd
from scipy import stats

from coculture import __version__
from coculture.errors import DataError, InputError
from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.group_statistics import Floats
from coculture.screen.hits.false_discovery import benjamini_hochberg

METHOD = "least squares"


@dataclass(frozen=True)
class Effects:
    """Effects of ingredients and of pairs.

    Attributes
    ----------
    table : one row a term: ``term``, ``kind`` (main, pair, square), ``effect``, ``standard_error``, ``low``, ``high``,
        ``p_value``, ``q_value`` (Benjamini & Hochberg over all terms).
    degrees_of_freedom : of the standard errors.
    notes, settings, method, version : how.
    """

    table: pd.DataFrame
    degrees_of_freedom: float
    settings: Mapping[str, str | float]
    notes: tuple[str, ...] = ()
    method: str = METHOD
    version: str = __version__


def effects(
    wells: DesignedWells, pairs: tuple[tuple[str, str], ...] | str = "none", squares: bool = False, confidence: float = 0.95
) -> Effects:
    """Estimate what each ingredient does from nothing to its full dose, and how pairs depart from adding up.

    ``response = b₀ + Σ bᵢ zᵢ + Σ bᵢⱼ zᵢ zⱼ + Σ bᵢᵢ zᵢ²`` with z the share of the full dose, centred on the design's mean.
    An effect of a pair is the interaction contrast (with both minus each alone plus neither); on the logarithm of the
    surviving share it is the departure from Bliss independence.

    Parameters
    ----------
    pairs : ``none``, ``all``, or the pairs that are asked about.
    squares : curvature, for three levels and more.
    confidence : of the t-intervals.

    Raises
    ------
    InputError : for an unknown ingredient or word.
    DataError : if the wells cannot tell the terms apart, or leave no degree of freedom (then nothing tells the noise).
    """
    matrix, terms, kinds = _terms(wells, pairs, squares)
    n, count = matrix.shape
    if np.linalg.matrix_rank(matrix) < count:
        remedy = "ask about fewer pairs, fold the design over, or use a design with more runs"
        raise DataError(f"{n} wells cannot tell {count - 1} terms apart: some are mixed with each other", "effects", remedy)
    if n == count:
        raise DataError(
            f"{n} wells and {count} terms leave nothing to tell the noise from", "effects", "repeat runs or drop terms"
        )
    inverse = np.linalg.inv(matrix.T @ matrix)
    value = inverse @ matrix.T @ wells.response
    residual = wells.response - matrix @ value
    df = n - count
    error = np.sqrt(np.diag(inverse) * (residual @ residual) / df)
    half = stats.t.isf((1 - confidence) / 2, df) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where((error == 0) & (value == 0), 0.0, value / error)
    p = 2 * stats.t.sf(np.abs(t), df)
    columns = {"effect": value, "standard_error": error, "low": value - half, "high": value + half, "p_value": p}
    table = pd.DataFrame({"term": terms, "kind": kinds} | {name: one[1:] for name, one in columns.items()})
    table["q_value"] = benjamini_hochberg(p[1:])
    settings: dict[str, str | float] = {"design": wells.design.kind, "confidence": confidence, "runs": wells.design.runs}
    return Effects(table, float(df), MappingProxyType(settings), _notes(wells, kinds))


def _terms(wells: DesignedWells, pairs: tuple[tuple[str, str], ...] | str, squares: bool) -> tuple[Floats, list[str], list[str]]:
    names, z = wells.design.ingredients, wells.shares
    z = z - z.mean(axis=0)
    asked = _asked(names, pairs)
    columns = [np.ones(len(z)), *z.T, *(z[:, i] * z[:, j] for i, j in asked)]
    terms = [*names, *(f"{names[i]} × {names[j]}" for i, j in asked)]
    kinds = ["main"] * len(names) + ["pair"] * len(asked)
    if squares:
        columns += [column**2 for column in z.T]
        terms += [f"{name}²" for name in names]
        kinds += ["square"] * len(names)
    return np.column_stack(columns), terms, kinds


def _asked(names: tuple[str, ...], pairs: tuple[tuple[str, str], ...] | str) -> list[tuple[int, int]]:
    if pairs == "all":
        return list(combinations(range(len(names)), 2))
    if pairs == "none":
        return []
    if isinstance(pairs, str):
        raise InputError(f"pairs is '{pairs}'", "effects", "use none, all, or a list of pairs")
    for pair in pairs:
        if len(set(pair)) != 2 or not set(pair) <= set(names):
            raise InputError(f"'{' × '.join(pair)}' is no pair of ingredients", "effects", "use: " + ", ".join(names))
    return [(names.index(one), names.index(other)) for one, other in pairs]


def _notes(wells: DesignedWells, kinds: list[str]) -> tuple[str, ...]:
    weak = wells.design.level_count == 2 and wells.design.settings.get("strength") == 2
    if weak and "pair" not in kinds:
        return ("in this array main effects are mixed with pair interactions; fold it over to part them",)
    return ()
