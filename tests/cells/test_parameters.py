"""Values of behaviours: of types, and of single cells where a rule changes them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cases.cultures import cell_type, model

from coculture.cells.kernels.gathering import gather, gather_rows
from coculture.cells.parameters import Parameters


def some() -> tuple[Parameters, np.ndarray]:
    kinds = np.array([0, 1, 1, 0])
    kind = model(
        cell_type("a", migration_bias=0.5, secretion_s_per_min=1.0), cell_type("b", apoptosis_per_min=0.1), solutes=("s",)
    )
    parameters = kind.parameters(4, kinds)
    number = parameters.number("migration_bias")
    parameters.column[number], parameters.by_cell = 0, np.array([[0.1], [0.2], [0.3], [0.4]])
    return parameters, kinds


def test_several_behaviours_are_looked_up_together() -> None:
    parameters, kinds = some()
    names = ("apoptosis_per_min", "migration_bias")
    assert parameters.numbers(names).tolist() == [parameters.number(name) for name in names]
    assert parameters.table(names, kinds).tolist() == [[0.0, 0.1], [0.1, 0.2], [0.1, 0.3], [0.0, 0.4]]
    for used in (names, ["migration_bias"], ["secretion_s_per_min"]):
        assert parameters.any_used(used)
    assert not parameters.any_used(["necrosis_per_min", "export_s_per_min"])
    parameters.by_type[1, parameters.number("necrosis_per_min")] = 0.2
    assert parameters.any_used(["necrosis_per_min"])
    with pytest.raises(KeyError, match="unknown"):
        parameters.numbers(["unknown"])


@pytest.mark.kernel
def test_rows_are_gathered_as_the_twin_does() -> None:
    rng = np.random.default_rng(3)
    by_type, by_cell, kind = rng.random((2, 5)), rng.random((6, 2)), rng.integers(0, 2, 6)
    column, number = np.array([-1, 1, -1, 0]), np.array([4, 2, 0, 1])
    expected = np.where(column >= 0, by_cell[:, column], by_type[kind][:, number])
    found = np.empty((6, 4))
    gather(by_type, by_cell, column, number, kind, found)
    assert np.array_equal(found, expected)
    rows = np.array([5, 0, 3])
    some_rows = np.empty((3, 4))
    gather_rows(by_type, by_cell, column, number, kind, rows, some_rows)
    assert np.array_equal(some_rows, expected[rows])
