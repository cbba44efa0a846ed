"""The check: what it lets pass, what it warns of, and its numbers."""

from __future__ import annotations

import pytest
from tests.chip.small_chips import chamber, chip_of, shaped

from coculture.chip.geometry.check.passages import distance_between, passages, solid_gap
from coculture.chip.geometry.check.whole import check_chip
from coculture.chip.geometry.raster import rasterise
from coculture.chip.geometry.shapes import Disc, Polygon, Rectangle

LANES = chamber("lane", 0, 0, 1000, 200) + chamber("gel_lane", 0, 200, 1000, 200)
GEL = 'kind = "rectangle", x_um = 0, y_um = 200, width_um = 1000, height_um = 200'


def rectangle(x: float, y: float, width: float, height: float) -> str:
    return f'kind = "rectangle", x_um = {x}, y_um = {y}, width_um = {width}, height_um = {height}'


def test_a_static_well_needs_no_port() -> None:
    report = check_chip(chip_of(LANES))
    assert (report.errors, report.warnings) == ((), ())


def test_the_summary_counts_area_and_volume() -> None:
    post = shaped("post", "post", rectangle(400, 50, 100, 100))
    report = check_chip(chip_of(chamber("lane", 0, 0, 1000, 200, 50) + post))
    assert report.summary is not None
    assert report.summary.fluid.area_mm2 == pytest.approx(0.19)
    assert report.summary.fluid.volume_ul == pytest.approx(0.19 * 0.05)
    assert report.summary.regions[0].cells == 1900
    assert report.summary.narrowest is not None
    assert report.summary.narrowest.width_um == 50
    text = "\n".join(report.summary.lines())
    assert "100 × 40 cells of 10 µm, 1,900 of them open" in text
    assert "narrowest  50 µm, 5 cells: the gap between two solids" in text
    assert "region     lane: 0.19 mm², 0.0095 µL, 1,900 cells" in text


def test_many_regions_are_shortened() -> None:
    parts = chamber("wells", 0, 0, 40, 40, 10, 'region = "well_{n}"\nrepeat = [{ count = 15, dx_um = 60 }]')
    report = check_chip(chip_of(parts))
    assert report.summary is not None
    assert report.summary.lines()[-1] == "region     … and 3 more"


@pytest.mark.parametrize(
    ("first", "second", "gap"),
    [
        (Disc(0, 0, 10), Disc(50, 0, 15), 25.0),
        (Disc(0, 0, 10), Disc(15, 0, 10), 0.0),
        (Rectangle(0, 0, 10, 10), Rectangle(13, 14, 5, 5), 5.0),
        (Rectangle(0, 0, 10, 10), Rectangle(2, 2, 3, 3), 0.0),
        (Rectangle(0, 0, 10, 10), Polygon(((20.0, 5.0), (30.0, 0.0), (30.0, 10.0))), 10.0),
        (Polygon(((20.0, 5.0), (30.0, 0.0), (30.0, 10.0))), Rectangle(0, 0, 10, 10), 10.0),
    ],
)
def test_the_gap_between_two_shapes(first: Disc, second: Disc, gap: float) -> None:
    assert distance_between(first, second) == pytest.approx(gap, abs=1e-9)


@pytest.mark.parametrize(("y", "gap"), [(30, 30), (50, 50), (60, 40)])
def test_the_gap_between_a_post_and_the_wall_is_seen(y: int, gap: int) -> None:
    chip = chip_of(chamber("lane", 0, 0, 1000, 200) + shaped("post", "post", rectangle(400, y, 100, 100)))
    found = solid_gap(chip, rasterise(chip))
    assert found is not None
    assert found.width_um == gap


def test_a_post_at_the_wall_leaves_no_gap() -> None:
    chip = chip_of(chamber("lane", 0, 0, 1000, 200) + shaped("post", "post", rectangle(400, 0, 100, 100)))
    assert solid_gap(chip, rasterise(chip)) is None
    assert {passage.what for passage in passages(chip, rasterise(chip))} == {"the chamber 'lane'"}


def test_posts_hold_a_gel_up_to_the_widest_gap_it_bridges() -> None:
    gel = shaped("gel", "collagen", GEL, "permeability_um2 = 0.1\nwidest_gap_um = {gap}")
    posts = shaped("post", "posts", rectangle(160, 150, 80, 100), "repeat = [{ count = 4, dx_um = 200 }]")
    assert check_chip(chip_of(LANES + posts + gel.replace("{gap}", "160"))).errors == ()
    (problem,) = check_chip(chip_of(LANES + posts + gel.replace("{gap}", "100"))).errors
    assert "a free surface of 160 µm without support about x = 80, y = 205 µm (5 such gaps)" in problem.what


def test_a_phaseguide_holds_a_gel_without_posts() -> None:
    gel = shaped("gel", "collagen", GEL, 'permeability_um2 = 0.1\nheld_by = "phaseguide"')
    assert check_chip(chip_of(LANES + gel)).errors == ()


def test_what_is_possible_but_odd_is_warned_of() -> None:
    deep = '\n[[channel]]\nname = "slit"\npoints_um = [[0, 300], [1000, 300]]\nwidth_um = 30\ndepth_um = 80\n'
    report = check_chip(chip_of(deep))
    assert report.errors == ()
    (warning,) = report.warnings
    assert warning.what == "the channel 'slit' is 80 µm deep and 30 µm wide"

    coarse = '\n[[channel]]\nname = "slit"\npoints_um = [[0, 300], [1000, 300]]\nwidth_um = 36\ndepth_um = 8\n'
    (warning,) = check_chip(chip_of(coarse)).warnings
    assert warning.what == "the channel 'slit' covers 11% more on the grid than drawn"

    posts = shaped("post", "posts", rectangle(100, 150, 80, 100), "repeat = [{ count = 5, dx_um = 200 }]")
    gel = shaped("gel", "collagen", GEL, "permeability_um2 = 0.1")
    ports = shaped("inlet", "in", rectangle(0, 200, 50, 200)) + shaped("outlet", "out", rectangle(950, 0, 50, 200))
    (warning,) = check_chip(chip_of(LANES + posts + gel + ports)).warnings
    assert warning.what == "100 of the 100 cells of the inlet 'in' are gel"


def test_a_named_region_settles_whose_cells_are_where_chambers_overlap() -> None:
    parts = chamber("one", 0, 0, 600, 200) + chamber("two", 400, 0, 600, 200)
    assert len(check_chip(chip_of(parts)).errors) == 1
    assert check_chip(chip_of(parts + shaped("region", "both", rectangle(400, 0, 200, 200)))).errors == ()
