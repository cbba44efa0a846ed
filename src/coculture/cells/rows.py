"""Rows added to and taken from arrays in place, so that a few births and deaths among many cells cost little."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

_SPARE = 0.25
"""Share of spare rows that an array gets when it has to move."""


def with_copies(array: NDArray[Any], rows: Integers) -> NDArray[Any]:
    """Return the array with copies of some of its rows behind; the same memory where there is room behind it."""
    before, after = len(array), len(array) + len(rows)
    longer = _room_behind(array, after)
    if longer is None:
        store = np.empty((after + int(_SPARE * after) + 8, *array.shape[1:]), array.dtype)
        store[:before] = array
        longer = store[:after]
    longer[before:] = longer[rows]
    return longer


def closing(length: int, rows: Integers) -> tuple[Integers, Integers, int]:
    """Return how to take ``rows`` out of ``length``: the holes, the last rows that fill them, and the length that is left."""
    left = length - len(rows)
    staying = np.ones(length, np.bool_)
    staying[rows] = False
    return np.flatnonzero(~staying[:left]), left + np.flatnonzero(staying[left:]), left


def closed(array: NDArray[Any], holes: Integers, fillers: Integers, left: int) -> NDArray[Any]:
    """Return the array without the rows that :func:`closing` was asked to take out, in the same memory."""
    array[holes] = array[fillers]
    return array[:left]


def _room_behind(array: NDArray[Any], length: int) -> NDArray[Any] | None:
    """Return the array made longer in its own memory, None where it does not lie at the start of a long enough store."""
    store = array.base
    if not isinstance(store, np.ndarray) or store.dtype != array.dtype or store.shape[1:] != array.shape[1:]:
        return None
    if len(store) < length or store.ctypes.data != array.ctypes.data or store.strides != array.strides:
        return None
    return store[:length]
