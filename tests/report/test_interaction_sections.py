"""Sections on what happens between cells find their numbers, and are left out where there are none."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from left_in_english import left_in_english, names_in
from made_results import Design, make_results
from made_tracks import SIDE, Walker, add_tracks

from coculture.report.language import speaking
from coculture.report.pages import make_page, render
from coculture.report.reading import Results, read_results
from coculture.report.sections import tracked
from coculture.report.sections.classes import classes_section
from coculture.report.sections.compared import compared
from coculture.report.sections.contacts import contacts_section, types_of
from coculture.report.sections.migration import MigrationSection, migration_section
from coculture.report.sections.overlays import overlays_section
from coculture.report.sections.tracked import TrackedGroup, followed, tracked_groups
from coculture.report.words.methods import methods
from coculture.store.tables import table_path, write_table

RIGHT = Walker(speed_um_per_min=1.2, persistence_min=12.0, drift_um_per_min=(0.8, 0.0))
SLOW = Walker(speed_um_per_min=0.4, persistence_min=4.0)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A made plate without contacts and without tracks."""
    return read_results(make_results(tmp_path_factory.mktemp("plain"), Design(dose_unit="uM")))


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Effectors run to the right in negative controls and nowhere in particular elsewhere; tumour cells are slow."""
    folder = make_results(tmp_path_factory.mktemp("moving"), Design(dose_unit="uM"))
    results = read_results(folder)
    walkers = {}
    shown = results.wells[(results.wells["role"] != "treatment") | (results.wells["dose"] >= 7)]
    for well, role in zip(shown["well"], shown["role"], strict=True):
        walkers[str(well)] = {"effector": RIGHT if role == "negative" else SLOW, "tumour": SLOW}
    add_tracks(folder, walkers, n=25, n_times=25)
    few = {"A01": walkers["A01"], "A12": walkers["A12"]}
    add_tracks(folder, few, n=25, n_times=25, images=True)
    return results


@pytest.fixture(scope="module")
def groups(moving: Results) -> tuple[TrackedGroup, ...]:
    return tracked_groups(moving)


@pytest.fixture(scope="module")
def migration(moving: Results, groups: tuple[TrackedGroup, ...]) -> MigrationSection:
    section = migration_section(moving, groups)
    assert section is not None
    return section


def with_contacts(results: Results, **columns: object) -> Results:
    numbers = {
        "well_contacts_per_cell": 3.0,
        "well_contacts_a_a": 1.0,
        "well_contacts_a_b_c": 2.5,
        "well_contacts_b_c_a": 0.25,
        "well_contacts_b_c_b_c": 0.5,
        "well_enrichment_z_a_a": -2.0,
        "well_enrichment_z_a_b_c": np.where(results.wells["role"] == "positive", 0.5, 6.0),
        "well_enrichment_log2_a_b_c": 1.0,
    }
    return replace(results, wells=results.wells.assign(**numbers, **columns))


def drawn(section_panel_drawing: object, class_: str) -> list[str]:
    return re.findall(rf'class="{class_}"[^>]*>([^<]*)<', str(section_panel_drawing))


def test_types_are_told_by_the_pairs_with_themselves() -> None:
    assert types_of(["well_contacts_per_cell", "well_contacts_length_um", "n_cells", "well_contacts_a_b"]) == ()
    assert types_of(["well_contacts_NK_cell_NK_cell", "well_enrichment_z_T_T", "well_territory_contacts_x_x"]) == ("NK_cell", "T")


def test_contacts_show_controls_and_hits_with_their_numbers(plain: Results) -> None:
    section = contacts_section(with_contacts(plain))
    assert section is not None
    assert [panel.name for panel in section.panels][:2] == ["negative control", "positive control"]
    assert section.panels[0].about == "16 wells"
    assert section.panels[2].about == "hit, rank 1 · 4 wells"
    assert len(section.panels) == 2 + 4
    assert drawn(section.panels[0].drawing, "z") == ["−2.0", "+6.0", "+6.0"]
    assert drawn(section.panels[1].drawing, "z") == ["−2.0", "+0.5", "+0.5"]
    assert drawn(section.panels[0].drawing, "below-z") == ["1.0 per cell", "2.5 per cell", "0.25 per cell"]
    text = str(section.panels[0].drawing)
    assert "z +6.0 (median of 16 wells, +6.0 to +6.0) · 2.0 times the contacts of chance" in text
    assert "b_c touching b_c · no contact could be judged against chance" in text
    assert section.below == "contacts"
    assert "to 6.00" in str(section.bar), "the colours reach the largest z of any panel"


def test_territories_stand_below_z_where_outlines_follow_a_stain(plain: Results) -> None:
    section = contacts_section(with_contacts(plain, well_territory_enrichment_z_a_b_c=5.5))
    assert section is not None
    assert section.below == "territories"
    assert drawn(section.panels[1].drawing, "below-z") == ["1.0 per cell", "territory +5.5", "territory +5.5"]


def test_controls_of_each_arm_are_shown_apart(tmp_path: Path) -> None:
    results = read_results(make_results(tmp_path, Design(conditions=("mono", "co"), dose_unit="uM")))
    names = [(group.name, len(group.wells)) for group in compared(results, 0)]
    assert names == [
        *(("negative control, co", 8), ("negative control, mono", 8)),
        *(("positive control, co", 4), ("positive control, mono", 4)),
    ]
    contrasted = results.hits[results.hits["condition"] == "co − mono"].assign(hit=True)
    hit = next(group for group in compared(replace(results, hits=contrasted), 1) if group.role == "hit")
    assert set(hit.wells["condition"]) == {"co"}
    assert hit.name.endswith(", co")


def test_without_types_or_judged_contacts_there_is_no_section(plain: Results) -> None:
    assert contacts_section(plain) is None
    unjudged = with_contacts(plain)
    gone = [name for name in unjudged.wells.columns if str(name).startswith("well_enrichment")]
    assert contacts_section(replace(unjudged, wells=unjudged.wells.drop(columns=gone))) is None
    one = plain.wells.assign(well_contacts_a_a=1.0, well_enrichment_z_a_a=2.0)
    assert contacts_section(replace(plain, wells=one)) is None


def classed(results: Results) -> Results:
    hits = results.hits.copy()
    mine = hits["readout"] == "nuclear_ratio"
    order = hits[mine].sort_values("rank").index
    kinds = dict.fromkeys(order, "inactive")
    kinds |= {order[0]: "interaction-specific", order[1]: "cytotoxic", order[2]: "both", order[3]: "not judged"}
    hits["interaction_class"] = [kinds.get(index, "not judged") for index in hits.index]
    hits["viability_effect"] = [-80.0 if kinds.get(index) in ("cytotoxic", "both") else None for index in hits.index]
    hits["cell_count_percent"] = 104.0
    hits["guarded_q_value"] = 0.012
    return replace(results, hits=hits)


def test_classes_are_counted_placed_and_told(plain: Results) -> None:
    section = classes_section(classed(plain))
    assert section is not None
    assert [plot.label for plot in section.plots] == ["nuclear ratio"], (
        "a read-out none of whose treatments was judged has no plot"
    )
    assert section.plots[0].counts == "1 interaction-specific, 1 both, 1 cytotoxic, 14 inactive, 1 not judged"
    assert [kind for kind, _ in section.key] == ["interaction-specific", "both", "cytotoxic", "inactive", "not judged"]
    text = str(section.plots[0].drawing)
    best = classed(plain).hits.query("readout == 'nuclear_ratio'").sort_values("rank").iloc[0]
    assert f"<title>{best['compound']} {best['dose']:g} µM · interaction-specific · interaction " in text
    assert "viability 4\u202f% · guarded q 0.012</title>" in text, "the count of cells stands in where no viability is known"
    assert text.count("viability −80\u202f%") == 2
    assert section.border == "−30\u202f%"
    assert section.minimum == ""


def test_classes_follow_the_recipe(plain: Results) -> None:
    results = classed(plain)
    readouts = [*results.settings["readout"], {"name": "living", "label": "living cells", "about": "viability"}]
    analysis = {**results.settings["analysis"], "minimum_effect": 15, "viability_minimum_percent": 80}
    section = classes_section(replace(results, settings={**results.settings, "readout": readouts, "analysis": analysis}))
    assert section is not None
    assert (section.border, section.minimum, section.viability) == ("−20\u202f%", "15", "living cells")
    assert "change of living cells, % of negative controls" in str(section.plots[0].drawing)


def test_without_classes_there_is_no_section(plain: Results) -> None:
    assert classes_section(plain) is None
    assert classes_section(replace(plain, hits=plain.hits.assign(interaction_class=None))) is None


def test_roses_tell_the_way_cells_went(migration: MigrationSection) -> None:
    assert [motion.name for motion in migration.types] == ["effector", "tumour"]
    roses = migration.types[0].roses
    assert [panel.name for panel in roses][:2] == ["negative control", "positive control"]
    assert [panel.tracks for panel in roses] == ["100 tracks, 4 wells"] * len(roses)
    resultants = [float(re.search(r"R = ([\d.]+)", panel.test).group(1)) for panel in roses]  # type: ignore[union-attr]
    assert resultants[0] > 0.6
    assert max(resultants[1:]) < 0.3
    assert re.search(r"p (< 10⁻¹⁵|= [\d.]+ × 10⁻)", roses[0].test)
    assert str(roses[0].drawing).count('class="well-mean"') == 4
    arrow = re.search(r'<line x1="92" y1="92" x2="([\d.]+)" y2="([\d.]+)" class="mean"', str(roses[0].drawing))
    assert arrow is not None
    assert float(arrow[1]) > 92 + 0.55 * 74, "to the right"
    assert abs(float(arrow[2]) - 92) < 12


def test_fits_find_the_speed_cells_were_given(migration: MigrationSection) -> None:
    walks = {(kind, walk.name): walk for kind, walk in migration.walks}
    slow = walks["tumour", "negative control"]
    assert slow.status == "persistent random walk"
    assert slow.tracks == "100"
    speed, low, high = (float(part) for part in re.findall(r"[\d.]+", slow.speed))
    assert low < speed < high
    assert speed == pytest.approx(0.4, rel=0.12)
    assert float(slow.persistence.split(" ")[0]) == pytest.approx(4.0, rel=0.4)
    fast = float(walks["effector", "negative control"].speed.split(" ")[0])
    assert fast == pytest.approx(np.hypot(1.2, 0.8), rel=0.15), "a drift adds to the speed in squares"
    curves = str(migration.types[0].curves)
    assert curves.count('class="lag lag-') == len(migration.key)
    assert 'class="lag lag-negative"' in curves
    assert "100 tracks</title>" in curves


def test_tracks_are_read_of_few_wells_and_thinned(moving: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracked, "MOST_WELLS", 2)
    monkeypatch.setattr(tracked, "MOST_TRACKS", 7)
    read: list[str] = []
    reader = tracked.read_table
    monkeypatch.setattr(tracked, "read_table", lambda path, columns: read.append(path.name) or reader(path, columns))
    few = tracked_groups(moving)
    assert [group.wells for group in few][:2] == [(("P1", "A01"), ("P1", "H02")), (("P1", "A12"), ("P1", "H12"))]
    assert len(read) <= 2 * len(few) + tracked.MOST_PROBED
    assert few[0].cells.groupby(["well", "track_id"]).ngroups == 14
    assert few[0].tracks("effector").n_tracks + few[0].tracks("tumour").n_tracks == 14


def test_short_tracks_and_dead_cells_are_left_out(tmp_path: Path, plain: Results) -> None:
    rows = [(1, t, True) for t in range(4)] + [(2, t, True) for t in range(2)] + [(3, t, t < 1) for t in range(5)]
    cells = pd.DataFrame(rows, columns=["track_id", "t_min", "alive"])
    cells = cells.assign(plate="P1", well="A01", site=1, cell_id=range(len(cells)), cell_type="a", x_um=1.0, y_um=1.0)
    write_table(cells, table_path(tmp_path, "cells", "P1", "A01"))
    (group,) = tracked_groups(replace(plain, folder=tmp_path))
    assert group.cells["track_id"].unique().tolist() == [1]
    assert migration_section(plain, (group,)) is None, "one cell that stands still has no direction and no curve"


def test_tracks_are_read_as_the_recipe_says(tmp_path: Path, plain: Results) -> None:
    times = [0, 1, 2, 3, 9, 10]
    cells = pd.DataFrame({"t_min": [*times, 0, 1, 2], "track_id": [*[1] * 6, *[2] * 3]}).assign(alive=True, cell_type="a")
    cells = cells.assign(plate="P1", well="A01", site=1, cell_id=range(len(cells)), x_um=cells["t_min"] * 1.0, y_um=0.0)
    write_table(cells, table_path(tmp_path, "cells", "P1", "A01"))
    motion = {"fewest_points": 4, "gaps": "longest piece"}
    (bridged,) = tracked_groups(replace(plain, folder=tmp_path))
    (cut,) = tracked_groups(replace(plain, folder=tmp_path, settings={**plain.settings, "motion": motion}))
    assert bridged.tracks("a").counts.tolist() == [6, 3]
    assert cut.tracks("a").counts.tolist() == [4]


def test_longest_lag_of_the_fit_is_the_recipe_s(moving: Results, groups: tuple[TrackedGroup, ...]) -> None:
    def fitted(results: Results) -> list[float]:
        section = migration_section(results, groups)
        assert section is not None
        line = re.search(r'd="M([^"]*)" class="fit"', str(section.types[0].curves))
        assert line is not None
        return [float(part.split(" ")[0]) for part in line[1].split("L")]

    longer = fitted(replace(moving, settings={**moving.settings, "motion": {"longest_lag_min": 20.0}}))
    assert longer[0] == fitted(moving)[0]
    assert longer[-1] > fitted(moving)[-1] + 20, "20 min instead of 12"


def test_methods_tell_of_contacts_classes_and_motion(plain: Results) -> None:
    told = with_contacts(classed(plain), well_motion_tracks=5.0)
    text = " ".join(methods(replace(told, settings={**told.settings, "tracking": {"method": "likelihood"}}))[0])
    assert "(join-count statistics) [" in text
    assert "Cells were followed over time (linking method: likelihood)" in text
    assert "viability below 70 % of the negative controls'" in text
    assert any("Fürth R (1920)" in reference for reference in methods(told)[1])
    none = " ".join(methods(plain)[0])
    assert "join-count" not in none
    assert "followed" not in none
    assert "intersection-union" not in none


def test_cells_that_were_not_tracked_have_no_tracks() -> None:
    frames = pd.DataFrame({"t_min": [0.0, 0.0, 5.0, 5.0], "cell_id": [1, 2, 1, 2], "track_id": [1, 2, 1, 2]})
    assert not followed(frames, "images")
    assert followed(frames, "virtual"), "a simulated cell keeps its number"
    assert followed(frames.assign(track_id=[1, 2, 2, 1]), "images")
    assert not followed(frames.assign(t_min=0.0, track_id=[4, 5, 6, 7]), "images")


def test_a_screen_without_tracks_looks_into_three_wells_only(plain: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tracked, "_table", lambda results, plate, well: asked.append(well))
    assert tracked_groups(plain) == ()
    assert len(asked) == 3
    assert migration_section(plain, ()) is None
    assert overlays_section(plain, ()) is None


def test_tracks_lie_over_the_last_image(moving: Results, groups: tuple[TrackedGroup, ...]) -> None:
    section = overlays_section(moving, groups)
    assert section is not None
    assert [overlay.name for overlay in section.overlays] == ["negative control", "positive control"], "hits kept no images"
    assert section.key == (("cells-0", "effector"), ("cells-1", "tumour"))
    assert section.channel == "dna"
    assert section.overlays[0].place == "well A01, field 1 at 48 min, 50 tracks"
    text = str(section.overlays[1].drawing)
    assert f'viewBox="0 0 {SIDE} {SIDE}"' in text
    (dots,) = re.findall(r'd="([^"]*h0)"[^>]*class="track here"[^>]*/></g><g class="outline-cells-1"', text)
    cells = groups[1].cells.query("well == 'A12' and t_min == 48 and cell_type == 'effector'").sort_values("track_id")
    shown = np.array([[float(part) / 4 for part in dot.split()] for dot in re.findall(r"M(-?\d+ -?\d+)h0", dots)])
    assert shown == pytest.approx(cells[["x_um", "y_um"]].to_numpy(), abs=0.13)


def test_nothing_of_them_is_left_in_english(moving: Results) -> None:
    results = classed(with_contacts(moving))
    with speaking("zh-Hant"):
        page = render(make_page(results))
    assert {"classes", "contacts", "migration"} <= set(re.findall(r'<section id="([\w-]+)"', page))
    assert left_in_english(page, {*names_in(results), "effector", "tumour", "b_c"}) == {}


def test_the_page_has_the_sections_in_order_and_the_same_bytes(moving: Results) -> None:
    results = classed(with_contacts(moving))
    page = render(make_page(results))
    assert page == render(make_page(results))
    ids = re.findall(r'<section id="([\w-]+)"', page)
    assert [name for name in ids if name in ("hits", "classes", "curves", "contacts", "migration", "images")] == [
        *("hits", "classes", "curves", "contacts", "migration", "images"),
    ]
    for kind in ("Figure", "Table"):
        found = [int(number) for number in re.findall(rf"<b>{kind} (\d+)\.</b>", page)]
        assert found == list(range(1, len(found) + 1))
    assert "url(" not in page
    words = re.sub(r"base64,[A-Za-z0-9+/=]*", "", page)
    assert not re.search(r"\b(NaN|nan|inf|None)\b", words)
