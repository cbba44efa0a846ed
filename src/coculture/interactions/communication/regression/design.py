"""Checks that every regression shares, and the reasons why one cannot be made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]


def checked_design(response: Any, terms: Any, names: Sequence[str], clusters: Any) -> tuple[Reals, Reals, Integers]:
    """Return response (n,), terms (n, p) and clusters as numbers from 0, all checked.

    Raises
    ------
    InputError : if the arrays do not fit one another, a name is used twice, or a number is not finite.
    """
    y, x = np.asarray(response, np.float64), np.asarray(terms, np.float64)
    x = x[:, None] if x.ndim == 1 else x
    code = np.unique(np.asarray(clusters), return_inverse=True)[1].astype(np.int64)
    if x.ndim != 2 or not len(y) == len(x) == len(code):
        raise InputError(
            f"{len(y)} responses, {len(x)} rows of terms, {len(code)} clusters", "response", "give one of each per row"
        )
    if x.shape[1] != len(names) or len({*names, "intercept"}) != len(names) + 1:
        raise InputError(
            f"names {', '.join(names)} for {x.shape[1]} terms", "names", "name every term, each once, none 'intercept'"
        )
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise InputError("a response or term is not a finite number", "response", "leave the row out")
    return y, x, code


def why_not_fitted(design: Reals, names: Sequence[str]) -> str:
    """Return why the coefficients of a design are not defined; '' where they are."""
    n, p = design.shape
    if n <= p:
        return f"{n} rows for {p} coefficients"
    scale = np.sqrt((design**2).sum(axis=0))
    flat = [name for name, size in zip(names, scale, strict=True) if size <= 1e-12 * np.sqrt(n)]
    if flat:
        return f"{', '.join(flat)} does not vary"
    kept: list[int] = []
    for column in range(p):
        if np.linalg.matrix_rank((design / scale)[:, [*kept, column]], tol=1e-9 * np.sqrt(p)) == len(kept):
            return f"{names[column]} is a combination of other terms (or does not vary)"
        kept.append(column)
    return ""


ONE_CLUSTER = "one cluster only: no standard error"
