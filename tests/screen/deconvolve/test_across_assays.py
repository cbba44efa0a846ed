"""Several assays at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coculture.errors import DataError
from coculture.screen.deconvolve.across_assays import across_assays
from coculture.screen.deconvolve.fractions import Fractions


def test_a_feature_of_both_assays_comes_before_those_of_one() -> None:
    rng = np.random.default_rng(4)
    x = rng.normal(10, 1, (40, 15))
    y = np.column_stack((3 * x[:, 0] + 2 * x[:, 1], 3 * x[:, 0] + 2 * x[:, 2], np.ones(40)))
    names = tuple(f"F{one}" for one in range(40))
    one = Fractions(names, tuple(f"f{i}" for i in range(15)), x, ("kill", "calm", "flat"), y)
    result = across_assays(one, ("correlation", "vip"), samples=20)
    table = result.table.set_index("feature")
    assert table["rank"].idxmin() == "f0"
    assert table.loc["f1", "best_assay"] == "kill"
    assert table.loc["f2", "best_assay"] == "calm"
    assert result.left_out == ("flat",)
    assert set(result.verdicts) == {"kill", "calm"}
    with pytest.raises(DataError, match="no assay tells"):
        across_assays(replace(one, activities=np.ones((40, 3))))
