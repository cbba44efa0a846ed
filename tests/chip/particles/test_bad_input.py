"""Every way to ask for the impossible gets one clear answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coculture.chip.particles.floor import Floor, capacity_height_um
from coculture.chip.particles.particle import Medium, Particle
from coculture.chip.particles.perfused.leveque import leveque_velocity, resolved_from
from coculture.chip.particles.perfused.slice import Perfusion, perfused_deposition
from coculture.chip.particles.sizes import LogNormalSizes
from coculture.chip.particles.static.column import SettlingColumn
from coculture.chip.particles.static.deposition import deposited_fraction
from coculture.chip.particles.static.finite_volume import deposited_by_finite_volumes
from coculture.errors import DataError, InputError

COLUMN = SettlingColumn(100.0, 1.0, 0.1)
CHAMBER = Perfusion(1000.0, 100.0, 1e5)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: Particle(-100, 1050), r"diameter_nm: must be a finite number above 0 and at most 100000, found -100"),
        (lambda: Particle(0, 1050), r"diameter_nm: .* found 0"),
        (lambda: Particle(True, 1050), r"diameter_nm: .* found True"),
        (lambda: Particle(math.nan, 1050), r"diameter_nm: .* found nan"),
        (lambda: Particle(100, None), r"density_kg_per_m3: .* found None\n.*polystyrene 1050"),  # type: ignore[arg-type]
        (lambda: Particle(100, 0), r"density_kg_per_m3: .* above 0, found 0"),
        (lambda: Particle(100, 1050, 80), r"hydrodynamic_diameter_nm: .* at least 100"),
        (lambda: Medium(37, 0.69, 1000), r"temperature_k: .* found 37\n.*37 °C is 310.15 K"),
        (lambda: Medium(310.15, 0, 1000), r"viscosity_mpa_s: .* above 0"),
        (lambda: Medium(310.15, 0.69, -1), r"density_kg_per_m3: .* above 0"),
        (lambda: SettlingColumn(0, 1, 1), r"height_um: .* above 0, found 0\n.*height of the medium"),
        (lambda: SettlingColumn(1, 0, 1), r"diffusion_um2_per_min: .* above 0"),
        (lambda: Floor(-1), r"adhesion_um_per_min: .* at least 0"),
        (lambda: Floor(release_per_min=1), r"perfect sink keeps everything"),
        (lambda: Floor(1.0, capacity_um=0), r"capacity_um: .* above 0"),
        (lambda: capacity_height_um(0, 1), r"sites_per_cm2: .* above 0"),
        (lambda: LogNormalSizes(100, 0.5), r"geometric_sd: .* at least 1 .* found 0.5\n.*1 is one size"),
        (lambda: LogNormalSizes(100, 1.5).classes_by("volume"), r"no weighting by 'volume'\n.*number, surface, mass"),
        (lambda: deposited_fraction(COLUMN, [-1.0]), r"minutes: times must be finite and not negative"),
        (lambda: deposited_fraction(COLUMN, []), r"minutes: times must be"),
        (lambda: deposited_fraction(COLUMN, 1.0, method="guess"), r"no method 'guess'\n.*auto, series"),  # type: ignore[arg-type]
        (lambda: deposited_fraction(COLUMN, 1.0, method="series", floor=Floor(1.0)), r"knows only a perfect sink"),
        (lambda: Perfusion(1.0, 1.0, 0), r"mean_velocity_um_per_min: .*\n.*still well"),
        (lambda: leveque_velocity(1.0, 1.0, 0.0), r"way_um: the way from the edge must be above 0"),
        (lambda: leveque_velocity(1.0, 0.0, 1.0), r"shear_per_min: .*\n.*still well"),
        (lambda: resolved_from(1.0, 1.0, 0.0), r"cell_um: .* above 0"),
        (lambda: perfused_deposition(CHAMBER, 1.0, 0.0, floor=Floor(1.0, 0.1)), r"no steady deposition"),
        (lambda: perfused_deposition(CHAMBER, 1.0, 0.0, floor_cell_um=50.0), r"floor_cell_um: .* at most 12.5"),
    ],
)
def test_input(ask: Callable[[], Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask()


def test_the_series_refuses_where_it_cancels() -> None:
    column = SettlingColumn(3100.0, 35.0, 2.8)
    with pytest.raises(DataError, match=r"the series loses .* to cancellation at a Péclet number of 124\n.*finite volume"):
        deposited_fraction(column, 1440.0, method="series")
    with pytest.raises(DataError, match=r"Péclet number of 500"):
        deposited_fraction(SettlingColumn(100.0, 1.0, 10.0), 1.0, method="series")


def test_drift_refuses_where_the_top_is_felt() -> None:
    with pytest.raises(DataError, match=r"leaves out the top, which is felt at a Péclet number of 5"):
        deposited_fraction(COLUMN, 1.0, method="drift")


def test_finite_volumes_refuse_what_they_cannot_cut() -> None:
    with pytest.raises(DataError, match=r"beyond what the finite volumes can cut \(100000\)\n.*'drift'"):
        deposited_by_finite_volumes(SettlingColumn(1000.0, 1e-4, 10.0), np.array([1.0]))


def test_a_slice_refuses_cells_that_never_resolve_the_layer() -> None:
    with pytest.raises(
        DataError, match=r"the emptied layer at the outlet is .* fewer than 6 cells of 1\.99 µm\n.*use cells of at most"
    ):
        perfused_deposition(CHAMBER, 400.0, 0.0, floor_cell_um=2.0)


def test_a_slice_says_from_where_its_layer_is_resolved() -> None:
    found = perfused_deposition(CHAMBER, 400.0, 0.0, floor_cell_um=0.4)
    assert 10 < found.resolved_from_um < 1000
    assert any("six cells only from" in note for note in found.notes)
    short = perfused_deposition(Perfusion(20.0, 100.0, 1e3), 400.0, 0.0)
    assert any("diffusion along the flow" in note for note in short.notes)


def test_times_come_back_in_the_order_they_were_given() -> None:
    column = SettlingColumn(1000.0, 1.0, 0.4)
    forward = deposited_fraction(column, [0.0, 500.0, 2000.0], method="finite volume").fraction
    backward = deposited_fraction(column, [2000.0, 500.0, 0.0], method="finite volume").fraction
    assert backward[::-1] == pytest.approx(forward, rel=1e-12)
    assert forward[0] == 0
    assert deposited_by_finite_volumes(column, np.array([0.0])).deposited[0] == 0
