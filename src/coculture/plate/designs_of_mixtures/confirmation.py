"""The wells that confirm candidates: each alone, candidate pairs beside each of their ingredients, and nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coculture.errors import InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign


def confirmation_design(
    ingredients: tuple[str, ...], singles: Sequence[str], pairs: Sequence[tuple[str, str]] = ()
) -> MixtureDesign:
    """Return the runs that confirm: nothing, every candidate alone, and candidate pairs beside each of their ingredients.

    Raises
    ------
    InputError : if there is no candidate, or one is not an ingredient.
    """
    rows: dict[tuple[str, ...], None] = {(): None} | {(name,): None for name in singles}
    for first, second in pairs:
        rows |= {(first,): None, (second,): None, (first, second): None}
    unknown = sorted({name for row in rows for name in row} - set(ingredients))
    if unknown or len(rows) == 1:
        what = f"'{unknown[0]}' is not an ingredient" if unknown else "there is nothing to confirm"
        raise InputError(what, "confirmation", "name candidates among the ingredients")
    levels = np.array([[int(name in row) for name in ingredients] for row in rows], dtype=np.int64)
    return MixtureDesign("confirmation", ingredients, levels)
