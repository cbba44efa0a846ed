"""Tukey's two-way median polish of many plates at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class PolishedPlates:
    """``overall + row + column`` fitted to each plate.

    Attributes
    ----------
    overall : (plates,).
    row, column : (plates, rows) and (plates, columns); NaN for a row or column without any value.
    """

    overall: Floats
    row: Floats
    column: Floats


def median_polish(plates: Floats, tolerance: float = 1e-5, max_iterations: int = 200) -> PolishedPlates:
    """Fit row and column effects by alternately sweeping out medians (Tukey 1977, Exploratory Data Analysis, ch. 11).

    Parameters
    ----------
    plates : (plates, rows, columns), NaN where there is no well or the well does not take part.
    tolerance : a plate is done when its sum of absolute residuals changes by less than this fraction of itself.
    max_iterations : sweeps at most.

    Notes
    -----
    Rows are swept first; after each sweep the other direction's effects are centred on their median, which goes to the
    overall term: the order and the stopping rule of the classical algorithm, on which the result depends.
    """
    residual = np.array(plates, dtype=np.float64)
    n, n_rows, n_columns = residual.shape
    overall, row, column = np.zeros(n), np.zeros((n, n_rows)), np.zeros((n, n_columns))
    before = np.zeros(n)
    active = np.arange(n)
    for _ in range(max_iterations):
        if active.size == 0:
            break
        part = residual[active]
        step = _median(part, axis=2)
        part -= step[:, :, None]
        row[active] += step
        overall[active] += _centre(column, active)
        step = _median(part, axis=1)
        part -= step[:, None, :]
        column[active] += step
        overall[active] += _centre(row, active)
        residual[active] = part
        size = np.nansum(np.abs(part), axis=(1, 2))
        done = (size == 0) | (np.abs(size - before[active]) < tolerance * size)
        before[active] = size
        active = active[~done]
    return PolishedPlates(overall, row, column)


def _centre(effects: Floats, active: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    middle = _median(effects[active], axis=1)
    middle = np.where(np.isfinite(middle), middle, 0.0)
    effects[active] -= middle[:, None]
    return middle


def _median(values: Floats, axis: int) -> Floats:
    """Return the median along an axis, NaN ignored; NaN where there is nothing (sorting puts NaN last)."""
    ordered = np.sort(values, axis=axis)
    count = np.isfinite(ordered).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=axis)
    high = np.take_along_axis(ordered, count // 2, axis=axis)
    return np.where(count > 0, (low + high) / 2, np.nan).squeeze(axis=axis)
