"""Neighbours by each definition, on three square cells in a row.

Cells 1, 5 and 9 are 4 × 4 pixels of 1 µm, in one row; a strip of 2 µm lies between 1 and 5, none between 5 and 9.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import InputError
from coculture.sources.contact_pairs import ContactSettings, contact_pairs


def field() -> tuple[np.ndarray, pd.DataFrame]:
    labels = np.zeros((8, 20), np.int32)
    starts = {1: 1, 5: 7, 9: 11}
    for number, left in starts.items():
        labels[2:6, left : left + 4] = number
    cells = pd.DataFrame({"cell_id": list(starts), "x_um": [left + 2.0 for left in starts.values()], "y_um": 4.0})
    return labels, cells


def pairs(**asked: object) -> list[tuple[int, int]]:
    table = contact_pairs(*field(), 1.0, ContactSettings(**asked))  # type: ignore[arg-type]
    assert list(table.columns) == ["cell_a", "cell_b", "contact_length_um"]
    return list(zip(table["cell_a"], table["cell_b"], strict=True))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [(5, 9)]),
        ({"gap_um": 2.0}, [(1, 5), (5, 9)]),
        ({"neighbours": "edge-distance", "gap_um": 0.0}, [(5, 9)]),  # circles of 2.26 µm, centres 6 and 4 µm apart
        ({"neighbours": "edge-distance", "gap_um": 1.6}, [(1, 5), (5, 9)]),
        ({"neighbours": "k-nearest", "k": 1}, [(1, 5), (5, 9)]),  # 1 names 5, which names 9
        ({"neighbours": "k-nearest", "k": 1, "ways": "both"}, [(5, 9)]),
        ({"neighbours": "k-nearest", "k": 2}, [(1, 5), (1, 9), (5, 9)]),
        ({"neighbours": "delaunay"}, [(1, 5), (5, 9)]),
        ({"neighbours": "delaunay", "longest_um": 5.0}, [(5, 9)]),
        ({"neighbours": "delaunay", "longest_over_median": 1.1}, [(1, 5), (5, 9)][1:]),
        ({"least_length_um": 10.0}, []),
        ({"neighbours": "k-nearest", "k": 2, "least_length_um": 1.0}, [(5, 9)]),
    ],
)
def test_each_definition(asked: dict[str, object], expected: list[tuple[int, int]]) -> None:
    assert pairs(**asked) == expected


def test_neighbours_that_do_not_touch_share_no_border() -> None:
    table = contact_pairs(*field(), 1.0, ContactSettings(neighbours="k-nearest", k=2))
    assert table.set_index(["cell_a", "cell_b"])["contact_length_um"].to_dict() == {
        (1, 5): 0.0,
        (1, 9): 0.0,
        (5, 9): pytest.approx(4.0, rel=0.1),
    }


@pytest.mark.parametrize("count", [0, 1])
def test_a_cell_alone_has_no_neighbour(count: int) -> None:
    labels, cells = field()
    alone = contact_pairs(np.where(labels == 1, labels, 0).astype(np.int32), cells[:count], 1.0, ContactSettings("delaunay"))
    assert alone.empty


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"neighbours": "next-door"}, "unknown neighbours 'next-door'"),
        ({"neighbours": "k-nearest"}, "k-nearest needs a number of neighbours"),
        ({"gap_um": -1.0}, "-1.0 is no length"),
        ({"least_length_um": float("nan")}, "nan is no length"),
    ],
)
def test_settings_that_cannot_be_used(asked: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ContactSettings(**asked)  # type: ignore[arg-type]
