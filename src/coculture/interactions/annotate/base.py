"""What every way of telling cell types apart promises."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError

Learnt = dict[str, Any]
"""What was learnt, in plain numbers, texts and lists: it is kept as JSON and gives the same types wherever it is read."""

PROBABILITY = "cell_type_probability"
"""Column with the probability of the type a cell was given; with ``_<type>`` behind it, of each type."""


class TypeRule(Protocol):
    """A rule that gives every cell a type. Small enough to send to a worker."""

    @property
    def types(self) -> tuple[str, ...]:
        """The types it tells apart, in the screen's order."""
        ...

    @property
    def learns_from(self) -> str:
        """From which wells it learns: 'nothing', 'controls' (each plate's negative ones), or 'labels' (its labelled cells)."""
        ...

    def learn(self, cells: pd.DataFrame) -> Learnt:
        """Return what the rule learns from these cells.

        Raises
        ------
        DataError : if they cannot support it.
        """
        ...

    def annotate(self, cells: pd.DataFrame, learnt: Learnt | None) -> pd.DataFrame:
        """Return the cells with ``cell_type`` and, where the rule knows it, the probability of it and of each type.

        Raises
        ------
        InputError : if a feature it needs was not measured, or it has to learn first.
        """
        ...


def with_probabilities(cells: pd.DataFrame, types: Sequence[str], probability: NDArray[np.float64]) -> pd.DataFrame:
    """Return ``cells`` with the likeliest type and all probabilities.

    Parameters
    ----------
    cells : n rows.
    types : k names.
    probability : (n, k), rows add up to 1. Of two types that are equally likely the first is taken.
    """
    best = probability.argmax(axis=1)
    columns: dict[str, Any] = {
        "cell_type": np.asarray(types, dtype=object)[best].astype(str) if len(cells) else pd.Series([], dtype=str),
        PROBABILITY: probability[np.arange(len(cells)), best],
    }
    columns |= {f"{PROBABILITY}_{name}": probability[:, i] for i, name in enumerate(types)}
    return cells.assign(**columns)


def need_features(cells: pd.DataFrame, features: Sequence[str], where: str) -> None:
    """Refuse a table that lacks a feature.

    Raises
    ------
    InputError : naming the features that were not measured.
    """
    missing = [name for name in features if name not in cells.columns]
    if missing:
        raise InputError(f"no feature '{missing[0]}' was measured", where, "measure the family it belongs to")


def different_names(types: Sequence[str]) -> None:
    """Refuse types that share a name.

    Raises
    ------
    InputError : naming the one that is there twice.
    """
    twice = sorted({name for name in types if list(types).count(name) > 1})
    if twice:
        word = "both types are" if len(types) == 2 else "two types are"
        raise InputError(f"{word} called '{twice[0]}'", "cell_types", "give the types different names")
