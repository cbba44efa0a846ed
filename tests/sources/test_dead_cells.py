"""Dead cells: over time, in the well's numbers, and in read-outs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from coculture.interactions.annotate.dead_stain import DeadStain
from coculture.sources.dead_cells import dead_for_good, learn_dead, with_dead
from coculture.sources.preparation import read_prepared
from coculture.sources.summary import ReadoutRule, apply_rules, dead_numbers, feature_medians

STAIN = "nucleus_intensity_mean_pi"


def track(*looks: str, number: int = 1) -> pd.DataFrame:
    """Return the rows of one track: ``l`` looks alive, ``d`` dead."""
    alive = [look == "l" for look in looks]
    return pd.DataFrame({"site": 1, "track_id": number, "t_min": [10.0 * i for i in range(len(looks))], "alive": alive})


@pytest.mark.parametrize(
    ("looks", "settled"),
    [
        ("lllll", "lllll"),
        ("lldll", "lllll"),
        ("llddl", "llddd"),
        ("lldld", "lllld"),
        ("d", "d"),
        ("dlddl", "llddd"),
    ],
)
def test_nobody_rises_from_the_dead(looks, settled):
    cells = pd.concat([track(*looks), track("l", "l", number=2)], ignore_index=True).sample(frac=1.0, random_state=1)
    found = dead_for_good(cells).sort_values(["track_id", "t_min"])
    assert "".join("l" if alive else "d" for alive in found["alive"]) == settled + "ll"


def test_the_threshold_is_learnt_once_from_the_controls_and_kept(tmp_path: Path):
    (tmp_path / "prepared").mkdir()
    asked = []

    def measure(plate: str, well: str) -> pd.DataFrame:
        asked.append(well)
        return pd.DataFrame({STAIN: [100.0 + i for i in range(60)]})

    for _ in range(2):
        learn_dead(DeadStain(STAIN), tmp_path, ["P"], lambda plate: ["A01"], measure)
    assert asked == ["A01"]
    assert (read_prepared(tmp_path, "P") or {})["dead_cells"]["n_cells"] == 60
    seen = pd.DataFrame({STAIN: [120.0, 5000.0], "alive": True})
    assert with_dead(DeadStain(STAIN), tmp_path, "P", seen)["alive"].tolist() == [True, False]
    assert with_dead(None, tmp_path, "P", seen)["alive"].all()


def test_numbers_and_readouts_say_whom_they_speak_of():
    cells = pd.DataFrame(
        {"cell_type": ["a", "a", "b", "b"], "alive": [True, False, True, True], "cell_shape_area_um2": [1.0, 100.0, 3.0, 5.0]}
    )
    assert dead_numbers(cells, ("a", "b", "c")) == {
        **{"n_dead": 1, "well_dead_fraction": 0.25, "n_dead_a": 1, "well_dead_fraction_a": 0.5},
        **{"n_dead_b": 0, "well_dead_fraction_b": 0.0, "n_dead_c": 0},
    }
    assert feature_medians(cells) == {"cell_shape_area_um2": 3.0}
    rules = [ReadoutRule(of, "cell_shape_area_um2", "mean", of=of) for of in ("living", "dead", "all")]
    assert apply_rules(cells, {}, rules) == {"living": 3.0, "dead": 100.0, "all": 27.25}
