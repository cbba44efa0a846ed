"""A culture that was saved and restored goes on as if it had never stopped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.cases.cultures import LIVE, LIVELY, cell_type, cells, hexagonal_layer, model

from coculture.cells.model import CellModel, Rule, Steps
from coculture.cells.saving import restore, save
from coculture.cells.simulation import Simulation
from coculture.cells.surroundings import Still, Surroundings
from coculture.errors import FileError


def lively_model() -> CellModel:
    return model(cell_type("a", LIVE, **LIVELY), cell_type("b", **LIVELY))


def begun(surroundings: Surroundings | None = None) -> Simulation:
    place = hexagonal_layer(8, 8)
    return Simulation.begin(lively_model(), cells(place, np.arange(64) % 2), surroundings or Still.empty(), 2**64 - 1)


def test_restored_is_the_same_bytes_later(tmp_path: Path) -> None:
    whole, stopped = begun(), begun()
    whole.advance(480.0)
    stopped.advance(240.6)
    stopped.world.notes.append("a note: µm")
    save(stopped, tmp_path / "culture.npz")
    restored = restore(tmp_path / "culture.npz", lively_model(), Still.empty())
    assert restored.world.notes == ["a note: µm"]
    restored.advance(239.4)
    for name, array in whole.world.cells.arrays().items():
        assert array.tobytes() == restored.world.cells.arrays()[name].tobytes(), name
    for name, array in whole.world.kept_by_cell.items():
        assert array.tobytes() == restored.world.kept_by_cell[name].tobytes(), name
    assert (whole.world.events, whole.world.step) == (restored.world.events, restored.world.step)
    restored.world.notes.clear()
    save(whole, tmp_path / "whole.npz")
    save(restored, tmp_path / "restored.npz")
    assert (tmp_path / "whole.npz").read_bytes() == (tmp_path / "restored.npz").read_bytes()


@dataclass(frozen=True, eq=False)
class Ageing(Still):
    """Surroundings that change."""

    age: NDArray[np.float64] = field(default_factory=lambda: np.zeros(1))

    def state(self) -> dict[str, NDArray[Any]]:
        return {"age": self.age}

    def take_state(self, state: dict[str, NDArray[Any]]) -> None:
        self.age[:] = state["age"]


def test_surroundings_that_last_are_saved_too(tmp_path: Path) -> None:
    around = Ageing(np.zeros(0), np.zeros((0, 3)), age=np.array([41.5]))
    save(begun(around), tmp_path / "culture.npz")
    fresh = Ageing(np.zeros(0), np.zeros((0, 3)))
    restore(tmp_path / "culture.npz", lively_model(), fresh)
    assert fresh.age[0] == 41.5
    with pytest.raises(FileError, match="holds a state of surroundings that the given ones cannot take"):
        restore(tmp_path / "culture.npz", lively_model(), Still.empty())


def test_surroundings_without_their_state_are_refused(tmp_path: Path) -> None:
    save(begun(), tmp_path / "culture.npz")
    with pytest.raises(FileError, match="holds no state of surroundings"):
        restore(tmp_path / "culture.npz", lively_model(), Ageing(np.zeros(0), np.zeros((0, 3))))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"types": (cell_type("c"), cell_type("b"))}, r"was saved with types \['a', 'b'\], the model has \['c', 'b'\]"),
        ({"types": (cell_type("a"), cell_type("b"))}, "was saved with phases"),
        ({"solutes": ("x",)}, r"was saved with solutes \[\]"),
        ({"internal": ("x",)}, "was saved with internal numbers"),
        ({"dimensions": 3}, "was saved with dimensions 2, the model has 3"),
        ({"steps": Steps(0.2, 0.6, 6.0)}, "was saved with clock"),
        (
            {"rules": (Rule("a", "pressure", "decreases", "migration_speed_um_per_min", 0.0, 1.0, 4.0),)},
            "the rules change other behaviours",
        ),
    ],
)
def test_another_model_is_refused(tmp_path: Path, changed: dict[str, object], words: str) -> None:
    save(begun(), tmp_path / "culture.npz")
    with pytest.raises(FileError, match=words):
        restore(tmp_path / "culture.npz", replace(lively_model(), **changed), Still.empty())


def test_rates_may_differ_at_a_branch(tmp_path: Path) -> None:
    save(begun(), tmp_path / "culture.npz")
    other = replace(lively_model(), types=(cell_type("a", LIVE), cell_type("b")))
    assert len(restore(tmp_path / "culture.npz", other, Still.empty()).world.cells) == 64


def test_files_that_are_no_culture_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        restore(tmp_path / "none.npz", lively_model(), Still.empty())
    (tmp_path / "text.npz").write_text("cells")
    with pytest.raises(FileError, match="is no saved culture"):
        restore(tmp_path / "text.npz", lively_model(), Still.empty())
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(FileError, match="is no saved culture"):
        restore(tmp_path / "other.npz", lively_model(), Still.empty())
    save(begun(), tmp_path / "culture.npz")
    content = (tmp_path / "culture.npz").read_bytes()
    (tmp_path / "cut.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(FileError, match="is no saved culture"):
        restore(tmp_path / "cut.npz", lively_model(), Still.empty())
