"""A read-out's direction speaks of the raw read-out, whichever way its scale runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import DataError
from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, Readout

ROLES = ["negative"] * 8 + ["positive"] * 8 + ["treatment"] * 8
COMPOUNDS = [""] * 8 + ["reference"] * 8 + ["lowers"] * 4 + ["raises"] * 4


def wells(positive: float, plate: str = "P") -> pd.DataFrame:
    """Negative controls at 10, positive controls where asked, one compound that lowers by 4 and one that raises by 4."""
    noise = np.random.default_rng(5).normal(0, 0.3, 24)
    level = np.repeat([10.0, positive, 6.0, 14.0], [8, 8, 4, 4])
    frame = pd.DataFrame({"role": ROLES, "compound": COMPOUNDS, "signal": level + noise})
    names = [f"{'ABCD'[k // 6]}{k % 6 + 1:02d}" for k in range(24)]
    dose = np.where(frame["compound"] == "", 0.0, 1.0)
    return frame.assign(plate=plate, well=names, dose=dose, dose_unit="uM")


def hits(table: pd.DataFrame, direction: str, scale: str = "normalised-percent-effect") -> pd.DataFrame:
    settings = AnalysisSettings(readouts=(Readout("signal", "signal", direction, True, "", scale),), minimum_effect=20)  # type: ignore[arg-type]
    return analyse(table, settings).hits.set_index("compound")


@pytest.mark.parametrize("positive", [2.0, 18.0])
@pytest.mark.parametrize(("direction", "expected"), [("down", {"lowers"}), ("up", {"raises"}), ("both", {"lowers", "raises"})])
def test_calls_follow_the_raw_readout(positive, direction, expected):
    found = hits(wells(positive), direction)
    assert set(found.index[found["hit"]]) == expected
    assert found.loc["lowers", "direction"] == "down"
    assert found.loc["raises", "direction"] == "up"


def test_effects_are_told_on_the_scale():
    found = hits(wells(2.0), "down")
    assert found.loc["lowers", "effect"] == pytest.approx(50, abs=5)  # half-way from the negative to the positive controls
    assert "acts against the asked direction 'down'" in found.loc["raises", "note"]


@pytest.mark.parametrize("scale", ["robust-z", "percent-of-control", "as-given"])
def test_other_scales_keep_their_sense(scale):
    found = hits(wells(2.0), "down", scale)
    assert found.loc["lowers", "effect"] < 0
    assert found.loc["lowers", "direction"] == "down"


def test_plates_whose_positive_controls_disagree_are_refused():
    both = pd.concat([wells(2.0, "P"), wells(18.0, "Q")], ignore_index=True)
    with pytest.raises(DataError, match="above the negative controls on some plates and below them on others"):
        hits(both, "down")
