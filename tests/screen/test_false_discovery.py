"""Benjamini-Hochberg against the library and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from coculture.screen.hits.false_discovery import benjamini_hochberg


def test_equal_to_scipy() -> None:
    p = np.random.default_rng(0).random(50) ** 3
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p))


def test_tests_that_were_not_made_do_not_count() -> None:
    q = benjamini_hochberg(np.array([0.01, np.nan, 0.04]))
    assert q[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(q[1])


def test_no_tests_at_all() -> None:
    assert np.isnan(benjamini_hochberg(np.array([np.nan]))).all()
    assert benjamini_hochberg(np.empty(0)).size == 0
