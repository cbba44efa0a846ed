"""Affinity of two types: by hand on a small graph, and the laws it exists for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import InputError
from coculture.interactions.heterotypic.affinity import affinity
from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.wells import well_affinity
from coculture.interactions.neighbours.definition import Cells
from coculture.interactions.neighbours.graph import NeighbourGraph
from coculture.interactions.neighbours.radius import WithinRadius


def all_pairs(kinds: list[str], joined: dict[tuple[str, str], int]) -> tuple[NeighbourGraph, list[str]]:
    """Return a graph with the given number of edges between every two types, the first that there are."""
    pairs = []
    for (a, b), number in joined.items():
        possible = [(i, j) for i in range(len(kinds)) for j in range(i) if {kinds[i], kinds[j]} == {a, b}]
        assert len(possible) >= number
        pairs += possible[:number]
    first, second = np.array(pairs).T
    return NeighbourGraph.from_pairs(len(kinds), first, second, definition="by hand"), kinds


def test_value_by_hand():
    kinds = ["a"] * 20 + ["b"] * 10
    graph, types = all_pairs(kinds, {("a", "a"): 40, ("a", "b"): 80, ("b", "b"): 10})
    row = affinity(graph, types).iloc[0]
    # 130 edges on 435 pairs: E_aa = 130·190/435, E_ab = 130·200/435, E_bb = 130·45/435
    expected = np.log2(80.5 / 200) - 0.5 * np.log2(40.5 / 190) - 0.5 * np.log2(10.5 / 45)
    assert row["affinity_log2"] == pytest.approx(expected, abs=1e-12)
    assert (row["type_a"], row["type_b"], row["reason"]) == ("a", "b", "")


def test_error_of_a_sparse_graph_is_that_of_three_poisson_counts():
    rng = np.random.default_rng(0)
    types = np.where(rng.random(4000) < 0.4, "a", "b")
    points = rng.uniform(0, 4000, (4000, 2))
    graph = WithinRadius(20.0).graph(Cells(points))
    row = affinity(graph, types).iloc[0]
    counted = pd.Series(["".join(sorted(types[[i, j]])) for i, j in zip(*graph.pairs()[:2], strict=True)]).value_counts()
    poisson = np.sqrt(1 / counted["ab"] + 0.25 / counted["aa"] + 0.25 / counted["bb"]) / np.log(2)
    assert row["standard_error"] == pytest.approx(poisson, rel=0.05)


def clumped(rng: np.random.Generator, tumour: int, tcells: int, sticky: float) -> tuple[np.ndarray, np.ndarray]:
    """Return cells of which a fraction of the T cells sits on a tumour cell, and their types as codes."""
    places = rng.uniform(0, 1000, (tumour, 2))
    free = rng.uniform(0, 1000, (tcells, 2))
    held = places[rng.integers(0, tumour, tcells)] + rng.normal(0, 8, (tcells, 2))
    return np.vstack((places, np.where(rng.random((tcells, 1)) < sticky, held, free))), np.repeat([0, 1], [tumour, tcells])


def mean_affinity(
    rng: np.random.Generator, kept: tuple[float, float], seen: tuple[float, float], wells: int = 60
) -> tuple[float, float]:
    """Return mean affinity of wells whose cells are thinned and whose contacts are seen in part, and its standard error."""
    values = []
    for _ in range(wells):
        points, codes = clumped(rng, 400, 300, 0.3)
        alive = rng.random(codes.size) < np.array(kept)[codes]
        points, codes = points[alive], codes[alive]
        i, j, _ = WithinRadius(25.0).graph(Cells(points)).pairs()
        shown = rng.random(i.size) < np.array(seen)[codes[i]] * np.array(seen)[codes[j]]
        graph = NeighbourGraph.from_pairs(codes.size, i[shown], j[shown], definition="seen")
        values.append(affinity(graph, CellTypes(("a", "b"), codes)).iloc[0]["affinity_log2"])
    return float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(wells))


@pytest.mark.parametrize(
    ("kept", "seen"),
    [
        ((0.5, 0.5), (1.0, 1.0)),
        ((0.35, 1.0), (1.0, 1.0)),
        ((1.0, 0.4), (1.0, 1.0)),
        ((1.0, 1.0), (0.7, 0.7)),
        ((1.0, 1.0), (0.6, 1.0)),
    ],
    ids=["all thinned", "a thinned", "b thinned", "stain shrinks", "stain of a shrinks"],
)
def test_neither_counts_nor_stain_move_it(kept, seen):
    full, full_error = mean_affinity(np.random.default_rng(1), (1.0, 1.0), (1.0, 1.0))
    shifted, error = mean_affinity(np.random.default_rng(2), kept, seen)
    assert full > 10 * full_error  # there is an affinity to begin with
    assert abs(shifted - full) < 3.5 * np.hypot(error, full_error)


def test_too_few_contacts_have_no_answer_and_say_so():
    graph, types = all_pairs(["a"] * 20 + ["b"] * 2, {("a", "a"): 40, ("a", "b"): 10, ("b", "b"): 1})
    row = affinity(graph, types).iloc[0]
    assert np.isnan(row["affinity_log2"])
    assert np.isnan(row["standard_error"])
    assert row["reason"] == "random labels would give 0.22 contacts of b and b, too few to compare with"


def test_every_pair_of_three_types_once_in_the_order_asked_for():
    rng = np.random.default_rng(3)
    types = rng.choice(["x", "y", "z"], 300)
    graph = WithinRadius(60.0).graph(Cells(rng.uniform(0, 500, (300, 2))))
    table = affinity(graph, types, names=("z", "x", "y"))
    assert list(zip(table["type_a"], table["type_b"], strict=True)) == [("z", "x"), ("z", "y"), ("x", "y")]
    assert table["affinity_log2"].abs().max() < 4 * table["standard_error"].max()


def tables(sites: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(4)
    cells, contacts = [], []
    for site in range(1, sites + 1):
        place = {"plate": "P", "well": "A01", "site": site, "t_min": 0.0}
        kinds = rng.choice(["a", "b"], 80, p=(0.3, 0.7) if site % 2 else (0.7, 0.3))
        cells.append(pd.DataFrame({"cell_id": np.arange(80), "cell_type": kinds}).assign(**place))
        i, j, _ = WithinRadius(30.0).graph(Cells(rng.uniform(0, 200, (80, 2)))).pairs()
        contacts.append(pd.DataFrame({"cell_a": i, "cell_b": j, "contact_length_um": 1.0}).assign(**place))
    return pd.concat(cells, ignore_index=True), pd.concat(contacts, ignore_index=True)


def test_sites_of_different_composition_do_not_pass_for_segregation():
    cells, contacts = tables(sites=12)
    row = well_affinity(cells, contacts).iloc[0]
    assert (row["plate"], row["well"]) == ("P", "A01")
    assert abs(row["affinity_log2"]) < 3 * row["standard_error"]
    one_place = cells.assign(cell_id=cells["cell_id"] + 1000 * cells["site"], site=1)
    moved = contacts.assign(
        cell_a=contacts["cell_a"] + 1000 * contacts["site"], cell_b=contacts["cell_b"] + 1000 * contacts["site"], site=1
    )
    pooled = well_affinity(one_place, moved).iloc[0]
    assert pooled["affinity_log2"] < -3 * pooled["standard_error"]


def test_well_table_without_cells_is_empty_with_its_columns():
    cells, contacts = tables(sites=1)
    empty = well_affinity(cells.iloc[:0], contacts.iloc[:0], names=("a", "b"))
    assert list(empty.columns) == ["plate", "well", "t_min", "type_a", "type_b", "affinity_log2", "standard_error", "reason"]
    with pytest.raises(InputError, match="lacks cell_type"):
        well_affinity(cells.drop(columns="cell_type"), contacts)
