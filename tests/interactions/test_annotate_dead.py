"""Dead cells by a stain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.annotate.dead_stain import DeadStain
from coculture.randomness import stream

STAIN = "nucleus_intensity_mean_pi"


def cells(n_living: int, n_dead: int, fold: float = 12.0) -> tuple[pd.DataFrame, np.ndarray]:
    """Return cells with a log-normal stain, the dead ones ``fold`` times brighter, and which are dead."""
    rng = stream(3, "stain")
    dead = np.repeat([False, True], [n_living, n_dead])
    return pd.DataFrame({STAIN: 100.0 * np.exp(0.25 * rng.standard_normal(dead.size)) * np.where(dead, fold, 1.0)}), dead


@pytest.mark.parametrize("share", [0.0, 0.05, 0.2])
def test_the_learnt_threshold_parts_the_dead(share):
    controls, _ = cells(1000, round(1000 * share))
    learnt = DeadStain(STAIN).learn(controls)
    asked, dead = cells(5000, 500)
    judged = DeadStain(STAIN).judge(asked, learnt)
    assert judged[dead].mean() > 0.98
    assert judged[~dead].mean() < 0.001


def test_it_lies_where_its_formula_says():
    values = np.exp(np.arange(-50, 51) / 100.0)
    learnt = DeadStain(STAIN, spreads=2.0).learn(pd.DataFrame({STAIN: values}))
    assert learnt["median"] == pytest.approx(1.0)
    assert np.log(learnt["threshold"]) == pytest.approx(2 * 1.4826 * 0.25)
    below = DeadStain(STAIN, "below", spreads=2.0).learn(pd.DataFrame({STAIN: values}))
    assert np.log(below["threshold"]) == pytest.approx(-2 * 1.4826 * 0.25)


def test_a_given_threshold_is_taken_and_a_missing_stain_kills_nobody():
    table = pd.DataFrame({STAIN: [1.0, 3.0, np.nan]})
    assert DeadStain(STAIN, threshold=2.0).judge(table, None).tolist() == [False, True, False]
    assert DeadStain(STAIN, "below", threshold=2.0).judge(table, None).tolist() == [True, False, False]


def test_what_cannot_be_learnt_from_is_refused():
    with pytest.raises(DataError, match="10 cells with a positive stain are too few"):
        DeadStain(STAIN).learn(cells(10, 0)[0])
    with pytest.raises(DataError, match="spread is 0"):
        DeadStain(STAIN).learn(pd.DataFrame({STAIN: np.ones(100)}))
    with pytest.raises(InputError, match="no feature 'nucleus_intensity_mean_pi' was measured"):
        DeadStain(STAIN).learn(pd.DataFrame({"x": [1.0]}))
    with pytest.raises(InputError, match="prepare the plate first"):
        DeadStain(STAIN).judge(cells(1, 0)[0], None)
