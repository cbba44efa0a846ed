"""The documentation of motion names every measure and every number there is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.cases.walks import as_cells, persistent_walks

from coculture.interactions.motion.cell_features import TRACK_FEATURES, motion_features
from coculture.interactions.motion.settings import MotionSettings
from coculture.interactions.motion.track_table import track_metrics
from coculture.interactions.motion.wells import well_motion_numbers

EVERYTHING = MotionSettings(arrest_speed_um_per_min=2.0, direction=(1, 0), correlation_reach_um=100.0, correlation_bin_um=50.0)


@pytest.fixture(scope="module")
def page() -> str:
    return (Path(__file__).resolve().parents[2] / "docs" / "motion.md").read_text(encoding="utf-8")


def test_every_measure_is_explained(page: str) -> None:
    rng = np.random.default_rng(0)
    cells = as_cells(persistent_walks(rng, 30, 20, 1.0, 30.0, 5.0) + rng.uniform(0, 99, (30, 1, 2)), types=("nk", "tumour"))
    names = set(track_metrics(cells, EVERYTHING).columns) - {"plate", "well", "site", "track_id", "cell_type"}
    names = {"displacement_<axis>_um" if name in ("displacement_x_um", "displacement_y_um") else name for name in names}
    names |= {name.removeprefix("cell_motion_") for name in motion_features(cells, EVERYTHING).columns}
    for number in well_motion_numbers(cells, EVERYTHING).numbers:
        stem = number.removeprefix("well_motion_")
        if not stem.startswith("toward_"):
            names.add(stem.removesuffix("_nk").removesuffix("_tumour"))
    missing = sorted(name for name in names | set(TRACK_FEATURES) if f"`{name}`" not in page)
    assert missing == []


def test_every_setting_is_named(page: str) -> None:
    assert [name for name in MotionSettings.__dataclass_fields__ if f"`{name}`" not in page] == []
