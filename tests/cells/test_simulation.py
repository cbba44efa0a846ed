"""The clock, the order of cells, births and deaths in place, and what is refused at the start."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from tests.cases.cultures import LIVE, LIVELY, by_id, cell_type, cells, hexagonal_layer, model

from coculture.cells import memory_order, neighbour_lists
from coculture.cells.model import CellModel, CellType, Steps
from coculture.cells.population import Population
from coculture.cells.rows import closed, closing, with_copies
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still
from coculture.errors import InputError


def lively_model() -> CellModel:
    return model(cell_type("a", LIVE, **LIVELY), cell_type("b", **{**LIVELY, "affinity_a": 0.25}))


def layer() -> Population:
    place = hexagonal_layer(10, 8)
    return cells(place, np.arange(len(place)) % 2)


def lived(start: Population, parts: tuple[float, ...] = (600.0,), key: int = 7) -> Simulation:
    simulation = Simulation.begin(lively_model(), start, Still.empty(), key)
    for part in parts:
        simulation.advance(part)
    return simulation


@pytest.fixture(scope="module")
def reference() -> Simulation:
    return lived(layer())


def assert_same(one: Simulation, other: Simulation) -> None:
    first, second = by_id(one.world.cells), by_id(other.world.cells)
    for name, array in first.items():
        assert array.tobytes() == second[name].tobytes(), name
    assert sorted(one.world.events) == sorted(other.world.events)
    assert one.world.cells.next_id == other.world.cells.next_id


def test_something_happens(reference: Simulation) -> None:
    names = {event[1] for event in reference.world.events}
    assert {"division", "apoptosis", "gone"} <= names
    assert (reference.world.kept_by_cell["springs"] >= 0).any()
    assert reference.world.time_min == 600.0


def test_the_order_of_cells_changes_nothing(reference: Simulation) -> None:
    start = layer()
    assert_same(reference, lived(start.take(np.random.default_rng(1).permutation(len(start)))))


def test_stops_in_between_change_nothing(reference: Simulation) -> None:
    assert_same(reference, lived(layer(), (0.6, 5.4, 100.2, 0.0, 493.8)))


@pytest.mark.parametrize("share", [0.02, 0.6])
def test_the_room_of_the_lists_changes_nothing(reference: Simulation, share: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbour_lists, "ROOM_SHARE", share)
    assert_same(reference, lived(layer()))


def test_spatial_order_in_memory_changes_nothing(reference: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_order, "MANY", 1)
    monkeypatch.setattr(memory_order, "_FAR_ROWS", 2)
    sorted_often = lived(layer())
    assert_same(reference, sorted_often)
    assert not np.array_equal(sorted_often.world.cells.cell_id, reference.world.cells.cell_id)


def test_another_key_changes_the_course(reference: Simulation) -> None:
    assert sorted(lived(layer(), key=8).world.events) != sorted(reference.world.events)


def test_the_given_cells_are_left_as_they_were() -> None:
    start = layer()
    lived(start, (6.0,))
    assert np.array_equal(start.position[:, :2], hexagonal_layer(10, 8))


def test_ids_are_never_used_twice(reference: Simulation) -> None:
    world = reference.world
    born = [first + i for _, name, _, first in world.events if name == "division" for i in (0, 1)]
    assert sorted(born) == list(range(80, world.cells.next_id))
    assert set(world.cells.parent_id) <= {-1} | {mother for _, name, mother, _ in world.events if name == "division"}


def test_rows_grow_and_close_in_place() -> None:
    array = np.arange(10.0).reshape(5, 2)
    longer = with_copies(array, np.array([1, 3]))
    assert np.array_equal(longer, array[[0, 1, 2, 3, 4, 1, 3]])
    again = with_copies(longer, np.array([0]))
    assert np.shares_memory(longer, again)
    assert np.array_equal(again[:7], longer)
    shorter = closed(again.copy(), *closing(8, np.array([0, 6, 3])))
    assert sorted(shorter[:, 0]) == sorted(np.delete(again, [0, 6, 3], axis=0)[:, 0])
    apart = with_copies(again[2:], np.array([0]))  # a view that does not begin where its store does
    assert not np.shares_memory(apart, again)


def test_whatever_is_kept_of_a_cell_follows_it() -> None:
    world = Simulation.begin(lively_model(), layer(), Still.empty(), 0).world
    world.kept_by_cell["mark"] = 10 * world.cells.cell_id
    world.remove(np.array([0, 5, 79, 40]))
    assert np.array_equal(world.kept_by_cell["mark"], 10 * world.cells.cell_id)
    added = world.add_copies(np.array([3, 4]))
    assert np.array_equal(world.kept_by_cell["mark"][added], 10 * world.cells.cell_id[[3, 4]])
    order = np.arange(len(world.cells))[::-1]
    world.replace(world.cells.take(order), order)
    assert np.array_equal(world.kept_by_cell["mark"], 10 * world.cells.cell_id)


def test_no_cells_at_all() -> None:
    simulation = Simulation.begin(lively_model(), cells(np.zeros((0, 2))), Still.empty(), 0)
    simulation.advance(12.0)
    assert len(simulation.world.cells) == 0


@pytest.mark.parametrize("minutes", [0.1, -0.6, np.inf, np.nan])
def test_a_time_that_is_no_whole_number_of_ticks_is_refused(minutes: float) -> None:
    simulation = Simulation.begin(lively_model(), layer(), Still.empty(), 0)
    with pytest.raises(InputError, match=r"no whole number of contact ticks(?s:.*)multiple of 0.6 min"):
        simulation.advance(minutes)


def spoilt(**arrays: object) -> Population:
    start = layer()
    for name, value in arrays.items():
        getattr(start, name)[3] = value
    return start


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (spoilt(position=[np.nan, 0, 0]), "cells.position: 1 cells have a value that is not finite; the first is row 3"),
        (spoilt(position=[0, 0, 1.0]), "off the plane z = 0"),
        (spoilt(radius=0.0), "cells.radius: 1 cells have a value that is not > 0; the first is row 3 with 0.0"),
        (spoilt(type=2), "no type of the model, which has 2; the first is row 3 with 2"),
        (spoilt(state=4), r"no state \(0 to 3\)"),
        (spoilt(phase=1), "no phase of its type's cycle"),
        (spoilt(fluid=-1.0), "cells.fluid: 1 cells have a value that is negative"),
        (spoilt(cell_id=4), "cells.cell_id: id 4 is given 2 times"),
        (spoilt(cell_id=-4), "cells.cell_id: 1 cells have a value that is negative"),
        (spoilt(cell_id=100), "cells.next_id: the next id is 80, but id 100 is in use\n  → give 101 or more"),
        (replace(layer(), radius=np.ones(3)), r"cells.radius: shape \(3,\) of float64, expected \(80,\)"),
        (replace(layer(), type=np.zeros(80)), r"cells.type: shape \(80,\) of float64, expected \(80,\) of int64"),
        (replace(layer(), internal=np.zeros((80, 2))), r"cells.internal: shape \(80, 2\)"),
    ],
)
def test_cells_that_cannot_be_are_refused(start: Population, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Simulation.begin(lively_model(), start, Still.empty(), 0)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (Steps(0.0, 0.6, 6.0), r"steps.mechanics_min: a tick of 0.0 min"),
        (Steps(0.1, 0.25, 6.0), r"steps.contact_min: 0.25 min is no whole multiple of mechanics_min = 0.1 min"),
        (Steps(0.1, 0.6, 0.3), r"steps.phenotype_min: 0.3 min is no whole multiple of contact_min"),
    ],
)
def test_ticks_that_do_not_fit_are_refused(steps: Steps, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Simulation.begin(replace(lively_model(), steps=steps), layer(), Still.empty(), 0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"dimensions": 4}, "model.dimensions: 4 dimensions"),
        ({"contact_gap_um": -1.0}, "model.contact_gap_um: -1.0 is no gap"),
        ({"types": (CellType(**{**vars(cell_type()), "behaviours": {"speed": 1.0}}), cell_type("b"))}, "no behaviour 'speed'"),
    ],
)
def test_models_that_cannot_be_are_refused(changed: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Simulation.begin(replace(lively_model(), **changed), layer(), Still.empty(), 0)


def test_a_key_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match=re.escape("key: -1 is no random key")):
        Simulation.begin(lively_model(), layer(), Still.empty(), -1)
