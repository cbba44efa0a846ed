"""Laws of binding: textbook values, limits, and constants that come back from simulated data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from coculture.compounds.binding.antagonist_fit import antagonised_response, fit_antagonist
from coculture.compounds.binding.capture import (
    diffusive_capture_um3_per_min,
    lawn_capture_um_per_min,
    receptor_capture_um3_per_min,
    self_capture_probability,
    trapping_length_um,
)
from coculture.compounds.binding.cheng_prusoff import cheng_prusoff, leff_dougall
from coculture.compounds.binding.occupancy import association, gaddum_occupancy, occupancy
from coculture.compounds.binding.schild import dose_ratio, fit_schild
from coculture.randomness import stream


def test_textbook_values() -> None:
    assert occupancy(10.0, 5.0) == pytest.approx(10 / 15, rel=1e-9)
    exact = 1e5 * 1e-8 / (1e5 * 1e-8 + 1e-3) * -np.expm1(-(1e5 * 1e-8 + 1e-3) * 60)
    assert association(60.0, 10e-9, 1e5, 1e-3) == pytest.approx(exact, rel=1e-9)
    assert association(60.0, 10e-9, 1e5, 1e-3) == pytest.approx(0.0565398, abs=5e-8)
    assert gaddum_occupancy(100.0, 50.0, 30.0, 10.0) == pytest.approx(1 / 3, rel=1e-9)
    assert dose_ratio(30.0, 10.0) == pytest.approx(4.0, rel=1e-9)
    assert cheng_prusoff(120.0, 20.0, 10.0) == pytest.approx(40.0, rel=1e-9)


def test_association_solves_its_equation_and_ends_in_balance() -> None:
    times = np.linspace(0, 500, 11)

    def rate(_: float, bound: np.ndarray) -> np.ndarray:
        return 0.01 * 2.0 * (1 - bound) - 0.03 * bound

    solved = solve_ivp(rate, (0, 500), [0.9], t_eval=times, rtol=1e-10, atol=1e-12)
    assert association(times, 2.0, 0.01, 0.03, start=0.9) == pytest.approx(solved.y[0], abs=1e-8)
    assert association(1e6, 2.0, 0.01, 0.03) == pytest.approx(float(occupancy(2.0, 3.0)), rel=1e-12)


def test_an_antagonist_shifts_the_curve_by_the_dose_ratio() -> None:
    agonist = np.logspace(-1, 4, 30)
    shifted = gaddum_occupancy(agonist * dose_ratio(30.0, 10.0), 50.0, 30.0, 10.0)
    assert shifted == pytest.approx(occupancy(agonist, 50.0), rel=1e-12)


def test_schild_line_has_slope_one_and_crosses_at_kb() -> None:
    antagonist = np.array([3e-9, 1e-8, 3e-8, 1e-7])
    line = fit_schild(antagonist, dose_ratio(antagonist, 1e-8))
    assert line.slope == pytest.approx(1.0, rel=1e-9)
    assert line.pa2 == pytest.approx(8.0, rel=1e-9)
    assert line.pkb == pytest.approx(8.0, rel=1e-9)
    assert line.slope_low <= line.slope <= line.slope_high


def test_leff_dougall_is_cheng_prusoff_at_hill_slope_one() -> None:
    assert leff_dougall(120.0, 20.0, 10.0, 1.0) == pytest.approx(cheng_prusoff(120.0, 20.0, 10.0), rel=1e-12)


def test_leff_dougall_gets_kb_back_from_an_inhibition_curve() -> None:
    kb, ec50, slope, agonist = 7.0, 2.0, 1.8, 5.0
    full = float(antagonised_response(agonist, 0.0, bottom=0, top=1, ec50=ec50, hill_slope=slope, dissociation=kb))
    low, high = 1e-6, 1e6
    for _ in range(200):
        middle = np.sqrt(low * high)
        seen = float(antagonised_response(agonist, middle, bottom=0, top=1, ec50=ec50, hill_slope=slope, dissociation=kb))
        low, high = (middle, high) if seen > full / 2 else (low, middle)
    assert leff_dougall(low, agonist, ec50, slope) == pytest.approx(kb, rel=1e-9)


def curves(kb: float, noise: float, seed: int, schild_slope: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return agonist, antagonist, response of five full curves, four wells a dose."""
    doses = np.repeat(np.logspace(-2, 4, 13), 4)
    agonist, antagonist = (part.ravel() for part in np.meshgrid(doses, [0.0, 3.0, 10.0, 30.0, 100.0]))
    clean = antagonised_response(
        agonist, antagonist, bottom=5, top=95, ec50=3.0, hill_slope=1.2, dissociation=kb, schild_slope=schild_slope
    )
    return agonist, antagonist, clean + stream(seed, "noise").normal(0, noise, clean.shape)


def test_kb_comes_back_within_one_percent() -> None:
    fit = fit_antagonist(*curves(10.0, noise=0.0, seed=1))
    assert fit.dissociation == pytest.approx(10.0, rel=1e-6)
    assert (fit.ec50, fit.hill_slope, fit.bottom, fit.top) == pytest.approx((3.0, 1.2, 5.0, 95.0), rel=1e-6)
    noisy = fit_antagonist(*curves(10.0, noise=0.5, seed=1))
    assert noisy.dissociation == pytest.approx(10.0, rel=0.01)
    assert noisy.dissociation_low < 10.0 < noisy.dissociation_high


def test_limits_of_kb_cover_as_often_as_they_say() -> None:
    inside = 0
    for seed in range(40):
        fit = fit_antagonist(*curves(10.0, noise=4.0, seed=seed))
        inside += fit.dissociation_low < 10.0 < fit.dissociation_high
    assert inside >= 34  # 95 % of 40 is 38; fewer than 34 has a probability below 0.002


def test_a_free_schild_slope_comes_back() -> None:
    fit = fit_antagonist(*curves(10.0, noise=0.0, seed=1, schild_slope=1.4), free_schild_slope=True)
    assert fit.schild_slope == pytest.approx(1.4, rel=1e-6)
    assert fit.dissociation == pytest.approx(10.0, rel=1e-6)


def test_capture_by_one_cell_and_by_a_lawn() -> None:
    """kon = 1e6 /M/s is 60 /(µM min); D = 1e-10 m²/s is 6000 µm²/min; 1 m³/s is 6e19 µm³/min."""
    assert diffusive_capture_um3_per_min(6000.0, 10.0) / 6e19 == pytest.approx(1.256637e-14, rel=1e-6)
    assert receptor_capture_um3_per_min(60.0, 1e4) / 6e19 == pytest.approx(1.660578e-17, rel=1e-5)
    assert self_capture_probability(6000.0, 10.0, 60.0, 1e4) == pytest.approx(0.00131970, rel=1e-4)
    velocity = lawn_capture_um_per_min(60.0, 1e4, 1e5)
    assert velocity / 6e7 == pytest.approx(1.660578e-8, rel=1e-5)  # 1 m/s is 6e7 µm/min
    assert trapping_length_um(6000.0, velocity) == pytest.approx(6022.0, rel=1e-4)
