"""How far steps of transport are from what they stand for: the solver's error inside a step, and the steps' over a day."""

from __future__ import annotations

import numpy as np
import pytest
from tests.cases.plain_chips import oblique_flow

from coculture.chip.transport import stepping
from coculture.chip.transport.schedule import Schedule
from coculture.chip.transport.settings import TransportSettings
from coculture.chip.transport.solute import Solute
from coculture.chip.transport.transport import Transport

TOLERANCE = 2.5e-3
SOLUTES = [
    Solute("oxygen", 180_000.0),
    Solute("drug", 30_000.0, 1e-3),
    Solute("antibody", 2400.0),
    Solute("ligand", 6000.0, 0.01),
]
HIGHEST = np.array([200.0, 1.0, 0.1, 1.0])
"""That enters, µM."""


def dosed(tolerance: float, **more: float) -> Transport:
    """Return a chip with a slow oblique flow: constant medium, two drugs in pulses, a ramp; nothing but oxygen is in it."""
    flow = oblique_flow(28, 40.0, 60.0, 0.6)
    clean = {"oxygen": 200.0, "drug": 0.0, "antibody": 0.0, "ligand": 0.0}
    doses = clean | {
        "drug": Schedule.pulses(480.0, 60.0, 3, 1.0),
        "antibody": Schedule.steps([0.0, 360.0], [0.1, 0.0]),
        "ligand": Schedule.ramp(0.0, 1440.0, 0.0, 1.0),
    }
    settings = TransportSettings(tolerance=tolerance, **more)  # type: ignore[arg-type]
    inlets = {"low": doses, "high": clean}
    return Transport(flow.grid, flow, SOLUTES, inlets, start_um={"oxygen": 200.0}, settings=settings)


def test_a_day_of_doses_is_within_half_a_percent_of_steps_sixteen_times_finer():
    """The error of a step goes with its third power; root mean square over the cells, as a share of the highest that enters."""
    ours, finer = dosed(TOLERANCE), dosed(TOLERANCE / 16**3)
    worst = np.zeros(len(SOLUTES))
    for look in (30.0, 120.0, 420.0, 490.0, 600.0, 1000.0, 1440.0):
        for one in (ours, finer):
            one.advance(look - one.time_min)
        found, exact = ours.state.cells_um, finer.state.cells_um
        worst = np.maximum(worst, np.sqrt(((found - exact) ** 2).mean(axis=1)) / HIGHEST)
    assert worst.max() < 0.005
    assert worst.max() > 1e-5, "the two differ"
    assert all(abs(account.relative_residual) < 1e-10 for account in ours.ledger.values())


def test_the_solver_errs_no_more_than_a_tenth_of_what_a_step_may(monkeypatch: pytest.MonkeyPatch):
    """One step of the given length, with the solver's share and with one a thousand times smaller."""

    def after_one_step(share: float) -> np.ndarray:
        monkeypatch.setattr(stepping, "SOLVER_SHARE", share)
        one = dosed(0.09, first_step_min=4.0, longest_step_min=4.0)
        one.state.next_step_min[:] = 4.0
        one.advance(4.0)
        return one.state.cells_um.copy()

    allowed = 0.09 * HIGHEST
    share = stepping.SOLVER_SHARE
    loose, tight = after_one_step(share), after_one_step(1e-3 * share)
    error = np.abs(loose - tight).max(axis=1)
    assert (error <= share * allowed).all()
    assert error.max() > 0.0, "the share decides when the solver stops"
