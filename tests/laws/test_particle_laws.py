"""Laws of particles: published constants, exact limits, methods that must agree, and mass that must add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coculture.chip.particles.floor import Floor
from coculture.chip.particles.particle import Medium, Particle
from coculture.chip.particles.perfused.leveque import CONSTANT, leveque_mean_velocity, leveque_velocity
from coculture.chip.particles.perfused.slice import Perfusion, perfused_deposition
from coculture.chip.particles.static.column import SettlingColumn
from coculture.chip.particles.static.deposition import deposited_fraction
from coculture.chip.particles.static.drift import deposited_by_drift
from coculture.chip.particles.static.finite_volume import Fineness, deposited_by_finite_volumes
from coculture.chip.particles.static.limits import early_diffusion_limit, settling_limit
from coculture.chip.particles.static.series import deposited_by_series, mode_weights
from coculture.chip.particles.stokes import settling_velocity, stokes_einstein

MEDIUM = Medium(temperature_k=310.15, viscosity_mpa_s=0.69, density_kg_per_m3=1000)
DAY = np.array([1440.0])
WELL_UM = 3100.0


def test_stokes_einstein_and_stokes_in_si() -> None:
    particle = Particle(100, 1050)
    diffusion = 1.380649e-23 * 310.15 / (3 * np.pi * 0.69e-3 * 100e-9)  # m²/s
    settling = 9.80665 * 50 * 100e-9**2 / (18 * 0.69e-3)  # m/s
    assert stokes_einstein(particle, MEDIUM) == pytest.approx(diffusion * 1e12 * 60, rel=1e-12)
    assert settling_velocity(particle, MEDIUM) == pytest.approx(settling * 1e6 * 60, rel=1e-12)


@pytest.mark.parametrize(
    ("density", "diameter_nm", "expected"),
    [
        (1050, 20, 0.60955),
        (1050, 100, 0.28008),
        (1050, 500, 0.31729),
        (1050, 1100, 0.99998),
        (4230, 20, 0.61942),
        (4230, 100, 0.74718),
        (19300, 100, 1.0),
        (1100, 100, 0.28571),
    ],
)
def test_table_of_settling_and_diffusing_particles(density: float, diameter_nm: float, expected: float) -> None:
    column = SettlingColumn.of(Particle(diameter_nm, density), MEDIUM, WELL_UM)
    assert deposited_fraction(column, DAY).fraction[0] == pytest.approx(expected, rel=1e-3)
    by_volumes = deposited_fraction(column, DAY, method="finite volume")
    assert by_volumes.fraction[0] == pytest.approx(expected, rel=1e-3)


def test_everything_arrives_in_a_shallow_channel() -> None:
    column = SettlingColumn.of(Particle(100, 1100), MEDIUM, 100.0)
    assert deposited_fraction(column, DAY).fraction[0] == pytest.approx(1.0, abs=1e-12)


def test_series_admits_where_it_cancels_and_volumes_take_over() -> None:
    column = SettlingColumn.of(Particle(1100, 1050), MEDIUM, WELL_UM)
    assert column.peclet > 100
    fraction, error = deposited_by_series(column, DAY)
    assert error[0] > 1e-3
    assert abs(fraction[0] - 0.99998) < error[0]
    assert deposited_fraction(column, DAY).method == "finite volume"


@pytest.mark.parametrize("peclet", [-120.0, -8.0, -2.5, -0.4, 0.0, 0.3, 4.0, 9.0])
@pytest.mark.parametrize("tau", [1e-3, 0.02, 0.3, 2.0])
def test_series_and_finite_volumes_agree(peclet: float, tau: float) -> None:
    column = SettlingColumn(100.0, 1.0, 2 * peclet / 100.0)
    minutes = np.array([tau * 1e4])
    fraction, error = deposited_by_series(column, minutes)
    assert error[0] < 1e-9
    assert deposited_by_finite_volumes(column, minutes).deposited[0] == pytest.approx(fraction[0], abs=3e-5)


@pytest.mark.parametrize("peclet", [-1e3, -150.0, 100.0, 400.0, 2e3])
def test_drift_and_finite_volumes_agree_where_the_series_fails(peclet: float) -> None:
    column = SettlingColumn(1000.0, 1.0, 2 * peclet / 1000.0)
    minutes = np.array([0.02, 0.3, 0.9, 1.0, 1.1]) * 1000 / abs(column.settling_um_per_min)
    by_volumes = deposited_by_finite_volumes(column, minutes).deposited
    assert by_volumes == pytest.approx(deposited_by_drift(column, minutes), abs=2e-4)


def test_finite_volumes_converge_with_second_order() -> None:
    column = SettlingColumn(100.0, 1.0, 0.1)
    minutes = np.array([1000.0])
    exact = deposited_by_series(column, minutes)[0][0]
    fineness, errors = Fineness(0.1, 1 / 20, 8, 0.1), []
    for _ in range(4):
        errors.append(abs(deposited_by_finite_volumes(column, minutes, fineness=fineness).deposited[0] - exact))
        fineness = fineness.halved()
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert orders[-1] > 1.7


def test_limits() -> None:
    still = SettlingColumn(3100.0, 500.0, 0.0)
    early = np.array([1.0, 10.0, 60.0])
    assert deposited_fraction(still, early).fraction == pytest.approx(early_diffusion_limit(still, early), rel=1e-6)
    falling = SettlingColumn(3100.0, 1e-4, 2.0)  # Péclet 3e7
    times = np.array([10.0, 700.0, 1400.0])
    found = deposited_fraction(falling, times)
    assert found.method == "drift"
    assert found.fraction == pytest.approx(settling_limit(falling, times), abs=1e-3)


@pytest.mark.parametrize("peclet", [-299.0, -12.0, -3.0, -0.5, 0.0, 2.0, 10.0])
def test_shares_of_the_modes_sum_to_one(peclet: float) -> None:
    weight, decay = mode_weights(peclet, 4000)
    tail = 2 / (np.pi**2 * 4000)  # the shares fall as 2/k² on the whole, alternating with e^P
    assert weight.sum() == pytest.approx(1.0, abs=tail + 2 * abs(weight[-1]))
    assert bool((np.diff(decay) > 0).all())


def test_floating_particles_reach_the_floor_less_than_neutral_ones() -> None:
    floating, neutral, heavy = (
        deposited_fraction(SettlingColumn.of(Particle(200, density), MEDIUM, WELL_UM), DAY).fraction[0]
        for density in (900, 1000, 1100)
    )
    assert settling_velocity(Particle(200, 900), MEDIUM) < 0
    assert 0 < floating < neutral < heavy


def test_strongly_floating_particles_stop_arriving() -> None:
    """In the end D/|v| of the height has been caught: those that diffused down before they had risen."""
    column = SettlingColumn(1000.0, 1.0, -20.0)  # Péclet −10⁴
    found = deposited_fraction(column, [1.0, 10.0, 1000.0])
    assert found.fraction[1:] == pytest.approx(np.full(2, 0.05 / 1000), rel=1e-9)
    assert deposited_fraction(SettlingColumn(1000.0, 1e-4, -20.0), [100.0]).fraction[0] == pytest.approx(5e-9, rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(peclet=st.floats(-30, 200), tau=st.floats(1e-4, 3))
def test_a_deposited_fraction_is_a_fraction_and_grows(peclet: float, tau: float) -> None:
    column = SettlingColumn(100.0, 1.0, 2 * peclet / 100.0)
    fraction = deposited_fraction(column, np.array([0.0, 0.5, 1.0]) * tau * 1e4).fraction
    assert fraction[0] == 0
    assert 0 <= fraction[1] <= fraction[2] + 1e-9 <= 1 + 2e-9


@pytest.mark.parametrize("floor", [Floor(0.5), Floor(0.5, 0.01), Floor(0.5, 0.01, 20.0), Floor(0.0)])
def test_what_left_the_medium_is_on_the_floor(floor: Floor) -> None:
    column = SettlingColumn(100.0, 10.0, 0.3)
    state = deposited_by_finite_volumes(column, np.array([30.0, 400.0]), floor)
    suspended = (np.diff(state.faces_um) * state.concentration).sum() / 100.0
    assert suspended + state.deposited[-1] == pytest.approx(1.0, abs=1e-12)


def test_a_floor_nothing_sticks_to_ends_in_the_barometric_profile() -> None:
    column = SettlingColumn(100.0, 10.0, 0.3)
    state = deposited_by_finite_volumes(column, np.array([1e5]), Floor(0.0))
    place = 0.5 * (state.faces_um[1:] + state.faces_um[:-1])
    profile = np.exp(0.03 * place)
    expected = profile * 3.0 / (np.exp(3.0) - 1)
    assert state.concentration == pytest.approx(expected, rel=1e-4)
    assert state.deposited[0] == 0


def test_finite_adhesion_against_its_own_series() -> None:
    """Diffusion to a radiating floor: tan q = B/q, remaining = Σ 2B²/(q²(B² + B + q²)) e^{−q²τ} (Crank 1975, §4.3.6)."""
    biot, tau = 2.0, 0.4
    low, high = np.arange(60) * np.pi + 1e-9, (np.arange(60) + 0.5) * np.pi
    for _ in range(80):
        middle = (low + high) / 2
        below = middle * np.tan(middle) < biot
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    exact = 1 - (2 * biot**2 / (low**2 * (biot**2 + biot + low**2)) * np.exp(-(low**2) * tau)).sum()
    column = SettlingColumn(100.0, 10.0, 0.0)
    floor = Floor(biot * 10.0 / 100.0)
    assert deposited_fraction(column, tau * 1e3, floor=floor).fraction[0] == pytest.approx(exact, abs=2e-5)


def test_fast_adhesion_is_a_sink() -> None:
    column = SettlingColumn.of(Particle(100, 1050), MEDIUM, WELL_UM)
    sink = deposited_fraction(column, DAY).fraction[0]
    assert deposited_fraction(column, DAY, floor=Floor(1e7)).fraction[0] == pytest.approx(sink, rel=1e-4)


def test_a_langmuir_floor_ends_on_its_isotherm() -> None:
    floor = Floor(adhesion_um_per_min=1.0, release_per_min=0.05, capacity_um=30.0)
    column = SettlingColumn(100.0, 50.0, 0.0)
    state = deposited_by_finite_volumes(column, np.array([1e4]), floor)
    load, above = 100.0 * state.deposited[0], state.concentration[-1]
    assert load == pytest.approx(30.0 * above / (floor.dissociation + above), rel=1e-6)
    assert 0 < load < 30.0


def test_limited_room_never_overfills() -> None:
    floor = Floor(adhesion_um_per_min=100.0, capacity_um=10.0)
    found = deposited_fraction(SettlingColumn(100.0, 50.0, 1.0), np.linspace(0, 500, 20), floor=floor)
    assert found.fraction.max() <= 0.1 + 1e-9
    assert found.fraction[-1] == pytest.approx(0.1, rel=1e-6)


def test_leveque_number() -> None:
    assert pytest.approx(0.538366, abs=1e-6) == CONSTANT
    diffusion = stokes_einstein(Particle(100, 1050), MEDIUM)
    mean = leveque_mean_velocity(diffusion, 100 * 60, 1000.0)
    assert mean / 60 == pytest.approx(1.31682, rel=1e-5)  # µm/s


@pytest.mark.parametrize("depth_um", [100.0, 400.0])
def test_slice_gives_leveque_where_the_layer_is_thin(depth_um: float) -> None:
    diffusion, shear = stokes_einstein(Particle(100, 1050), MEDIUM), 6000.0
    chamber = Perfusion(1000.0, depth_um, shear * depth_um / 6)
    found = perfused_deposition(chamber, diffusion, 0.0)
    mean = leveque_mean_velocity(diffusion, shear, 1000.0)
    assert found.mean_velocity_um_per_min == pytest.approx(mean, rel=0.03 * 100 / depth_um)
    local = leveque_velocity(diffusion, shear, found.way_um - 2.5)
    assert found.velocity_um_per_min[1:] == pytest.approx(local[1:], rel=0.03)
    assert found.notes == ()
    assert found.lowest >= 0


def test_slice_gives_graetz_far_down_a_long_chamber() -> None:
    """Far downstream the mean falls as e^{−λ x D/(U h²)} with λ = 2.4304 (uptake at one wall; Sherwood number D-based)."""
    chamber = Perfusion(2e5, 100.0, 1000.0)
    diffusion = 100.0
    shorter = perfused_deposition(Perfusion(1e5, 100.0, 1000.0), diffusion, 0.0).delivered_fraction
    longer = perfused_deposition(chamber, diffusion, 0.0).delivered_fraction
    decay = np.log((1 - shorter) / (1 - longer)) / (1e5 * diffusion / (1000.0 * 100.0**2))
    assert decay == pytest.approx(2.4304, rel=1e-3)


def test_what_enters_a_chamber_leaves_it_or_stays_on_its_floor() -> None:
    chamber = Perfusion(2e4, 100.0, 3000.0)
    for settling in (-0.5, 0.0, 2.0):
        found = perfused_deposition(chamber, 300.0, settling)
        share = found.faces_um / 100.0
        carried = np.diff(share**2 * (3 - 2 * share)) * 3000.0 * 100.0
        out = (carried * found.outlet).sum() / (3000.0 * 100.0)
        assert out + found.delivered_fraction == pytest.approx(1.0, abs=1e-11)


def test_pure_settling_under_flow_gives_the_swept_height() -> None:
    """With little diffusion v L particles per inlet concentration fall out, whatever the profile."""
    chamber = Perfusion(1e4, 100.0, 1e4)
    found = perfused_deposition(chamber, 0.2, 20.0)
    assert found.mean_velocity_um_per_min == pytest.approx(20.0, rel=0.01)


def test_settling_adds_and_rising_takes_away_under_flow() -> None:
    chamber = Perfusion(1e4, 100.0, 1e4)
    rising, neutral, falling = (perfused_deposition(chamber, 300.0, v).delivered_fraction for v in (-5.0, 0.0, 5.0))
    assert rising < neutral < falling


def test_slow_adhesion_limits_deposition_under_flow() -> None:
    chamber = Perfusion(1000.0, 100.0, 1e5)
    found = perfused_deposition(chamber, 300.0, 0.0, floor=Floor(0.1))
    assert found.mean_velocity_um_per_min == pytest.approx(0.1, rel=0.01)
