"""Statistics of many groups equal those of each group alone."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from coculture.screen.group_statistics import group_statistics


def test_equal_to_numpy_group_by_group() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=200)
    values[::17] = np.nan
    codes = rng.integers(0, 9, size=200)
    keep = rng.random(200) < 0.8
    found = group_statistics(values, codes, 9, keep)
    for group in range(9):
        own = values[(codes == group) & keep & np.isfinite(values)]
        assert found.count[group] == own.size
        assert found.mean[group] == pytest.approx(own.mean())
        assert found.sd[group] == pytest.approx(own.std(ddof=1))
        assert found.median[group] == pytest.approx(np.median(own))
        assert found.mad[group] == pytest.approx(stats.median_abs_deviation(own, scale="normal"))


def test_small_groups_are_not_numbers() -> None:
    found = group_statistics(np.array([2.0, 5.0]), np.array([0, 2]), 4, np.array([True, False]))
    assert found.count.tolist() == [1, 0, 0, 0]
    assert found.mean[0] == 2.0
    assert np.isnan(found.sd).all()
    assert np.isnan(found.median[1:]).all()
