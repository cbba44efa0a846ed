"""Taking a formula apart (拆方): the whole, each ingredient left out, each ingredient alone, and nothing."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from coculture.plate.designs_of_mixtures.base import MixtureDesign, check_ingredients


def leave_one_out(ingredients: tuple[str, ...], pairs: bool = False) -> MixtureDesign:
    """Return the knock-out design: the whole and the whole without each ingredient (with ``pairs``, without each pair too)."""
    return _design("leave one out", ingredients, out=True, alone=False, pairs=pairs)


def knock_in(ingredients: tuple[str, ...], pairs: bool = False) -> MixtureDesign:
    """Return the knock-in design: nothing and each ingredient alone (with ``pairs``, each pair too): one-by-one testing."""
    return _design("knock in", ingredients, out=False, alone=True, pairs=pairs)


def knock_out_and_in(ingredients: tuple[str, ...]) -> MixtureDesign:
    """Return both: what is needed (lost when left out) and what suffices (acts alone) can then be told apart."""
    return _design("knock out and in", ingredients, out=True, alone=True, pairs=False)


def _design(kind: str, ingredients: tuple[str, ...], out: bool, alone: bool, pairs: bool) -> MixtureDesign:
    check_ingredients(ingredients, kind, fewest=2)
    count = len(ingredients)
    chosen = [np.eye(count, dtype=np.int64)]
    if pairs:
        chosen.append(_pair_rows(count))
    marked = np.concatenate(chosen)
    rows = []
    if out:
        rows += [np.ones((1, count), dtype=np.int64), 1 - marked]
    if alone:
        rows += [np.zeros((1, count), dtype=np.int64), marked]
    levels = np.unique(np.concatenate(rows), axis=0)
    return MixtureDesign(kind, ingredients, levels[np.argsort(-levels.sum(axis=1), kind="stable")])


def _pair_rows(count: int) -> NDArray[np.int64]:
    pairs = list(combinations(range(count), 2))
    rows = np.zeros((len(pairs), count), dtype=np.int64)
    for row, pair in zip(rows, pairs, strict=True):
        row[list(pair)] = 1
    return rows
