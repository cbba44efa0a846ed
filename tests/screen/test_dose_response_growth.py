"""Growth: GI50 and its sisters, GR metrics, DIP rate."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.errors import DataError, InputError
from coculture.screen.dose_response.dip_rate import dip_rate
from coculture.screen.dose_response.effective_dose import EffectiveDose
from coculture.screen.dose_response.fitted_curve import fitted_curve
from coculture.screen.dose_response.growth_inhibition import growth_inhibition, percent_growth
from coculture.screen.dose_response.growth_rate import gr_value, growth_rate_metrics

DOSES = np.repeat([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0], 3)
RNG = np.random.default_rng(0)


def test_percent_growth_by_hand() -> None:
    assert percent_growth([400, 250, 100, 50, 0], 400, 100) == pytest.approx([100, 50, 0, -50, -100])
    with pytest.raises(InputError, match=r"went from 100 to 90: they did not grow"):
        percent_growth([1.0], 90, 100)


def test_doses_of_growth_inhibition() -> None:
    """Percent growth 100 - 190 f with f = d/(1 + d): crosses 50, 0, -50 at f = 50/190, 100/190, 150/190."""
    y = 100 - 190 * DOSES / (1 + DOSES) + RNG.normal(0, 0.5, DOSES.size)
    found = growth_inhibition(fitted_curve(DOSES, y))
    assert [found.gi50.dose, found.tgi.dose, found.lc50.dose] == pytest.approx([50 / 140, 100 / 90, 150 / 40], rel=0.03)
    assert abs(found.tgi.dose - 100 / 90) < 4 * found.tgi.standard_error
    weak = growth_inhibition(fitted_curve(DOSES, 100 - 70 * DOSES / (1 + DOSES) + RNG.normal(0, 0.5, DOSES.size)))
    assert weak.gi50.dose == pytest.approx(50 / 20, rel=0.05)
    assert (weak.tgi.text, weak.lc50.text) == ("not reached", "not reached")


def test_gr_values_by_hand() -> None:
    assert gr_value([400.0, 200.0, 100.0, 50.0, 0.0], 400, 100) == pytest.approx([1, np.sqrt(2) - 1, 0, 2**-0.5 - 1, -1])
    with pytest.raises(InputError, match="did not grow"):
        gr_value([1.0], 100, 100)
    with pytest.raises(InputError, match="a count is negative: -3"):
        gr_value([-3.0], 200, 100)


def test_gr_does_not_depend_on_the_division_rate() -> None:
    """A drug that halves the growth rate has the same GR in slow and fast cells; relative viability has not."""
    for doublings in (1.0, 4.0):
        assert gr_value(100 * 2 ** (doublings / 2), 100 * 2**doublings, 100) == pytest.approx(np.sqrt(2) - 1)


def test_gr_metrics() -> None:
    gr = -0.4 + 1.4 / (1 + (DOSES / 0.5) ** 1.5)
    found = growth_rate_metrics(DOSES, gr + RNG.normal(0, 0.01, DOSES.size))
    assert isinstance(found.gr50, EffectiveDose)
    assert found.gec50 is not None
    assert found.gec50.dose == pytest.approx(0.5, rel=0.05)
    assert found.gr50.dose == pytest.approx(0.5 * (0.5 / 0.9) ** (1 / 1.5), rel=0.05)
    assert (found.gr_inf, found.h) == pytest.approx((-0.4, 1.5), abs=0.06)
    assert found.gr_max == pytest.approx(-0.4, abs=0.03)
    assert found.gr_aoc == pytest.approx(np.trapezoid(1 - gr[::3], np.log(DOSES[::3])) / np.log(3000), abs=0.01)


def test_gr_metrics_without_effect() -> None:
    found = growth_rate_metrics(DOSES, 1 + np.random.default_rng(3).normal(0, 0.05, DOSES.size))
    assert (found.gr50, found.gec50) == (np.inf, None)
    assert np.isnan(found.h)
    assert found.gr_inf == pytest.approx(1, abs=0.05)
    killed = growth_rate_metrics(DOSES, -0.5 + np.random.default_rng(3).normal(0, 0.05, DOSES.size))
    assert killed.gr50 == 0.0


def test_dip_rate_leaves_the_delay_out() -> None:
    time = np.arange(0.0, 72.0, 4.0)
    truth = np.where(time < 20, 0.04 * time, 0.8 - 0.02 * (time - 20))
    found = dip_rate(time, 1000 * 2 ** (truth + np.random.default_rng(1).normal(0, 0.01, time.size)))
    assert found.rate == pytest.approx(-0.02, rel=0.1)
    assert found.low < -0.02 < found.high
    assert 12 <= found.delay <= 28
    assert found.steady


def test_dip_rate_of_a_straight_line_is_exact() -> None:
    found = dip_rate(np.arange(6.0), 100 * 2.0 ** (0.5 * np.arange(6.0)))
    assert (found.rate, found.delay, found.n_points) == (pytest.approx(0.5), 0.0, 6)


def test_dip_rate_says_where_nothing_is_steady() -> None:
    time = np.arange(8.0)
    found = dip_rate(time, 2.0 ** (time**2))
    assert not found.steady
    assert found.n_points == 5


def test_faults_of_a_dip_rate_are_named() -> None:
    with pytest.raises(InputError, match="are no series"):
        dip_rate([0.0, 2.0, 1.0], [1.0, 2.0, 3.0])
    with pytest.raises(InputError, match="a count is not above 0"):
        dip_rate(np.arange(6.0), [1.0, 2.0, 3.0, 2.0, 1.0, 0.0])
    with pytest.raises(DataError, match="a DIP rate needs 5"):
        dip_rate([0.0, 1.0, 2.0], [1.0, 2.0, 3.0])
