"""The four doses of a carrier against closed forms, balances and limits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coculture.compounds.carrier import Carrier, Uptake
from coculture.compounds.carrier_dose import CarrierDose, CellsDosed, carrier_dose
from coculture.compounds.citation import Cited, Source
from coculture.compounds.library import find
from coculture.compounds.naming import Names
from coculture.compounds.release.base import ReleaseLaw
from coculture.compounds.release.fickian_sphere import FickianSphereRelease
from coculture.compounds.release.first_order import FirstOrderRelease
from coculture.compounds.release.weibull import WeibullRelease
from coculture.errors import InputError

HERE = Source("here", "Chosen by us: for a test", "assumed")
TIMES = np.array([0.0, 1.0, 30.0, 240.0, 1440.0, 4320.0])
CELLS = CellsDosed(number=1e4)


def number(value: float) -> Cited:
    return Cited(value, HERE)


def carrier(rate: float = 0.01, loss: float = 0.0, most: float | None = None, release: ReleaseLaw | None = None) -> Carrier:
    return Carrier(
        Names("sphere"),
        "curcumin",
        number(100),
        number(1.2),
        number(100),
        release or FirstOrderRelease(0.3),
        HERE,
        Uptake(number(rate), number(loss), None if most is None else number(most)),
    )


def dosed(one: Carrier, cells: CellsDosed = CELLS, fraction: object = 0.5, mass_ug: float = 2.0) -> CarrierDose:
    return carrier_dose(one, mass_ug, cells, TIMES, fraction)  # type: ignore[arg-type]


def test_mass_and_load_of_one_carrier() -> None:
    one = carrier()
    assert one.mass_pg == pytest.approx(1.2 * math.pi / 6 * 0.1**3)
    assert one.drug_per_carrier_pg == pytest.approx(0.1 * one.mass_pg)
    assert one.drug_ug_per_ml(50) == pytest.approx(5)
    assert one.carriers_per_ml(1) * one.mass_pg == pytest.approx(1e6)


def test_uptake_of_what_lies_on_the_cells_is_exponential() -> None:
    """All delivered at once, nothing lost: S = A F e^{−kt}, I = A F (1 − e^{−kt})."""
    found = dosed(carrier())
    load = 2.0 * 1e6 * 0.1 / 1e4
    assert found.administered == pytest.approx(load)
    assert found.delivered == pytest.approx(load / 2)
    assert found.at_surface == pytest.approx(load / 2 * np.exp(-0.01 * TIMES))
    released = -np.expm1(-0.3 / 60 * TIMES)
    assert found.released == pytest.approx(load * released)
    inside = load / 2 * -np.expm1(-0.01 * TIMES)
    assert found.inside_carried == pytest.approx(inside * (1 - released))
    assert found.carriers_inside == pytest.approx(inside / carrier().drug_per_carrier_pg)


@pytest.mark.parametrize("lost", [0.0, 0.002, 0.2])
def test_free_drug_inside_is_the_convolution(lost: float) -> None:
    """D = A F r ∫ (1 − e^{−ks}) e^{−rs} e^{−e(t−s)} ds for first-order release at rate r."""
    k, r, load = 0.01, 0.3 / 60, 2.0 * 1e6 * 0.1 / 1e4 / 2
    found = dosed(carrier(), CellsDosed(1e4, drug_lost_per_min=lost))
    first = (np.exp(-r * TIMES) - np.exp(-lost * TIMES)) / (lost - r)
    second = (np.exp(-(r + k) * TIMES) - np.exp(-lost * TIMES)) / (lost - r - k)
    assert found.inside_free == pytest.approx(load * r * (first - second), rel=2e-4, abs=1e-5 * load)


def test_uptake_and_loss_are_batemans() -> None:
    k, loss = 0.01, 0.003
    found = dosed(carrier(k, loss))
    load = 2.0 * 1e6 * 0.1 / 1e4 / 2
    inside = load * k / (loss - k) * (np.exp(-k * TIMES) - np.exp(-loss * TIMES))
    assert found.carriers_inside * carrier().drug_per_carrier_pg == pytest.approx(inside)
    same = dosed(carrier(k, k))
    assert same.carriers_inside * carrier().drug_per_carrier_pg == pytest.approx(load * k * TIMES * np.exp(-k * TIMES))


def test_a_steady_delivery_is_solved_exactly() -> None:
    """F rising linearly to 1 at the end: S = (A/T)(1 − e^{−kt})/k, I = A t/T − S."""
    found = dosed(carrier(), fraction=TIMES / TIMES[-1])
    load = 2.0 * 1e6 * 0.1 / 1e4
    surface = load / TIMES[-1] * -np.expm1(-0.01 * TIMES) / 0.01
    assert found.at_surface == pytest.approx(surface)
    assert found.carriers_inside * carrier().drug_per_carrier_pg == pytest.approx(load * TIMES / TIMES[-1] - surface)


def test_what_was_delivered_is_on_the_cells_in_them_or_set_free() -> None:
    for law in (FirstOrderRelease(0.3), WeibullRelease(20, 0.5), FickianSphereRelease(50, 1e-7)):
        found = dosed(carrier(release=law), fraction=np.sqrt(TIMES / TIMES[-1]))
        inside = found.carriers_inside * carrier().drug_per_carrier_pg
        assert found.at_surface + inside == pytest.approx(found.delivered)
        assert (found.intracellular <= inside * (1 + 1e-9)).all()
        assert (found.released <= found.administered * (1 + 1e-12)).all()


def test_division_dilutes_by_half_each_doubling() -> None:
    still, dividing = dosed(carrier()), dosed(carrier(), CellsDosed(1e4, doubling_h=24))
    shrunk = 2.0 ** -(TIMES / 1440)
    for name, values in still.table().items():
        if name != "t_min":
            assert dividing.table()[name] == pytest.approx(values * shrunk)


def test_a_limit_that_is_never_reached_changes_nothing() -> None:
    free, limited = dosed(carrier()), dosed(carrier(most=1e12))
    assert limited.intracellular == pytest.approx(free.intracellular, rel=1e-5, abs=1e-9)
    assert limited.at_surface == pytest.approx(free.at_surface, rel=1e-4, abs=1e-6)


def test_cells_fill_up_to_their_limit_and_no_further() -> None:
    found = dosed(carrier(most=500))
    assert found.carriers_inside[-1] == pytest.approx(500, rel=1e-3)
    assert (found.carriers_inside <= 500 * (1 + 1e-6)).all()
    inside = found.carriers_inside * carrier().drug_per_carrier_pg
    assert found.at_surface + inside == pytest.approx(found.delivered, rel=1e-6)


def test_release_that_begins_infinitely_fast_is_followed() -> None:
    """With all carriers inside at once, free drug is the law itself, whatever its slope at time 0."""
    law = WeibullRelease(20, 0.4)
    found = dosed(carrier(rate=1e4, release=law), fraction=1.0)
    load = found.administered[0]
    assert found.inside_free[2:] == pytest.approx(load * law.released(TIMES)[2:], rel=0.02)


def test_the_librarys_carriers_can_be_dosed() -> None:
    for name in ("doxorubicin liposome", "姜黄素PLGA纳米粒"):
        one = find(name)
        assert isinstance(one, Carrier)
        found = carrier_dose(one, 1.0, CellsDosed(1e4, 24, 0.01), TIMES, 0.3)
        assert found.delivered * CellsDosed(1, 24).count(TIMES) == pytest.approx(0.3 * found.administered[0])
        for column in found.table().values():
            assert bool(np.isfinite(column).all())


@pytest.mark.parametrize(
    ("minutes", "fraction", "fault"),
    [
        ([1.0, 1.0], 0.5, "the times do not rise"),
        ([], 0.5, "the times do not rise"),
        ([-1.0, 1.0], 0.5, "must be finite and not negative"),
        ([0.0, 1.0], [0.5], "2 times and 1 fractions"),
        ([0.0, 1.0], [0.5, 0.4], "above 1 or falls"),
        ([0.0, 1.0], 1.2, "above 1 or falls"),
    ],
)
def test_what_cannot_be_delivered_is_refused(minutes: list[float], fraction: object, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        carrier_dose(carrier(), 1.0, CELLS, minutes, fraction)  # type: ignore[arg-type]


def test_cells_that_cannot_be() -> None:
    with pytest.raises(InputError, match="number"):
        CellsDosed(0)
    with pytest.raises(InputError, match="the cells double in 0 h"):
        CellsDosed(10, doubling_h=0)
