"""Fronts: closing gaps and invasion."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.errors import DataError, InputError
from coculture.interactions.motion.front.fisher import fisher_front_speed
from coculture.interactions.motion.front.gap_closure import fit_gap_closure, front_length, gap_areas
from coculture.interactions.motion.front.invasion import invasion_along, invasion_from

TIMES = np.arange(0, 241, 20.0)


def strip(width: int, rows: int = 40, columns: int = 100) -> np.ndarray:
    """A gap from the top to the bottom of the image."""
    gap = np.zeros((rows, columns), bool)
    gap[:, 50 - width // 2 : 50 + width - width // 2] = True
    return gap


def test_areas_and_front_length() -> None:
    assert list(gap_areas([strip(10), strip(4)], 2.0)) == [1600, 640]
    assert front_length(strip(10), 2.0) == 80
    assert front_length(strip(10).T, 2.0) == 80
    assert front_length(np.ones((4, 6), bool), 1.0, along="x") == 6


def test_constant_fronts() -> None:
    area = 400.0 * np.maximum(200 - 2 * 0.5 * TIMES, 0)
    closure = fit_gap_closure(TIMES, area, 400.0)
    assert closure.speed_um_per_min == pytest.approx(0.5)
    assert closure.low == pytest.approx(0.5)
    assert closure.high == pytest.approx(0.5)
    assert (closure.status, closure.closed_percent) == ("closed", 100)
    assert closure.half_closed_min == pytest.approx(100)
    assert closure.n_times == 10
    assert fit_gap_closure(TIMES[:5], area[:5], 400.0).status == "closing"
    assert fit_gap_closure(TIMES[:5], area[:5], 400.0, fronts=1).speed_um_per_min == pytest.approx(1.0)


def test_two_images() -> None:
    closure = fit_gap_closure(np.array([0.0, 1440]), np.array([900.0, 300.0]), 100.0)
    assert closure.speed_um_per_min == pytest.approx(600 / 1440 / 200)
    assert np.isnan(closure.low)
    assert closure.closed_percent == pytest.approx(200 / 3)
    assert closure.half_closed_min == pytest.approx(1080)


def test_a_gap_that_opens() -> None:
    closure = fit_gap_closure(TIMES[:4], np.array([100.0, 105, 110, 120]), 10.0)
    assert closure.status == "not closing"
    assert closure.closed_percent == pytest.approx(-20)
    assert np.isnan(closure.half_closed_min)


def test_limits_hold_the_truth() -> None:
    rng = np.random.default_rng(6)
    held = 0
    for _ in range(400):
        closure = fit_gap_closure(TIMES, 400 * (200 - 0.6 * TIMES) + rng.normal(scale=900, size=len(TIMES)), 400.0)
        held += closure.low < 0.3 < closure.high
    assert 0.92 < held / 400 < 0.98


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"t_min": TIMES[::-1]}, InputError, "times must be ascending"),
        ({"area_um2": np.full(13, -1.0)}, InputError, "an area is not a number >= 0"),
        ({"front_length_um": 0.0}, InputError, "a front of 0.0 µm"),
        ({"fronts": 0}, InputError, "0 fronts"),
        ({"least_open": 1.0}, InputError, "a least open fraction of 1"),
        ({"confidence": 0.0}, InputError, "a confidence of 0"),
        ({"area_um2": np.zeros(13)}, DataError, "there is no gap in the first image"),
        ({"area_um2": np.r_[5.0, np.zeros(12)]}, DataError, "the gap is closed in the second image"),
    ],
)
def test_closures_that_cannot_be_fitted(change: dict[str, object], error: type[Exception], words: str) -> None:
    arguments: dict[str, object] = {"t_min": TIMES, "area_um2": 300 - TIMES, "front_length_um": 10.0, **change}
    with pytest.raises(error, match=words):
        fit_gap_closure(**arguments)  # type: ignore[arg-type]


def test_masks_that_cannot_be_used() -> None:
    with pytest.raises(InputError, match=r"a mask of shape \(3,\)"):
        gap_areas([np.ones(3)], 1.0)
    with pytest.raises(InputError, match="differ in shape"):
        gap_areas([strip(3), strip(3).T], 1.0)
    with pytest.raises(InputError, match="pixel size 0"):
        gap_areas([strip(3)], 0)
    with pytest.raises(InputError, match="unknown axis 'z'"):
        front_length(strip(3), 1.0, along="z")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="touches both pairs"):
        front_length(np.ones((3, 3)), 1.0)
    with pytest.raises(DataError, match="touches neither pair"):
        front_length(np.pad(np.ones((3, 3)), 1), 1.0)


def test_fisher_speed() -> None:
    diffusion, growth = 500 / 60, 0.04 / 60
    assert fisher_front_speed(diffusion, growth) * 60 == pytest.approx(8.9443, abs=5e-5)
    with pytest.raises(InputError, match="no front has formed after 60 min"):
        fisher_front_speed(diffusion, growth, 60)
    with pytest.raises(InputError, match="growth_per_min = 0"):
        fisher_front_speed(1.0, 0)


@pytest.mark.parametrize("way", ["right", "left", "down", "up"])
def test_invasion_from_an_edge(way: str) -> None:
    cells = np.zeros((4, 10), bool)
    cells[0, :6] = cells[1, :3] = True
    cells[2, 7] = True
    turned = {"right": cells, "left": cells[:, ::-1], "down": cells.T, "up": cells.T[::-1]}[way]
    depth = invasion_along(turned, 2.0, way, start_um=4.0)  # type: ignore[arg-type]
    depths = np.array([8.0, 2.0, 12.0, 0.0])
    assert depth.mean_um == depths.mean()
    assert depth.median_um == np.median(depths)
    assert (depth.greatest_um, depth.n_depths) == (12, 4)
    assert depth.roughness_um == pytest.approx(depths.std())
    assert depth.area_um2 == 4 * (4 + 1 + 1)


def test_an_edge_inside_a_pixel() -> None:
    depth = invasion_along(np.ones((3, 5), bool), 2.0, "right", start_um=3.0)
    assert (depth.mean_um, depth.area_um2) == (7, 3 * 2 * 7)


def test_invasion_out_of_a_core() -> None:
    core = np.zeros((9, 30), bool)
    core[:, :10] = True
    cells = core.copy()
    cells[:, 10:14] = True
    depth = invasion_from(cells, core, 3.0)
    assert depth.greatest_um == pytest.approx(3.5 * 3)
    assert depth.mean_um == pytest.approx(2 * 3)
    assert depth.area_um2 == 9 * 4 * 9
    assert np.isnan(depth.roughness_um)


def test_invasion_refuses() -> None:
    core = np.zeros((4, 4), bool)
    core[0] = True
    with pytest.raises(InputError, match="unknown way 'out'"):
        invasion_along(core, 1.0, "out")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="an edge 4 µm into the image"):
        invasion_along(core, 1.0, "right", start_um=4)
    with pytest.raises(InputError, match=r"a core of shape \(3, 4\)"):
        invasion_from(core, core[1:], 1.0)
    with pytest.raises(DataError, match="the core has no pixel"):
        invasion_from(core, core & False, 1.0)
    with pytest.raises(DataError, match="no cell lies outside the core"):
        invasion_from(core, core, 1.0)
