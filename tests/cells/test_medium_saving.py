"""A medium that was saved with its culture goes on as if it had never stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.cases.cultures import LIVE, LIVELY, cell_type, cells, hexagonal_layer, model

from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.solute import Solute
from coculture.cells.model import CellModel, Rule
from coculture.cells.saving import restore, save
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Lasting
from coculture.errors import InputError

EATING = {
    **LIVELY,
    "uptake_food_per_min": 2.0,
    "export_food_per_min": -300.0,
    "secretion_signal_per_min": 1.0,
    "secretion_target_signal_um": 5.0,
    "chemotaxis_signal": 1.0,
    "migration_bias": 0.5,
}


def hungry() -> CellModel:
    starving = Rule("a", "concentration_food_um", "decreases", "apoptosis_per_min", 0.0, 3.0, 2.0)
    kind = cell_type("a", LIVE, **{**EATING, "apoptosis_per_min": 1e-3})
    return replace(model(kind, solutes=("food", "signal")), rules=(starving,))


def medium(voxel: float = 20.0, names: tuple[str, str] = ("food", "signal")) -> Medium:
    food = Solute(names[0], 3000.0, 0.01, 8.0, {"left": 10.0})
    return Medium.of(Box((240.0, 200.0), voxel), [food, Solute(names[1], 500.0, 0.05)], 6.0)


def begun() -> Simulation:
    place = hexagonal_layer(8, 8)
    return Simulation.begin(hungry(), cells(place, np.zeros(64, np.int64)), medium(), 7)


def test_a_medium_is_saved_with_its_culture() -> None:
    assert isinstance(medium(), Lasting)


def test_restored_in_its_medium_is_the_same_bytes_later(tmp_path: Path) -> None:
    whole, stopped = begun(), begun()
    whole.advance(120.0)
    stopped.advance(60.6)
    save(stopped, tmp_path / "culture.npz")
    restored = restore(tmp_path / "culture.npz", hungry(), medium())
    restored.advance(59.4)
    save(whole, tmp_path / "whole.npz")
    save(restored, tmp_path / "restored.npz")
    assert (tmp_path / "whole.npz").read_bytes() == (tmp_path / "restored.npz").read_bytes()
    one, other = whole.world.surroundings, restored.world.surroundings
    assert isinstance(one, Medium)
    assert isinstance(other, Medium)
    assert one.concentration.tobytes() == other.concentration.tobytes()
    assert one.concentration.std(axis=(1, 2, 3)).min() > 0, "cells have changed both solutes"
    assert (one.decayed.tobytes(), one.entered.tobytes()) == (other.decayed.tobytes(), other.entered.tobytes())


def test_the_state_is_a_copy() -> None:
    first = medium()
    state = first.state()
    first.advance(10.0, np.zeros((0, 3)), None)
    assert np.all(state["concentration"][0] == 8.0)
    at_ten = first.gradients(np.array([[100.0, 100.0, 0.0]]))
    first.take_state(state)
    assert np.all(first.concentration[0] == 8.0)
    assert not np.array_equal(first.gradients(np.array([[100.0, 100.0, 0.0]])), at_ten), "slopes are those of the state"


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (medium(names=("food", "drug")), r"was saved with solutes \('food', 'signal'\), the medium has \('food', 'drug'\)"),
        (medium(40.0), r"was saved with voxels \(1, 10, 12\), the medium has \(1, 5, 6\)"),
        (Medium.of(Box((120.0, 100.0), 10.0), medium().solutes), r"was saved with voxel_um 20.0, the medium has 10.0"),
    ],
)
def test_the_state_of_another_medium_is_refused(other: Medium, words: str) -> None:
    with pytest.raises(InputError, match=words):
        other.take_state(medium().state())
