"""Reading tracks: order, gaps, uneven steps, and what cannot be a track."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.cases.walks import as_cells, random_walks

from coculture.errors import DataError, InputError
from coculture.interactions.motion.mean_squared import mean_squared_displacement
from coculture.interactions.motion.tracks import Tracks
from coculture.plate.cell_table import empty_cell_table, validate_cell_table


@pytest.fixture
def cells() -> pd.DataFrame:
    return as_cells(random_walks(np.random.default_rng(1), 6, 9), step_min=5.0, types=("nk", "tumour"))


def test_the_case_is_a_valid_cell_table(cells: pd.DataFrame) -> None:
    validate_cell_table(cells)


def test_any_order_of_rows(cells: pd.DataFrame) -> None:
    mixed = cells.sample(frac=1, random_state=3)
    tracks, sorted_ = Tracks.from_table(mixed), Tracks.from_table(cells)
    np.testing.assert_array_equal(tracks.positions, sorted_.positions)
    np.testing.assert_array_equal(mixed["x_um"].to_numpy()[tracks.rows], tracks.positions[:, 0])
    assert list(tracks.keys["cell_type"]) == ["nk", "tumour"] * 3
    assert tracks.step_min == 5.0
    assert len(tracks.steps) == 6 * 9


def test_same_number_in_two_sites_is_two_tracks(cells: pd.DataFrame) -> None:
    both = pd.concat([cells, cells.assign(site=2)])
    tracks = Tracks.from_table(both)
    assert tracks.n_tracks == 12
    assert list(tracks.keys.columns) == ["plate", "well", "site", "track_id", "cell_type"]
    assert len(tracks.frames) == 20
    assert (np.bincount(tracks.frame) == 6).all()
    frames = tracks.frames.iloc[tracks.frame].reset_index(drop=True)
    np.testing.assert_array_equal(frames["t_min"], tracks.t_min)
    np.testing.assert_array_equal(frames["site"], tracks.keys["site"].to_numpy()[tracks.track])


def test_dimensions(cells: pd.DataFrame) -> None:
    assert Tracks.from_table(cells).dimensions == 2
    deep = cells.assign(z_um=np.arange(len(cells)) % 3)
    assert Tracks.from_table(deep).dimensions == 3
    assert Tracks.from_table(deep, dimensions=2).dimensions == 2
    assert Tracks.from_table(cells, dimensions=1).positions.shape == (60, 1)


def test_dead_cells_are_left_out_and_counted(cells: pd.DataFrame) -> None:
    cells.loc[cells["t_min"] > 20, "alive"] = False
    tracks = Tracks.from_table(cells)
    assert len(tracks.positions) == 30
    assert tracks.notes == ("30 of 60 rows are of dead cells and were left out",)
    np.testing.assert_array_equal(cells["y_um"].to_numpy()[tracks.rows], tracks.positions[:, 1])
    assert len(Tracks.from_table(cells, living_only=False).positions) == 60


def test_type_of_a_track_is_its_commonest() -> None:
    tracks = Tracks.from_arrays([1, 1, 1, 2, 2], [0, 1, 2, 0, 1], np.zeros((5, 2)), cell_type=["b", "b", "a", "b", "a"])
    assert list(tracks.keys["cell_type"]) == ["b", "a"]


def test_gaps_and_short_steps() -> None:
    tracks = Tracks.from_arrays([1] * 6, [0, 1, 2, 5, 6, 6.5], np.arange(6.0)[:, None])
    steps = tracks.steps
    assert tracks.step_min == 1.0
    assert list(steps.gap) == [False, False, True, False, False]
    assert list(steps.regular) == [True, True, False, True, False]
    pieces = tracks.cut_at_gaps()
    assert list(pieces.keys["piece"]) == [1, 2]
    assert list(pieces.counts) == [3, 3]
    longest = tracks.longest_pieces()
    assert (longest.n_tracks, longest.t_min[0]) == (1, 0.0)


def test_longest_piece_of_each_track() -> None:
    ids = [1] * 5 + [2] * 3 + [3]
    tracks = Tracks.from_arrays(ids, [0, 3, 4, 5, 9, 0, 1, 2, 0], np.zeros((9, 2)), step_min=1.0)
    assert list(tracks.cut_at_gaps().keys["piece"]) == [1, 2, 3, 1, 1]
    longest = tracks.longest_pieces()
    assert list(longest.keys["track_id"]) == [1, 2, 3]
    assert list(longest.counts) == [3, 3, 1]
    assert longest.t_min[0] == 3


def test_lags_follow_the_clock() -> None:
    tracks = Tracks.from_arrays([1] * 4, [0, 1, 2, 5], np.array([0.0, 1.0, 2.0, 5.0])[:, None])
    table = mean_squared_displacement(tracks).table
    assert list(table["lag_steps"]) == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(table["msd_um2"], np.square([1, 2, 3, 4, 5]))
    assert list(table["n_pairs"]) == [2, 1, 1, 1, 1]


def test_off_beat_pairs_are_counted() -> None:
    tracks = Tracks.from_arrays([1] * 4, [0, 1, 2, 2.5], np.arange(4.0)[:, None], step_min=1.0)
    curve = mean_squared_displacement(tracks)
    assert curve.notes == ("3 pairs of points fit no multiple of the time step and were left out",)


def test_select(cells: pd.DataFrame) -> None:
    tracks = Tracks.from_table(cells)
    assert tracks.of_type("nk").n_tracks == 3
    assert tracks.of_type("none").n_tracks == 0
    one = tracks.of_track(4)
    np.testing.assert_array_equal(one.positions, tracks.positions[30:40])
    assert one.step_min == tracks.step_min


def test_no_cells() -> None:
    tracks = Tracks.from_table(empty_cell_table())
    assert (tracks.n_tracks, len(tracks.steps), len(tracks.frames)) == (0, 0, 0)
    assert tracks.cut_at_gaps().n_tracks == tracks.longest_pieces().n_tracks == 0
    with pytest.raises(DataError, match="no cell was seen twice, so there is no mean squared displacement"):
        mean_squared_displacement(tracks)


@pytest.mark.parametrize(
    ("change", "arguments", "words"),
    [
        ({}, {"dimensions": 4}, "4 dimensions"),
        ({}, {"step_min": 0.0}, "a time step of 0.0 min"),
        ({}, {"step_tolerance": 0.5}, "a tolerance of 0.5 time steps"),
        ({"x_um": np.nan}, {}, "not a finite number"),
        ({"drop": "track_id"}, {}, "the cell table lacks track_id"),
        ({"drop": "z_um"}, {"dimensions": 3}, "the cell table lacks z_um"),
    ],
)
def test_what_cannot_be_read(cells: pd.DataFrame, change: dict[str, object], arguments: dict[str, object], words: str) -> None:
    drop = change.pop("drop", None)
    table = cells.assign(**change) if drop is None else cells.drop(columns=str(drop))
    with pytest.raises(InputError, match=words):
        Tracks.from_table(table, **arguments)  # type: ignore[arg-type]


def test_two_points_at_one_time(cells: pd.DataFrame) -> None:
    twice = pd.concat([cells, cells.iloc[[3]]])
    with pytest.raises(DataError, match="two points at one time, first at 15 min") as caught:
        Tracks.from_table(twice)
    assert "well A01" in str(caught.value)
    assert "track_id 1" in str(caught.value)


def test_arrays_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="2 track ids, 3 times, 3 positions"):
        Tracks.from_arrays([1, 1], [0, 1, 2], np.zeros((3, 2)))
    with pytest.raises(InputError, match=r"positions of shape \(3, 4\)"):
        Tracks.from_arrays([1, 1, 1], [0, 1, 2], np.zeros((3, 4)))
    with pytest.raises(InputError, match="there is no track 'x'"):
        Tracks.from_arrays([1], [0], np.zeros((1, 2))).of_track("x")
