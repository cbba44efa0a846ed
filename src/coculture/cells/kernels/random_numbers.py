"""Random numbers that belong to a cell and a moment, not to an order of drawing.

A number is a hash of (key of the well, id of the cell, step, purpose): the same cell draws the same numbers whatever the
order of the cells, the number of workers, or a checkpoint in between. The hash is SplitMix64's finaliser (Steele, Lea & Flood
2014, Proc OOPSLA, 453), applied once for each of the four words.
"""

from __future__ import annotations

import numpy as np

from coculture.compiled import compiled

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_TO_UNIT = 1.0 / 9007199254740992.0


@compiled
def mixed(word: np.uint64) -> np.uint64:
    """Return the word with its bits thoroughly mixed."""
    word = word + _GOLDEN
    word = (word ^ (word >> _30)) * _FIRST
    word = (word ^ (word >> _27)) * _SECOND
    return word ^ (word >> _31)


@compiled
def uniform(key: np.uint64, cell: int, step: int, purpose: int) -> float:
    """Return a number in [0, 1) that belongs to the cell, the step and the purpose."""
    word = mixed(mixed(mixed(key ^ np.uint64(purpose)) ^ np.uint64(cell)) ^ np.uint64(step))
    return float(word >> _11) * _TO_UNIT
