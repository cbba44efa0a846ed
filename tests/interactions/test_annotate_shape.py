"""Cell types from the shape of nuclei."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.annotate.nuclear_shape import USUAL_FEATURES, NuclearShapeRule

RULE = NuclearShapeRule(("tcell", "tumour"))


def nuclei(n_small: int = 300, n_large: int = 200, gap: float = 1.4, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.repeat(["tcell", "tumour"], [n_small, n_large])
    large = truth == "tumour"
    area = np.exp(rng.normal(np.where(large, 3.5 + gap, 3.5), 0.25))
    eccentricity = np.clip(rng.normal(np.where(large, 0.6, 0.4), 0.1), 0.01, 0.99)
    return pd.DataFrame({USUAL_FEATURES[0]: area, USUAL_FEATURES[1]: eccentricity}), truth


def test_two_sizes_of_nuclei_are_told_apart_with_honest_probabilities():
    cells, truth = nuclei()
    learnt = json.loads(json.dumps(RULE.learn(cells)))
    typed = RULE.annotate(cells, learnt)
    right = typed["cell_type"].to_numpy() == truth
    assert right.mean() > 0.985
    each = typed[["cell_type_probability_tcell", "cell_type_probability_tumour"]].to_numpy()
    np.testing.assert_allclose(each.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(typed["cell_type_probability"], each.max(axis=1))
    # calibrated: the expected number of errors is the observed one
    assert (1 - typed["cell_type_probability"]).sum() == pytest.approx((~right).sum(), abs=6)


def test_learnt_shares_and_order_follow_the_first_feature():
    cells, _ = nuclei(n_small=350, n_large=150)
    learnt = RULE.learn(cells)
    assert learnt["weight"] == pytest.approx([0.7, 0.3], abs=0.02)
    assert learnt["mean"][0][0] < learnt["mean"][1][0]
    assert learnt["separation"] > 4


def test_learning_twice_gives_the_same():
    cells, _ = nuclei()
    assert RULE.learn(cells) == RULE.learn(cells)


def test_three_types_by_one_feature():
    rng = np.random.default_rng(1)
    area = np.exp(np.concatenate([rng.normal(centre, 0.12, 200) for centre in (3.0, 4.0, 5.0)]))
    rule = NuclearShapeRule(("a", "b", "c"), (USUAL_FEATURES[0],))
    cells = pd.DataFrame({USUAL_FEATURES[0]: area})
    typed = rule.annotate(cells, rule.learn(cells))
    assert (typed["cell_type"].to_numpy() == np.repeat(["a", "b", "c"], 200)).mean() > 0.99


def test_one_kind_of_nucleus_is_refused():
    cells, _ = nuclei(gap=0.0)
    one_kind = cells.assign(**{USUAL_FEATURES[1]: np.random.default_rng(3).normal(0.5, 0.1, len(cells)).clip(0.05, 0.95)})
    with pytest.raises(DataError, match=r"do not fall into 2 types: tcell and tumour lie \d\.\d\d standard deviations apart"):
        RULE.learn(one_kind)


def test_too_few_cells_are_refused():
    with pytest.raises(DataError, match="20 cells are too few to learn 2 types"):
        RULE.learn(nuclei()[0].head(20))


def test_a_feature_without_spread_is_refused():
    cells = nuclei()[0].assign(**{USUAL_FEATURES[1]: 0.5})
    with pytest.raises(DataError, match="'nucleus_shape_eccentricity' is the same in every cell"):
        RULE.learn(cells)


def test_a_feature_that_was_not_measured_is_named():
    with pytest.raises(InputError, match="no feature 'nucleus_shape_eccentricity' was measured"):
        RULE.learn(nuclei()[0][[USUAL_FEATURES[0]]])


def test_a_cell_whose_shape_is_missing_gets_the_shares_and_no_nan():
    cells, _ = nuclei()
    learnt = RULE.learn(cells)
    typed = RULE.annotate(pd.DataFrame({name: [np.nan] for name in USUAL_FEATURES}), learnt)
    assert np.isfinite(typed["cell_type_probability"]).all()


@pytest.mark.parametrize(
    ("types", "features", "words"),
    [
        (("a", "a"), USUAL_FEATURES, "both types are called 'a'"),
        (("a",), USUAL_FEATURES, "one type needs no rule"),
        (("a", "b"), (), "no feature is named"),
    ],
)
def test_rules_that_make_no_sense_are_refused(types, features, words):
    with pytest.raises(InputError, match=words):
        NuclearShapeRule(types, features)


def test_it_must_learn_first():
    with pytest.raises(InputError, match="have not been learnt"):
        RULE.annotate(nuclei()[0], None)
