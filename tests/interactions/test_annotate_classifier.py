"""Cell types from a small classifier trained on a few clicks."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.annotate.classifier import ClassifierRule
from coculture.interactions.annotate.labels import LabelledCells, labelled_rows

TYPES = ("tumour", "tcell", "macrophage")
CENTRES = {"tumour": (100.0, 20.0, 5.0), "tcell": (30.0, 5.0, 5.0), "macrophage": (70.0, 20.0, 40.0)}
FEATURES = ("nucleus_shape_area_um2", "cell_intensity_mean_dna", "cell_intensity_mean_rfp")


def culture(seed: int = 0, n: int = 240) -> pd.DataFrame:
    """Cells of three types in four wells; the place says nothing about the type, though a feature of place is there."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(TYPES, n)
    values = np.array([CENTRES[name] for name in truth]) * np.exp(rng.normal(0, 0.2, (n, 3)))
    cells = pd.DataFrame(values, columns=list(FEATURES))
    place = {"plate": "P", "well": [f"A0{1 + i % 4}" for i in range(n)], "site": 1, "t_min": 0.0}
    cells = cells.assign(**place, x_um=rng.uniform(0, 1000, n), y_um=rng.uniform(0, 1000, n), cell_id=np.arange(1, n + 1))
    return cells.assign(nucleus_shape_centre_x_um=cells["x_um"], cell_intensity_constant_dna=3.0, truth=truth)


def clicks(cells: pd.DataFrame, n: int = 45, reach: float = 10.0, **moved: float) -> LabelledCells:
    chosen = cells.iloc[:n]
    columns = ["plate", "well", "site", "t_min", "x_um", "y_um"]
    table = chosen[columns].assign(cell_type=chosen["truth"])
    return LabelledCells(table.assign(**{key: table[key] + by for key, by in moved.items()}), reach)


def test_a_few_clicks_type_the_rest():
    cells = culture()
    rule = ClassifierRule(TYPES, clicks(cells))
    learnt = json.loads(json.dumps(rule.learn(cells)))
    unseen = culture(seed=1)
    typed = rule.annotate(unseen, learnt)
    accuracy = (typed["cell_type"] == unseen["truth"]).mean()
    assert accuracy > 0.95
    assert learnt["balanced_accuracy"] == pytest.approx(accuracy, abs=0.06)
    each = typed[[f"cell_type_probability_{name}" for name in TYPES]].to_numpy()
    np.testing.assert_allclose(each.sum(axis=1), 1.0, atol=1e-12)


def test_it_agrees_with_the_library_it_was_trained_with():
    from sklearn.linear_model import LogisticRegression

    cells = culture()
    rule = ClassifierRule(TYPES, clicks(cells), FEATURES)
    learnt = rule.learn(cells)
    named = labelled_rows(cells, rule.labels)
    points = (named[list(FEATURES)] - learnt["centre"]) / learnt["scale"]
    model = LogisticRegression(C=learnt["inverse_penalty"], class_weight="balanced", max_iter=5000, tol=1e-6)
    model.fit(points.to_numpy(), [TYPES.index(name) for name in named["cell_type"]])
    ours = rule.annotate(named, learnt)[[f"cell_type_probability_{name}" for name in TYPES]]
    np.testing.assert_allclose(ours, model.predict_proba(points.to_numpy()), atol=1e-9)


def test_two_types_have_two_probabilities():
    cells = culture()
    cells = cells[cells["truth"] != "macrophage"]
    rule = ClassifierRule(TYPES[:2], clicks(cells))
    typed = rule.annotate(cells, rule.learn(cells))
    assert (typed["cell_type"] == cells["truth"]).mean() > 0.97
    np.testing.assert_allclose(typed["cell_type_probability_tumour"] + typed["cell_type_probability_tcell"], 1.0)


def test_it_does_not_look_at_places_or_constants_unless_told_to():
    cells = culture()
    assert set(ClassifierRule(TYPES, clicks(cells)).learn(cells)["features"]) == set(FEATURES)
    told = ClassifierRule(TYPES, clicks(cells), (*FEATURES, "nucleus_shape_centre_x_um"))
    assert "nucleus_shape_centre_x_um" in told.learn(cells)["features"]


def test_accuracy_is_over_wells_where_the_labels_lie_in_several():
    cells = culture()
    assert ClassifierRule(TYPES, clicks(cells)).learn(cells)["validated_over"] == "wells"
    one_well = cells[cells["well"] == "A01"]
    assert ClassifierRule(TYPES, clicks(one_well)).learn(one_well)["validated_over"] == "cells"


def test_types_that_cannot_be_told_apart_are_refused():
    cells = culture()
    shuffled = cells.assign(truth=np.random.default_rng(5).permutation(cells["truth"].to_numpy()))
    with pytest.raises(DataError, match=r"right for \d+% of cells it has not seen .*80% are asked for"):
        ClassifierRule(TYPES, clicks(shuffled, n=90)).learn(shuffled)


def test_a_measure_that_is_missing_counts_as_average_not_nan():
    cells = culture()
    rule = ClassifierRule(TYPES, clicks(cells))
    learnt = rule.learn(cells)
    holed = cells.assign(cell_intensity_mean_dna=np.nan)
    assert np.isfinite(rule.annotate(holed, learnt)["cell_type_probability"]).all()


def test_a_label_belongs_to_the_nearest_cell_and_moves_little():
    cells = culture()
    here = labelled_rows(cells, clicks(cells))
    moved = labelled_rows(cells, clicks(cells, x_um=1.0, y_um=-1.0))
    assert list(here["cell_id"]) == list(moved["cell_id"]) == list(range(1, 46))
    assert list(here["cell_type"]) == list(cells["truth"].iloc[:45])


def test_labels_off_the_cells_are_refused():
    cells = culture()
    with pytest.raises(DataError, match=r"45 of 45 labels lie on no cell; the first: plate P, well A01, site 1, 0 min at x"):
        labelled_rows(cells, clicks(cells, x_um=5000.0))
    with pytest.raises(DataError, match="no cell was found in this field"):
        labelled_rows(cells, clicks(cells, site=7))


def test_one_cell_of_two_types_is_refused():
    cells = culture()
    labels = clicks(cells)
    other = labels.table.iloc[[0]].assign(cell_type="tcell" if cells["truth"].iloc[0] != "tcell" else "tumour")
    with pytest.raises(InputError, match="one cell is labelled"):
        labelled_rows(cells, LabelledCells(pd.concat([labels.table, other]), 10.0))


def test_labels_must_name_the_types_and_enough_of_each():
    cells = culture()
    with pytest.raises(InputError, match="the labels name a type 'macrophage'"):
        ClassifierRule(TYPES[:2], clicks(cells))
    with pytest.raises(InputError, match="no cell is labelled 'nk'"):
        ClassifierRule((*TYPES, "nk"), clicks(cells))
    few = clicks(cells[cells["truth"] != "tcell"], n=30)
    one = cells[cells["truth"] == "tcell"].head(2)
    columns = list(few.table.columns)
    table = pd.concat([few.table, one.assign(cell_type="tcell")[columns]])
    with pytest.raises(DataError, match="2 labelled cells of type 'tcell'"):
        ClassifierRule(TYPES, LabelledCells(table)).learn(cells)


def test_it_must_be_trained_first():
    cells = culture()
    with pytest.raises(InputError, match="has not been trained"):
        ClassifierRule(TYPES, clicks(cells)).annotate(cells, None)
