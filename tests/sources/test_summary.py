"""From cells to the numbers of a well."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import InputError
from coculture.sources.summary import ReadoutRule, apply_rules, feature_medians, type_counts

FEATURE = "cell_translocation_ratio_gfp"


def cells() -> pd.DataFrame:
    return pd.DataFrame(
        {
            FEATURE: [1.0, 2.0, 4.0, 8.0, np.nan],
            "cell_type": ["a", "a", "b", "b", "b"],
            "alive": [True, True, True, False, True],
            "x_um": [0.0, 1.0, 2.0, 3.0, 4.0],
        }
    )


@pytest.mark.parametrize(
    ("aggregate", "threshold", "expected"),
    [
        ("mean", None, 3.75),
        ("median", None, 3.0),
        ("sd", None, np.std([1, 2, 4, 8], ddof=1)),
        ("fraction_above", 2.0, 0.5),
        ("fraction_below", 2.0, 0.25),
    ],
)
def test_aggregates_leave_missing_cells_out(aggregate, threshold, expected):
    rule = ReadoutRule("r", FEATURE, aggregate, threshold, of="all")
    assert apply_rules(cells(), {}, [rule]) == {"r": pytest.approx(expected)}


def test_one_type_only():
    assert apply_rules(cells(), {}, [ReadoutRule("r", FEATURE, "mean", cell_type="a")]) == {"r": 1.5}


def test_number_of_the_well_is_taken_as_it_is():
    assert apply_rules(cells(), {"n_cells": 7}, [ReadoutRule("r", "n_cells")]) == {"r": 7.0}


def test_readout_without_cells_is_left_out():
    rules = [ReadoutRule("r", FEATURE, cell_type="nobody"), ReadoutRule("s", FEATURE, "sd", cell_type="a")]
    assert set(apply_rules(cells(), {}, rules)) == {"s"}
    assert apply_rules(cells().iloc[:0], {}, [ReadoutRule("r", "nucleus_shape_area_um2")]) == {}
    assert apply_rules(cells(), {"n_cells": 5}, [ReadoutRule("r", "well_enrichment_z_a_b")]) == {}


def test_unmeasured_feature_is_named_with_what_was_measured():
    with pytest.raises(InputError, match=f"no feature 'cell_shape_x'(.|\n)*measured: {FEATURE}"):
        apply_rules(cells(), {}, [ReadoutRule("r", "cell_shape_x")])


def test_unknown_aggregate():
    with pytest.raises(InputError, match="unknown aggregate 'mode'"):
        ReadoutRule("r", FEATURE, "mode")


def test_fraction_needs_a_threshold():
    with pytest.raises(InputError, match="needs a threshold"):
        ReadoutRule("r", FEATURE, "fraction_above")


def test_medians_are_of_features_of_living_cells_only():
    assert feature_medians(cells()) == {FEATURE: 2.0}
    assert feature_medians(cells().iloc[:0]) == {}
    assert feature_medians(cells().assign(cell_shape_nothing=np.nan)) == {FEATURE: 2.0}


def test_dead_cells_are_not_counted_and_unseen_types_count_zero():
    assert type_counts(cells(), ("a", "b", "c")) == {"n_cells": 4, "n_a": 2, "n_b": 2, "n_c": 0}
    assert type_counts(cells(), ("cell",)) == {"n_cells": 4}
