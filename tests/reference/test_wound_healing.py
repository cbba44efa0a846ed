"""A real wound, 24 h apart (CellProfiler's ExampleWoundHealing): what the closed area does not depend on.

No hand truth exists. ``tests/imaging/test_gap.py`` holds the two areas to what the eye sees; here the example's whole chain is
turned about: the window, the light, the order and the scale.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from examples.wound_healing.run_wound_healing import BINNED, SETTINGS, Wound, measure

from coculture.imaging.segment.gap import find_texture_threshold, segment_gap
from coculture.interactions.motion.front.gap_closure import fit_gap_closure


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "example_images" / "ExampleWoundHealing"


@pytest.fixture(scope="module")
def wound(folder: Path) -> Wound:
    return measure(folder)


def test_two_thirds_of_the_wound_close_in_a_day(wound: Wound) -> None:
    closure = wound.closure
    assert closure.closed_percent == pytest.approx(67.2, abs=1.0)
    assert closure.status == "closing"
    height, width = wound.gaps[0].shape
    assert closure.speed_um_per_min * 24 * 60 * 2 * height * BINNED == pytest.approx(
        (wound.gaps[0].sum() - wound.gaps[1].sum()) * BINNED**2
    )
    assert 2 * closure.speed_um_per_min * 24 * 60 == pytest.approx(0.672 * 0.68 * width * BINNED, rel=0.03)


@pytest.mark.parametrize("window", [15, 41])
def test_the_window_hardly_matters(folder: Path, window: float) -> None:
    other = measure(folder, replace(SETTINGS, window_um=window)).closure
    assert other.closed_percent == pytest.approx(67.2, abs=2.0)


def test_the_gain_and_offset_of_the_camera_do_not_matter(wound: Wound) -> None:
    brighter = [3.0 * image + 200 for image in wound.images]
    threshold = find_texture_threshold(brighter, SETTINGS, BINNED)
    opened = segment_gap(brighter[0], threshold, SETTINGS, BINNED)
    assert (opened != wound.gaps[0]).mean() < 1e-4


def test_the_sheet_advances_from_both_sides(wound: Wound) -> None:
    """What is left of the gap lies inside the first gap, and the sheet has grown in from left and right alike."""
    opened, left = wound.gaps
    assert not (left & ~opened).any()
    middle = int(np.flatnonzero(opened.any(axis=0)).mean())
    gained = [(opened & ~left)[:, side].sum() / opened[:, side].sum() for side in (slice(None, middle), slice(middle, None))]
    assert gained == pytest.approx([0.67, 0.67], abs=0.1)


def test_a_wound_that_is_watched_backwards_opens(wound: Wound) -> None:
    areas = np.array([float(gap.sum()) for gap in wound.gaps])[::-1]
    opening = fit_gap_closure(np.array([0.0, 1440.0]), areas, 1.0)
    assert opening.status == "not closing"
    assert opening.closed_percent == pytest.approx(100 * (1 - areas[1] / areas[0]))
