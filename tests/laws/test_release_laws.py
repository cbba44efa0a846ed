"""Laws of release: the five laws' published values, and what holds for each of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coculture.compounds.release.base import ReleaseLaw, ReleaseWarning
from coculture.compounds.release.fickian_sphere import FickianSphereRelease
from coculture.compounds.release.first_order import FirstOrderRelease
from coculture.compounds.release.higuchi import HiguchiRelease
from coculture.compounds.release.korsmeyer_peppas import KorsmeyerPeppasRelease
from coculture.compounds.release.weibull import WeibullRelease

HOURS = np.array([60.0, 240.0, 1440.0])
SPHERE = FickianSphereRelease(radius_nm=50, diffusion_um2_per_min=6e-7)
LAWS: list[ReleaseLaw] = [
    FirstOrderRelease(0.1),
    HiguchiRelease(0.15),
    KorsmeyerPeppasRelease(0.12, 0.43),
    WeibullRelease(8.0, 0.7),
    SPHERE,
]


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (FirstOrderRelease(0.1), [0.095163, 0.329680, 0.909282]),
        (KorsmeyerPeppasRelease(0.12, 0.43, "sphere"), [0.12, 0.217805, 0.470622]),
        (WeibullRelease(8.0, 0.7), [0.208051, 0.459668, 0.884406]),
        (SPHERE, [0.363017, 0.639633, 0.979932]),
    ],
)
def test_published_fractions(law: ReleaseLaw, expected: list[float]) -> None:
    assert law.released(HOURS) == pytest.approx(np.array(expected), abs=1e-6)


def test_published_fractions_of_higuchi_come_with_a_warning_beyond_sixty_percent() -> None:
    law = HiguchiRelease(0.15)
    assert law.released(HOURS[:2]) == pytest.approx([0.15, 0.30], abs=1e-6)
    with pytest.warns(ReleaseWarning, match=r"first 60 % of the release, here up to 960 min; it was asked for 73\.5 %"):
        assert law.released(HOURS[2]) == pytest.approx(0.734847, abs=1e-6)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_nothing_is_out_at_first_and_release_only_grows(law: ReleaseLaw) -> None:
    until = min(law.valid_until_min(), 1e4)
    fraction = law.released(np.linspace(0, until * (1 - 1e-9), 400))
    assert fraction[0] == 0
    assert bool((np.diff(fraction) >= 0).all())
    assert fraction[-1] <= 1


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
@settings(max_examples=25, deadline=None)
@given(fraction=st.floats(1e-4, 0.5999))
def test_the_time_of_a_fraction_inverts_the_law(law: ReleaseLaw, fraction: float) -> None:
    assert law.released(law.minutes_until(fraction)) == pytest.approx(fraction, rel=1e-7)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_parts_add_up(law: ReleaseLaw) -> None:
    whole = law.released_between(0, 300)
    assert law.released_between(0, 100) + law.released_between(100, 300) == pytest.approx(whole, rel=1e-12)


def test_both_forms_of_the_sphere_meet() -> None:
    """A thousand terms of the late form against what is used, across the switch."""
    tau = np.array([1e-4, 1e-3, 0.049999, 0.05, 0.050001, 0.3])
    n = np.arange(1, 1001)[:, None]
    slow = 1 - 6 / np.pi**2 * (np.exp(-((n * np.pi) ** 2) * tau) / n**2).sum(axis=0)
    assert SPHERE.released(tau * 0.05**2 / 6e-7) == pytest.approx(slow, abs=1e-12)


def test_a_small_sphere_time_follows_the_square_root() -> None:
    tau = 1e-12
    assert SPHERE.released(tau * 0.05**2 / 6e-7) == pytest.approx(6 * np.sqrt(tau / np.pi), rel=1e-5)


def test_weibull_with_shape_one_is_first_order() -> None:
    times = np.linspace(0, 3000, 50)
    assert WeibullRelease(10.0, 1.0).released(times) == pytest.approx(FirstOrderRelease(0.1).released(times), rel=1e-14)


def test_power_law_of_a_film_with_exponent_half_is_higuchi() -> None:
    times = np.linspace(0, 900, 50)
    film = KorsmeyerPeppasRelease(0.15, 0.5, "film")
    assert film.released(times) == pytest.approx(HiguchiRelease(0.15).released(times), rel=1e-14)


def test_a_sphere_is_the_power_law_of_its_shape_in_the_middle_of_its_first_part() -> None:
    """Exponent 0.43 is the slope that a Fickian sphere shows on logarithmic axes over 15 to 60 % (Ritger & Peppas 1987)."""
    share = np.linspace(0.15, 0.6, 40)
    times = np.array([SPHERE.minutes_until(float(f)) for f in share])
    slope = np.polyfit(np.log(times), np.log(share), 1)[0]
    assert slope == pytest.approx(0.43, abs=0.015)
