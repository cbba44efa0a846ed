"""The exact comparisons of the PerMedCoE community benchmark; ``examples/permedcoe`` runs all of it."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest

CASES = Path(__file__).resolve().parents[2] / "examples" / "permedcoe"


@pytest.fixture(scope="module")
def found():
    """Run a case once; return its findings in their order."""
    sys.path.insert(0, str(CASES))
    kept = {}

    def run(name: str, **settings: float) -> list:
        if name not in kept:
            kept[name] = importlib.import_module(f"cases.{name}").run(**settings)
        return kept[name]

    yield run
    sys.path.remove(str(CASES))


def test_fixed_cycle(found):
    first, second, cells, off = found("cell_cycle_fixed")
    assert first.ours == pytest.approx(18.0, abs=0.01)
    assert second.ours == pytest.approx(36.0, abs=0.01)
    assert cells.ours == 4
    assert off.ours < 1.5, "a tick of 6 min of growth"


def test_stochastic_cycle(found):
    mean, spread, divided = found("cell_cycle_stochastic")
    assert mean.ours == pytest.approx(18.0, abs=4 * 0.05)
    assert spread.ours == pytest.approx(spread.right, rel=0.14)
    assert divided.ours == 400


def test_one_sink(found):
    steady, early, *cubes = found("diffusion_one_sink")
    assert steady.ours == pytest.approx(steady.right, rel=1e-6)
    assert early.ours < 0.02
    errors = [abs(one.ours - one.right) for one in cubes]
    assert errors[0] > 5 * errors[1] > 10 * errors[2], "toward the Fourier series, by the second power of the voxel"


def test_many_sinks(found):
    mean, consumed, share, balance, lowest = found("diffusion_many_sinks")
    assert mean.ours == pytest.approx(mean.right, rel=2e-3)
    assert consumed.ours == pytest.approx(consumed.right, rel=2e-3)
    assert 0.5 < share.ours < 1.0
    assert abs(balance.ours) < 1e-10
    assert lowest.ours >= 0.0


def test_friction(found):
    always, minute = found("friction")
    assert always.ours == pytest.approx(100.0, abs=1e-9)
    assert minute.ours == pytest.approx(9.5, abs=1e-9), "half a step short of 10, as the second-order rule has it"


def test_pushing(found):
    rest, coarse, fine = found("pushing")
    assert rest.ours == pytest.approx(rest.right, abs=1e-5)
    assert coarse.ours < 0.2
    assert fine.ours < coarse.ours / 50


def test_chemotaxis(found):
    arrival, aside, nearest = found("chemotaxis")
    assert arrival.ours == pytest.approx(arrival.right, rel=0.03)
    assert aside.ours < 1e-10
    assert nearest.ours < 5.0


def test_spheroid_numbers(found):
    living, *_ = found("spheroid", mechanics_min=2.0, keys=1)
    assert living.ours == pytest.approx(living.right, rel=0.08), "100 founders: standard error 2.5 %"


def test_an_apoptotic_cell_shrinks_and_is_gone_after_the_standard_time(found):
    death = importlib.import_module("cases.apoptotic_cell").dying(importlib.import_module("cases.finding").cell_type())
    assert death[-1, 0] == pytest.approx(8.6, abs=0.11), "a tick of 6 min"
    assert np.all(np.diff(death[1:, 1]) < 0)


def test_the_tables_that_are_asked_for_are_written(found, tmp_path):
    importlib.import_module("cases.pushing").run(tables=tmp_path)
    time, left, right, distance, _ = np.loadtxt(tmp_path / "permedcoe_pushing.csv", delimiter=",", skiprows=1).T
    np.testing.assert_allclose(time, 0.1 * np.arange(101))
    np.testing.assert_allclose(distance, right - left)


def test_a_case_that_is_none_is_refused(found, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["run.py", "puhsing"])
    assert importlib.import_module("run").main() == 2
    assert "there is no case puhsing; choose from: cell_cycle_fixed" in capsys.readouterr().err
