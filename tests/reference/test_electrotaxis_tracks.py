"""Glioblastoma cells (T98G) in an electric field in a microfluidic chip: stored tracks of another tool (Usiigaci).

They are not hand truth. The field runs along x, and these cells go one way along it. The time step (10 min) is not stored with
the tracks; directions and ratios do not depend on it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from coculture.interactions.motion.chemotaxis import chemotactic_index, mean_index
from coculture.interactions.motion.collective.polar_order import polar_order
from coculture.interactions.motion.direction.hotelling import hotelling_test
from coculture.interactions.motion.direction.rayleigh import rayleigh_test_of_vectors
from coculture.interactions.motion.path import displacements
from coculture.interactions.motion.settings import MotionSettings
from coculture.interactions.motion.targets.along import Along
from coculture.interactions.motion.track_table import track_metrics
from coculture.interactions.motion.tracks import Tracks


@pytest.fixture(scope="module")
def tracks(shared_data: Path) -> Tracks:
    table = pd.read_csv(shared_data / "chip_migration" / "tracks_reference" / "tracks.csv")
    everything = Tracks.from_arrays(table["particle"], table["frame"] * 10.0, table[["x", "y"]])
    return everything.select(everything.counts > 30)


def test_cells_go_one_way_along_the_field(tracks: Tracks) -> None:
    assert tracks.n_tracks == 60
    measures = track_metrics(tracks, MotionSettings(direction=(1, 0)))
    assert measures["fmi_parallel"].mean() == pytest.approx(-0.348337, abs=1e-6)
    assert abs(measures["fmi_perpendicular"].mean()) < 0.05
    assert measures["directness"].mean() == pytest.approx(0.441272, abs=1e-6)
    mean = mean_index(chemotactic_index(tracks, Along((-1, 0))))
    assert mean.low > 0.25
    assert rayleigh_test_of_vectors(displacements(tracks)).p_value < 1e-10
    assert hotelling_test(displacements(tracks)).p_value < 1e-10


def test_their_agreement_shows_at_every_time(tracks: Tracks) -> None:
    order = polar_order(tracks)
    assert len(order) == 36
    assert order["agreement"].mean() > 0.05
