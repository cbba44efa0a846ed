"""Binding laws: what cannot be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from coculture.compounds.binding.antagonist_fit import antagonised_response, fit_antagonist
from coculture.compounds.binding.capture import lawn_capture_um_per_min, self_capture_probability, trapping_length_um
from coculture.compounds.binding.cheng_prusoff import cheng_prusoff, leff_dougall
from coculture.compounds.binding.occupancy import association, gaddum_occupancy, occupancy
from coculture.compounds.binding.schild import dose_ratio, fit_schild
from coculture.errors import DataError, InputError

DOSES = np.array([0.1, 1.0, 10.0, 100.0] * 2)
BLOCKED = np.repeat([0.0, 10.0], 4)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: occupancy(-1.0, 1.0), r"concentration: must be finite and not negative"),
        (lambda: occupancy(1.0, 0.0), r"dissociation: must be a finite number above 0, found 0"),
        (lambda: association(-1.0, 1.0, 1.0, 1.0), r"time: must be finite and not negative"),
        (lambda: association(1.0, 1.0, 1.0, 1.0, start=2.0), r"start: .* at most 1"),
        (lambda: gaddum_occupancy(1.0, 1.0, np.inf, 1.0), r"antagonist: must be finite"),
        (lambda: dose_ratio(1.0, -1.0), r"antagonist_dissociation: .* above 0"),
        (lambda: cheng_prusoff(0.0, 1.0, 1.0), r"ic50: .* above 0"),
        (lambda: leff_dougall(1.0, 0.0, 1.0, 1.0), r"agonist: .* above 0"),
        (lambda: fit_schild([1.0, 2.0], [2.0]), r"2 concentrations and 1 dose ratios"),
        (lambda: fit_schild([0.0, 1.0, 2.0], [2.0, 3.0, 4.0]), r"a concentration is not above 0\n.*without antagonist"),
        (
            lambda: fit_schild([1.0, 2.0, 3.0], [0.9, 2.0, 3.0]),
            r"a dose ratio is 0.9: log\(DR − 1\) does not exist\n.*fit_antagonist",
        ),
        (lambda: antagonised_response(1.0, 1.0, bottom=0, top=1, ec50=0, hill_slope=1, dissociation=1), r"ec50: .* above 0"),
        (lambda: fit_antagonist([1.0], [1.0], [1.0, 2.0]), r"1 agonist, 1 antagonist, 2 responses"),
        (lambda: fit_antagonist(DOSES, BLOCKED, np.full(8, np.nan)), r"a response is not a finite number"),
        (lambda: trapping_length_um(1.0, 0.0), r"capture_um_per_min: .*\n.*no trapping length"),
        (lambda: lawn_capture_um_per_min(1.0, 1.0, -1.0), r"cells_per_cm2: .* at least 0"),
        (lambda: self_capture_probability(1.0, 0.0, 1.0, 1.0), r"radius_um: .* above 0"),
    ],
)
def test_refused(ask: Callable[[], Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ask()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: fit_schild([1.0, 2.0], [2.0, 3.0]), r"2 points do not make a Schild line"),
        (lambda: fit_antagonist(DOSES[:4], BLOCKED[:4], np.arange(4.0)), r"4 measurements cannot fix 5 parameters"),
        (lambda: fit_antagonist(DOSES, np.zeros(8), np.arange(8.0)), r"KB needs curves of three agonist concentrations"),
        (lambda: fit_antagonist(DOSES, BLOCKED, np.ones(8)), r"all responses are equal"),
    ],
)
def test_not_enough(ask: Callable[[], Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        ask()


def test_an_antagonist_that_does_nothing_pins_no_kb() -> None:
    agonist = np.tile(np.logspace(-2, 2, 9), 2)
    antagonist = np.repeat([0.0, 1e-9], 9)
    response = antagonised_response(agonist, 0.0, bottom=0, top=100, ec50=1, hill_slope=1, dissociation=1)
    with pytest.raises(DataError, match="the measurements do not pin KB"):
        fit_antagonist(agonist, antagonist, response)


def test_without_rates_nothing_changes() -> None:
    assert association([0.0, 5.0], 0.0, 1.0, 0.0, start=0.4) == pytest.approx([0.4, 0.4])
