"""CellProfiler's names: every feature has one, values turn with their names, mistakes are said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from skimage.measure import regionprops_table
from tests.imaging.measured_fields import blobs

from coculture.errors import InputError
from coculture.imaging.measure.families import FAMILIES, feature_names
from coculture.imaging.measure.field import measure_field
from coculture.imaging.measure.names import cellprofiler_name, to_cellprofiler

OWN = {"translocation", "colocalisation"}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("nucleus_shape_area_um2", "Nuclei_AreaShape_Area"),
        ("cell_shape_perimeter_border_um", "Cells_AreaShape_Perimeter"),
        ("nucleus_shape_feret_max_um", "Nuclei_AreaShape_MaxFeretDiameter"),
        ("cell_zernike_shape_9_5", "Cells_AreaShape_Zernike_9_5"),
        ("cell_moments_normalised_0_2", "Cells_AreaShape_NormalizedMoment_0_2"),
        ("cell_moments_hu_1", "Cells_AreaShape_HuMoment_0"),
        ("nucleus_intensity_edge_mean_dna_2", "Nuclei_Intensity_MeanIntensityEdge_dna_2"),
        ("nucleus_intensity_mass_x_um_gfp", "Nuclei_Location_CenterMassIntensity_X_gfp"),
        ("ring_intensity_mean_gfp", "Ring_Intensity_MeanIntensity_gfp"),
        ("cell_radial_mean_fraction_2of4_gfp", "Cells_RadialDistribution_MeanFrac_gfp_2of4"),
        ("cell_zernike_phase_3_1_gfp", "Cells_RadialDistribution_ZernikePhase_gfp_3_1"),
        ("nucleus_texture_information_measure_1_3_2_gfp", "Nuclei_Texture_InfoMeas1_gfp_3_02_256"),
        ("nucleus_texture_sum_average_3_0_stain_3_1", "Nuclei_Texture_SumAverage_stain_3_1_3_00_256"),
        ("cell_granularity_16_gfp", "Cells_Granularity_16_gfp"),
        ("cell_correlation_pearson_dna_gfp", "Cells_Correlation_Correlation_dna_gfp"),
        ("cell_correlation_costes_gfp_dna", "Cells_Correlation_Costes_gfp_dna"),
        ("cell_neighbours_touching", "Cells_Neighbors_NumberOfNeighbors_Adjacent"),
        ("cell_translocation_ratio_gfp", "Cells_Coculture_translocation_ratio_gfp"),
        ("cell_unheard_of", "Cells_Coculture_unheard_of"),
    ],
)
def test_names_read_as_cellprofiler_has_them(ours: str, theirs: str) -> None:
    assert cellprofiler_name(ours)[0] == theirs


def test_every_feature_of_cellprofiler_s_families_has_its_name_and_no_two_share_one() -> None:
    ours = feature_names(FAMILIES, ("dna", "gfp"))
    theirs = [cellprofiler_name(name)[0] for name in ours]
    assert len(set(theirs)) == len(ours)
    left = {name for name, other in zip(ours, theirs, strict=True) if "_Coculture_" in other}
    left = {name for name in left if name.split("_")[1] not in OWN}
    assert left == {f"{part}_shape_{what}" for part in ("nucleus", "cell") for what in ("eccentricity", "form_factor")}


def test_values_turn_into_pixels_counted_from_a_pixel_s_centre() -> None:
    objects = blobs()
    table = to_cellprofiler(measure_field(objects, ["shape"]), pixel_size_um=objects.pixel_size_um)
    wanted = ["area", "centroid", "bbox", "axis_major_length", "axis_minor_length", "eccentricity", "orientation"]
    expected = regionprops_table(objects.nuclei, properties=wanted)
    pairs = {"Area": "area", "Center_X": "centroid-1", "Center_Y": "centroid-0", "BoundingBoxMaximum_X": "bbox-3"}
    pairs |= {"MajorAxisLength": "axis_major_length", "MinorAxisLength": "axis_minor_length", "Eccentricity": "eccentricity"}
    for theirs, regions in pairs.items():
        np.testing.assert_allclose(table[f"Nuclei_AreaShape_{theirs}"], expected[regions], rtol=1e-9, err_msg=theirs)
    np.testing.assert_allclose(table["Nuclei_AreaShape_Orientation"], np.degrees(expected["orientation"]), rtol=1e-9)


def test_keys_become_metadata() -> None:
    frame = pd.DataFrame({"plate": ["P"], "well": ["A01"], "cell_id": [7], "donor": ["d"], "cell_intensity_mean_gfp": [4.0]})
    out = to_cellprofiler(frame, pixel_size_um=0.5)
    assert list(out.columns) == [
        *("Metadata_Plate", "Metadata_Well", "Metadata_ObjectNumber", "Metadata_donor", "Cells_Intensity_MeanIntensity_gfp")
    ]


def test_mistakes_are_said() -> None:
    with pytest.raises(InputError, match="'area' is no name of a feature"):
        cellprofiler_name("area")
    with pytest.raises(InputError, match="an edge above 0 µm, found 0"):
        to_cellprofiler(pd.DataFrame({"cell_a_b": [1.0]}), pixel_size_um=0)
    with pytest.raises(InputError, match="two columns come to the name 'Metadata_Well'"):
        to_cellprofiler(pd.DataFrame({"well": ["A01"], "Well": ["A01"]}).rename(columns={"Well": "well"}), pixel_size_um=1)
