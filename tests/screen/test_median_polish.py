"""Median polish of many plates equals a plain one of each."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.screen.normalise.median_polish import median_polish


def _plain(plate: np.ndarray, tolerance: float, iterations: int) -> tuple[float, np.ndarray, np.ndarray]:
    """Tukey's polish of one plate, written as the book tells it."""
    z, overall = plate.copy(), 0.0
    row, column = np.zeros(plate.shape[0]), np.zeros(plate.shape[1])
    before = 0.0
    for _ in range(iterations):
        step = np.nanmedian(z, axis=1)
        z, row = z - step[:, None], row + step
        overall, column = overall + np.median(column), column - np.median(column)
        step = np.nanmedian(z, axis=0)
        z, column = z - step, column + step
        overall, row = overall + np.median(row), row - np.median(row)
        size = np.nansum(np.abs(z))
        if size == 0 or abs(size - before) < tolerance * size:
            break
        before = size
    return overall, row, column


def test_equal_to_one_plate_at_a_time() -> None:
    rng = np.random.default_rng(8)
    plates = rng.gamma(4.0, size=(5, 8, 12))
    plates[rng.random(plates.shape) < 0.1] = np.nan
    found = median_polish(plates, 1e-5, 200)
    for i, plate in enumerate(plates):
        overall, row, column = _plain(plate, 1e-5, 200)
        assert found.overall[i] == pytest.approx(overall, rel=1e-12)
        assert found.row[i] == pytest.approx(row, rel=1e-9, abs=1e-12)
        assert found.column[i] == pytest.approx(column, rel=1e-9, abs=1e-12)


def test_an_additive_plate_is_recovered_exactly() -> None:
    row, column = np.array([-2.0, 0.0, 1.0]), np.array([-1.0, 0.0, 0.5, 3.0, -4.0])
    found = median_polish((7.0 + row[:, None] + column)[None])
    assert found.overall[0] == pytest.approx(7.0)
    assert found.row[0] == pytest.approx(row)
    assert found.column[0] == pytest.approx(column)


def test_an_empty_row_has_no_effect() -> None:
    plate = np.arange(12.0).reshape(1, 3, 4)
    plate[0, 1] = np.nan
    found = median_polish(plate)
    assert np.isnan(found.row[0]).tolist() == [False, True, False]
    assert np.isfinite(found.overall).all()
