"""Definitions of "neighbour" and the graph they make."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from coculture.errors import DataError, InputError
from coculture.interactions.neighbours.definition import Cells
from coculture.interactions.neighbours.delaunay import DelaunayNeighbours
from coculture.interactions.neighbours.edge_distance import EdgeDistance
from coculture.interactions.neighbours.graph import CrossNeighbours, NeighbourGraph
from coculture.interactions.neighbours.k_nearest import KNearest
from coculture.interactions.neighbours.radius import WithinRadius
from coculture.interactions.neighbours.touching import graph_from_contacts

ROW = Cells(np.array([[0.0, 0.0], [10.0, 0.0], [14.0, 0.0], [40.0, 0.0]]), np.array([5.0, 5.0, 2.0, 20.0]))
"""Four cells on one line: centres at 0, 10, 14, 40 µm; radii 5, 5, 2, 20 µm."""


def edges(graph: NeighbourGraph) -> set[tuple[int, int]]:
    first, second, _ = graph.pairs()
    return set(zip(first.tolist(), second.tolist(), strict=True))


def links(cross: CrossNeighbours) -> set[tuple[int, int]]:
    first = np.repeat(np.arange(cross.n_first), cross.counts())
    return set(zip(first.tolist(), cross.neighbour.tolist(), strict=True))


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (WithinRadius(10.0), {(0, 1), (1, 2)}),
        (EdgeDistance(0.0), {(0, 1), (1, 2)}),
        (EdgeDistance(4.0), {(0, 1), (1, 2), (2, 3)}),
        (KNearest(1), {(0, 1), (1, 2), (2, 1), (3, 2)}),
        (KNearest(1, "both"), {(1, 2)}),
        (KNearest(1, "either"), {(0, 1), (1, 2), (2, 3)}),
        (DelaunayNeighbours(), {(0, 1), (1, 2), (2, 3)}),
        (DelaunayNeighbours(longest_um=20.0), {(0, 1), (1, 2)}),
        (DelaunayNeighbours(longest_over_median=0.5), {(1, 2)}),
    ],
)
def test_each_definition_on_four_cells_in_a_row(definition, expected: set[tuple[int, int]]) -> None:
    graph = definition.graph(ROW)
    assert edges(graph) == expected
    assert graph.n_edges == len(expected)
    x = ROW.positions[:, 0]
    np.testing.assert_allclose(graph.distance_um, np.abs(x[graph.rows()] - x[graph.neighbour]))
    assert graph.definition == str(definition) or isinstance(definition, KNearest)


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (WithinRadius(10.0), {(0, 0), (1, 0)}),
        (EdgeDistance(4.0), {(0, 0), (1, 0), (1, 1)}),
        (KNearest(1), {(0, 0), (1, 0)}),
        (DelaunayNeighbours(), {(0, 0), (1, 0), (1, 1)}),
    ],
)
def test_two_populations(definition, expected: set[tuple[int, int]]) -> None:
    even = Cells(ROW.positions[[0, 2]], ROW.radius_um[[0, 2]])
    odd = Cells(ROW.positions[[1, 3]], ROW.radius_um[[1, 3]])
    cross = definition.between(even, odd)
    assert links(cross) == expected
    assert cross.counts().sum() == len(expected)
    assert cross.matrix().shape == (2, 2)
    assert cross.n_second == 2


def test_delaunay_of_a_lattice_with_a_doubled_cell() -> None:
    points = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 11.0], [10.0, 11.0]])
    graph = DelaunayNeighbours().graph(Cells(points))
    assert (3, 4) in edges(graph)
    assert {(0, 1), (0, 2), (1, 2)} <= edges(graph)
    assert DelaunayNeighbours().graph(Cells(points[:1])).n_edges == 0
    in_space = np.column_stack((points[:4], points[:4, 0] * 0.5))
    assert DelaunayNeighbours().graph(Cells(in_space)).n_edges == 5


def test_touching_graph_keeps_ids_that_are_not_contiguous() -> None:
    contacts = pd.DataFrame({"cell_a": [3, 70], "cell_b": [70, 900], "contact_length_um": [4.0, 2.5]})
    ids = np.array([900, 3, 70, 5])
    graph = graph_from_contacts(contacts, ids, weight="length")
    assert edges(graph) == {(1, 2), (0, 2)}
    assert graph.weight_between(1, 2) == 4.0
    assert graph.weight_between(0, 1) == 0.0
    assert graph_from_contacts(contacts, ids).weight.tolist() == [1.0] * 4
    assert graph_from_contacts(contacts, ids[:3], unknown="drop").n_edges == 2
    assert graph_from_contacts(contacts, ids[1:], unknown="drop").n_edges == 1
    assert graph_from_contacts(contacts, np.empty(0, int), unknown="drop").n_cells == 0
    with pytest.raises(DataError, match="1 contacts name a cell that is not in the cell table, the first 70 and 900"):
        graph_from_contacts(contacts, ids[1:])
    with pytest.raises(DataError, match="cell 3 stands twice"):
        graph_from_contacts(contacts, np.array([3, 3, 70, 900]))
    with pytest.raises(InputError, match="unknown weight"):
        graph_from_contacts(contacts, ids, weight="area")


def test_from_matrix_finds_out_whether_it_is_directed() -> None:
    matrix = sparse.csr_array(np.array([[0, 2.0, 0], [2.0, 0, 1.0], [0, 1.0, 0]]))
    graph = NeighbourGraph.from_matrix(matrix)
    assert not graph.directed
    assert graph.n_edges == 2
    assert graph.with_unit_weights().weight.tolist() == [1.0] * 4
    one_way = NeighbourGraph.from_matrix(sparse.triu(matrix))
    assert one_way.directed
    assert edges(one_way) == {(0, 1), (1, 2)}
    assert edges(one_way.either_way()) == {(0, 1), (1, 2)}
    assert one_way.mutual().n_edges == 0
    assert graph.mutual() is graph
    uneven = NeighbourGraph.from_matrix(np.array([[0, 2.0], [4.0, 0]]))
    assert uneven.directed
    assert uneven.mutual().weight.tolist() == [3.0, 3.0]


def test_cells_from_a_table() -> None:
    table = pd.DataFrame({"x_um": [1.0, 2.0], "y_um": [3.0, 4.0], "area_um2": [np.pi, 4 * np.pi]})
    cells = Cells.from_table(table)
    assert cells.radius_um is not None
    assert cells.radius_um.tolist() == pytest.approx([1.0, 2.0])
    assert Cells.from_table(table.drop(columns="area_um2")).radius_um is None
    with pytest.raises(InputError, match="the cell table lacks z_um"):
        Cells.from_table(table, ("x_um", "z_um"))


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (lambda: EdgeDistance(0.0).graph(Cells(np.zeros((2, 2)))), "need the radius of every cell"),
        (lambda: EdgeDistance(0.0).graph(Cells(np.zeros((2, 2)), np.zeros(2))), "all radii and the gap are 0"),
        (
            lambda: EdgeDistance(0.0).between(Cells(np.zeros((2, 2)), np.zeros(2)), ROW.__class__(np.zeros((1, 2)), np.zeros(1))),
            "gap",
        ),
        (lambda: EdgeDistance(-1.0), "-1.0 is not a distance between outlines"),
        (lambda: KNearest(0), "k = 0"),
        (lambda: KNearest(2, "up"), "unknown ways 'up'"),
        (lambda: DelaunayNeighbours(longest_um=0.0), "0.0 does not prune"),
        (lambda: Cells(np.zeros((2, 2)), np.array([1.0, -1.0])), "one number >= 0 per cell"),
        (lambda: NeighbourGraph.from_pairs(2, [0], [2], definition=""), "outside 0 to 1"),
        (lambda: NeighbourGraph.from_pairs(2, [0], [0], definition=""), "paired with itself"),
        (lambda: NeighbourGraph.from_pairs(2, [0, 1], [1, 0], definition=""), "twice with the same"),
        (lambda: NeighbourGraph.from_pairs(2, [0], [1], weight=[np.nan], definition=""), "one finite number per pair"),
        (lambda: NeighbourGraph.from_matrix(np.eye(2)), "its own neighbour"),
        (lambda: NeighbourGraph.from_matrix(np.ones((2, 3))), "no graph among one set"),
        (lambda: CrossNeighbours.from_pairs(1, 1, [0, 0], [0, 0], [1.0, 1.0], definition=""), "same neighbour twice"),
    ],
)
def test_bad_input_is_named(action, words: str) -> None:
    with pytest.raises(InputError, match=words):
        action()
