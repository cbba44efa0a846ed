"""One field's measures: the table's shape, known answers, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from tests.imaging.measured_fields import blobs, disc, one_cell

from coculture.errors import InputError
from coculture.imaging.measure.families import FAMILIES, feature_names
from coculture.imaging.measure.field import measure_field
from coculture.imaging.measure.objects import FieldObjects
from coculture.plate.columns import is_feature

RUNNING = ("shape", "intensity", "translocation", "colocalisation")


def test_a_row_is_a_cell_and_carries_its_number() -> None:
    table = measure_field(blobs(), RUNNING)
    assert table["cell_id"].tolist() == [2, 5, 6, 11, 40]
    assert list(table.columns[:4]) == ["cell_id", "x_um", "y_um", "area_um2"]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_columns_of_a_family_are_the_names_it_announces(family: str) -> None:
    objects = blobs()
    table = measure_field(objects, [family])
    announced = feature_names([family], objects.channels)
    assert list(table.columns[4:]) == announced
    assert all(is_feature(name) for name in announced)
    assert len(set(announced)) == len(announced)


def test_families_stand_side_by_side_in_the_order_asked_for() -> None:
    objects = blobs()
    asked = ["translocation", "shape"]
    assert list(measure_field(objects, asked).columns[4:]) == feature_names(asked, objects.channels)


def test_the_centre_is_the_nucleus_and_counts_from_the_corner() -> None:
    row = measure_field(one_cell(pixel_size_um=0.5), ()).iloc[0]
    assert row["x_um"] == pytest.approx(18.0, abs=1e-12)
    assert row["y_um"] == pytest.approx(16.0, abs=1e-12)


def test_a_cell_s_area_is_its_outline_s() -> None:
    objects = one_cell(radius=10, pixel_size_um=0.5)
    row = measure_field(objects, ["shape"]).iloc[0]
    assert row["area_um2"] == np.count_nonzero(objects.cells) * 0.25
    assert row["cell_shape_area_um2"] == row["area_um2"]
    assert row["nucleus_shape_area_um2"] == np.count_nonzero(objects.nuclei) * 0.25


def test_flat_compartments_measure_as_painted() -> None:
    row = measure_field(one_cell(nucleus=300, around=100), ["intensity", "translocation"]).iloc[0]
    for what in ("mean", "min", "lower_quartile", "median", "upper_quartile", "max"):
        assert row[f"nucleus_intensity_{what}_gfp"] == 300
        assert row[f"ring_intensity_{what}_gfp"] == 100
    assert row["nucleus_intensity_sd_gfp"] == 0
    assert row["cell_translocation_ratio_gfp"] == pytest.approx(3)
    assert row["cell_translocation_log2_ratio_gfp"] == pytest.approx(np.log2(3))
    assert row["cell_translocation_fraction_gfp"] == pytest.approx(0.75)
    assert row["cell_translocation_difference_gfp"] == pytest.approx(200)


def test_a_cell_without_a_ring_has_no_ratio_and_says_so_with_nan() -> None:
    whole = one_cell()
    bare = FieldObjects(whole.pixels, ("gfp",), whole.nuclei, whole.cells, np.zeros_like(whole.ring), 0.5)
    row = measure_field(bare, ["translocation", "intensity"]).iloc[0]
    for what in ("ratio", "log2_ratio", "fraction", "difference"):
        assert np.isnan(row[f"cell_translocation_{what}_gfp"])
    assert np.isnan(row["ring_intensity_mean_gfp"])
    assert row["nucleus_intensity_mean_gfp"] == 300


def test_nothing_lit_around_has_no_ratio_but_a_difference() -> None:
    row = measure_field(one_cell(around=0), ["translocation"]).iloc[0]
    assert np.isnan(row["cell_translocation_ratio_gfp"])
    assert row["cell_translocation_difference_gfp"] == 300


def test_correlation_is_one_for_a_stain_and_its_double_and_minus_one_for_its_negative() -> None:
    two = blobs()
    pixels = np.stack([two.pixels[0], 2 * two.pixels[0] + 5, 5000 - two.pixels[0]])
    objects = FieldObjects(pixels, ("a", "b", "c"), two.nuclei, two.cells, two.ring, 0.65)
    table = measure_field(objects, ["colocalisation"])
    np.testing.assert_allclose(table["cell_colocalisation_pearson_a_b"], 1, rtol=1e-12)
    np.testing.assert_allclose(table["cell_colocalisation_pearson_a_c"], -1, rtol=1e-12)


def test_a_flat_stain_has_no_correlation() -> None:
    two = blobs()
    pixels = np.stack([two.pixels[0], np.full_like(two.pixels[0], 9)])
    table = measure_field(FieldObjects(pixels, ("a", "b"), two.nuclei, two.cells, two.ring, 1.0), ["colocalisation"])
    assert table["cell_colocalisation_pearson_a_b"].isna().all()


def test_labels_without_a_nucleus_are_no_cell_s() -> None:
    base = one_cell()
    cells = base.cells.copy()
    cells[disc(cells.shape, 4, 4, 3)] = 90
    table = measure_field(FieldObjects(base.pixels, ("gfp",), base.nuclei, cells, base.ring, 0.5), ["shape", "intensity"])
    assert table["cell_id"].tolist() == [7]


def test_a_field_without_cells_is_an_empty_table_with_all_columns() -> None:
    nothing = np.zeros((8, 9), dtype=np.int32)
    objects = FieldObjects(np.zeros((2, 8, 9), dtype=np.float32), ("dna", "gfp"), nothing, nothing, nothing, 1.0, 255.0)
    table = measure_field(objects, FAMILIES)
    assert len(table) == 0
    assert list(table.columns[4:]) == feature_names(FAMILIES, ("dna", "gfp"))


def test_a_cell_of_one_pixel_in_a_tiny_image_is_measured_without_complaint() -> None:
    one = np.zeros((5, 6), dtype=np.int32)
    one[0, 5] = 3
    objects = FieldObjects(np.ones((2, 5, 6), dtype=np.float32), ("a", "b"), one, one, one * 0, 1.0, 255.0)
    row = measure_field(objects, FAMILIES).iloc[0]
    assert row["cell_shape_area_um2"] == 1
    assert row["cell_shape_radius_max_um"] == 1
    assert np.isnan(row["cell_texture_contrast_3_0_a"])
    assert np.isnan(row["cell_granularity_1_a"])
    assert np.isnan(row["cell_zernike_shape_2_0"])


def test_only_the_parts_asked_for_are_measured() -> None:
    table = measure_field(blobs(), ["shape", "intensity"], parts=["nucleus"])
    assert all(name.startswith("nucleus_") for name in table.columns[4:])
    assert len(table.columns) > 40


def test_an_unknown_family_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="unknown family of features 'shapes'") as caught:
        measure_field(one_cell(), ["shapes"])
    assert all(name in str(caught.value) for name in FAMILIES)


def test_labels_of_another_shape_are_refused() -> None:
    base = one_cell()
    with pytest.raises(InputError, match=r"ring of shape \(3, 4\) for images of shape \(64, 72\)"):
        FieldObjects(base.pixels, ("gfp",), base.nuclei, base.cells, np.zeros((3, 4), dtype=np.int32), 0.5)


def test_channels_without_a_name_are_refused() -> None:
    base = one_cell()
    with pytest.raises(InputError, match="2 names for 1 channels"):
        FieldObjects(base.pixels, ("gfp", "dna"), base.nuclei, base.cells, base.ring, 0.5)
