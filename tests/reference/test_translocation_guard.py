"""The artefact guard on a real plate (BBBC013): the stain moves, contacts on its outlines collapse, and no interaction is called.

The positive control drives FKHR-GFP into the nucleus. Outlines that follow GFP shrink with it and lose most of their contacts;
the cells stay where they are. Both controls are judged as treatments: the positive one, and half of the negative wells against
the other half.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.imaging.correct.estimate import estimate_illumination
from coculture.imaging.correct.field import correct
from coculture.imaging.read.opening import open_images
from coculture.imaging.segment.base import CellSettings, NucleusSettings
from coculture.plate.layout import Layout
from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, Readout
from coculture.sources.between_cells import contact_numbers, territory_numbers
from coculture.sources.field_analysis import FieldSettings, analyse_field

PATTERN = r"Channel(?P<channel>[12])-\d+-(?P<row>[A-H])-(?P<column>\d\d)\.tif"
WELLS = {
    "": ("A01", "B02", "C01", "D02", "E12", "F02", "G12", "H02"),
    "vehicle again": ("A02", "B01", "E02", "F12"),
    "positive control": ("A12", "B12", "E01", "F01"),
}
"""Compound → wells; the first are the negative controls that are compared with."""

ON_STAIN = FieldSettings(
    nuclei=NucleusSettings(minimum_area_um2=50), cells=CellSettings("propagation", "gfp"), families=("shape",)
)


@pytest.fixture(scope="module")
def wells(shared_data) -> pd.DataFrame:
    """Return the well table of a few wells, outlined on the stain that moves."""
    folder = shared_data / "translocation_plate"
    index = open_images(folder, PATTERN, {"dna": "2", "gfp": "1"}, layout=Layout.of(96), pixel_size_um=1.0, plate_name="P")
    lights = [estimate_illumination(index.images_of(name, at_most=24), "median-smooth") for name in index.channels]
    rows = []
    for compound, names in WELLS.items():
        for name in names:
            seen = index.read("P", name, 1)
            even = np.stack([correct(image, light) for image, light in zip(seen.pixels, lights, strict=True)])
            field = analyse_field(seen, even, ON_STAIN)
            assert field.territory_contacts is not None
            numbers = contact_numbers(field.cells, field.contacts, ("cell",))
            numbers |= territory_numbers(field.cells, field.territory_contacts, ("cell",))
            rows.append({"well": name, "compound": compound, "n_cells": len(field.cells), **numbers})
    table = pd.DataFrame(rows)
    treated = table["compound"] != ""
    role = np.where(treated, "treatment", "negative")
    return table.assign(plate="P", role=role, dose=treated.astype(float), dose_unit="step")


def judged(wells: pd.DataFrame, about: str) -> pd.DataFrame:
    readout = Readout("touching", "well_contacts_per_cell", about=about)  # type: ignore[arg-type]
    return analyse(wells, AnalysisSettings((readout,), dose_response="none")).hits.set_index("compound")


def test_contacts_on_the_stain_fall_by_half_or_more_and_those_on_territories_do_not(wells):
    means = wells.groupby("compound").mean(numeric_only=True)
    change = means.loc["positive control"] / means.loc[""]
    assert change["well_contacts_per_cell"] < 0.5
    assert change["well_territory_contacts_per_cell"] > 0.85


def test_without_the_guard_the_positive_control_is_a_hit(wells):
    found = judged(wells, "state")
    assert found["hit"].to_dict() == {"positive control": True, "vehicle again": False}


def test_neither_control_is_an_interaction_hit(wells):
    found = judged(wells, "interaction")
    assert not found["hit"].any()
    assert (found["interaction_class"] == "inactive").all()
    assert found.loc["positive control", "guarded_p_value"] > 0.2
    assert "well_territory_contacts_per_cell" in found.loc["positive control", "note"]
