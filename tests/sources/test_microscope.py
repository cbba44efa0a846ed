"""The microscope on drawn wells whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tifffile

from coculture.errors import InputError
from coculture.imaging.read.opening import open_images
from coculture.imaging.render.assay import Assay, Planted, assay_scene
from coculture.imaging.render.field import RenderedField, render_field
from coculture.imaging.segment.base import CellSettings
from coculture.interactions.annotate.dead_stain import DeadStain
from coculture.interactions.annotate.marker import MarkerRule
from coculture.plate.layout import Layout
from coculture.plate.plate_map import read_plate_map
from coculture.randomness import stream
from coculture.sources.field_analysis import FieldSettings
from coculture.sources.microscope import MicroscopeSettings, MicroscopeSource
from coculture.sources.summary import ReadoutRule

WELLS = {"A01": Planted(), "A02": Planted(), "A03": Planted(translocation=1.0)}
RATIO = "cell_translocation_ratio_gfp"
RULES = (
    ReadoutRule("tumour_ratio", RATIO, "median", cell_type="tumour"),
    ReadoutRule("all_ratio", RATIO, "mean"),
    ReadoutRule("touching", "well_contacts_per_cell"),
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> tuple[Path, dict[str, RenderedField]]:
    """Three wells of one site each, and their truth."""
    folder = tmp_path_factory.mktemp("drawn")
    truth = {}
    for well, planted in WELLS.items():
        rng = stream(3, well)
        picture = render_field(assay_scene(rng, planted, Assay(n_tumour=25, n_effector=30, size_px=(400, 400))), rng)
        for channel, pixels in zip(picture.channels, picture.pixels, strict=True):
            tifffile.imwrite(folder / f"{well}_{channel}.tif", pixels)
        truth[well] = picture
    rows = ["well,role,compound,dose,dose_unit", "A01,negative,,,", "A02,negative,,,", "A03,treatment,mover,1,uM"]
    (folder / "map.csv").write_text("\n".join(rows))
    return folder, truth


def source(folder: Path, **changes: object) -> MicroscopeSource:
    layout = Layout.of(6)
    pattern = r"(?P<well>A\d\d)_(?P<channel>\w+)\.tif"
    channels = {"dna": "dna", "gfp": "gfp", "rfp": "rfp"}
    index = open_images(folder, pattern, channels, layout=layout, pixel_size_um=0.65, plate_name="P", bit_depth=12)
    plate_map = read_plate_map(folder / "map.csv", layout=layout, defaults={"plate": "P"})
    settings = {
        "field": FieldSettings(families=("shape", "intensity", "translocation")),
        "illumination": "none",
        "camera_offset": 100.0,
        "typing": MarkerRule("nucleus_intensity_mean_rfp", "effector", "tumour"),
        "readouts": RULES,
    }
    return MicroscopeSource(index, plate_map, MicroscopeSettings(**(settings | changes)))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def prepared(drawn, tmp_path_factory) -> tuple[MicroscopeSource, Path]:
    microscope, results = source(drawn[0]), tmp_path_factory.mktemp("results")
    microscope.prepare(results)
    return microscope, results


def test_cells_are_found_typed_and_placed(drawn, prepared):
    microscope, results = prepared
    for well, picture in drawn[1].items():
        cells = microscope.observe(results, "P", well).cells
        whole = picture.truth
        assert len(cells) == pytest.approx(len(whole), rel=0.05)
        seen = cells["cell_type"].value_counts()
        for cell_type, count in whole["cell_type"].value_counts().items():
            assert seen[cell_type] == pytest.approx(count, rel=0.07, abs=1)
        places = zip(cells["x_um"], cells["y_um"], strict=True)
        nearest = [np.hypot(whole["x_um"] - x, whole["y_um"] - y).min() for x, y in places]
        assert np.median(nearest) < 0.65


def test_readouts_keep_type_and_aggregate(prepared):
    """A read-out is not the feature's plain median over all cells, which the well table also holds."""
    microscope, results = prepared
    seen = microscope.observe(results, "P", "A03")
    tumour = seen.cells.loc[seen.cells["cell_type"] == "tumour", RATIO]
    assert seen.readouts["tumour_ratio"] == pytest.approx(tumour.median())
    assert seen.readouts["all_ratio"] == pytest.approx(seen.cells[RATIO].mean())
    assert seen.readouts[RATIO] == pytest.approx(seen.cells[RATIO].median())
    assert seen.readouts["touching"] == seen.readouts["well_contacts_per_cell"]
    assert len({seen.readouts[name] for name in ("tumour_ratio", "all_ratio", RATIO)}) == 3


def test_planted_translocation_shows(prepared):
    microscope, results = prepared
    still, moved = (microscope.observe(results, "P", well).readouts["tumour_ratio"] for well in ("A01", "A03"))
    assert still < 1 < 3 < moved


def test_observing_twice_gives_the_same(prepared):
    microscope, results = prepared
    first, second = (microscope.observe(results, "P", "A01") for _ in range(2))
    pd.testing.assert_frame_equal(first.cells, second.cells)
    pd.testing.assert_frame_equal(first.contacts, second.contacts)
    assert first.readouts == second.readouts


def test_preparing_again_changes_no_byte(prepared):
    microscope, results = prepared
    before = {path: path.read_bytes() for path in results.rglob("*") if path.is_file()}
    microscope.prepare(results)
    assert {path: path.read_bytes() for path in results.rglob("*") if path.is_file()} == before


def test_images_are_kept_only_when_asked(drawn, prepared, tmp_path):
    microscope, results = prepared
    kept = microscope.observe(results, "P", "A01").images
    assert set(kept[0].labels) == {"nuclei", "cells"}
    without = source(drawn[0], keep_images=False)
    without.prepare(tmp_path)
    assert without.observe(tmp_path, "P", "A01").images == ()


def test_unknown_channel_is_named(drawn, tmp_path):
    microscope = source(drawn[0], field=FieldSettings(nuclei_channel="hoechst"), typing=None, readouts=())
    microscope.prepare(tmp_path)
    with pytest.raises(InputError, match=r"there is no channel 'hoechst'(.|\n)*the channels are dna, gfp, rfp"):
        microscope.observe(tmp_path, "P", "A01")


def test_families_that_need_the_cameras_ceiling_have_it(drawn, tmp_path):
    families = ("texture", "correlation")
    microscope = source(drawn[0], field=FieldSettings(families=families), typing=None, readouts=())
    microscope.prepare(tmp_path)
    cells = microscope.observe(tmp_path, "P", "A01").cells
    for family in families:
        measured = cells[[name for name in cells.columns if f"_{family}_" in name]]
        assert measured.shape[1] > 10
        assert measured.notna().any().all()


def test_territories_stand_beside_outlines_that_follow_a_stain(drawn, prepared, tmp_path):
    """They are the numbers that the nuclei's territories give, whatever the stain does; territories need no second count."""
    microscope, results = prepared
    rested = microscope.observe(results, "P", "A01").readouts
    followed = source(drawn[0], field=FieldSettings(cells=CellSettings("propagation", "gfp")), readouts=())
    followed.prepare(tmp_path)
    numbers = followed.observe(tmp_path, "P", "A01").readouts
    for name in (
        "contacts_per_cell",
        "contacts_effector_tumour",
        "enrichment_z_effector_tumour",
        "enrichment_log2_effector_tumour",
    ):
        assert numbers[f"well_territory_{name}"] == pytest.approx(rested[f"well_{name}"])
    assert numbers["well_contacts_per_cell"] != numbers["well_territory_contacts_per_cell"]
    assert not any(name.startswith("well_territory") for name in rested)


def test_dead_cells_are_told_by_a_stain(drawn, tmp_path):
    """The marker of effector cells is taken for a stain of the dead: then they are not counted, and said to be dead."""
    microscope = source(drawn[0], typing=None, dead=DeadStain("nucleus_intensity_mean_rfp", threshold=100.0))
    microscope.prepare(tmp_path)
    seen = microscope.observe(tmp_path, "P", "A01")
    planted = drawn[1]["A01"].truth["cell_type"].value_counts()
    assert seen.readouts["n_dead"] == pytest.approx(planted["effector"], rel=0.05)
    assert seen.readouts["n_cells"] == pytest.approx(planted["tumour"], rel=0.05)
    assert seen.readouts["n_dead"] == (~seen.cells["alive"]).sum()
    assert seen.readouts["nucleus_intensity_mean_rfp"] < 100.0, "medians are of living cells"
