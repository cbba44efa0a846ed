"""Contact statistics of the wells of a screen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.heterotypic.enrichment import enrichment
from coculture.interactions.heterotypic.wells import contact_statistics
from coculture.interactions.neighbours.graph import NeighbourGraph
from coculture.randomness import stream


def row_of_cells(well: str, site: int, types: str, t_min: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells in a row, each touching the next; ids 10, 20, 30, … again in every site."""
    ids = 10 * (1 + np.arange(len(types)))
    place = {"plate": "P", "well": well, "site": site, "t_min": t_min}
    cells = pd.DataFrame({**place, "cell_id": ids, "cell_type": list(types)}, index=range(len(ids)))
    pairs = pd.DataFrame({**place, "cell_a": ids[:-1], "cell_b": ids[1:], "contact_length_um": 2.5}, index=range(len(ids) - 1))
    return cells, pairs


def tables(*rows: tuple[pd.DataFrame, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    cells, contacts = (pd.concat(part, ignore_index=True) for part in zip(*rows, strict=True))
    return cells, contacts


def test_one_row_a_well_time_and_pair_of_types() -> None:
    cells, contacts = tables(
        row_of_cells("A01", 1, "abab"),
        row_of_cells("A01", 1, "aabb", 30.0),
        row_of_cells("B02", 2, "aaaa"),
        row_of_cells("B02", 1, "b"),
    )
    found = contact_statistics(cells, contacts)
    assert found.groupby(["plate", "well", "t_min"]).size().tolist() == [3, 3, 3]
    mixed = found[(found["type_a"] == "a") & (found["type_b"] == "b")].set_index(["well", "t_min"])
    assert mixed["contacts"].tolist() == [3, 1, 0]
    assert mixed["contact_length_um"].tolist() == [7.5, 2.5, 0.0]
    assert mixed.loc[("A01", 0.0), "contacts_z"] == pytest.approx(1 / np.sqrt(4 / 6))
    assert mixed.loc[("A01", 0.0), "contact_length_z"] == pytest.approx(1 / np.sqrt(4 / 6))
    assert mixed.loc[("A01", 0.0), "mean_contact_length_um"] == 2.5
    assert mixed.loc[("B02", 0.0), "reason"] == "every arrangement of the labels within the strata gives the same value"
    assert np.isnan(mixed.loc[("B02", 0.0), "mean_contact_length_um"])


def test_sites_are_pooled_and_labels_stay_in_their_site() -> None:
    rng = stream(1)
    drawn = {site: "".join(rng.choice(["a", "b"], 40, p=[site / 4, 1 - site / 4])) for site in (1, 2, 3)}
    rows = [row_of_cells("A01", site, types) for site, types in drawn.items()]
    cells, contacts = tables(*rows)
    found = contact_statistics(cells, contacts, names=["b", "a"])
    first = np.concatenate([40 * site + np.arange(39) for site in range(3)])
    graph = NeighbourGraph.from_pairs(120, first, first + 1, definition="three rows")
    expected = enrichment(graph, cells["cell_type"], names=["b", "a"], strata=cells["site"]).table
    np.testing.assert_allclose(found["contacts_z"], expected["z"])
    np.testing.assert_allclose(found["contacts"], expected["observed"])
    cells["compartment"] = np.where(np.arange(120) % 40 < 20, "gel", "channel")
    finer = contact_statistics(cells, contacts, names=["b", "a"], strata="compartment")
    both = cells["site"].astype(str) + cells["compartment"]
    np.testing.assert_allclose(
        finer["contacts_sd"], enrichment(graph, cells["cell_type"], names=["b", "a"], strata=both).table["sd"]
    )


def test_empty_tables_and_wells_without_contacts() -> None:
    cells, contacts = row_of_cells("A01", 1, "abab")
    alone = contact_statistics(cells, contacts.iloc[:0])
    assert set(alone["reason"]) == {"no cell has a neighbour"}
    nothing = contact_statistics(cells.iloc[:0], contacts.iloc[:0])
    assert nothing.empty
    assert {"plate", "well", "t_min", "contacts_z", "contact_length_um"} <= set(nothing.columns)


def test_bad_tables_are_named() -> None:
    cells, contacts = row_of_cells("A01", 1, "abab")
    with pytest.raises(InputError, match="the cell table lacks cell_type"):
        contact_statistics(cells.drop(columns="cell_type"), contacts)
    with pytest.raises(InputError, match="the contact table lacks cell_b"):
        contact_statistics(cells, contacts.drop(columns="cell_b"))
    with pytest.raises(InputError, match="the cell table lacks gel"):
        contact_statistics(cells, contacts, strata="gel")
    with pytest.raises(InputError, match="1 of 4 cells have no type"):
        contact_statistics(cells.assign(cell_type=["a", None, "b", "b"]), contacts)
    strange = contacts.assign(site=9)
    with pytest.raises(DataError, match="3 contacts name a cell that is not in the cell table"):
        contact_statistics(cells, strange)
    assert contact_statistics(cells, strange, unknown="drop")["contacts"].sum() == 0
