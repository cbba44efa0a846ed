"""How alike profiles are."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Floats


def unit_rows(values: Floats) -> Floats:
    """Return rows of length 1; a row of zeros stays zero, alike to none."""
    length = np.linalg.norm(values, axis=1, keepdims=True)
    return np.asarray(values / np.where(length > 0, length, 1.0), dtype=np.float64)


def cosine_similarity(values: Floats) -> Floats:
    """Return (n, n) cosines between the rows of (n, p) values, exactly 1 on the diagonal of rows that are not zero."""
    unit = unit_rows(values)
    similarity = np.clip(unit @ unit.T, -1.0, 1.0)
    np.fill_diagonal(similarity, (unit**2).sum(axis=1) > 0.5)
    return np.asarray(similarity)
