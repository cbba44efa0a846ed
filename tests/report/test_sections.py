"""Sections find in the results what they promise to show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_results import Design, make_results

from coculture.plate import columns
from coculture.report.analysis_scale import scale_of
from coculture.report.places import layout_of
from coculture.report.reading import EXPECTED, Results, read_results
from coculture.report.readouts import readouts_of
from coculture.report.sections.controls import controls_section
from coculture.report.sections.curves import curves_section
from coculture.report.sections.failures import failed_wells
from coculture.report.sections.fields import fields_section
from coculture.report.sections.hits import hits_section
from coculture.report.sections.images import images_section
from coculture.report.sections.outlines import outlines_section
from coculture.report.sections.plates import given, plates_section
from coculture.report.sections.quality import quality_section
from coculture.report.sections.samples import labels_of_type
from coculture.report.words.curves import fit_in_words, half_effects
from coculture.screen import results as screen_results
from coculture.screen.combination_columns import COMBINATION_COLUMNS, SURFACE_COLUMNS
from coculture.screen.mixture_columns import INGREDIENT_COLUMNS, MIXTURE_EFFECT_COLUMNS
from coculture.screen.profiles.results import ACTIVITY_COLUMNS, MATCH_COLUMNS, SIMILARITY_COLUMNS
from coculture.store.tables import table_path, write_table


@pytest.fixture(scope="module")
def results(plate: Path) -> Results:
    return read_results(plate)


def test_the_report_expects_only_columns_that_are_declared() -> None:
    declared = {
        "wells": columns.WELL_COLUMNS,
        "fields": columns.FIELD_COLUMNS,
        "quality": screen_results.QUALITY_COLUMNS,
        "normalised": screen_results.NORMALISED_COLUMNS,
        "hits": screen_results.HIT_COLUMNS,
        "curves": screen_results.CURVE_COLUMNS,
        "bands": screen_results.BAND_COLUMNS,
        "combinations": COMBINATION_COLUMNS,
        "surfaces": SURFACE_COLUMNS,
        "mixture_effects": MIXTURE_EFFECT_COLUMNS,
        "ingredients": INGREDIENT_COLUMNS,
        "profile_activity": ACTIVITY_COLUMNS,
        "mechanism_matches": MATCH_COLUMNS,
        "profile_similarities": SIMILARITY_COLUMNS,
    }
    for kind, expected in EXPECTED.items():
        assert set(expected) <= set(columns.names(declared[kind])), kind


def test_results_name_their_readouts_primary_first(results: Results) -> None:
    assert [(readout.name, readout.label) for readout in results.readouts] == [
        ("nuclear_ratio", "nuclear ratio"),
        ("correlation", "correlation of GFP and DNA"),
    ]
    assert results.primary is not None
    assert results.primary.definition == "the median of cell_translocation_ratio_gfp over the cells of a well"
    assert results.plates == ("P1",)
    found = readouts_of({"readout": [{"name": "a", "feature": "f", "aggregate": "fraction_above", "threshold": 2}]}, ["b_c"])
    assert found[0].definition == "the fraction above 2 of f over the cells of a well"
    assert found[1].label == "b c"


def test_scale_is_the_recipe_s() -> None:
    assert scale_of({}, "signal").column == "percent_of_control"
    assert scale_of({"analysis": {"normalise": "robust-z"}}, "signal").column == "robust_z"
    assert scale_of({"analysis": {"normalise": "b-score"}}, "signal").column == "b_score"
    assert scale_of({"analysis": {"normalise": "normalised-percent-effect"}}, "signal").column == "normalised_percent_effect"
    assert scale_of({"analysis": {"normalise": "something new"}}, "signal").column == "raw"


def test_a_readout_has_its_own_scale_where_it_names_one():
    settings = {
        "analysis": {"normalise": "robust-z"},
        "readout": [{"name": "own", "normalise": "normalised-percent-effect"}, {"name": "shared"}],
    }
    assert scale_of(settings, "own").column == "normalised_percent_effect"
    assert scale_of(settings, "shared").column == "robust_z"


def test_layout_is_the_recipe_s_or_the_smallest_that_holds_the_wells(results: Results) -> None:
    layout = layout_of({"plate": {"layout": 384}}, results.wells)
    assert layout is not None
    assert len(layout) == 384
    smallest = layout_of({}, results.wells)
    assert smallest is not None
    assert len(smallest) == 96
    chip = layout_of({"plate": {"layout": "chip 4x8"}}, pd.DataFrame({"well": ["C01U03"]}))
    assert chip is not None
    assert chip.is_chip
    assert layout_of({}, pd.DataFrame({"well": ["nowhere"]})) is None


def test_wells_are_named_by_what_they_were_given() -> None:
    assert given("treatment", "wortmannin", 0.15, "uM") == "wortmannin, 0.15 µM"
    assert given("negative", "", 0.0, "uM") == "negative control"
    assert given("positive", "LY", 10.0, "step") == "positive control (LY, step 10)"
    assert given("positive", "positive control", 10.0, "step") == "positive control (step 10)"
    assert given("negative", "DMSO", 0.0, "") == "negative control (DMSO)"
    assert given("treatment", None, None, None) == "treatment"


def test_hits_are_apart_from_others_and_all_can_be_taken_along(results: Results) -> None:
    section = hits_section(results)
    assert section is not None
    first = section.tables[0]
    assert first.n_all == 18
    assert len(first.hits) == first.n_hits
    assert len(first.hits) + len(first.others) == 18
    assert "condition" not in first.columns
    assert "percent" in first.columns
    assert section.download.startswith("data:text/csv")
    assert section.n_rows == len(results.hits)


def test_long_rankings_are_cut_with_a_statement(results: Results) -> None:
    short = replace(results, settings={**results.settings, "report": {"top_hits": 5}})
    section = hits_section(short)
    assert section is not None
    assert len(section.tables[0].hits) + len(section.tables[0].others) == 5
    assert section.tables[0].statement == "Shown are the first 5 of 18."


def test_low_cell_counts_are_marked(results: Results) -> None:
    section = hits_section(replace(results, hits=results.hits.assign(cell_count_percent=50.0)))
    assert section is not None
    assert all(row.low_cells for row in section.tables[0].hits)


def test_curves_say_their_ec50_and_that_steps_are_ordered(results: Results) -> None:
    section = curves_section(results)
    assert section is not None
    caption = " ".join(section.sets[0].caption)
    assert "dose step (ordered; concentrations not recorded)" in caption
    assert "pointwise 95 % confidence interval" in caption
    assert "with its interval shaded" in caption
    assert len(section.fits) == 4
    assert {panel.compound for panel in section.sets[0].panels} == {"wortmannin", "LY294002"}
    assert all("EC50" in line for panel in section.sets[0].panels for _, line in panel.lines)
    assert "dose step (ordered)" in str(section.sets[0].panels[0].drawing)


def test_fits_in_words() -> None:
    fit: dict[str, object] = {
        "ec50_text": "",
        "ec50": 0.5,
        "ec50_low": 0.4,
        "ec50_high": 0.7,
        "dose_unit": "uM",
        "status": "fitted",
    }
    assert fit_in_words({**fit, "note": ""}) == "EC50 0.5 µM (0.400 to 0.700)"
    assert fit_in_words({**fit, "ec50": None, "status": "no effect", "note": "flat."}) == "no effect; flat"
    assert fit_in_words({**fit, "ec50": None, "ec50_text": "no effect", "note": ""}) == "no effect"
    assert fit_in_words({**fit, "ec50_text": "> 10 µM", "note": ""}) == "EC50 > 10 µM"


def test_few_half_effects_are_told_in_the_summary(results: Results) -> None:
    sentence = half_effects(results)
    assert sentence.startswith("EC50: ")
    assert "wortmannin" in sentence
    assert "LY294002" in sentence
    crowd = pd.concat([results.curves.assign(compound=f"c{i}") for i in range(5)])
    assert half_effects(replace(results, curves=crowd)) == ""


def test_crops_show_controls_and_hits_with_outlines(results: Results) -> None:
    section = images_section(results)
    assert section is not None
    names = [sample.name for sample in section.samples]
    assert names[0] == "negative control"
    assert names[1].startswith("positive control (")
    assert all(name.startswith("hit: ") for name in names[2:])
    assert len(names) > 2
    assert section.channels == ("dna", "gfp")
    assert [(layer.key, layer.name) for layer in section.layers] == [("nuclei", "nuclei"), ("cells-0", "cells")]
    assert str(section.definitions).count("<path") == 2 * len(names)
    assert "20 µm" in str(section.samples[0].tiles[0][1])


def test_outlines_that_shrink_with_the_stain_are_warned_of(tmp_path: Path) -> None:
    section = outlines_section(read_results(make_results(tmp_path, Design(stain_outlines=True))))
    assert section is not None
    assert "follow the channel gfp" in section.sentences[1]
    assert section.changes[0].warned
    assert not section.changes[1].warned
    assert "the cell outlines by −" in section.warning
    assert "territories around the nuclei" in section.warning


def test_outlines_on_nuclei_are_told_stable(results: Results) -> None:
    section = outlines_section(results)
    assert section is not None
    assert section.warning == ""
    assert "rest on the nuclei" in section.sentences[1]
    assert outlines_section(replace(results, settings={"source": {"kind": "wells"}})) is None


def test_flagged_images_are_counted_and_listed(results: Results) -> None:
    section = fields_section(results)
    assert section is not None
    assert section.summary.startswith("2 of 192 images")
    assert [row.flags for row in section.rows] == ["out of focus", "out of focus, saturated"]
    assert section.counts == "out of focus 2, saturated 1"
    assert [light.channel for light in section.light] == ["dna", "gfp"]
    clean = fields_section(replace(results, fields=results.fields.assign(out_of_focus=False, saturated=False)))
    assert clean is not None
    assert clean.summary.startswith("None of the 192 images")


def test_last_entry_of_the_ledger_counts() -> None:
    entries = [
        {"plate": "P", "well": "B02", "status": "failed", "reason": "x"},
        {"plate": "P", "well": "A01", "status": "failed", "reason": "y"},
        {"plate": "P", "well": "A01", "status": "done"},
        {"plate": "P", "well": "A03", "status": "failed"},
    ]
    assert [(row.well, row.reason) for row in failed_wells(entries)] == [("A03", "no reason was recorded"), ("B02", "x")]


def test_quality_table_puts_what_needs_attention_first_when_it_is_long(results: Results) -> None:
    rows = [results.quality.iloc[[0]].assign(plate=f"P{i}", verdict="poor" if i == 70 else "good") for i in range(80)]
    section = quality_section(replace(results, quality=pd.concat(rows)))
    assert section is not None
    assert len(section.rows) == 40
    assert section.rows[0].plate == "P70"
    assert "of 80" in section.statement


def test_maps_show_primary_cells_and_other_readouts(results: Results) -> None:
    section = plates_section(results, [])
    assert section is not None
    assert [shown.label for shown in section.maps] == ["nuclear ratio", "cells per well", "correlation of GFP and DNA"]
    assert len(section.table) == 96
    assert section.table_head == ("plate", "well", "content", "nuclear ratio", "cells per well", "correlation of GFP and DNA")
    assert section.roles == ("negative", "positive")


def test_controls_leave_blanks_out(results: Results) -> None:
    blank = results.normalised.assign(role="blank")
    assert controls_section(replace(results, normalised=blank)) is None
    section = controls_section(results)
    assert section is not None
    assert section.roles == ("negative", "treatment", "positive")


def cells_of(well: str, area: float, types: tuple[str, ...] = ("cell",)) -> pd.DataFrame:
    names = [types[number % len(types)] for number in range(12)]
    return pd.DataFrame(
        {"plate": "P1", "well": well, "site": 1, "t_min": 0.0, "cell_id": range(1, 13), "cell_type": names, "area_um2": area}
    )


def test_areas_come_from_the_cells_where_the_well_table_has_none(tmp_path: Path) -> None:
    results = read_results(make_results(tmp_path, Design()))
    bare = replace(results, wells=results.wells.drop(columns=["cell_shape_area_um2", "nucleus_shape_area_um2"]))
    nothing = outlines_section(bare)
    assert nothing is not None
    assert nothing.changes == ()
    for role, area in (("negative", 400.0), ("positive", 300.0)):
        for well in results.wells.loc[results.wells["role"] == role, "well"]:
            write_table(cells_of(well, area), table_path(tmp_path, "cells", "P1", well))
    section = outlines_section(bare)
    assert section is not None
    assert [(change.what, change.change, change.warned) for change in section.changes] == [("cell outlines", "−25.0 %", True)]
    assert "The outlines do not follow a read-out's stain" in section.warning


def test_cells_of_each_type_have_their_own_outline(tmp_path: Path) -> None:
    folder = make_results(tmp_path, Design(images=True))
    for well in ("A01", "A12", "E12", "A09"):
        write_table(cells_of(well, 1.0, ("tumour", "effector")), table_path(folder, "cells", "P1", well))
    section = images_section(read_results(folder))
    assert section is not None
    assert [(layer.key, layer.name) for layer in section.layers] == [
        *(("nuclei", "nuclei"), ("cells-0", "effector"), ("cells-1", "tumour")),
    ]
    assert 'id="outline-0-cells-1"' in str(section.definitions)


def test_cells_of_one_type_are_parted() -> None:
    labels = np.array([[1, 2, 3, 0]], np.int32)
    assert labels_of_type(labels, {1: "a", 2: "b"}, "b").tolist() == [[0, 2, 0, 0]]
    assert labels_of_type(labels, {}, "b").tolist() == [[0, 0, 0, 0]]


def test_large_plates_are_drawn_one_at_a_time(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coculture.report.sections.plates.MOST_DRAWN", 300)
    two = pd.concat([results.wells, results.wells.assign(plate="P2")])
    both = pd.concat([results.normalised, results.normalised.assign(plate="P2")])
    section = plates_section(replace(results, wells=two, normalised=both), [])
    assert section is not None
    assert [(len(shown.full), len(shown.thumbnails)) for shown in section.maps] == [(1, 2)] * 3
    assert "the plate of the lowest quality" in section.maps[0].statement
