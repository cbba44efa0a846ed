"""Numbers of a well, and speed in contact."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.cases.walks import as_cells, persistent_walks, random_walks

from coculture.errors import InputError
from coculture.interactions.motion.contact_speed import speed_in_contact
from coculture.interactions.motion.settings import MotionSettings
from coculture.interactions.motion.track_table import track_metrics
from coculture.interactions.motion.tracks import Tracks
from coculture.interactions.motion.wells import well_motion_numbers
from coculture.plate.cell_table import empty_cell_table
from coculture.plate.columns import is_feature

EVERYTHING = MotionSettings(arrest_speed_um_per_min=2.0, direction=(1, 0), correlation_reach_um=100.0)


@pytest.fixture
def cells() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    walks = persistent_walks(rng, 60, 40, 2.0, 30.0, 5.0) + rng.uniform(0, 300, (60, 1, 2))
    return as_cells(walks, step_min=2.0, types=("nk", "tumour"))


def contacts_of(cells: pd.DataFrame, pairs: list[tuple[int, int]], t_min: float) -> pd.DataFrame:
    place = cells[["plate", "well", "site"]].iloc[[0] * len(pairs)].reset_index(drop=True)
    a, b = zip(*pairs, strict=True)
    return place.assign(t_min=t_min, cell_a=list(a), cell_b=list(b), contact_length_um=1.0)


def test_names_and_values(cells: pd.DataFrame) -> None:
    found = well_motion_numbers(cells, EVERYTHING)
    assert all(is_feature(name) and name.startswith("well_motion_") for name in found.numbers)
    assert all(np.isfinite(value) for value in found.numbers.values())
    tracks = track_metrics(cells)
    assert found.numbers["well_motion_tracks"] == 60
    assert found.numbers["well_motion_tracks_nk"] == 30
    assert found.numbers["well_motion_directness_nk"] == pytest.approx(tracks["directness"][tracks["cell_type"] == "nk"].mean())
    assert found.numbers["well_motion_persistence_min"] == pytest.approx(5, rel=0.3)
    for stem in ("speed_um_per_min", "arrest_coefficient", "fmi_perpendicular", "agreement", "centre_displacement_um"):
        assert {f"well_motion_{stem}", f"well_motion_{stem}_tumour"} <= set(found.numbers)
    assert {"well_motion_toward_nk_tumour", "well_motion_toward_tumour_nk"} <= set(found.numbers)
    assert "well_motion_toward_nk_nk" not in found.numbers


def test_one_type_has_no_numbers_by_type(cells: pd.DataFrame) -> None:
    found = well_motion_numbers(cells.assign(cell_type="cell"))
    assert found.notes == ()
    assert not [name for name in found.numbers if "_cell" in name or "toward" in name]


def test_speed_does_not_mind_where_tracks_are_cut(cells: pd.DataFrame) -> None:
    whole = well_motion_numbers(cells, MotionSettings(toward_each_type=False))
    half = cells.copy()
    late = half["t_min"] >= 40
    doubled = pd.concat([half[half["t_min"] <= 40], half[late].assign(track_id=half["track_id"] + 1000)])
    parts = well_motion_numbers(doubled.assign(cell_id=doubled["track_id"]), MotionSettings(toward_each_type=False))
    name = "well_motion_speed_um_per_min"
    assert parts.numbers[name] == pytest.approx(whole.numbers[name], rel=1e-12)
    assert parts.numbers["well_motion_directness"] > whole.numbers["well_motion_directness"]


def test_short_tracks_are_left_out_and_counted(cells: pd.DataFrame) -> None:
    short = cells[(cells["track_id"] > 10) | (cells["t_min"] < 3)]
    found = well_motion_numbers(short)
    assert "10 of 60 tracks have fewer than 3 points and were left out" in found.notes
    assert found.numbers["well_motion_tracks"] == 50
    nothing = well_motion_numbers(cells[cells["t_min"] == 0])
    assert nothing.numbers == {}
    assert nothing.notes[-1] == "no track is long enough: no motion numbers"
    assert well_motion_numbers(empty_cell_table()).numbers == {}


def test_a_type_that_is_gone_is_named(cells: pd.DataFrame) -> None:
    found = well_motion_numbers(cells[cells["cell_type"] == "nk"], cell_types=("nk", "tumour"))
    assert found.numbers["well_motion_tracks_tumour"] == 0
    assert "no track of type 'tumour'" in found.notes
    assert "well_motion_speed_um_per_min_tumour" not in found.numbers
    assert "well_motion_toward_nk_tumour" not in found.numbers


def test_cells_that_stand_still() -> None:
    found = well_motion_numbers(as_cells(np.zeros((4, 9, 2)) + np.arange(4)[:, None, None]))
    assert found.numbers["well_motion_speed_um_per_min"] == 0
    assert "well_motion_directness" not in found.numbers
    assert "all cells: persistent random walk: no motion" in found.notes
    assert "all cells: no directness, outreach_ratio, asphericity, mean_turning_angle_rad, agreement" in found.notes


def test_one_cell_alone() -> None:
    found = well_motion_numbers(as_cells(random_walks(np.random.default_rng(0), 1, 30)))
    assert "all cells: 1 tracks of two points or more" in found.notes
    assert "well_motion_agreement" not in found.numbers
    assert found.numbers["well_motion_speed_um_per_min"] > 0


def test_cells_that_follow_a_common_flow_are_correlated() -> None:
    rng = np.random.default_rng(7)
    start = rng.uniform(0, 200, (80, 1, 2))
    swirl = (start - 100) @ np.array([[0, 0.02], [-0.02, 0]])
    cells = as_cells(start + np.arange(6)[None, :, None] * swirl + rng.normal(scale=0.1, size=(80, 6, 2)))
    found = well_motion_numbers(cells, MotionSettings(correlation_reach_um=100.0, correlation_bin_um=10.0))
    assert 20 < found.numbers["well_motion_correlation_length_um"] < 400


def test_goals_out_of_the_field_are_named(cells: pd.DataFrame) -> None:
    apart = cells.assign(site=np.where(cells["cell_type"] == "nk", 1, 2))
    found = well_motion_numbers(apart)
    assert "no track of type 'nk' moved with a 'tumour' in its field" in found.notes
    assert "well_motion_toward_nk_tumour" not in found.numbers


def test_longest_pieces_can_be_asked_for() -> None:
    cells = as_cells(random_walks(np.random.default_rng(0), 3, 20))
    gapped = cells[cells["t_min"] != 5]
    bridged = well_motion_numbers(gapped).numbers["well_motion_speed_um_per_min"]
    pieces = well_motion_numbers(gapped, MotionSettings(gaps="longest piece")).numbers["well_motion_speed_um_per_min"]
    kept = cells[cells["t_min"] > 5]
    assert pieces == pytest.approx(well_motion_numbers(kept).numbers["well_motion_speed_um_per_min"])
    assert pieces != bridged


def test_one_well_at_a_time(cells: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="more than one well"):
        well_motion_numbers(pd.concat([cells, cells.assign(well="A02")]))


def test_speed_in_contact_by_hand() -> None:
    positions = np.array([[[0, 0], [1, 0], [4, 0]], [[9, 0], [9, 2], [9, 2]], [[20, 0], [20, 5], [20, 9.0]]])
    cells = as_cells(positions, types=("nk", "tumour", "nk"))
    contacts = contacts_of(cells, [(1, 2)], 0.0)
    table = speed_in_contact(Tracks.from_table(cells), cells, contacts).set_index(["mover", "other"])
    row = table.loc[("nk", "tumour")]
    assert (row["steps_touching"], row["steps_apart"]) == (1, 3)
    assert row["speed_touching_um_per_min"] == 1
    assert row["speed_apart_um_per_min"] == 4
    assert row["ratio"] == 0.25
    assert table.loc[("nk", "nk"), "reason"] == "no step starts in contact"
    assert table.loc[("tumour", "nk"), "reason"] == "cells apart do not move"
    always = pd.concat([contacts, contacts_of(cells, [(1, 2)], 1.0)])
    table = speed_in_contact(Tracks.from_table(cells), cells, always).set_index(["mover", "other"])
    assert table.loc[("tumour", "nk"), "reason"] == "no step starts apart"


def test_contacts_enter_the_wells_numbers(cells: pd.DataFrame) -> None:
    contacts = pd.concat([contacts_of(cells, [(1, 2), (3, 4)], t) for t in (0.0, 10.0, 20.0)])
    found = well_motion_numbers(cells, contacts=contacts)
    assert found.numbers["well_motion_contact_speed_ratio_nk_tumour"] > 0
    assert "nk touching nk: no step starts in contact" in found.notes


def test_contact_tables_are_checked(cells: pd.DataFrame) -> None:
    tracks = Tracks.from_table(cells)
    contacts = contacts_of(cells, [(1, 2)], 0.0)
    with pytest.raises(InputError, match="the contact table lacks cell_b"):
        speed_in_contact(tracks, cells, contacts.drop(columns="cell_b"))
    with pytest.raises(InputError, match="the cell table lacks cell_id"):
        speed_in_contact(tracks, cells.drop(columns="cell_id"), contacts)
