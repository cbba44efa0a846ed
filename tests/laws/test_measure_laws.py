"""Laws every measure of a cell obeys: known discs, gain, place, direction, numbers."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.imaging.measured_fields import blobs, brightened, one_cell, renumbered, shifted, turned

from coculture.imaging.measure.families import FAMILIES
from coculture.imaging.measure.field import measure_field

PLACE = ("cell_id", "x_um", "y_um")
OF_PLACE = re.compile(r"_(left|top|right|bottom|centre_[xy]|mass_[xy]|max_[xy])_um")
OF_DIRECTION = re.compile(r"orientation|texture|radial|phase|moments_(raw|central|normalised|inertia_[01]|hu_7)")
"""Texture changes its directions with the image; of equal middles, rings take the first in reading order."""
OF_GRID = re.compile(r"granularity|zernike")
"""Grains are looked for on every fourth pixel; pixels that touch Zernike's circle are in or out by rounding."""
GREY = re.compile(r"_intensity_|_difference_|zernike_magnitude")


def measured(objects, families=FAMILIES) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    return measure_field(objects, families)


def same(found: pd.DataFrame, expected: pd.DataFrame, left_out: tuple[re.Pattern[str], ...]) -> None:
    for name in expected.columns.drop(list(PLACE)):
        if any(kind.search(name) for kind in left_out):
            continue
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-7, atol=1e-9, err_msg=name)


@settings(max_examples=40, deadline=None)
@given(radius=st.floats(6, 14), pixel_size=st.sampled_from([0.2, 0.5, 1.0]))
def test_a_disc_measures_as_a_disc(radius: float, pixel_size: float) -> None:
    row = measured(one_cell(radius=radius, pixel_size_um=pixel_size), ["shape"]).iloc[0]
    size = radius * pixel_size
    assert row["nucleus_shape_area_um2"] == pytest.approx(np.pi * size**2, rel=0.08)
    assert row["nucleus_shape_perimeter_um"] == pytest.approx(2 * np.pi * size, rel=0.08)
    assert row["nucleus_shape_major_axis_um"] == pytest.approx(2 * size, rel=0.05)
    assert row["nucleus_shape_minor_axis_um"] == pytest.approx(2 * size, rel=0.05)
    assert row["nucleus_shape_form_factor"] == pytest.approx(1, abs=0.1)
    assert row["nucleus_shape_eccentricity"] < 0.2
    assert row["nucleus_shape_solidity"] > 0.9
    assert row["nucleus_shape_euler_number"] == 1
    assert row["nucleus_shape_feret_max_um"] == pytest.approx(2 * size, abs=1.5 * pixel_size)
    assert row["nucleus_shape_feret_min_um"] == pytest.approx(2 * size, abs=2.1 * pixel_size)
    assert row["nucleus_shape_radius_max_um"] == pytest.approx(size, abs=1.5 * pixel_size)


@pytest.mark.parametrize("gain", [0.25, 2.0, 7.5])
def test_intensity_is_linear_in_gain_and_ratios_do_not_see_it(gain: float) -> None:
    dark, bright = measured(blobs()), measured(brightened(blobs(), gain))
    for name in dark.columns.drop(list(PLACE)):
        linear = GREY.search(name) and "_um_" not in name
        if "_texture_" in name or "_costes_" in name:
            continue  # cut into steps: a grey level may fall on the other side
        expected = dark[name] * gain if linear else dark[name]
        np.testing.assert_allclose(bright[name], expected, rtol=1e-5, atol=1e-6, err_msg=name)


@pytest.mark.parametrize(("x", "y"), [(0, 7), (13, 0), (21, 30)])
def test_no_measure_depends_on_where_a_cell_lies(x: int, y: int) -> None:
    here, there = measured(shifted(blobs(), 0, 0)), measured(shifted(blobs(), x, y))
    np.testing.assert_allclose(there["x_um"] - here["x_um"], x * 0.65, atol=1e-9)
    np.testing.assert_allclose(there["y_um"] - here["y_um"], y * 0.65, atol=1e-9)
    same(there, here, (OF_PLACE, OF_GRID))
    _nearly_the_same_moments(there, here)


def _nearly_the_same_moments(there: pd.DataFrame, here: pd.DataFrame) -> None:
    """Zernike's shape moments differ by at most the few pixels that touch the circle, each worth about 1 / area."""
    area = here["nucleus_shape_area_um2"] / 0.65**2
    for name in [name for name in here.columns if name.startswith("nucleus_zernike_shape")]:
        assert ((there[name] - here[name]).abs() * area).max() < 4, name


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_no_measure_depends_on_a_quarter_turn(quarters: int) -> None:
    same(measured(turned(blobs(), quarters)), measured(blobs()), (OF_PLACE, OF_DIRECTION, OF_GRID))


def test_numbers_are_kept_and_do_not_change_a_measure() -> None:
    numbers = {2: 900, 5: 1, 6: 33, 11: 12, 40: 4000}
    plain, other = measured(blobs()).set_index("cell_id"), measured(renumbered(blobs(), numbers)).set_index("cell_id")
    assert other.index.tolist() == sorted(numbers.values())
    pd.testing.assert_frame_equal(other.loc[list(numbers.values())].reset_index(drop=True), plain.reset_index(drop=True))


def test_a_pixel_twice_as_wide_makes_lengths_twice_and_areas_four_times() -> None:
    small, large = measured(one_cell(pixel_size_um=0.5)).iloc[0], measured(one_cell(pixel_size_um=1.0)).iloc[0]
    for name in small.index.drop(list(PLACE)):
        if name.endswith("_deg"):
            continue
        power = 2 if name.endswith("_um2") else 1 if name.endswith("_um") or "_um_" in name else 0
        assert large[name] == pytest.approx(small[name] * 2**power, rel=1e-9, nan_ok=True), name
