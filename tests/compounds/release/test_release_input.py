"""Release laws: what is refused, what is warned of, and what an exponent says."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coculture.compounds.release.base import ReleaseWarning
from coculture.compounds.release.fickian_sphere import FickianSphereRelease
from coculture.compounds.release.first_order import FirstOrderRelease
from coculture.compounds.release.higuchi import HiguchiRelease, higuchi_rate_per_root_h
from coculture.compounds.release.korsmeyer_peppas import KorsmeyerPeppasRelease
from coculture.compounds.release.weibull import WeibullRelease
from coculture.errors import InputError


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: FirstOrderRelease(0), r"rate_per_h: must be a finite number above 0, found 0"),
        (lambda: HiguchiRelease(-0.1), r"rate_per_root_h: .* found -0.1"),
        (lambda: KorsmeyerPeppasRelease(0.1, 0.3), r"exponent: .* at least 0.43 and at most 0.85, found 0.3\n.*Weibull"),
        (lambda: KorsmeyerPeppasRelease(0.1, 0.9, "cylinder"), r"exponent: .* at most 0.89, found 0.9\n.*a cylinder has 0.45"),
        (lambda: KorsmeyerPeppasRelease(0.1, 0.5, "cube"), r"no shape 'cube'\n.*film, cylinder, sphere"),  # type: ignore[arg-type]
        (lambda: KorsmeyerPeppasRelease(0, 0.5), r"rate_per_h_to_n: .* above 0"),
        (lambda: WeibullRelease(0, 1), r"scale_h: .* above 0"),
        (lambda: WeibullRelease(1, math.inf), r"shape: .* found inf"),
        (lambda: FickianSphereRelease(0, 1), r"radius_nm: .* above 0"),
        (lambda: FickianSphereRelease(50, 0), r"diffusion_um2_per_min: .*\n.*1e-20 m²/s is 6e-7 µm²/min"),
        (lambda: FirstOrderRelease(1).released([-1.0]), r"minutes: a time is negative or not a number"),
        (lambda: FirstOrderRelease(1).released(math.nan), r"minutes: a time is negative or not a number"),
        (lambda: FirstOrderRelease(1).released_between(2, 1), r"end_min: the end 1 min lies before the start 2 min"),
        (lambda: FirstOrderRelease(1).minutes_until(1.2), r"fraction: .* at most 1, found 1.2"),
        (
            lambda: higuchi_rate_per_root_h(1e-9, 10, 20, 0.1),
            r"solubility_mg_per_cm3: .* at most 10, found 20\n.*more drug than dissolves",
        ),
    ],
)
def test_refused(ask: Callable[[], Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask()


def test_an_emptied_carrier_stays_empty() -> None:
    with pytest.warns(ReleaseWarning, match="it was asked for 100 %"):
        assert HiguchiRelease(0.5).released([0.0, 240.0, 1e5]) == pytest.approx([0.0, 1.0, 1.0])
    with pytest.warns(ReleaseWarning, match="the Korsmeyer-Peppas law"):
        assert KorsmeyerPeppasRelease(0.5, 0.43).released(6000.0) == 1.0


def test_mechanism_by_exponent() -> None:
    assert KorsmeyerPeppasRelease(0.1, 0.43).mechanism == "diffusion"
    assert KorsmeyerPeppasRelease(0.1, 0.85).mechanism == "swelling"
    assert KorsmeyerPeppasRelease(0.1, 0.6).mechanism == "diffusion and swelling"


def test_validity_times() -> None:
    assert HiguchiRelease(0.15).valid_until_min() == pytest.approx(960.0)
    assert math.isinf(WeibullRelease(8, 0.7).valid_until_min())
    for law in (FirstOrderRelease(0.1), WeibullRelease(8, 0.7), FickianSphereRelease(50, 6e-7)):
        assert math.isinf(law.minutes_until(1.0))
        assert law.minutes_until(0.0) == 0.0


def test_shapes_of_times_are_kept() -> None:
    times = np.arange(6.0).reshape(2, 3)
    for law in (FirstOrderRelease(0.1), FickianSphereRelease(50, 6e-7)):
        assert law.released(times).shape == (2, 3)
        assert np.shape(law.released(5.0)) == ()


def test_higuchi_rate_from_the_slab() -> None:
    per_area = np.sqrt(1e-9 * (2 * 50 - 5) * 5 * 3600)  # mg/cm² in the first hour
    assert higuchi_rate_per_root_h(1e-9, 50, 5, 0.1) == pytest.approx(per_area / (50 * 0.1))
