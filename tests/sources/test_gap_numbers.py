"""A gap that closes: the front's speed of sheets that advance by plan, and who covers the ground."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.sources.virtual_chip.gap_numbers import GapSettings, covering, gap_number_names, gap_numbers

GAP = GapSettings((200.0, 0.0, 600.0, 300.0), bridge_um=5.0)
TYPES = ("left", "right")


def sheets(t_min: float, reach_left: float, reach_right: float) -> pd.DataFrame:
    """Return two full sheets on a lattice of 10 µm, the left one up to a place, the right one from a place on."""
    x, y = np.meshgrid(np.arange(0, 805, 10.0), np.arange(0, 305, 10.0))
    x, y = x.ravel(), y.ravel()
    kind = np.where(x <= reach_left, "left", np.where(x >= reach_right, "right", ""))
    table = pd.DataFrame({"t_min": t_min, "cell_type": kind, "alive": True, "x_um": x, "y_um": y, "cell_size_radius_um": 5.0})
    return table[kind != ""].reset_index(drop=True)


def test_fronts_that_advance_evenly_have_their_speed() -> None:
    times = [0.0, 60.0, 120.0, 180.0]
    cells = pd.concat([sheets(t, 190 + 0.5 * t, 610 - t / 6) for t in times])  # 30 and 10 µm an hour
    found = gap_numbers(cells, times, GAP, TYPES)
    assert found["well_gap_closing_um_per_min"] == pytest.approx((0.5 + 1 / 6) / 2, rel=0.1)
    assert found["well_gap_closed_percent"] == pytest.approx(100 * 120 / 400, abs=4)
    assert found["well_gap_covered_percent_left"] == pytest.approx(3 * found["well_gap_covered_percent_right"], rel=0.15)
    assert set(found) <= set(gap_number_names(TYPES))


def test_a_gap_that_stands_still_and_one_that_shuts() -> None:
    still = gap_numbers(pd.concat([sheets(t, 190, 610) for t in (0.0, 60.0, 120.0)]), (0.0, 60.0, 120.0), GAP, TYPES)
    assert still["well_gap_closing_um_per_min"] == pytest.approx(0, abs=1e-9)
    assert "well_gap_half_closed_min" not in still
    shut = pd.concat([sheets(0.0, 190, 610), sheets(60.0, 290, 510), sheets(120.0, 400, 400)])
    found = gap_numbers(shut, (0.0, 60.0, 120.0), GAP, TYPES)
    assert found["well_gap_closed_percent"] == 100
    assert 50 < found["well_gap_half_closed_min"] < 70


def test_dead_cells_cover_nothing_and_no_cells_leave_it_open() -> None:
    dead = sheets(0.0, 400, 400).assign(alive=False)
    found = gap_numbers(pd.concat([dead, dead.assign(t_min=60.0)]), (0.0, 60.0), GAP, TYPES)
    assert found["well_gap_closed_percent"] == 0
    assert (covering(dead.head(0), GAP.places(), 5.0) == "").all()
    covered = gap_numbers(pd.concat([sheets(t, 400, 400) for t in (0.0, 60.0)]), (0.0, 60.0), GAP, TYPES)
    assert covered == {}


def test_a_gap_may_lie_the_other_way_with_one_front() -> None:
    down = GapSettings((0.0, 100.0, 300.0, 300.0), 5.0, "x", 1)
    assert down.front_um == 300
    cells = []
    for t in (0.0, 60.0):
        table = sheets(t, 90 + t, 1e9)
        cells.append(table.assign(x_um=table["y_um"], y_um=table["x_um"]))
    found = gap_numbers(pd.concat(cells), (0.0, 60.0), down, TYPES)
    assert found["well_gap_closing_um_per_min"] == pytest.approx(1.0, rel=0.1)
