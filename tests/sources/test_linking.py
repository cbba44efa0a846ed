"""Tracks of a well: one number a cell through all its sites, and what happens to a site that cannot be linked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.errors import InputError
from coculture.imaging.track.settings import TrackSettings
from coculture.plate.cell_table import empty_cell_table, validate_cell_table
from coculture.sources.linking import QUALITY, link_well

STEP = 3.0


def moving(site: int, n_cells: int = 9, frames: int = 6, seed: int = 1) -> pd.DataFrame:
    """Return cells on a wide grid that walk 2 µm a step in directions of their own; labels change from frame to frame."""
    rng = np.random.default_rng(seed + site)
    turn = rng.uniform(0, 2 * np.pi, n_cells)
    home = np.array([(60.0 * (i % 3) + 40, 60.0 * (i // 3) + 40) for i in range(n_cells)])
    tables = []
    for frame in range(frames):
        place = home + 2.0 * frame * np.column_stack((np.cos(turn), np.sin(turn)))
        ids = (np.arange(n_cells) + frame) % n_cells + 1
        tables.append(pd.DataFrame({"cell_id": ids, "x_um": place[:, 0], "y_um": place[:, 1], "who": np.arange(n_cells)}))
        tables[-1] = tables[-1].assign(t_min=STEP * frame, site=site)
    whole = pd.concat(tables, ignore_index=True).assign(plate="P", well="A01", cell_type="cell", alive=True, phase="", z_um=0.0)
    return whole.assign(area_um2=100.0, track_id=whole["cell_id"], parent_id=-1)


def test_a_cell_has_one_number_through_all_sites() -> None:
    cells = pd.concat([moving(1), moving(2)], ignore_index=True)
    linked = link_well(cells, TrackSettings())
    assert linked.notes == ()
    assert linked.cells.index.equals(cells.index)
    tracks = linked.cells.groupby(["site", "who"])["track_id"]
    assert tracks.nunique().eq(1).all()
    assert linked.cells["track_id"].nunique() == 18
    assert linked.cells[QUALITY].between(0, 1).all()


def test_mothers_are_named_by_the_well_s_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def tracked(rows: pd.DataFrame, _: TrackSettings) -> pd.DataFrame:
        return rows.assign(track_id=[1, 2], parent_id=[-1, 1], **{QUALITY: 1.0})

    monkeypatch.setattr("coculture.sources.linking.track_cells", tracked)
    cells = pd.concat([moving(site, 1, 2) for site in (1, 2)], ignore_index=True)
    linked = link_well(cells, TrackSettings()).cells
    assert linked["track_id"].tolist() == [1, 2, 3, 4]
    assert linked["parent_id"].tolist() == [-1, 1, -1, 3]


def test_a_site_with_too_few_cells_goes_on_untracked_and_is_told() -> None:
    cells = pd.concat([moving(1), moving(2, n_cells=2, frames=3)], ignore_index=True)
    linked = link_well(cells, TrackSettings())
    assert len(linked.notes) == 1
    assert linked.notes[0].startswith("site 2 could not be tracked: ")
    few = linked.cells[linked.cells["site"] == 2]
    assert few["track_id"].is_unique
    assert few["track_id"].min() > linked.cells.loc[linked.cells["site"] == 1, "track_id"].max()
    assert (few[QUALITY] == 0).all()
    assert (few["parent_id"] == -1).all()
    validate_cell_table(linked.cells.drop(columns="who").astype(dict(empty_cell_table().dtypes)))


def test_a_well_without_cells_stays_empty() -> None:
    linked = link_well(empty_cell_table(), TrackSettings())
    assert linked.cells.empty
    assert QUALITY in linked.cells
    assert linked.notes == ()


def test_a_feature_that_was_not_measured_is_refused() -> None:
    with pytest.raises(InputError, match="lacks cell_shape_area_um2"):
        link_well(moving(1), TrackSettings(features=("cell_shape_area_um2",)))
