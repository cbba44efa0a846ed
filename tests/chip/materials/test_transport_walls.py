"""PDMS in a chip's transport: the closed form comes out, amounts are kept, and a saved run goes on."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.chip.grid import FLUID, ChipGrid
from coculture.chip.materials.pdms.film_loss import final_fraction, remaining_fraction
from coculture.chip.materials.pdms.transport_walls import PdmsWalls
from coculture.chip.materials.pdms.wall import PdmsWall
from coculture.chip.transport.settings import TransportSettings
from coculture.chip.transport.solute import Solute
from coculture.chip.transport.transport import Transport
from coculture.errors import InputError

THICK = PdmsWall(10.0, 600.0)
DRUG, SUGAR = Solute("drug", 3e4), Solute("sugar", 3e4)


def still_chamber(walls: PdmsWalls, tolerance: float = 1e-4) -> Transport:
    """Return a closed chamber, 100 µm deep, PDMS above, filled with 1 µM."""
    shape = (3, 4)
    none = np.full(shape, -1, np.int16)
    grid = ChipGrid("chamber", 50.0, np.full(shape, FLUID, np.uint8), np.full(shape, 100.0), none, none)
    settings = TransportSettings(tolerance=tolerance, first_step_min=1e-4, longest_step_min=20.0, wall_surfaces=("ceiling",))
    return Transport(grid, None, [DRUG, SUGAR], start_um={"drug": 1.0, "sugar": 2.0}, walls=walls, settings=settings)


@pytest.mark.parametrize("wall", [THICK, PdmsWall(10.0, 600.0, 300.0)])
def test_transport_loses_what_the_closed_form_says(wall: PdmsWall) -> None:
    walls = PdmsWalls({"drug": wall}, shallowest_um=100.0)
    chamber = still_chamber(walls)
    for minutes, end in ((1.0, 1.0), (9.0, 10.0), (50.0, 60.0)):
        chamber.advance(minutes)
        exact = float(remaining_fraction(end, 100.0, wall))
        assert chamber.concentration("drug") == pytest.approx(np.full((3, 4), exact), rel=0.01)
    assert chamber.concentration("sugar") == pytest.approx(np.full((3, 4), 2.0), rel=1e-12)
    area = 12 * 50.0**2
    held = walls.held_um("drug").sum() * 50.0**2
    assert held + chamber.concentration("drug").sum() * 50.0**2 * 100.0 == pytest.approx(area * 100.0, rel=1e-9)
    assert chamber.ledger["drug"].into_walls == pytest.approx(held, rel=1e-9)


def test_in_the_end_the_wall_stands_at_its_share() -> None:
    wall = PdmsWall(3.0, 600.0, 50.0)
    chamber = still_chamber(PdmsWalls({"drug": wall}, shallowest_um=100.0))
    chamber.advance(600.0)
    assert chamber.concentration("drug")[0, 0] == pytest.approx(final_fraction(100.0, wall), rel=1e-6)


def test_a_restored_chip_goes_on_with_the_same_bytes() -> None:
    chamber = still_chamber(PdmsWalls({"drug": THICK}, shallowest_um=100.0))
    chamber.advance(5.0)
    other = still_chamber(PdmsWalls({"drug": THICK}, shallowest_um=100.0))
    other.restore(chamber.state)
    chamber.advance(5.0)
    other.advance(5.0)
    assert other.concentration("drug").tobytes() == chamber.concentration("drug").tobytes()


def test_a_wall_asked_about_for_ever_is_full() -> None:
    walls = PdmsWalls({"drug": THICK, "salt": PdmsWall(0.0, 600.0)}, shallowest_um=100.0)
    assert walls.exchange("drug", 0.0, 1e12) == (0.0, 0.0)
    assert walls.exchange("salt", 0.0, 1.0) == (0.0, 0.0)
    assert walls.held_um("drug").shape == (0,)


def test_messages() -> None:
    walls = PdmsWalls({"drug": THICK}, shallowest_um=100.0)
    with pytest.raises(InputError, match=r"there is no wall for 'sugar'\n.*drug"):
        walls.held_um("sugar")
    with pytest.raises(InputError, match=r"what the walls remember of 'drug' has shape \(2, 1\), this wall has \d+ reservoirs"):
        walls.remember({"drug": np.zeros((2, 1))})
    with pytest.raises(InputError, match=r"shallowest_um: .* above 0"):
        PdmsWalls({}, shallowest_um=0.0)
