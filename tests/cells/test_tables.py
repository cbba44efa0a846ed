"""The standard tables of a culture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.cases.cultures import LIVE, LIVELY, cell_type, cells, hexagonal_layer, model

from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still
from coculture.cells.tables import cell_table, contact_table
from coculture.plate.cell_table import validate_cell_table, validate_contact_table
from coculture.plate.columns import CELL_COLUMNS, is_feature, names


def lived() -> Simulation:
    types = (cell_type("a", LIVE, **LIVELY), cell_type("b", **LIVELY))
    place = hexagonal_layer(6, 6)
    simulation = Simulation.begin(model(*types), cells(place, np.arange(36) % 2), Still.empty(), 3)
    simulation.advance(600.0)
    return simulation


def test_tables_are_valid_and_agree() -> None:
    world = lived().world
    frame, contacts = cell_table(world, "P1", "B03"), contact_table(world, "P1", "B03")
    validate_cell_table(frame)
    validate_contact_table(contacts, cells=frame)
    assert list(frame.columns[: len(CELL_COLUMNS)]) == names(CELL_COLUMNS)
    assert all(is_feature(name) for name in frame.columns[len(CELL_COLUMNS) :])
    assert (frame["t_min"] == 600.0).all()
    assert frame["cell_id"].is_monotonic_increasing
    assert (frame["track_id"] == frame["cell_id"]).all()
    dead = frame[~frame["alive"]]
    assert len(dead) > 0
    assert (dead["phase"] == "").all()
    assert set(frame[frame["alive"]].groupby("cell_type")["phase"].unique().map(tuple)) == {("live",), ("",)}
    mothers = {mother for _, name, mother, _ in world.events if name == "division"}
    assert set(frame["parent_id"]) - {-1} <= mothers
    assert (set(frame["parent_id"]) - {-1}) != set()


def test_contacts_of_the_table_are_those_of_the_world() -> None:
    world = lived().world
    table = contact_table(world, "P1", "B03")
    touching, ids = world.contacts, world.cells.cell_id
    first = np.repeat(ids, np.diff(touching.start))
    second = ids[touching.neighbour]
    both = {(a, b) for a, b in zip(first, second, strict=True) if a < b}
    assert both == set(zip(table["cell_a"], table["cell_b"], strict=True))
    assert len(first) == 2 * len(table)
    for row in range(len(ids)):
        own = ids[touching.neighbour[touching.start[row] : touching.start[row + 1]]]
        assert (np.diff(own) > 0).all()


def test_a_gap_makes_near_cells_touch() -> None:
    place = np.array([[0.0, 0.0], [17.5, 0.0]])  # outlines 0.68 µm apart
    for gap, touching in ((0.0, 0), (0.7, 1)):
        world = Simulation.begin(model(cell_type(), gap=gap), cells(place), Still.empty(), 0).world
        assert len(contact_table(world, "P1", "A01")) == touching
        assert len(world.contacts.neighbour) == 2 * touching


def test_numbers_inside_cells_have_columns_of_their_own() -> None:
    culture = replace(model(cell_type()), internal=("drug A", "NICD"))
    start = replace(cells(np.zeros((1, 2))), internal=np.array([[2.0, 3.0]]))
    frame = cell_table(Simulation.begin(culture, start, Still.empty(), 0).world, "P1", "A01", 2)
    validate_cell_table(frame)
    assert frame["cell_internal_drug_A"].tolist() == [2.0]
    assert frame["cell_internal_NICD"].tolist() == [3.0]
    assert frame["site"].tolist() == [2]
    assert abs(frame["area_um2"][0] - np.pi * 8.41**2) < 1e-9
