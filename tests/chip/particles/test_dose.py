"""Administered and delivered dose: units, sizes, notes."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.chip.particles.dose import AreaDose, perfused_dose, static_dose
from coculture.chip.particles.floor import Floor, capacity_height_um
from coculture.chip.particles.particle import Medium, Particle
from coculture.chip.particles.perfused.slice import Perfusion
from coculture.chip.particles.sizes import LogNormalSizes
from coculture.chip.particles.stokes import particle_reynolds, settling_velocity, stokes_einstein
from coculture.errors import InputError

MEDIUM = Medium(310.15, 0.69, 1000)
BEAD = Particle(100, 1050)


def test_administered_dose_by_hand() -> None:
    dose = static_dose(BEAD, MEDIUM, concentration_ug_per_ml=10, height_um=3100, minutes=1440)
    assert dose.administered.mass_ug_per_cm2 == pytest.approx(3.1)
    one_ug = 1050e9 * np.pi / 6 * (100e-9) ** 3  # 1 kg is 1e9 µg
    assert dose.administered.number_per_cm2 == pytest.approx(3.1 / one_ug)
    assert dose.administered.surface_cm2_per_cm2 == pytest.approx(3.1 / one_ug * np.pi * (100e-7) ** 2)
    assert dose.delivered.mass_ug_per_cm2 == pytest.approx(3.1 * dose.fraction)
    assert dose.fraction == pytest.approx(0.28008, rel=1e-3)
    assert any("aggregation" in note for note in dose.notes)


def test_dose_per_cell() -> None:
    assert AreaDose(2.0, 1e9, 0.1).per_cell(1e5) == (pytest.approx(20.0), pytest.approx(1e4))
    with pytest.raises(InputError, match=r"cells_per_cm2: must be a finite number above 0, found 0"):
        AreaDose(2.0, 1e9, 0.1).per_cell(0)


def test_one_size_is_the_narrow_limit_of_many() -> None:
    one = static_dose(BEAD, MEDIUM, concentration_ug_per_ml=10, height_um=3100, minutes=1440)
    narrow = static_dose(
        BEAD, MEDIUM, concentration_ug_per_ml=10, height_um=3100, minutes=1440, sizes=LogNormalSizes(100, 1.001, 5)
    )
    same = static_dose(BEAD, MEDIUM, concentration_ug_per_ml=10, height_um=3100, minutes=1440, sizes=LogNormalSizes(100, 1.0))
    assert narrow.fraction == pytest.approx(one.fraction, rel=1e-4)
    assert same.fraction == pytest.approx(one.fraction, rel=1e-12)
    assert narrow.administered.number_per_cm2 == pytest.approx(one.administered.number_per_cm2, rel=1e-4)


def test_a_spread_of_heavy_sizes_delivers_mass_and_number_differently() -> None:
    heavy = Particle(100, 4230)
    dose = static_dose(
        heavy, MEDIUM, concentration_ug_per_ml=10, height_um=3100, minutes=1440, sizes=LogNormalSizes(100, 1.8, 12)
    )
    by_number = dose.delivered.number_per_cm2 / dose.administered.number_per_cm2
    assert dose.fraction > by_number + 0.1
    assert 0 < by_number < 1


def test_moments_of_the_classes_are_those_of_the_distribution() -> None:
    sizes = LogNormalSizes(80.0, 1.6)
    width = np.log(1.6)
    for weighting, power in (("number", 0), ("surface", 2), ("mass", 3)):
        diameter, weight = sizes.classes_by(weighting)  # type: ignore[arg-type]
        assert weight.sum() == pytest.approx(1.0)
        for moment in (1, 2, -1):
            mean = 80.0**moment * np.exp((moment * power + moment**2 / 2) * width**2)
            assert weight @ diameter**moment == pytest.approx(mean, rel=1e-9)


def test_mass_and_number_classes_describe_one_population() -> None:
    """Number by way of mass classes: N = M ∫ w(d)/m(d), and m averaged over the number classes must give it back."""
    sizes = LogNormalSizes(80.0, 1.5)
    by_mass, mass = sizes.classes_by("mass")
    by_number, number = sizes.classes_by("number")
    assert 1 / (mass @ by_mass**-3.0) == pytest.approx(number @ by_number**3.0, rel=1e-8)


def test_a_shell_slows_both_ways() -> None:
    shelled = Particle(100, 2000, hydrodynamic_diameter_nm=150)
    bare = Particle(100, 2000)
    assert stokes_einstein(shelled, MEDIUM) == pytest.approx(stokes_einstein(bare, MEDIUM) / 1.5)
    assert settling_velocity(shelled, MEDIUM) == pytest.approx(settling_velocity(bare, MEDIUM) / 1.5)


def test_perfused_dose_counts_what_flowed_in() -> None:
    chamber = Perfusion(1e4, 100.0, 6000.0)
    dose = perfused_dose(BEAD, MEDIUM, concentration_ug_per_ml=10, chamber=chamber, minutes=100)
    sent_ug = 10 * 6000.0 * 100 * 100.0 * 1e-12  # µg per µm of width: µg/mL is 1e-12 µg/µm³
    assert dose.administered.mass_ug_per_cm2 == pytest.approx(sent_ug / 1e4 * 1e8)
    assert 0 < dose.fraction < 1
    assert dose.method == "vertical slice"


def test_notes_name_what_leaves_the_laws() -> None:
    big = Particle(90_000, 3000)
    assert particle_reynolds(big, MEDIUM) > 0.1
    dose = static_dose(big, MEDIUM, concentration_ug_per_ml=1, height_um=3100, minutes=60)
    assert any("Reynolds" in note for note in dose.notes)
    floating = static_dose(Particle(200, 900), MEDIUM, concentration_ug_per_ml=1, height_um=3100, minutes=60)
    assert any("rises" in note for note in floating.notes)


def test_sites_on_the_floor_as_a_height_of_medium() -> None:
    assert capacity_height_um(1e8, 1e10) == pytest.approx(100.0)  # 1e8 per cm² are the particles of 0.01 mL per cm²
    assert Floor(1.0, 0.1, 20.0).dissociation == pytest.approx(2.0)
    assert np.isnan(Floor().dissociation)
